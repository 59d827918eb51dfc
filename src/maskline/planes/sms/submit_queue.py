"""What a link has to submit: in order, no faster than it may, with the answers to it."""

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from maskline.planes.sms.connection import SmppConnection
from maskline.planes.sms.counter import SmsCounters
from maskline.planes.sms.rate import SendRate
from maskline.planes.sms.settings import SmsLimits
from maskline.protocols.smpp.pdu import Answer, Message
from maskline.protocols.smpp.status import PASSING, SLOW_DOWN, Status


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
    sent_at: float = 0.0


class SubmitQueue:
    """The submits of one link, over one connection at a time. `now` is monotonic seconds."""

    def __init__(self, limits: SmsLimits, counters: SmsCounters) -> None:
        self._limits = limits
        self._counters = counters
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Entry] = deque()
        self._in_flight: dict[int, _Entry] = {}
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

    def put(self, message: Message, now: float) -> asyncio.Future[Submitted]:
        """Take one; `pump` sends it."""
        done: asyncio.Future[Submitted] = self._loop.create_future()
        entry = _Entry(message, done, now + self._limits.queue_s)
        if len(self._waiting) >= self._limits.queued:
            self._end(entry, UNSENT)
        else:
            self._waiting.append(entry)
        return done

    def pump(self, connection: SmppConnection, per_s: int, now: float) -> None:
        """Send what may be sent now."""
        waiting = self._waiting
        while waiting and now >= self._paused_until and connection.may_send:
            if not self._rate.passes(per_s, now):
                return
            entry = waiting.popleft()
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
