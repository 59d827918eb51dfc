"""The tasks of the message plane, bounded in number and kept until they are done."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from maskline.domain.error import BusyError, PlatformError
from maskline.planes.sms.counter import SmsCounters
from maskline.planes.sms.settings import SmsLimits

log = structlog.get_logger("messages")


class Work:
    """What is under way: messages that came, those of the backlog, and receipts."""

    def __init__(self, limits: SmsLimits, counters: SmsCounters) -> None:
        self.is_closing = False
        self._limits = limits
        self._counters = counters
        self._claimed = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def has_room(self) -> bool:
        """Whether one more message may come."""
        return not self.is_closing and self._counters.in_work < self._limits.in_work

    @property
    def room_to_claim(self) -> int:
        """How many messages of the backlog may be taken up."""
        if self.is_closing:
            return 0
        return min(self._limits.claim_limit, self._limits.claimed - self._claimed)

    def start(self, doing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something beside the rest; what fails is logged."""
        task = asyncio.get_running_loop().create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def start_message(self, doing: Coroutine[Any, Any, None]) -> None:
        """Begin with a message that came; it counts as in work until it is done with."""
        self._counters.in_work += 1
        self.start(doing).add_done_callback(self._message_over)

    def start_claimed(self, doing: Coroutine[Any, Any, None]) -> None:
        """Go on with a message of the backlog, which is counted apart."""
        self._claimed += 1
        self.start(doing).add_done_callback(self._claimed_over)

    async def close(self, deadline_s: float) -> None:
        """Wait for what is under way for so long, then cut it off."""
        self.is_closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=deadline_s)
        cut_off = list(self._tasks)
        if cut_off:
            log.warning("messages cut off", tasks=len(cut_off))
        for task in cut_off:
            task.cancel()
        await asyncio.gather(*cut_off, return_exceptions=True)

    def _message_over(self, _: asyncio.Task[None]) -> None:
        self._counters.in_work -= 1

    def _claimed_over(self, _: asyncio.Task[None]) -> None:
        self._claimed -= 1

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, BusyError | PlatformError):
            # Its lease runs out, and it is taken up again.
            log.warning("message left for later", reason=str(error))
        elif error is not None:
            log.error("message left for later", exc_info=error)
