from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from maskline.domain.binding import OnwardKind
from maskline.domain.call import CallRecord
from maskline.domain.error import DuplicateRecord
from maskline.domain.message import Message
from maskline.services.person_store import Erasure, OnwardPlace, ReplyTag
from maskline.stores.message_row import rewritten_row
from maskline.stores.person_row import (
    erasure_of,
    erasure_row,
    onward_places,
    record_row,
    reply_tag_of,
)
from maskline.stores.sqlite.connection import Cells, Cursor, overwriting
from maskline.stores.sqlite.database import ENDED, PERSON, Database
from maskline.stores.sqlite.outbox import forget_stream

Result = TypeVar("Result")


class SqlitePersons:
    """`maskline.services.person_store.PersonStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rewrite_records(self, records: Sequence[CallRecord]) -> int:
        """See the seam."""
        rows = [record_row(record, self._database.sealer) for record in records]
        return await self._overwriting(partial(_rewrite, rows))

    async def rewrite_messages(self, messages: Sequence[Message]) -> int:
        """See the seam."""
        rows = [rewritten_row(message, self._database.sealer) for message in messages]
        return await self._overwriting(partial(_rewrite_messages, rows))

    async def reply_tags_of(self, app_key: str, number: str, limit: int) -> tuple[ReplyTag, ...]:
        """See the seam."""
        row = (app_key, self._database.sealer.lookup(number), limit)
        return tuple(map(reply_tag_of, await self._database.rows(PERSON.tag_list, row)))

    async def remove_reply_tags_of(self, app_key: str, number: str) -> int:
        """See the seam."""
        row = (app_key, self._database.sealer.lookup(number))
        return await self._overwriting(partial(_change, PERSON.tags_remove, row))

    async def remove_blocks_of(self, app_key: str, number: str) -> int:
        """See the seam."""
        row = (app_key, self._database.sealer.lookup(number))
        return await self._overwriting(partial(_change, PERSON.blocks_remove, row))

    async def onward_after(self, app_key: str, after: int, limit: int) -> tuple[OnwardPlace, ...]:
        """See the seam."""
        rows = await self._database.rows(PERSON.onward_after, (app_key, after, limit))
        return onward_places(app_key, rows, self._database.sealer)

    async def remove_onward(self, binding_id: str, kind: OnwardKind) -> None:
        """See the seam."""
        row = (binding_id, kind.value)
        await self._overwriting(partial(_run, PERSON.onward_remove, row))

    async def remove_failures(self, tenant_id: str, number: str) -> None:
        """See the seam."""
        row = (tenant_id, self._database.sealer.lookup(f"registrant:{tenant_id}:{number}"))
        await self._overwriting(partial(_run, PERSON.failures_remove, row))

    async def remove_keys_of(self, app_key: str, binding_ids: Sequence[str]) -> int:
        """See the seam."""
        return await self._overwriting(partial(_remove_keys, app_key, tuple(binding_ids)))

    async def remove_ended_of(self, app_key: str, number: str, binding_ids: Sequence[str]) -> int:
        """See the seam."""
        lookup = self._database.sealer.lookup(number)
        rows = [(app_key, lookup, binding_id) for binding_id in binding_ids]
        return await self._overwriting(partial(_remove_ended, rows))

    async def add_erasure(self, erasure: Erasure) -> None:
        """See the seam."""
        row = erasure_row(erasure)
        await self._database.writer.submit(partial(_add_erasure, row, erasure.erasure_id))

    async def erasures(self) -> tuple[Erasure, ...]:
        """See the seam."""
        return tuple(map(erasure_of, await self._database.rows(PERSON.erasure_list, ())))

    async def _overwriting(self, work: Callable[[Cursor], Result]) -> Result:
        return await self._database.writer.submit(partial(overwriting, work))


def _rewrite(rows: Sequence[Cells], cursor: Cursor) -> int:
    forgotten = 0
    for row in rows:
        session = (row[0],)
        if not cursor.execute(PERSON.record_rewrite, row).connection.changes():
            continue
        forgotten += forget_stream(row[0], cursor)
        cursor.execute(PERSON.trace_forget, session)
    return forgotten


def _rewrite_messages(rows: Sequence[Cells], cursor: Cursor) -> int:
    return sum(
        forget_stream(row[0], cursor)
        for row in rows
        if _change(PERSON.message_rewrite, row, cursor)
    )


def _change(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()


def _run(statement: str, row: Cells, cursor: Cursor) -> None:
    cursor.execute(statement, row)


def _remove_keys(app_key: str, binding_ids: Sequence[str], cursor: Cursor) -> int:
    gone = 0
    for binding_id in binding_ids:
        gone += len(cursor.execute(PERSON.keys_remove, (app_key, binding_id)).fetchall())
    if gone:
        cursor.execute(PERSON.keys_uncount, (app_key, gone))
    return gone


def _remove_ended(rows: Sequence[Cells], cursor: Cursor) -> int:
    return sum(cursor.execute(ENDED.ended_forget_party, row).connection.changes() for row in rows)


def _add_erasure(row: Cells, erasure_id: str, cursor: Cursor) -> None:
    if not cursor.execute(PERSON.erasure_add, row).connection.changes():
        raise DuplicateRecord(erasure_id)
