"""Metrics of short messages and their links."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from maskline.monitoring.family import counter, counters, gauge, gauges, histogram
from maskline.planes.sms.board import LinkBoard
from maskline.planes.sms.counter import SmsCounters
from maskline.services.message_work import MessageCounters
from maskline.services.sms_link_state import LinkCondition


def message_metrics(done: SmsCounters, desk: MessageCounters) -> Iterator[Metric]:
    """What came, what became of it, and what message centres said."""
    yield counters(
        "maskline_messages_came",
        "Messages and parts from message centres, by what they were answered.",
        ("answer",),
        _labelled(done.came),
    )
    yield counters(
        "maskline_messages_done",
        "Messages that are over, by result code.",
        ("result",),
        {(str(int(result)),): count for result, count in desk.done.items()},
    )
    yield gauge("maskline_messages_in_work", "Messages that are under way now.", done.in_work)
    yield counter(
        "maskline_messages_postponed", "Messages that no link took for the moment.", done.postponed
    )
    yield counters(
        "maskline_messages_asked",
        "Questions to customers about messages, by what the answer was good for.",
        ("answer",),
        {
            ("usable",): desk.asked - desk.unanswered - desk.unusable,
            ("none",): desk.unanswered,
            ("unusable",): desk.unusable,
        },
    )
    yield counters(
        "maskline_message_parts",
        "Outgoing parts by what became of handing them over.",
        ("fate",),
        _labelled(done.parts),
    )
    yield counter(
        "maskline_message_parts_repeated",
        "Parts that were sent once more although they may have arrived.",
        done.repeated,
    )
    yield counters(
        "maskline_message_receipts",
        "Receipts by what they said.",
        ("state",),
        _labelled(done.receipts),
    )
    yield counter(
        "maskline_message_slowed", "How often we were told to send more slowly.", done.slowed
    )
    yield histogram(
        "maskline_message_submit_seconds", "From sending a part to its answer.", done.submitted
    )


def link_metrics(board: LinkBoard) -> Iterator[Metric]:
    """The links; operators name them, and there are few."""
    states = board.states
    yield gauges(
        "maskline_sms_link_up",
        "Whether messages can be sent and taken over a link.",
        "link",
        [(one.name, float(one.condition is LinkCondition.BOUND)) for one in states],
    )
    yield gauges(
        "maskline_sms_link_waiting",
        "Parts that wait to be sent over a link.",
        "link",
        [(one.name, one.waiting) for one in states],
    )
    yield gauges(
        "maskline_sms_link_in_flight",
        "Parts that wait for their answers.",
        "link",
        [(one.name, one.in_flight) for one in states],
    )


def _labelled(counts: Counter[str]) -> dict[tuple[str, ...], float]:
    return {(name,): float(count) for name, count in counts.items()}
