"""What short messages hold of one person, as it is handed to that person.

Numbers of the others are masked, also where they stand in a text: they are somebody else's data.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from maskline.domain.masking import mask
from maskline.domain.message import CameSegment, Message, MessageBlock
from maskline.domain.message_text import mend, read_number_suffix
from maskline.domain.number import hide_middle
from maskline.services.message_store import BlockFilter, MessageFilter
from maskline.services.page import Listing, Page, Slice
from maskline.services.person_store import ReplyTag
from maskline.services.store import Store

LISTED = 200
"""Rows read at once."""

MAX_MESSAGES = 10_000
"""Messages, and entries of each other kind, in one export."""

NATIONAL = "+86"


class PersonMessage(Struct, frozen=True, kw_only=True):
    """A message that the person sent, or that was for the person.

    `text` is what the person wrote or got; empty once its time is over.
    """

    message_id: str
    app_key: str
    binding_id: str | None
    x: str
    was_sender: bool
    other: str
    text: str
    user_data: str | None
    came_at: datetime
    done_at: datetime | None
    result: str | None
    sent: int
    total: int


class PersonMessagePart(Struct, frozen=True, kw_only=True):
    """A part of a long message that the person sent, by itself."""

    x: str
    number: int
    total: int
    text: str
    came_at: datetime


class PersonReplyTag(Struct, frozen=True, kw_only=True):
    """By which tag A of a binding answers the person."""

    binding_id: str
    tag: int
    allotted_at: datetime


class PersonBlock(Struct, frozen=True, kw_only=True):
    """A list the person is on; without `app_key` it counts for all applications."""

    kind: str
    app_key: str
    reason: str
    created_at: datetime


class PersonMessages(Struct, frozen=True, kw_only=True):
    """All of it. Without `is_complete` there is more than one answer holds."""

    is_complete: bool
    messages: tuple[PersonMessage, ...]
    parts: tuple[PersonMessagePart, ...]
    reply_tags: tuple[PersonReplyTag, ...]
    blocks: tuple[PersonBlock, ...]


class PersonMessageFinder:
    """Finds it, in portions. All verbs raise StoreFailed, and StoreBusy where lists wait."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def messages(self, app_key: str, number: str, limit: int) -> list[Message]:
        """Messages of the person, at most `limit`, newest first."""
        found, after = list[Message](), None
        while len(found) < limit:
            page = Page(limit=min(LISTED, limit - len(found)), after=after)
            listed = await self.page(app_key, number, page)
            found += listed.rows
            after = listed.next
            if after is None:
                break
        return found

    async def page(self, app_key: str, number: str, page: Page) -> Listing[Message]:
        """One page of them."""
        return await self._store.messages(MessageFilter(app_key=app_key, party=number), page)

    async def parts(self, app_keys: Collection[str], number: str) -> list[CameSegment]:
        """Parts that the person sent to these applications, or to X that is nobody's any more."""
        found, owners = list[CameSegment](), dict[str, str | None]()
        part = Slice(limit=LISTED)
        while True:
            listed = await self._store.segments_of(number, part)
            for segment in listed.rows:
                if segment.x not in owners:
                    owner = await self._store.number(segment.x)
                    owners[segment.x] = None if owner is None else owner.app_key
                if owners[segment.x] in {None, *app_keys}:
                    found.append(segment)
            if len(listed.rows) < part.limit:
                return found
            part = Slice(offset=part.offset + part.limit, limit=part.limit)

    async def blocks(self, app_keys: Collection[str], number: str) -> list[MessageBlock]:
        """Lists of these applications, and of all, that the person is on."""
        wanted = BlockFilter(app_keys=("", *app_keys), number=number)
        found, page = list[MessageBlock](), Page(limit=LISTED)
        while True:
            listed = await self._store.blocks(wanted, page)
            found += listed.rows
            if listed.next is None:
                return found
            page = Page(limit=LISTED, after=listed.next)

    async def export(self, number: str, app_keys: Sequence[str]) -> PersonMessages:
        """All of it, for the person to read."""
        messages, tags = list[Message](), set[ReplyTag]()
        for app_key in app_keys:
            left = MAX_MESSAGES + 1 - len(messages)
            messages += await self.messages(app_key, number, left)
            tags |= set(await self._store.reply_tags_of(app_key, number, MAX_MESSAGES + 1))
        parts = await self.parts(app_keys, number)
        most = max(len(messages), len(tags), len(parts))
        ordered = sorted(tags, key=lambda tag: (tag.binding_id, tag.tag))
        return PersonMessages(
            is_complete=most <= MAX_MESSAGES,
            messages=tuple(_message(one, number) for one in messages[:MAX_MESSAGES]),
            parts=tuple(_part(one) for one in parts[:MAX_MESSAGES]),
            reply_tags=tuple(_reply_tag(one) for one in ordered[:MAX_MESSAGES]),
            blocks=tuple(_block(one) for one in await self.blocks(app_keys, number)),
        )


def _message(message: Message, number: str) -> PersonMessage:
    was_sender = message.sender == number
    other = message.receiver if was_sender else message.sender
    text = mend(message.text if was_sender else (message.outgoing or ""))
    suffix = read_number_suffix(text) if was_sender else None
    return PersonMessage(
        message_id=message.message_id,
        app_key=message.app_key,
        binding_id=message.binding_id,
        x=message.x,
        was_sender=was_sender,
        other=mask(other),
        text=_without(text, {other, suffix[0] if suffix else None}),
        user_data=message.user_data,
        came_at=message.came_at,
        done_at=message.done_at,
        result=None if message.result is None else message.result.name.lower(),
        sent=message.sent,
        total=message.total,
    )


def _without(text: str, numbers: Collection[str | None]) -> str:
    """The text with the numbers masked, in whichever form they stand there."""
    for number in numbers:
        if number is not None:
            masked, national = hide_middle(number), number.removeprefix(NATIONAL)
            text = text.replace(number, masked)
            text = text.replace(national, masked.removeprefix(NATIONAL))
    return text


def _part(segment: CameSegment) -> PersonMessagePart:
    return PersonMessagePart(
        x=segment.x,
        number=segment.number,
        total=segment.total,
        text=mend(segment.text),
        came_at=segment.came_at,
    )


def _reply_tag(tag: ReplyTag) -> PersonReplyTag:
    return PersonReplyTag(binding_id=tag.binding_id, tag=tag.tag, allotted_at=tag.allotted_at)


def _block(block: MessageBlock) -> PersonBlock:
    return PersonBlock(
        kind=block.kind.value,
        app_key=block.app_key,
        reason=block.reason,
        created_at=block.created_at,
    )
