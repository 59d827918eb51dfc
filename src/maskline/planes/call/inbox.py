"""The one door through which everything that happens reaches the script of a call."""

import asyncio
from collections import deque
from dataclasses import dataclass

from maskline.planes.media.engine import MediaEvent
from maskline.protocols.sip.event import Event


@dataclass(frozen=True, slots=True)
class StopRequested:
    """Somebody with the right to do so wants the call ended."""


@dataclass(frozen=True, slots=True)
class WorkerStopping:
    """This worker shuts down and its time to drain is over."""


@dataclass(frozen=True, slots=True)
class QuestionSettled:
    """The customer's server has answered, or will not."""


CallEvent = Event | MediaEvent | StopRequested | WorkerStopping | QuestionSettled


class InboxFull(Exception):
    """The script fell further behind than the inbox may hold."""


class Inbox:
    """Events in the order in which they came, for one reader.

    A deque and one future: a queue with a time-out per get would cost a task more per event.
    """

    __slots__ = ("_events", "_limit", "_loop", "_overflown", "_waiter")

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int) -> None:
        self._loop = loop
        self._limit = limit
        self._events: deque[CallEvent] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._overflown = False

    @property
    def now(self) -> float:
        """The clock that deadlines are on."""
        return self._loop.time()

    def post(self, event: CallEvent) -> None:
        """Add an event; over the limit it is dropped and the reader told at its next turn."""
        if len(self._events) >= self._limit:
            self._overflown = True
        else:
            self._events.append(event)
        self._wake()

    async def next(self, deadline: float | None) -> CallEvent | None:
        """The next event; None once the loop's clock passes `deadline`. Raises InboxFull."""
        while not self._events:
            if self._overflown:
                raise InboxFull
            if deadline is not None and self._loop.time() >= deadline:
                return None
            await self._wait(deadline)
        return self._events.popleft()

    async def _wait(self, deadline: float | None) -> None:
        self._waiter = self._loop.create_future()
        alarm = None if deadline is None else self._loop.call_at(deadline, self._wake)
        try:
            await self._waiter
        finally:
            self._waiter = None
            if alarm is not None:
                alarm.cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
