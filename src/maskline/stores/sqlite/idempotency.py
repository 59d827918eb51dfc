from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import partial

from maskline.domain.error import TooManyKeys
from maskline.services.idempotency_store import KeyedBind, KeyedChange
from maskline.stores.blob_keyed_bind import (
    change_lookup,
    open_change,
    pack_keyed_bind,
    seal_change,
    unpack_keyed_bind,
)
from maskline.stores.moment import from_us, to_us
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import IDEMPOTENCY, Database


class SqliteIdempotency:
    """`maskline.services.idempotency_store.IdempotencyStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve_key(self, wanted: KeyedBind, since: datetime, limit: int) -> KeyedBind:
        """See the seam."""
        lookup = self._lookup(wanted)
        row = (lookup, wanted.app_key, to_us(wanted.created_at), wanted.binding_id)
        work = partial(_reserve, (*row, self._seal(lookup, wanted)), to_us(since), limit)
        found = await self._database.writer.submit(work)
        return wanted if found is None else self._found(wanted, lookup, found)

    async def keep_answer(self, bind: KeyedBind) -> None:
        """See the seam."""
        lookup = self._lookup(bind)
        row = (lookup, bind.binding_id, self._seal(lookup, bind))
        await self._database.writer.submit(partial(_answer, row))

    async def release_key(self, bind: KeyedBind) -> None:
        """See the seam."""
        row = (self._lookup(bind), bind.binding_id)
        await self._database.writer.submit(partial(_remove, IDEMPOTENCY.key_release, row))

    async def remove_old_keys(self, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (to_us(before), limit)
        return await self._database.writer.submit(partial(_remove, IDEMPOTENCY.key_sweep, row))

    async def reserve_change(self, wanted: KeyedChange, since: datetime, limit: int) -> KeyedChange:
        """See the seam."""
        sealer = self._database.sealer
        lookup = change_lookup(sealer, wanted)
        sealed = seal_change(sealer, lookup, wanted)
        caller, created_at = sealer.lookup(wanted.caller), to_us(wanted.created_at)
        row = (lookup, caller, created_at, wanted.attempt, sealed)
        found = await self._database.writer.submit(
            partial(_reserve_change, row, to_us(since), limit)
        )
        return wanted if found is None else open_change(sealer, lookup, wanted, found)

    async def keep_change_answer(self, change: KeyedChange) -> None:
        """See the seam."""
        lookup = change_lookup(self._database.sealer, change)
        row = (lookup, change.attempt, seal_change(self._database.sealer, lookup, change))
        await self._database.writer.submit(partial(_change, IDEMPOTENCY.change_answer, row))

    async def release_change(self, change: KeyedChange) -> None:
        """See the seam."""
        row = (change_lookup(self._database.sealer, change), change.attempt)
        await self._database.writer.submit(partial(_change, IDEMPOTENCY.change_release, row))

    async def remove_old_changes(self, before: datetime, limit: int) -> int:
        """See the seam."""
        row = (to_us(before), limit)
        return await self._database.writer.submit(partial(_change, IDEMPOTENCY.change_sweep, row))

    def _lookup(self, bind: KeyedBind) -> bytes:
        return self._database.sealer.lookup(f"{bind.app_key} {bind.key}")

    def _seal(self, lookup: bytes, bind: KeyedBind) -> bytes:
        return self._database.sealer.seal(bind.app_key, pack_keyed_bind(bind), _context(lookup))

    def _found(self, wanted: KeyedBind, lookup: bytes, row: Cells) -> KeyedBind:
        created_at, binding_id, sealed = row
        packed = self._database.sealer.open(wanted.app_key, sealed, _context(lookup))
        found = unpack_keyed_bind(packed, wanted)
        return replace(found, binding_id=binding_id, created_at=from_us(created_at))


def _context(lookup: bytes) -> bytes:
    return b"bind_key:" + lookup


def _reserve(row: Cells, since: int, limit: int, cursor: Cursor) -> Cells | None:
    """The row that stands in the way, None when the new one was written."""
    lookup, app_key, created_at, binding_id, sealed = row
    found = cursor.execute(IDEMPOTENCY.key_get, (lookup,)).fetchall()
    if found and found[0][0] >= since:
        return found[0]
    if found:
        cursor.execute(IDEMPOTENCY.key_replace, (lookup, created_at, binding_id, sealed))
        return None
    if not cursor.execute(IDEMPOTENCY.key_count, (app_key, limit)).connection.changes():
        raise TooManyKeys(app_key)
    cursor.execute(IDEMPOTENCY.key_add, row)
    return None


def _answer(row: Cells, cursor: Cursor) -> None:
    cursor.execute(IDEMPOTENCY.key_answer, row)


def _remove(statement: str, row: Cells, cursor: Cursor) -> int:
    gone = Counter[str](key for (key,) in cursor.execute(statement, row).fetchall())
    for app_key, keys in gone.items():
        cursor.execute(IDEMPOTENCY.key_uncount, (app_key, keys))
    return gone.total()


def _reserve_change(
    row: Cells, since: int, limit: int, cursor: Cursor
) -> tuple[int, str, bytes] | None:
    """The row that stands in the way, None when the new one was written."""
    lookup, caller = row[:2]
    found = cursor.execute(IDEMPOTENCY.change_get, (lookup,)).fetchall()
    if found and found[0][0] >= since:
        return found[0]
    if not found:
        ((keys,),) = cursor.execute(IDEMPOTENCY.change_count, (caller, limit)).fetchall()
        if keys >= limit:
            raise TooManyKeys
    cursor.execute(IDEMPOTENCY.change_save, row)
    return None


def _change(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()
