"""What a link has to submit: in order, no faster than it may, with the answers to it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

import structlog

from maskline.domain.error import BusyError, PlatformError
from maskline.planes.sms.connection import SmppConnection
from maskline.planes.sms.counter import SmsCounters
from maskline.planes.sms.rate import SendRate
from maskline.planes.sms.settings import SmsLimits
from maskline.protocols.smpp.pdu import Answer, Message
from maskline.protocols.smpp.status import PASSING, SLOW_DOWN, Status

Note = Callable[[], Awaitable[None]]
"""Keeps that a part is about to be sent. Raises StoreBusy, StoreFailed."""

log = structlog.get_logger("messages")


class Fate(StrEnum):
    """What became of handing a part over.

    PASSING: refused for the moment. UNANSWERED: it may have arrived. UNSENT: it was not sent at
    all, as the link went down or was too slow.
    """

    TAKEN = "taken"
    REFUSED = "refused"
    PASSING = "passing"
    UNANSWERED = "unanswered"
    UNSENT = "unsent"


@dataclass(frozen=True, slots=True)
class Submitted:
    """A fate; `status` of the answer, `centre_id` as the centre's answer has it."""

    fate: Fate
    status: int = 0
    centre_id: str = ""


UNSENT = Submitted(Fate.UNSENT)
UNANSWERED = Submitted(Fate.UNANSWERED)


@dataclass(slots=True)
class _Entry:
    message: Message
    done: asyncio.Future[Submitted]
    until: float
    note: Note | None
    has_turn: bool = False
    """Its turn had come before its note was kept."""
    sent_at: float = 0.0


class SubmitQueue:
    """The submits of one link, over one connection at a time. `now` is monotonic seconds.

    `resume` is called when something that waits may be sent, or dropped.
    """

    def __init__(
        self, limits: SmsLimits, counters: SmsCounters, resume: Callable[[], None]
    ) -> None:
        self._limits = limits
        self._counters = counters
        self._resume = resume
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Entry] = deque()
        self._in_flight: dict[int, _Entry] = {}
        self._noting = 0
        self._notes: set[asyncio.Task[None]] = set()
        self._rate = SendRate()
        self._paused_until = 0.0
        self._pause_s = 0.0

    @property
    def waiting(self) -> int:
        """How many were not sent yet."""
        return len(self._waiting)

    @property
    def in_flight(self) -> int:
        """How many wait for their answers."""
        return len(self._in_flight)

    def put(
        self, message: Message, now: float, note: Note | None = None
    ) -> asyncio.Future[Submitted]:
        """Take one; `pump` sends it, after its `note` is kept.

        That is done when its turn has come and no sooner: what was noted and then not sent, as
        the process died, counts as sent.
        """
        done: asyncio.Future[Submitted] = self._loop.create_future()
        entry = _Entry(message, done, now + self._limits.queue_s, note)
        if len(self._waiting) >= self._limits.queued:
            self._end(entry, UNSENT)
        else:
            self._waiting.append(entry)
        return done

    def pump(self, connection: SmppConnection, per_s: int, now: float) -> None:
        """Send what may be sent now."""
        waiting = self._waiting
        # Those that are being noted have their room in the window.
        while waiting and connection.room > self._noting:
            entry = waiting[0]
            if not entry.has_turn and (
                now < self._paused_until or not self._rate.passes(per_s, now)
            ):
                return
            waiting.popleft()
            if entry.note is not None:
                self._keep_note(entry, entry.note)
                continue
            entry.sent_at = now
            try:
                self._in_flight[connection.send(entry.message)] = entry
            except ValueError:
                # A number that SMPP has no room for.
                self._end(entry, Submitted(Fate.REFUSED, Status.INVALID_DESTINATION))

    def answered(self, sequence: int, answer: Answer | None, now: float) -> None:
        """Settle a submit; None: nobody answered it in time."""
        entry = self._in_flight.pop(sequence, None)
        if entry is None:
            return
        if answer is None:
            self._end(entry, UNANSWERED)
            return
        self._counters.submitted.add(now - entry.sent_at)
        status = answer.status
        if status == Status.OK:
            if now >= self._paused_until:
                self._pause_s = 0.0
            self._end(entry, Submitted(Fate.TAKEN, 0, answer.text))
            return
        if status in SLOW_DOWN:
            self._slow_down(now)
        self._end(entry, Submitted(Fate.PASSING if status in PASSING else Fate.REFUSED, status))

    def lost(self, sequences: tuple[int, ...]) -> None:
        """The answers of these will not come any more."""
        for sequence in sequences:
            entry = self._in_flight.pop(sequence, None)
            if entry is not None:
                self._end(entry, UNANSWERED)

    def drop_waiting(self) -> None:
        """Give back what was not sent: another link may take it."""
        while self._waiting:
            self._end(self._waiting.popleft(), UNSENT)

    def expire(self, now: float) -> None:
        """Give back what has waited for too long."""
        while self._waiting and self._waiting[0].until <= now:
            self._end(self._waiting.popleft(), UNSENT)

    def _keep_note(self, entry: _Entry, note: Note) -> None:
        self._noting += 1
        keeping = self._loop.create_task(self._noted(entry, note))
        self._notes.add(keeping)
        keeping.add_done_callback(self._notes.discard)

    async def _noted(self, entry: _Entry, note: Note) -> None:
        try:
            await note()
        except (BusyError, PlatformError) as error:
            log.warning("message not sent, as that could not be noted", reason=str(error))
            self._end(entry, UNSENT)
        else:
            entry.note, entry.has_turn = None, True
            self._waiting.appendleft(entry)
        finally:
            self._noting -= 1
        self._resume()

    def _slow_down(self, now: float) -> None:
        if now < self._paused_until:
            # Sent before the pause began.
            return
        self._counters.slowed += 1
        doubled = max(self._limits.throttle_s, self._pause_s * 2)
        self._pause_s = min(doubled, self._limits.throttle_max_s)
        self._paused_until = now + self._pause_s

    def _end(self, entry: _Entry, submitted: Submitted) -> None:
        self._counters.parts[submitted.fate.value] += 1
        if not entry.done.done():
            entry.done.set_result(submitted)
