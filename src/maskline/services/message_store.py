"""The store seam of short messages; the rules of `maskline.services.store` hold here too.

| a message comes to be | by | in one unit with |
| --------------------- | -- | ---------------- |
| ASKING or WAITING     | `accept_message`, leased to the worker that took it | - |
| DONE at once          | `accept_message` | its notice |
| WAITING after ASKING  | `save_message` | - |
| DONE                  | `finish_message` | its parts, its notice, the day's count |
"""

from asyncio import Future
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maskline.domain.message import (
    BlockKind,
    CameSegment,
    Message,
    MessageBlock,
    MessagePart,
    MessageState,
    PartState,
    SendResult,
    Standing,
)
from maskline.domain.notice import Notice
from maskline.domain.sms_link import SmsLink
from maskline.services.page import Count, Listing, Numbered, Page, Slice

MAX_REPLY_TAG = 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """Which messages a list asks for; None does not restrict.

    `app_keys` are the applications of whoever asks. `party` is a real number that sent or got it.
    `since` is the first moment of coming that counts, `until` the first that does not.
    """

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    x: str | None = None
    message_id: str | None = None
    party: str | None = None
    state: MessageState | None = None
    result: SendResult | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockFilter:
    """Which numbers on the lists are asked for; None does not restrict.

    `app_keys` are the applications of whoever asks; "" is the list of all applications.
    """

    kind: BlockKind | None = None
    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Which worker works on a message, and until when nobody else may."""

    host: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReceipt:
    """What a receipt says of the part that the message centre behind `link` calls `centre_id`."""

    link: str
    centre_id: str
    state: PartState
    status: int
    at: datetime


class MessageStore(Protocol):
    """Messages, their parts and their lists, and the links they go over.

    Texts, real numbers and `digest` are sealed; the ids of message centres are not. The notices of
    a message have its `message_id` as their stream.
    """

    def accept_message(
        self,
        message: Message,
        notices: Sequence[Notice],
        *,
        lease: Lease | None,
        repeats_since: datetime,
        segments: Sequence[CameSegment] = (),
    ) -> Future[bool]:
        """Keep a new message; taken at once, in order, as `CallStore` does.

        False, and nothing of it is kept, when one with the same digest came over the same link in
        another connection since `repeats_since`, unless that was before what `connection_heard`
        says of that connection: the message centre has sent it again, not knowing that we had
        it. `segments` are what it was put together from: they are marked as used, and
        when all of them have been used already, the answer is False, too.
        Raises StoreBusy at once.
        """
        ...

    async def connection_heard(self, connection: str, before: datetime) -> None:
        """Keep that the message centre has our answers to all that came before a moment there.

        A later moment stays.
        """
        ...

    def save_message(self, message: Message, *, lease: Lease | None) -> Future[None]:
        """Replace a message that is not DONE; without a lease it is for whoever claims it first.

        Parts are not touched. One that is DONE, or unknown, is ignored. Raises StoreBusy at once.
        """
        ...

    def save_part(self, message_id: str, part: MessagePart) -> Future[None]:
        """Add or replace a part of a message that is there. Raises StoreBusy at once.

        What a receipt has said of a part of the same link and `centre_id` stays.
        """
        ...

    def finish_message(
        self, message: Message, parts: Sequence[MessagePart], notices: Sequence[Notice]
    ) -> Future[None]:
        """Make a message DONE, with these parts saved as by `save_part`, and queue its notices.

        `sent` counts for the application's day, that of `done_at`. One that is DONE already is
        ignored together with parts and notices. Raises StoreBusy at once.
        """
        ...

    async def claim_messages(self, now: datetime, lease: Lease, limit: int) -> tuple[Message, ...]:
        """Lease up to `limit` messages that are due and whose lease, if any, has run out.

        Longest due first, with their parts; `tries` counts this claim.
        """
        ...

    async def release_messages(self, host: str) -> int:
        """End all leases of a worker: it is gone, or is starting anew. Returns how many."""
        ...

    async def save_receipt(self, receipt: PartReceipt) -> bool:
        """Update a part by its receipt; False when no taken part has that name.

        A part whose state came by a receipt keeps it. Message centres use names again: of several
        such parts the one that was taken last is meant.
        """
        ...

    async def message(self, message_id: str) -> Message | None:
        """One message with its parts."""
        ...

    async def messages(self, wanted: MessageFilter, page: Page) -> Listing[Message]:
        """Messages with their parts, newest first."""
        ...

    async def count_messages(self, wanted: MessageFilter) -> Count:
        """How many they are."""
        ...

    async def remove_message_texts(self, app_key: str, before: datetime, limit: int) -> int:
        """Forget the texts of at most `limit` messages that were done before a moment."""
        ...

    async def remove_old_messages(self, app_key: str, before: datetime, limit: int) -> int:
        """Forget at most `limit` messages that were done before a moment, oldest first.

        What was still to be pushed of them, or was given up, goes too, and so does what counted
        for the days before.
        """
        ...

    async def keep_segment(
        self, segment: CameSegment, unused_since: datetime
    ) -> tuple[CameSegment, ...] | None:
        """Keep a part that came; all parts of its message that are here, by number.

        None when the message it belongs to is accepted already: the same text at the same place
        since `unused_since`. Another text in a used place begins a new message.
        """
        ...

    async def stale_segments(self, before: datetime, limit: int) -> tuple[CameSegment, ...]:
        """Unused parts of up to `limit` messages whose latest part came before a moment.

        Ordered by message and number.
        """
        ...

    async def segments_of(self, sender: str, part: Slice) -> Numbered[CameSegment]:
        """Parts that a number sent, used or not."""
        ...

    async def remove_segments(self, segments: Sequence[CameSegment]) -> None:
        """Forget parts; they are overwritten on disk as well, as far as the database can."""
        ...

    async def remove_used_segments(self, before: datetime, limit: int) -> int:
        """Forget at most `limit` used parts that came before a moment.

        So many marks of messages that came before it go, too, by which `accept_message` knows
        repeats. Returns how many parts went or how many marks, whichever is more.
        """
        ...

    async def standing(
        self, app_key: str, sender: str, receiver: str | None, now: datetime
    ) -> Standing:
        """What counts against a message, in one read."""
        ...

    async def save_block(self, block: MessageBlock) -> None:
        """Put a number on a list, or say anew why; its creation time stays.

        Raises UnknownRecord (the application).
        """
        ...

    async def remove_block(self, kind: BlockKind, app_key: str, number: str) -> None:
        """Take a number off. Raises UnknownRecord."""
        ...

    async def blocks(self, wanted: BlockFilter, page: Page) -> Listing[MessageBlock]:
        """Numbers on the lists, newest first."""
        ...

    async def allot_reply_tag(self, binding_id: str, number: str, now: datetime) -> int:
        """The tag, 1 to `MAX_REPLY_TAG`, by which A of this binding answers a number.

        The same number keeps its tag. A new one gets the next; when all are in use it takes
        over the one that was not allotted or asked for the longest.
        """
        ...

    async def reply_tag_number(self, binding_id: str, tag: int) -> str | None:
        """Whose tag it is."""
        ...

    async def remove_reply_tags(self, before: datetime, limit: int) -> int:
        """Forget at most `limit` tags that were allotted last before a moment."""
        ...

    async def save_sms_link(self, link: SmsLink) -> None:
        """Add or replace a link by name."""
        ...

    async def remove_sms_link(self, name: str) -> None:
        """Forget a link. Raises UnknownRecord."""
        ...

    async def sms_links(self) -> tuple[SmsLink, ...]:
        """All links by name; there are few."""
        ...
