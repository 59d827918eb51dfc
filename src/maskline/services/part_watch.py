"""How trunks and media engines stand with every worker: each tells the others every 5 s."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import structlog

from maskline.services.bulletin import BulletinBoard
from maskline.services.bulletin_store import BulletinKind
from maskline.services.clock import Clock
from maskline.services.part_state import EngineState, TrunkState

TOLD_EVERY_S = 5.0
STALE_AFTER_S = 3 * TOLD_EVERY_S
"""A worker that has told nothing for so long is stopped, or cut off from the store."""

KEPT_S = 600.0
"""How long it is shown as such, before it is forgotten."""

MAX_WORKERS = 1_000
MAX_PARTS = 500
"""Trunks, and engines, of which a worker tells; the rest is left out."""

log = structlog.get_logger("calls")


class PartsTold(msgspec.Struct, array_like=True, frozen=True):
    """What a worker tells. `engine_kind` is what its settings ask for."""

    worker: str
    engine_kind: str
    trunks: tuple[TrunkState, ...]
    engines: tuple[EngineState, ...]


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """The latest that a worker has told, `age_s` ago."""

    told: PartsTold
    age_s: float

    @property
    def is_stale(self) -> bool:
        """Whether it should have told again."""
        return self.age_s > STALE_AFTER_S


class PartWatch:
    """Keeps the latest report of each worker that carries calls."""

    def __init__(self, board: BulletinBoard, clock: Clock) -> None:
        self._board = board
        self._clock = clock
        self._reports: dict[str, tuple[PartsTold, datetime]] = {}
        self._look: Callable[[], PartsTold] | None = None

    def reports(self) -> Sequence[WorkerParts]:
        """By name of worker; that of this process is of now."""
        self._look_here()
        now = self._clock.now()
        found = [
            WorkerParts(told, max(0.0, (now - told_at).total_seconds()))
            for _, (told, told_at) in sorted(self._reports.items())
        ]
        return [one for one in found if one.age_s <= KEPT_S]

    async def tell(self, look: Callable[[], PartsTold]) -> None:
        """Tell of this process until cancelled."""
        self._look = look
        while True:
            told = self._look_here()
            if told is not None:
                subject = msgspec.json.encode(told).decode()
                self._board.post_soon(BulletinKind.WORKER_PARTS, subject)
            await asyncio.sleep(TOLD_EVERY_S)

    def hear(self, subject: str, posted_at: datetime) -> None:
        """Take what another worker told then."""
        try:
            told = msgspec.json.decode(subject, type=PartsTold)
        except msgspec.DecodeError as error:
            # Of a newer release, whose states this one does not know.
            log.info("states of trunks and engines passed over", reason=str(error))
            return
        known = self._reports.get(told.worker)
        # Those that were posted at about the same time may come in any order.
        if known is None or known[1] <= posted_at:
            self._keep(told, posted_at)

    def _look_here(self) -> PartsTold | None:
        if self._look is None:
            return None
        told = self._look()
        bounded = msgspec.structs.replace(
            told, trunks=told.trunks[:MAX_PARTS], engines=told.engines[:MAX_PARTS]
        )
        self._keep(bounded, self._clock.now())
        return bounded

    def _keep(self, told: PartsTold, told_at: datetime) -> None:
        self._reports.pop(told.worker, None)
        if len(self._reports) >= MAX_WORKERS:
            del self._reports[next(iter(self._reports))]
        self._reports[told.worker] = told, told_at
