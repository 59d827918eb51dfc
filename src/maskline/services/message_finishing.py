"""The end of messages: how far their parts got, the result, and who is told."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from maskline.domain.error import BusyError, PlatformError
from maskline.domain.message import Message, MessagePart, SendResult
from maskline.services.message_store import PartReceipt
from maskline.services.message_work import MessageWork

log = structlog.get_logger("messages")


class MessageFinishing:
    """Keeps what message centres answer.

    What they have taken must not be sent again, so that a store that is busy or failing is tried
    for minutes, and no message that waits for this is taken up meanwhile.
    """

    def __init__(self, work: MessageWork) -> None:
        self._work = work
        self._unwritten = Counter[str]()

    async def part_answered(self, message: Message, part: MessagePart) -> None:
        """See the desk."""
        await self.write(
            message.message_id, lambda: self._work.store.save_part(message.message_id, part)
        )

    async def finish(self, message: Message, parts: Sequence[MessagePart], total: int) -> None:
        """See the desk."""
        known = _merged(message.parts, parts)
        sent, total = sum(part.state.is_sent for part in known), max(total, len(known))
        is_whole = 0 < total <= sent and message.has >= message.expects
        if is_whole:
            result = SendResult.SUCCESS
        else:
            result = SendResult.PARTLY_SENT if sent else SendResult.NOT_SENT
        await self.end(message.split_as(known, total), result, parts)

    async def fail(self, message: Message, parts: Sequence[MessagePart], total: int) -> None:
        """See the desk."""
        # A part that no message centre was given has neither an answer nor tries.
        if any(part.tries or part.status for part in (*message.parts, *parts)):
            await self.finish(message, parts, total)
        else:
            known = _merged(message.parts, parts)
            await self.end(replace(message, parts=known, total=total), SendResult.INTERNAL, parts)

    async def end(
        self, message: Message, result: SendResult, parts: Sequence[MessagePart] = ()
    ) -> None:
        """Make a message DONE and tell the customer; `parts` are those that are news."""
        ended = message.ended(result, self._work.clock.now())

        async def submit() -> None:
            application, _ = await self._work.owner(message.app_key)
            notices = self._work.notices(application, ended)
            await self._work.store.finish_message(ended, parts, notices)
            if notices:
                self._work.hint()

        await self.write(message.message_id, submit)
        self._work.over(ended)

    async def postpone(
        self, message: Message, parts: Sequence[MessagePart], due_at: datetime
    ) -> None:
        """See the desk."""
        for part in parts:
            if part not in message.parts:
                await self.part_answered(message, part)
        later = replace(message, due_at=due_at)
        await self.write(
            message.message_id, lambda: self._work.store.save_message(later, lease=None)
        )
        self._work.counters.postponed += 1

    async def receipt(self, receipt: PartReceipt) -> bool:
        """See the desk."""
        is_known = await self._work.store.save_receipt(receipt)
        if is_known:
            self._work.counters.receipts += 1
        else:
            self._work.counters.unknown_receipts += 1
        return is_known

    async def claim(self, limit: int) -> tuple[Message, ...]:
        """See the desk."""
        now, lease = self._work.clock.now(), self._work.lease()
        claimed = await self._work.store.claim_messages(now, lease, limit)
        return tuple([one for one in claimed if one.message_id not in self._unwritten])

    async def write(self, message_id: str, submit: Callable[[], Awaitable[None]]) -> None:
        """Have the store take what became of a message, in several tries.

        Raises StoreBusy, StoreFailed, PlatformError when it did not.
        """
        limits = self._work.limits
        pause = limits.write_pause_s
        self._unwritten[message_id] += 1
        try:
            for tries_left in reversed(range(limits.write_tries)):
                try:
                    return await submit()
                except (BusyError, PlatformError):
                    if not tries_left:
                        self._work.counters.unwritten += 1
                        log.exception("message not kept", message_id=message_id)
                        raise
                await asyncio.sleep(pause)
                pause = min(2 * pause, limits.write_pause_max_s)
        finally:
            self._unwritten[message_id] -= 1
            if not self._unwritten[message_id]:
                del self._unwritten[message_id]


def _merged(known: Sequence[MessagePart], news: Sequence[MessagePart]) -> tuple[MessagePart, ...]:
    parts = {part.number: part for part in (*known, *news)}
    return tuple([parts[number] for number in sorted(parts)])
