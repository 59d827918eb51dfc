"""How SMS links stand with every worker: each tells the others, and what is old is forgotten."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import structlog

from maskline.services.bulletin import BulletinBoard
from maskline.services.bulletin_store import BulletinKind
from maskline.services.clock import Clock
from maskline.services.sms_link_state import SmsLinkState

TOLD_EVERY_S = 5.0
GOOD_FOR_S = 3 * TOLD_EVERY_S
"""How long what a worker told counts."""

MAX_WORKERS = 1_000
LOOK_S = 0.5
"""How often a change of condition is looked for."""

log = structlog.get_logger("messages")


class _Told(msgspec.Struct, array_like=True, frozen=True):
    worker: str
    states: tuple[SmsLinkState, ...]


@dataclass(frozen=True, slots=True)
class _Report:
    states: tuple[SmsLinkState, ...]
    good_until: float


class LinkWatch:
    """Keeps the latest report of each worker."""

    def __init__(self, board: BulletinBoard, clock: Clock) -> None:
        self._board = board
        self._clock = clock
        self._reports: dict[str, _Report] = {}

    async def states(self) -> Sequence[tuple[str, SmsLinkState]]:
        """Each worker's name and how a link stands with it, of workers that told lately."""
        now = self._clock.monotonic()
        return [
            (worker, state)
            for worker, report in sorted(self._reports.items())
            if now < report.good_until
            for state in report.states
        ]

    async def tell(self, worker: str, states: Callable[[], tuple[SmsLinkState, ...]]) -> None:
        """Tell of the links of this process from now on: at every change, and now and then."""
        told: tuple[object, ...] = ()
        due = self._clock.monotonic()
        while True:
            found = states()
            conditions = tuple((state.name, state.condition) for state in found)
            self._keep(worker, found)
            if conditions != told or self._clock.monotonic() >= due:
                told, due = conditions, self._clock.monotonic() + TOLD_EVERY_S
                subject = msgspec.json.encode(_Told(worker, found)).decode()
                self._board.post_soon(BulletinKind.SMS_LINK_STATES, subject)
            await asyncio.sleep(LOOK_S)

    def hear(self, subject: str) -> None:
        """Take what another worker told."""
        try:
            told = msgspec.json.decode(subject, type=_Told)
        except msgspec.DecodeError as error:
            # Of a newer release, whose states this one does not know.
            log.info("states of links passed over", reason=str(error))
            return
        self._keep(told.worker, told.states)

    def _keep(self, worker: str, states: tuple[SmsLinkState, ...]) -> None:
        self._reports.pop(worker, None)
        if len(self._reports) >= MAX_WORKERS:
            del self._reports[next(iter(self._reports))]
        self._reports[worker] = _Report(states, self._clock.monotonic() + GOOD_FOR_S)
