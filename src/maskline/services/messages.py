"""The desk of short messages: all that becomes of one between two message centres.

| when | what | by |
| ---- | ---- | -- |
| it comes | kept, joined, decided by the message table of its mode | `message_receiving` |
| the customer decides | asked, followed | `message_asking` |
| it was forwarded, or could not be | result, notice | `message_finishing` |
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from maskline.domain.message import Message, MessagePart
from maskline.services.clock import Clock
from maskline.services.directory import Directory
from maskline.services.ids import Ids
from maskline.services.message_asking import MessageQuestions
from maskline.services.message_finishing import MessageFinishing
from maskline.services.message_rate import MessageRates
from maskline.services.message_receiving import MessageReceiving
from maskline.services.message_store import PartReceipt
from maskline.services.message_work import (
    CameMessage,
    MessageCounters,
    MessageDeskStore,
    MessageFormat,
    MessageLimits,
    MessageWork,
)
from maskline.services.question import Asker
from maskline.services.spending import Spending


class MessageDesk:
    """What a plane of short messages asks and tells, for the worker `host`.

    `hint` is called after notices are durable, to wake the delivery plane, `counted` with every
    message that is over. Whatever is done to a
    message is durable when its awaitable is done; all of it raises StoreBusy and StoreFailed.
    """

    def __init__(  # noqa: PLR0917 - everything that messages touch
        self,
        store: MessageDeskStore,
        directory: Directory,
        clock: Clock,
        ids: Ids,
        asker: Asker,
        formats: MessageFormat,
        rates: MessageRates,
        hint: Callable[[], None],
        host: str,
        limits: MessageLimits,
        counted: Callable[[Message], None] | None = None,
        spending: Spending | None = None,
    ) -> None:
        self._work = MessageWork(
            store, directory, clock, ids, formats, hint, host, limits, counted, spending
        )
        self._finishing = MessageFinishing(self._work)
        self._receiving = MessageReceiving(self._work, rates)
        self._questions = MessageQuestions(self._work, self._finishing, asker)

    @property
    def counters(self) -> MessageCounters:
        """What became of messages since the start."""
        return self._work.counters

    async def receive(self, came: CameMessage) -> Message | None:
        """Take what came; only then may the message centre be told that we have it.

        Returns a message to go on with, ASKING or WAITING and leased to this worker; None when
        there is nothing more to do: other parts are still to come, it came before, or nobody gets
        it. Raises UnknownNumber when X is none of ours.
        """
        return await self._receiving.receive(came)

    async def connection_heard(self, connection: str, before: datetime) -> None:
        """Keep that the message centre has our answers to what came there before a moment."""
        await self._work.store.connection_heard(connection, before)

    async def ask(self, message: Message) -> Message | None:
        """Let the customer decide about an ASKING message.

        Returns it WAITING; None when it is over.
        """
        return await self._questions.ask(message)

    async def part_answered(self, message: Message, part: MessagePart) -> None:
        """Keep how far a part of a message got while others are still to be sent."""
        await self._finishing.part_answered(message, part)

    async def finish(self, message: Message, parts: Sequence[MessagePart], total: int) -> None:
        """End a message whose `total` parts were all sent or have all failed.

        `parts` replace those of the same number that the message has.
        """
        await self._finishing.finish(message, parts, total)

    async def postpone(
        self, message: Message, parts: Sequence[MessagePart], due_at: datetime
    ) -> None:
        """Let whoever claims it at `due_at` or later go on with a message."""
        await self._finishing.postpone(message, parts, due_at)

    async def fail(self, message: Message, parts: Sequence[MessagePart], total: int) -> None:
        """End a message that cannot be sent any longer, by what was sent of it.

        INTERNAL where no message centre was given anything of it.
        """
        await self._finishing.fail(message, parts, total)

    async def receipt(self, receipt: PartReceipt) -> bool:
        """Keep what a receipt says; False when no part is known by its name, perhaps not yet."""
        return await self._finishing.receipt(receipt)

    async def claim(self, limit: int) -> tuple[Message, ...]:
        """Take up to `limit` messages that are due and that no worker has, ASKING or WAITING."""
        return await self._finishing.claim(limit)

    async def release(self) -> None:
        """At a start: what an earlier run of this worker had is free to be taken."""
        await self._work.store.release_messages(self._work.host)

    async def assemble_stale(self) -> list[Message]:
        """Take what there is of messages whose missing parts were waited for long enough.

        Returns those to go on with, as `receive` does.
        """
        return await self._receiving.assemble_stale()
