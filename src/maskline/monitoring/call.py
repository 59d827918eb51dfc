"""Metrics of calls, trunks, SIP and media."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from maskline.monitoring.family import counter, counters, gauge, gauges, histogram
from maskline.planes.call.plane import CallPlane
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.planes.media.engine import MediaEngine
from maskline.protocols.sip.stack import Counters
from maskline.services.clock import Clock


def call_metrics(plane: CallPlane) -> Iterator[Metric]:
    """What the call plane did, and how many calls are up."""
    done = plane.counters
    yield gauge("maskline_live_calls", "Calls that are up now.", plane.live_calls)
    yield counter("maskline_calls_accepted", "INVITEs that began a call.", done.accepted)
    yield counters(
        "maskline_calls_refused",
        "Requests that began no call.",
        ("reason",),
        {
            ("busy",): done.refused_busy,
            ("stranger",): done.strangers,
            ("no_number",): done.not_a_number,
        },
    )
    yield counters(
        "maskline_calls_ended",
        "Calls by mode and release code.",
        ("mode", "code"),
        {(mode, str(int(code))): count for (mode, code), count in done.ended.items()},
    )
    yield counters(
        "maskline_calls_answered",
        "Ended calls that were answered, by mode.",
        ("mode",),
        {(mode,): count for mode, count in done.answered.items()},
    )
    yield histogram(
        "maskline_call_route_seconds", "The look-up of what to do with a call.", done.routed
    )
    yield histogram(
        "maskline_call_setup_seconds",
        "From the INVITE to the first ringing or answer towards the caller.",
        done.set_up,
    )
    yield counters(
        "maskline_media_packets",
        "Media packets of calls that are over.",
        ("kind",),
        {(kind,): count for kind, count in done.packets.items()},
    )


def trunk_metrics(board: TrunkBoard, clock: Clock) -> Iterator[Metric]:
    """The trunks; operators name them, and there are few."""
    now, lines = clock.monotonic(), board.lines
    yield gauges(
        "maskline_trunk_up",
        "Whether a trunk has not failed lately.",
        "trunk",
        [(line.trunk.name, float(not line.is_down(now))) for line in lines],
    )
    yield gauges(
        "maskline_trunk_calls",
        "Calls over a trunk now, either way.",
        "trunk",
        [(line.trunk.name, line.calls) for line in lines],
    )


def sip_metrics(done: Counters) -> Iterator[Metric]:
    """The SIP endpoint."""
    yield counters(
        "maskline_sip_messages",
        "SIP messages.",
        ("direction",),
        {("in",): done.messages_in, ("out",): done.messages_out},
    )
    yield counter("maskline_sip_resent", "SIP messages sent once more.", done.retransmitted)
    yield counters(
        "maskline_sip_dropped",
        "SIP messages that led to nothing.",
        ("reason",),
        {
            ("malformed",): done.malformed_dropped + done.malformed_answered,
            ("screened",): done.screened,
            ("stray",): done.stray_responses + done.stray_acks + done.unknown_dialogs,
            ("merged",): done.merged,
            ("busy",): done.refused_busy,
        },
    )


def media_metrics(engine: MediaEngine) -> Iterator[Metric]:
    """The media engine."""
    yield gauge("maskline_media_up", "Whether the media engine takes calls.", float(engine.is_up))
