from asyncio import Future, get_running_loop
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from maskline.domain.message import CameSegment, Message, MessagePart, MessageState, PartState
from maskline.domain.notice import Notice
from maskline.services.list_order import MESSAGES
from maskline.services.message_store import Lease, MessageFilter, PartReceipt
from maskline.services.page import Count, Listing, Page, count_of, page_of
from maskline.stores.memory.message_segment import use_segments
from maskline.stores.memory.outbox import enqueue, forget_stream
from maskline.stores.memory.table import Tables, is_of
from maskline.stores.moment import to_us

Result = TypeVar("Result")
_BY_RECEIPT = frozenset({PartState.DELIVERED, PartState.EXPIRED, PartState.UNDELIVERABLE})


class MemoryMessages:
    """The messages of `maskline.services.message_store.MessageStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def accept_message(
        self,
        message: Message,
        notices: Sequence[Notice],
        *,
        lease: Lease | None,
        repeats_since: datetime,
        segments: Sequence[CameSegment] = (),
    ) -> Future[bool]:
        """See the seam."""
        if not self._marked(message, repeats_since):
            return _done(result=False)
        if segments and not use_segments(self._tables, segments):
            return _done(result=False)
        self._tables.messages[message.message_id] = replace(message, parts=())
        self._lease_to(message, lease)
        enqueue(self._tables, notices)
        return _done(result=True)

    async def connection_heard(self, connection: str, before: datetime) -> None:
        """See the seam."""
        heard = self._tables.message_connections
        heard[connection] = max(before, heard.get(connection, before))

    def save_message(self, message: Message, *, lease: Lease | None) -> Future[None]:
        """See the seam."""
        self._replace(message, lease)
        return _done(result=None)

    def save_part(self, message_id: str, part: MessagePart) -> Future[None]:
        """See the seam."""
        if message_id in self._tables.messages:
            self._save_parts(message_id, (part,))
        return _done(result=None)

    def finish_message(
        self, message: Message, parts: Sequence[MessagePart], notices: Sequence[Notice]
    ) -> Future[None]:
        """See the seam."""
        if self._replace(message, None):
            self._save_parts(message.message_id, parts)
            if message.done_at is not None:
                day = (message.app_key, message.done_at.astimezone(UTC).date())
                days = self._tables.message_days
                days[day] = days.get(day, 0) + message.sent
            enqueue(self._tables, notices)
        return _done(result=None)

    async def claim_messages(self, now: datetime, lease: Lease, limit: int) -> tuple[Message, ...]:
        """See the seam."""
        leases = self._tables.message_leases
        due = [
            (message.due_at, message)
            for message in self._tables.messages.values()
            if message.state is not MessageState.DONE
            and message.due_at is not None
            and message.due_at <= now
            and (message.message_id not in leases or leases[message.message_id].until <= now)
        ]
        due.sort(key=lambda entry: entry[0])
        claimed = tuple(replace(message, tries=message.tries + 1) for _, message in due[:limit])
        for message in claimed:
            self._tables.messages[message.message_id] = message
            self._lease_to(message, lease)
        return claimed

    async def release_messages(self, host: str) -> int:
        """See the seam."""
        leases = self._tables.message_leases
        own = [message_id for message_id, lease in leases.items() if lease.host == host]
        for message_id in own:
            del leases[message_id]
        return len(own)

    async def save_receipt(self, receipt: PartReceipt) -> bool:
        """See the seam."""
        named = [
            (part.changed_at, message_id, part)
            for message_id, message in self._tables.messages.items()
            for part in message.parts
            if (part.link, part.centre_id) == (receipt.link, receipt.centre_id)
            and part.state is PartState.TAKEN
        ]
        if not named:
            return False
        _, message_id, part = max(named, key=lambda entry: entry[0])
        told = replace(part, state=receipt.state, status=receipt.status, changed_at=receipt.at)
        self._save_parts(message_id, (told,))
        return True

    async def message(self, message_id: str) -> Message | None:
        """See the seam."""
        return self._tables.messages.get(message_id)

    async def messages(self, wanted: MessageFilter, page: Page) -> Listing[Message]:
        """See the seam."""
        rows = [
            (place, row)
            for place, row in enumerate(self._tables.messages.values())
            if _matches(row, wanted)
        ]
        found = page_of(rows, MESSAGES, lambda row: (to_us(row[1].came_at), row[0]), page)
        return Listing(rows=tuple(row for _, row in found.rows), next=found.next)

    async def count_messages(self, wanted: MessageFilter) -> Count:
        """See the seam."""
        return count_of(sum(_matches(one, wanted) for one in self._tables.messages.values()))

    async def remove_message_texts(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        readable = [row for row in self._over(app_key, before) if row.text or row.outgoing]
        for row in readable[:limit]:
            outgoing = None if row.outgoing is None else ""
            self._tables.messages[row.message_id] = replace(row, text="", outgoing=outgoing)
        return len(readable[:limit])

    async def remove_old_messages(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        old = self._over(app_key, before)[:limit]
        for row in old:
            del self._tables.messages[row.message_id]
            forget_stream(self._tables, row.message_id)
        days, today = self._tables.message_days, before.astimezone(UTC).date()
        for key in [key for key in days if key[0] == app_key and key[1] < today]:
            del days[key]
        return len(old)

    def _marked(self, message: Message, repeats_since: datetime) -> bool:
        """Whether it did not come over another one of late unheard; its own is noted then."""
        key = (message.link, message.digest)
        known = self._tables.message_marks.get(key)
        if known is not None and known[0] != message.connection:
            heard_before = self._tables.message_connections.get(known[0], repeats_since)
            if known[1] >= max(repeats_since, heard_before):
                return False
        self._tables.message_marks[key] = (message.connection, message.came_at)
        return True

    def _replace(self, message: Message, lease: Lease | None) -> bool:
        """Whether there is one that is not over, which this one then replaces."""
        known = self._tables.messages.get(message.message_id)
        if known is None or known.state is MessageState.DONE:
            return False
        self._tables.messages[message.message_id] = replace(message, parts=known.parts)
        self._lease_to(message, lease)
        return True

    def _lease_to(self, message: Message, lease: Lease | None) -> None:
        if lease is None:
            self._tables.message_leases.pop(message.message_id, None)
        else:
            self._tables.message_leases[message.message_id] = lease

    def _save_parts(self, message_id: str, parts: Iterable[MessagePart]) -> None:
        message = self._tables.messages[message_id]
        known = {part.number: part for part in message.parts}
        for part in parts:
            before = known.get(part.number)
            if before is None or not _stands(before, part):
                known[part.number] = part
        kept = tuple(known[number] for number in sorted(known))
        self._tables.messages[message_id] = replace(message, parts=kept)

    def _over(self, app_key: str, before: datetime) -> list[Message]:
        """Messages that were done before a moment, oldest first."""
        over = [
            (row.done_at, row)
            for row in self._tables.messages.values()
            if row.app_key == app_key and row.done_at is not None and row.done_at < before
        ]
        over.sort(key=lambda entry: entry[0])
        return [row for _, row in over]


def _stands(part: MessagePart, later: MessagePart) -> bool:
    """Whether a receipt has told of this very part what its sender does not know."""
    is_same = (part.link, part.centre_id) == (later.link, later.centre_id)
    return is_same and part.state in _BY_RECEIPT


def _matches(row: Message, wanted: MessageFilter) -> bool:
    return (
        is_of(row.app_key, wanted.app_key, wanted.app_keys)
        and wanted.x in {None, row.x}
        and wanted.message_id in {None, row.message_id}
        and wanted.party in {None, row.sender, row.receiver}
        and wanted.state in {None, row.state}
        and wanted.result in {None, row.result}
        and (wanted.since is None or wanted.since <= row.came_at)
        and (wanted.until is None or row.came_at < wanted.until)
    )


def _done(*, result: Result) -> Future[Result]:
    future: Future[Result] = get_running_loop().create_future()
    future.set_result(result)
    return future
