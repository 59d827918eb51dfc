from dataclasses import replace
from datetime import datetime

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
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells
from maskline.stores.postgres.database import Database

IDEMPOTENCY = load_postgres_sql("idempotency")


class PostgresIdempotency:
    """`maskline.services.idempotency_store.IdempotencyStore` in PostgreSQL.

    Requests that come at the same moment may bring an application over its limit by so many.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve_key(self, wanted: KeyedBind, since: datetime, limit: int) -> KeyedBind:
        """See the seam."""
        lookup = self._lookup(wanted)
        row = (lookup, wanted.app_key, to_us(wanted.created_at), wanted.binding_id)
        sealed = await self._seal(lookup, wanted)
        statement, parameters = IDEMPOTENCY.key_reserve, (*row, sealed, to_us(since), limit)
        ((kept, *before),) = await self._database.execute(statement, parameters)
        if kept:
            return wanted
        if before[0] is not None:
            return await self._found(wanted, lookup, tuple(before))
        # Nothing was there when the statement began: another request came first, or the limit did.
        row = await self._database.point(IDEMPOTENCY.key_get, (lookup,))
        if row is None:
            raise TooManyKeys(wanted.app_key)
        return await self._found(wanted, lookup, row)

    async def keep_answer(self, bind: KeyedBind) -> None:
        """See the seam."""
        lookup = self._lookup(bind)
        row = (lookup, bind.binding_id, await self._seal(lookup, bind))
        await self._database.change(IDEMPOTENCY.key_answer, row)

    async def release_key(self, bind: KeyedBind) -> None:
        """See the seam."""
        row = (self._lookup(bind), bind.binding_id)
        await self._database.execute(IDEMPOTENCY.key_release, row)

    async def remove_old_keys(self, before: datetime, limit: int) -> int:
        """See the seam."""
        rows = await self._database.execute(IDEMPOTENCY.key_sweep, (to_us(before), limit))
        return rows[0][0]

    async def reserve_change(self, wanted: KeyedChange, since: datetime, limit: int) -> KeyedChange:
        """See the seam."""
        sealer = self._database.sealer
        lookup = change_lookup(sealer, wanted)
        caller, created_at = sealer.lookup(wanted.caller), to_us(wanted.created_at)
        row = (lookup, caller, created_at, wanted.attempt, seal_change(sealer, lookup, wanted))
        parameters = (*row, to_us(since), limit)
        ((kept, *before),) = await self._database.execute(IDEMPOTENCY.change_reserve, parameters)
        if kept:
            return wanted
        found = tuple(before) if before[0] is not None else None
        # Nothing was there when the statement began: another request came first, or the limit did.
        found = found or await self._database.point(IDEMPOTENCY.change_get, (lookup,))
        if found is None:
            raise TooManyKeys
        created_at, attempt, sealed = found
        return open_change(sealer, lookup, wanted, (created_at, attempt, sealed))

    async def keep_change_answer(self, change: KeyedChange) -> None:
        """See the seam."""
        sealer = self._database.sealer
        lookup = change_lookup(sealer, change)
        row = (lookup, change.attempt, seal_change(sealer, lookup, change))
        await self._database.change(IDEMPOTENCY.change_answer, row)

    async def release_change(self, change: KeyedChange) -> None:
        """See the seam."""
        row = (change_lookup(self._database.sealer, change), change.attempt)
        await self._database.change(IDEMPOTENCY.change_release, row)

    async def remove_old_changes(self, before: datetime, limit: int) -> int:
        """See the seam."""
        return await self._database.change(IDEMPOTENCY.change_sweep, (to_us(before), limit))

    def _lookup(self, bind: KeyedBind) -> bytes:
        return self._database.sealer.lookup(f"{bind.app_key} {bind.key}")

    async def _seal(self, lookup: bytes, bind: KeyedBind) -> bytes:
        sealer = await self._database.sealer_of((bind.app_key,))
        return sealer.seal(bind.app_key, pack_keyed_bind(bind), _context(lookup))

    async def _found(self, wanted: KeyedBind, lookup: bytes, row: Cells) -> KeyedBind:
        created_at, binding_id, sealed = row
        sealer = await self._database.sealer_of((wanted.app_key,))
        packed = sealer.open(wanted.app_key, sealed, _context(lookup))
        found = unpack_keyed_bind(packed, wanted)
        return replace(found, binding_id=binding_id, created_at=from_us(created_at))


def _context(lookup: bytes) -> bytes:
    return b"bind_key:" + lookup
