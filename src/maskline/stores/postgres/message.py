from asyncio import Future
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

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
from maskline.stores.named_sql import load_postgres_sql, shifted
from maskline.stores.postgres.connection import Cells
from maskline.stores.postgres.database import LISTS, Database
from maskline.stores.postgres.outbox import OUTBOX, prepare

MESSAGE = load_postgres_sql("message")
_OWN_PARAMETERS = 22  # of either statement
_ACCEPT = MESSAGE.message_accept.replace(":notices", shifted(OUTBOX.notices_add, _OWN_PARAMETERS))
_FINISH = MESSAGE.message_finish.replace(":notices", shifted(OUTBOX.notices_add, _OWN_PARAMETERS))
_APP_KEY = 1
_PART_COLUMNS = 8
_SEGMENT_COLUMNS = 4

_Saved: TypeAlias = tuple[Message, Lease | None]
_Ended: TypeAlias = tuple[Message, Sequence[MessagePart], Sequence[Notice]]


@dataclass(frozen=True, slots=True)
class _New:
    """A message to be accepted."""

    message: Message
    lease: Lease | None
    repeats_since: datetime
    segments: Sequence[CameSegment]
    notices: Sequence[Notice]


class PostgresMessages:
    """The messages of `maskline.services.message_store.MessageStore` in PostgreSQL.

    What is told of different messages at the same time is written by one statement.
    """

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
        new = _New(message, lease, repeats_since, tuple(segments), tuple(notices))
        return self._database.lanes.submit(message.message_id, self._write_new, new)

    async def connection_heard(self, connection: str, before: datetime) -> None:
        """See the seam."""
        await self._database.change(MESSAGE.connection_heard, (connection, to_us(before)))

    def save_message(self, message: Message, *, lease: Lease | None) -> Future[None]:
        """See the seam."""
        saved = (message, lease)
        return self._database.lanes.submit(message.message_id, self._write_saved, saved)

    def save_part(self, message_id: str, part: MessagePart) -> Future[None]:
        """See the seam."""
        row = part_row(message_id, part)
        return self._database.lanes.submit(message_id, self._write_parts, row)

    def finish_message(
        self, message: Message, parts: Sequence[MessagePart], notices: Sequence[Notice]
    ) -> Future[None]:
        """See the seam."""
        ended = (message, tuple(parts), tuple(notices))
        return self._database.lanes.submit(message.message_id, self._write_ended, ended)

    async def claim_messages(self, now: datetime, lease: Lease, limit: int) -> tuple[Message, ...]:
        """See the seam."""
        row = (lease.host, to_us(lease.until), to_us(now), limit)
        rows = await self._database.execute(MESSAGE.message_claim, row)
        return await self._with_parts(rows)

    async def release_messages(self, host: str) -> int:
        """See the seam."""
        return await self._database.change(MESSAGE.message_release, (host,))

    async def save_receipt(self, receipt: PartReceipt) -> bool:
        """See the seam."""
        name = f"{receipt.link}:{receipt.centre_id}"
        row = receipt_row(receipt)
        return await self._database.lanes.submit(name, self._write_receipts, row)

    async def message(self, message_id: str) -> Message | None:
        """See the seam."""
        rows = await self._database.rows(MESSAGE.message_get, (message_id,))
        found = await self._with_parts(rows)
        return found[0] if found else None

    async def messages(self, wanted: MessageFilter, page: Page) -> Listing[Message]:
        """See the seam."""
        asked = wanted_messages(wanted, self._database.sealer)
        found = await self._database.page(LISTS.messages, asked, page)
        return Listing(rows=await self._with_parts(found.rows), next=found.next)

    async def count_messages(self, wanted: MessageFilter) -> Count:
        """See the seam."""
        asked = wanted_messages(wanted, self._database.sealer)
        return await self._database.count(LISTS.messages, asked)

    async def remove_message_texts(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        return await self._database.change(MESSAGE.texts_sweep, (app_key, to_us(before), limit))

    async def remove_old_messages(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (app_key, to_us(before), limit, day_of(before))
        return (await self._database.execute(MESSAGE.message_sweep, row))[0][0]

    async def _with_parts(self, rows: Sequence[Cells]) -> tuple[Message, ...]:
        if not rows:
            return ()
        ids = [row[0] for row in rows]
        parts = await self._database.rows(MESSAGE.parts_of_messages, (ids,))
        sealer = await self._database.sealer_of(row[_APP_KEY] for row in rows)
        return messages_of(rows, parts, sealer)

    async def _write_new(self, new: Sequence[_New]) -> list[bool]:
        told = await _told(self._database, ((one.message.message_id, one.notices) for one in new))
        sealer = await self._database.sealer_of(one.message.app_key for one in new)
        marks = [mark_row(one.message, one.repeats_since, sealer) for one in new]
        rows = [
            (*added_row(one.message, one.lease, sealer), *mark[:2])
            for one, mark in zip(new, marks, strict=True)
        ]
        segments = [
            (*segment_key(segment, sealer), one.message.message_id)
            for one in new
            for segment in one.segments
        ]
        # All of them come within a moment, and so do the moments since when they are repeats.
        since = min(mark[3] for mark in marks)
        columns = (*_columns(rows), since, *_columns(segments, _SEGMENT_COLUMNS), *told)
        kept = {message_id for (message_id,) in await self._database.execute(_ACCEPT, columns)}
        return [one.message.message_id in kept for one in new]

    async def _write_saved(self, saved: Sequence[_Saved]) -> None:
        sealer = await self._database.sealer_of(message.app_key for message, _ in saved)
        rows = [saved_row(message, lease, sealer) for message, lease in saved]
        await self._database.change(MESSAGE.message_save, _columns(rows))

    async def _write_parts(self, rows: Sequence[Cells]) -> None:
        await self._database.change(MESSAGE.part_save, _columns(rows))

    async def _write_ended(self, ended: Sequence[_Ended]) -> None:
        told = await _told(
            self._database, ((message.message_id, notices) for message, _, notices in ended)
        )
        sealer = await self._database.sealer_of(message.app_key for message, _, _ in ended)
        rows = [
            (
                *saved_row(message, None, sealer),
                message.app_key,
                0 if message.done_at is None else day_of(message.done_at),
                0 if message.done_at is None else message.sent,
            )
            for message, _, _ in ended
        ]
        parts = [
            part_row(message.message_id, part)
            for message, some, _ in ended
            for part in {part.number: part for part in some}.values()
        ]
        columns = (*_columns(rows), *_columns(parts, _PART_COLUMNS), *told)
        await self._database.execute(_FINISH, columns)

    async def _write_receipts(self, rows: Sequence[Cells]) -> list[bool]:
        found = await self._database.execute(MESSAGE.receipt_save, _columns(rows))
        turns = {turn for (turn,) in found}
        return [turn in turns for turn in range(1, len(rows) + 1)]


async def _told(database: Database, by_message: Iterable[tuple[str, Sequence[Notice]]]) -> Cells:
    """The columns of all notices, and last the message each belongs to."""
    owned = [(message_id, notice) for message_id, some in by_message for notice in some]
    columns = await prepare(database, [notice for _, notice in owned])
    return (*columns, [message_id for message_id, _ in owned])


def _columns(rows: Sequence[Cells], amount: int = 0) -> tuple[list[object], ...]:
    """One array a column; `amount` of empty ones where there may be no row."""
    return tuple(map(list, zip(*rows, strict=True))) or tuple([] for _ in range(amount))
