from asyncio import Future
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from json import dumps

from maskline.domain.message import CameSegment, Message, MessagePart
from maskline.domain.notice import Notice
from maskline.services.message_store import Lease, MessageFilter, PartReceipt
from maskline.services.page import Count, Listing, Page
from maskline.stores.list_filter import wanted_messages
from maskline.stores.message_row import (
    added_row,
    day_of,
    mark_row,
    messages_of,
    part_row,
    receipt_row,
    saved_row,
    segment_key,
)
from maskline.stores.moment import to_us
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import LISTS, MESSAGE, MESSAGE_SEGMENT, Database
from maskline.stores.sqlite.outbox import Enqueue, forget_stream, prepare


@dataclass(frozen=True, slots=True, kw_only=True)
class _Acceptance:
    """The rows of a new message, its mark, and what it was put together from."""

    mark: Cells
    message: Cells
    segments: Sequence[Cells]
    enqueue: Enqueue


class SqliteMessages:
    """The messages of `maskline.services.message_store.MessageStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        sealer = self._database.sealer
        acceptance = _Acceptance(
            mark=mark_row(message, repeats_since, sealer),
            message=added_row(message, lease, sealer),
            segments=[segment_key(segment, sealer) for segment in segments],
            enqueue=prepare(self._database, notices),
        )
        return self._database.writer.submit(partial(_accept, acceptance))

    async def connection_heard(self, connection: str, before: datetime) -> None:
        """See the seam."""
        row = (connection, to_us(before))
        await self._database.writer.submit(partial(_run, MESSAGE.connection_heard, row))

    def save_message(self, message: Message, *, lease: Lease | None) -> Future[None]:
        """See the seam."""
        row = saved_row(message, lease, self._database.sealer)
        return self._database.writer.submit(partial(_run, MESSAGE.message_save, row))

    def save_part(self, message_id: str, part: MessagePart) -> Future[None]:
        """See the seam."""
        row = part_row(message_id, part)
        return self._database.writer.submit(partial(_run, MESSAGE.part_save, row))

    def finish_message(
        self, message: Message, parts: Sequence[MessagePart], notices: Sequence[Notice]
    ) -> Future[None]:
        """See the seam."""
        row = saved_row(message, None, self._database.sealer)
        rows = [part_row(message.message_id, part) for part in parts]
        counted = None
        if message.sent and message.done_at is not None:
            counted = (message.app_key, day_of(message.done_at), message.sent)
        enqueue = prepare(self._database, notices)
        return self._database.writer.submit(partial(_finish, row, rows, counted, enqueue))

    async def claim_messages(self, now: datetime, lease: Lease, limit: int) -> tuple[Message, ...]:
        """See the seam."""
        row = (lease.host, to_us(lease.until), to_us(now), limit)
        rows, parts = await self._database.writer.submit(partial(_claim, row))
        return messages_of(rows, parts, self._database.sealer)

    async def release_messages(self, host: str) -> int:
        """See the seam."""
        release = partial(_change, MESSAGE.message_release, (host,))
        return await self._database.writer.submit(release)

    async def save_receipt(self, receipt: PartReceipt) -> bool:
        """See the seam."""
        row = receipt_row(receipt)
        return await self._database.writer.submit(partial(_keep_receipt, row))

    async def message(self, message_id: str) -> Message | None:
        """See the seam."""
        rows = self._database.points(MESSAGE.message_get, (message_id,))
        parts = self._database.points(MESSAGE.parts_of, (message_id,)) if rows else []
        found = messages_of(rows, parts, self._database.sealer)
        return found[0] if found else None

    async def messages(self, wanted: MessageFilter, page: Page) -> Listing[Message]:
        """See the seam."""
        sealer = self._database.sealer
        found = await self._database.listing(
            LISTS.messages, wanted_messages(wanted, sealer), page, tuple
        )
        ids = dumps([row[0] for row in found.rows])
        parts = await self._database.rows(MESSAGE.parts_of_messages, (ids,))
        return Listing(rows=messages_of(found.rows, parts, sealer), next=found.next)

    async def count_messages(self, wanted: MessageFilter) -> Count:
        """See the seam."""
        asked = wanted_messages(wanted, self._database.sealer)
        return await self._database.count(LISTS.messages, asked)

    async def remove_message_texts(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (app_key, to_us(before), limit)
        return await self._database.writer.submit(partial(_change, MESSAGE.texts_sweep, row))

    async def remove_old_messages(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (app_key, to_us(before), limit)
        return await self._database.writer.submit(partial(_remove_old, row, day_of(before)))


def _accept(new: _Acceptance, cursor: Cursor) -> bool:
    if not _change(MESSAGE.message_mark, new.mark, cursor):
        return False
    if new.segments and not sum(
        [_change(MESSAGE_SEGMENT.segment_use, key, cursor) for key in new.segments]
    ):
        return False
    cursor.execute(MESSAGE.message_add, new.message)
    new.enqueue(cursor)
    return True


def _finish(
    row: Cells, parts: Sequence[Cells], counted: Cells | None, enqueue: Enqueue, cursor: Cursor
) -> None:
    if not _change(MESSAGE.message_save, row, cursor):
        return
    for part in parts:
        cursor.execute(MESSAGE.part_save, part)
    if counted is not None:
        cursor.execute(MESSAGE.day_count, counted)
    enqueue(cursor)


def _keep_receipt(row: Cells, cursor: Cursor) -> bool:
    """In two statements: as one, with the part looked up inside, it takes twice as long."""
    found = cursor.execute(MESSAGE.part_taken_as, row[:2]).fetchall()
    for part in found:
        cursor.execute(MESSAGE.receipt_save, (*part, *row[2:]))
    return bool(found)


def _claim(row: Cells, cursor: Cursor) -> tuple[list[Cells], list[Cells]]:
    claimed = cursor.execute(MESSAGE.message_claim, row).fetchall()
    claimed.sort(key=lambda one: (one[6], one[5]))
    parts: list[Cells] = []
    for one in claimed:
        parts += cursor.execute(MESSAGE.parts_of, one[:1]).fetchall()
    return claimed, parts


def _remove_old(row: Cells, day: int, cursor: Cursor) -> int:
    gone = cursor.execute(MESSAGE.message_sweep, row).fetchall()
    for message in gone:
        cursor.execute(MESSAGE.parts_forget, message)
        forget_stream(message[0], cursor)
    cursor.execute(MESSAGE.days_forget, (row[0], day))
    return len(gone)


def _run(statement: str, row: Cells, cursor: Cursor) -> None:
    cursor.execute(statement, row)


def _change(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()
