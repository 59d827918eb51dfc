"""Everything that is counted, as one page that Prometheus reads."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import structlog
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from maskline.domain.error import MasklineError
from maskline.monitoring.call import call_metrics, media_metrics, sip_metrics, trunk_metrics
from maskline.monitoring.family import gauge, gauges
from maskline.monitoring.sms import link_metrics, message_metrics
from maskline.monitoring.work import (
    Queue,
    delivery_metrics,
    http_metrics,
    journal_metrics,
    queue_metrics,
    store_metrics,
)
from maskline.planes.call.plane import CallPlane
from maskline.planes.call.trunk_board import TrunkBoard
from maskline.planes.delivery.counter import DeliveryCounters
from maskline.planes.media.engine import MediaEngine
from maskline.planes.sms.plane import MessagePlane
from maskline.protocols.sip.stack import Counters
from maskline.services.clock import Clock
from maskline.services.journaled_calls import JournaledCalls
from maskline.services.measure import HttpCounters, StoreCounters
from maskline.services.store import OutboxStore

CONTENT_TYPE = CONTENT_TYPE_LATEST

LOOK_AGE_S = 5.0
"""For how long the outbox is not looked at again: counting a long queue costs."""

LOOK_TIMEOUT_S = 2.0

log = structlog.get_logger("metrics")


@dataclass(slots=True, kw_only=True)
class Sources:
    """Where the counts are; None is what this process does not run.

    `checks` gives the state of each plane by name.
    """

    version: str
    clock: Clock
    checks: Callable[[], Mapping[str, bool]]
    outbox: OutboxStore
    store: StoreCounters | None = None
    http: HttpCounters = field(default_factory=HttpCounters)
    calls: CallPlane | None = None
    board: TrunkBoard | None = None
    sip: Counters | None = None
    media: MediaEngine | None = None
    delivery: DeliveryCounters | None = None
    journal: JournaledCalls | None = None
    messages: MessagePlane | None = None


class Exposition:
    """Makes the page out of the sources as they are at that moment."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._board = _Board(sources)
        self._looked_at = -LOOK_AGE_S
        self.registry = CollectorRegistry(auto_describe=False)
        self.registry.register(self._board)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    async def page(self) -> bytes:
        """The page; a store that does not answer is shown as such, and raises nothing."""
        now = self._sources.clock.monotonic()
        if now - self._looked_at >= LOOK_AGE_S:
            self._looked_at = now
            await self._look()
        return generate_latest(self.registry)

    async def _look(self) -> None:
        sources = self._sources
        now = sources.clock.now()
        try:
            async with asyncio.timeout(LOOK_TIMEOUT_S):
                waiting, dead = await sources.outbox.outbox_depth()
                due = await sources.outbox.next_due(now)
        except (MasklineError, TimeoutError) as error:
            self._board.queue = None
            log.warning("outbox not readable", error=str(error))
            return
        overdue_s = 0.0 if due is None else max(0.0, (now - due).total_seconds())
        self._board.queue = Queue(waiting, dead, overdue_s)


class _Board(Collector):
    """Hands the families over when the registry asks for them."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.queue: Queue | None = Queue()

    def collect(self) -> Iterator[Metric]:
        sources = self._sources
        version = {"version": sources.version}
        yield InfoMetricFamily("maskline_build", "This release.", value=version)
        yield gauges(
            "maskline_plane_up",
            "What this process runs, and whether it works.",
            "plane",
            [(name, float(is_up)) for name, is_up in sources.checks().items()],
        )
        yield gauge("maskline_store_up", "Whether the store answers.", float(bool(self.queue)))
        yield from http_metrics(sources.http)
        if self.queue is not None:
            yield from queue_metrics(self.queue)
        if sources.store is not None:
            yield from store_metrics(sources.store)
        if sources.journal is not None:
            yield from journal_metrics(sources.journal.counters, sources.journal.waiting_calls)
        if sources.delivery is not None:
            yield from delivery_metrics(sources.delivery)
        if sources.sip is not None:
            yield from sip_metrics(sources.sip)
        if sources.media is not None:
            yield from media_metrics(sources.media)
        if sources.board is not None:
            yield from trunk_metrics(sources.board, sources.clock)
        if sources.calls is not None:
            yield from call_metrics(sources.calls)
        if sources.messages is not None:
            yield from message_metrics(sources.messages.counters, sources.messages.desk.counters)
            yield from link_metrics(sources.messages.board)
