"""Writes down what became of pushes, many at a time."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import structlog

from maskline.domain.error import StoreBusy, StoreFailed
from maskline.domain.notice import AcceptedTry, Endpoint, FailedTry
from maskline.planes.delivery.counter import DeliveryCounters
from maskline.planes.delivery.settings import DeliverySettings
from maskline.services.store import OutboxStore

NOTICES_PER_SETTLE = 1_000
"""About how many notices are settled in one unit of work."""

log = structlog.get_logger("delivery")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one push: its notices by sequence, and whom to tell once it is written.

    `settled` is told the endpoints of which something was let go that had been held back. What was
    delivered is kept for people to look at where `accepted` says how.
    """

    delivered: Sequence[int]
    failed: Sequence[FailedTry]
    settled: Callable[[Collection[Endpoint]], None]
    accepted: AcceptedTry | None = None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        """Count the notices once: it is asked for thrice."""
        object.__setattr__(self, "size", len(self.delivered) + len(self.failed))


class Settler:
    """Gathers results while the unit of work before is being written, then writes them together.

    A store that fails gets the same results again until it takes them. Nothing is lost even when
    it never does: the lease runs out and the notice is pushed again. `hint` is called after each
    unit of work: what waited for a settled notice may be due now, at any endpoint.
    """

    def __init__(
        self,
        store: OutboxStore,
        settings: DeliverySettings,
        counters: DeliveryCounters,
        hint: Callable[[], None],
    ) -> None:
        self._store = store
        self._settings = settings
        self._counters = counters
        self._hint = hint
        self._waiting: list[Result] = []
        self._wake = asyncio.Event()
        self._is_stopping = False

    @property
    def has_room(self) -> bool:
        """Whether more notices may be claimed: results must not pile up without bound."""
        return self._counters.unsettled < self._settings.max_unsettled

    def add(self, result: Result) -> None:
        """Have a result written soon."""
        self._waiting.append(result)
        self._counters.unsettled += result.size
        self._wake.set()

    def stop(self) -> None:
        """Let `run` end as soon as everything is written."""
        self._is_stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Write results until stopped."""
        while self._waiting or not self._is_stopping:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            results = self._take()
            freed = await self._write(results)
            for result in results:
                self._counters.unsettled -= result.size
                result.settled(freed)
            self._hint()

    def _take(self) -> list[Result]:
        """The oldest results, as many as fit one unit of work."""
        count = size = 0
        while count < len(self._waiting) and size < NOTICES_PER_SETTLE:
            size += self._waiting[count].size
            count += 1
        taken = self._waiting[:count]
        del self._waiting[:count]
        return taken

    async def _write(self, results: Sequence[Result]) -> Collection[Endpoint]:
        delivered = [sequence for result in results for sequence in result.delivered]
        failed = [failure for result in results for failure in result.failed]
        pause_s = self._settings.settle_retry_s
        kept = {
            sequence: result.accepted
            for result in results
            if result.accepted is not None
            for sequence in result.delivered
        }
        while True:
            try:
                return await self._store.settle(delivered, failed, kept)
            except (StoreBusy, StoreFailed) as error:
                log.warning("results not written yet", results=len(results), error=str(error))
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, self._settings.settle_retry_max_s)
