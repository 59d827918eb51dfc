"""Erasing what short messages hold of a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from maskline.domain.message import Message, MessageState
from maskline.services.page import Page
from maskline.services.person_marker import erased_party, erased_text
from maskline.services.person_message import PersonMessageFinder
from maskline.services.store import Store

PORTION = 100
"""Messages, or parts, in one unit of work."""


@dataclass(slots=True)
class MessageCounts:
    """How much of what went; `live_messages` are not over and were left alone."""

    messages: int = 0
    message_parts: int = 0
    reply_tags: int = 0
    message_blocks: int = 0
    notices: int = 0
    live_messages: int = 0


class MessageEraser:
    """Erases it at a tenant's applications. May be repeated."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._finder = PersonMessageFinder(store)

    async def erase(self, app_keys: Sequence[str], number: str, counts: MessageCounts) -> None:
        """Erase it, and count it. Raises StoreBusy, StoreFailed."""
        for app_key in app_keys:
            await self._erase_messages(app_key, number, counts)
            counts.reply_tags += await self._store.remove_reply_tags_of(app_key, number)
            counts.message_blocks += await self._store.remove_blocks_of(app_key, number)
        parts = await self._finder.parts(app_keys, number)
        for first in range(0, len(parts), PORTION):
            await self._store.remove_segments(parts[first : first + PORTION])
        counts.message_parts += len(parts)

    async def _erase_messages(self, app_key: str, number: str, counts: MessageCounts) -> None:
        page = Page(limit=PORTION)
        while True:
            found = await self._finder.page(app_key, number, page)
            over = [message for message in found.rows if message.state is MessageState.DONE]
            rewritten = [_without(message, number) for message in over]
            counts.notices += await self._store.rewrite_messages(rewritten)
            counts.messages += len(rewritten)
            counts.live_messages += len(found.rows) - len(over)
            if found.next is None:
                return
            page = Page(limit=PORTION, after=found.next)


def _without(message: Message, number: str) -> Message:
    """The message with a marker in place of the number, and nothing that tells its text."""
    receiver = message.receiver
    return replace(
        message,
        sender=erased_party(message.sender, number),
        receiver=None if receiver is None else erased_party(receiver, number),
        text="",
        outgoing=None if receiver is None else "",
        digest=b"",
        user_data=erased_text(message.user_data, number),
    )
