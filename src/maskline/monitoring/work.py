"""Metrics of HTTP, deliveries and the store."""

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client.metrics_core import Metric

from maskline.monitoring.family import counter, counters, gauge, histograms
from maskline.planes.delivery.counter import DeliveryCounters
from maskline.services.call_line import JournalCounters
from maskline.services.measure import HttpCounters, StoreCounters


@dataclass(frozen=True, slots=True)
class Queue:
    """The outbox as it was last looked at; `overdue_s` is how long the first has been due."""

    waiting: int = 0
    dead: int = 0
    overdue_s: float = 0.0


def http_metrics(done: HttpCounters) -> Iterator[Metric]:
    """Requests, and what the compatible interface answered."""
    yield counters(
        "maskline_http_requests",
        "HTTP requests by interface and status.",
        ("interface", "status"),
        {(name, str(status)): count for (name, status), count in done.requests.items()},
    )
    yield counters(
        "maskline_api_results",
        "Requests of the compatible interface by operation and result code.",
        ("operation", "code"),
        done.results,
    )
    yield histograms(
        "maskline_api_seconds",
        "How long requests of the compatible interface took; binds are operations of POST.",
        "operation",
        done.took.by_name,
    )


def delivery_metrics(done: DeliveryCounters) -> Iterator[Metric]:
    """Pushes and the notices in them."""
    yield counters(
        "maskline_delivery_pushes",
        "Tries of pushes by purpose and result.",
        ("purpose", "result"),
        done.results,
    )
    yield histograms(
        "maskline_delivery_push_seconds",
        "How long a try took.",
        "purpose",
        done.took.by_name,
    )
    yield counters(
        "maskline_delivery_notices",
        "Notices by what became of a try.",
        ("outcome",),
        {
            ("delivered",): done.delivered,
            ("failed",): done.failed,
            ("dead",): done.dead,
            ("interrupted",): done.interrupted,
        },
    )
    yield gauge("maskline_delivery_in_flight", "Pushes under way.", done.in_flight)
    yield gauge("maskline_delivery_unsettled", "Results not written yet.", done.unsettled)
    yield gauge("maskline_delivery_endpoints", "Endpoints that are served now.", done.endpoints)


def queue_metrics(queue: Queue) -> Iterator[Metric]:
    """The outbox, of all processes on this store."""
    yield gauge("maskline_outbox_waiting", "Notices that wait to be pushed.", queue.waiting)
    yield gauge("maskline_outbox_dead", "Notices that were given up.", queue.dead)
    yield gauge(
        "maskline_outbox_overdue_seconds",
        "How long the notice that is due for longest has been due.",
        queue.overdue_s,
    )


def store_metrics(done: StoreCounters) -> Iterator[Metric]:
    """Units of work of this process."""
    yield histograms(
        "maskline_store_unit_seconds",
        "From handing a unit of work over to its being durable.",
        "unit",
        done.units.by_name,
    )
    yield gauge("maskline_store_waiting", "Units of work that wait.", done.waiting)
    yield counter("maskline_store_refused", "Units and reads answered with busy.", done.refused)
    yield counter("maskline_store_failed", "Units of work that failed.", done.failed)


def journal_metrics(done: JournalCounters, waiting_calls: int) -> Iterator[Metric]:
    """Facts of calls that the store did not take at once."""
    yield gauge(
        "maskline_journal_waiting_calls",
        "Calls of which the store does not know everything yet.",
        waiting_calls,
    )
    yield counters(
        "maskline_journal_facts",
        "What became of facts of calls that the store did not take at once.",
        ("outcome",),
        {
            ("kept",): done.kept,
            ("written_later",): done.written_later,
            ("refused",): done.refused,
        },
    )
