import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from maskline.domain.binding import Onward, OnwardKind
from maskline.domain.call import CallRecord
from maskline.domain.error import DuplicateRecord
from maskline.services.person_store import Erasure, OnwardPlace
from maskline.stores.blob import pack_record, unpack_onward
from maskline.stores.moment import from_us, to_us
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import PERSON, Database

Result = TypeVar("Result")


class SqlitePersons:
    """`maskline.services.person_store.PersonStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rewrite_records(self, records: Sequence[CallRecord]) -> int:
        """See the seam."""
        rows = [(record.call.app_key, self._record_row(record)) for record in records]
        return await self._overwriting(partial(_rewrite, rows))

    async def onward_after(self, app_key: str, after: int, limit: int) -> tuple[OnwardPlace, ...]:
        """See the seam."""
        rows = await self._database.rows(PERSON.onward_after, (app_key, after, limit))
        places: dict[int, OnwardPlace] = {}
        for sequence, binding_id, name, expires_at, sealed in rows:
            place = places.setdefault(sequence, OnwardPlace(sequence, binding_id, {}))
            if name is not None:
                kind = OnwardKind(name)
                context = f"onward:{name}:{binding_id}".encode()
                packed = self._database.sealer.open(app_key, sealed, context)
                onward: dict[OnwardKind, Onward] = {
                    **place.onward,
                    kind: unpack_onward(packed, expires_at),
                }
                places[sequence] = OnwardPlace(sequence, binding_id, onward)
        return tuple(places.values())

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

    async def add_erasure(self, erasure: Erasure) -> None:
        """See the seam."""
        row = (
            erasure.erasure_id,
            erasure.tenant_id,
            to_us(erasure.erased_at),
            json.dumps(dict(erasure.counts), sort_keys=True),
            erasure.seal,
        )
        await self._database.writer.submit(partial(_add_erasure, row))

    async def erasures(self) -> tuple[Erasure, ...]:
        """See the seam."""
        rows = await self._database.rows(PERSON.erasure_list, ())
        return tuple(
            Erasure(
                erasure_id=erasure_id,
                tenant_id=tenant_id,
                erased_at=from_us(erased_at),
                counts=json.loads(counts),
                seal=seal,
            )
            for erasure_id, tenant_id, erased_at, counts, seal in rows
        )

    def _record_row(self, record: CallRecord) -> Cells:
        call, sealer = record.call, self._database.sealer
        context = b"call_record:" + call.session_id.encode()
        return (
            call.session_id,
            sealer.lookup(call.caller),
            None if call.callee is None else sealer.lookup(call.callee),
            sealer.seal(call.app_key, pack_record(record), context),
        )

    async def _overwriting(self, work: Callable[[Cursor], Result]) -> Result:
        return await self._database.writer.submit(partial(_overwrite, work))


def _overwrite(work: Callable[[Cursor], Result], cursor: Cursor) -> Result:
    """Do something whose leavings in the file are written over with zeros."""
    cursor.execute("PRAGMA secure_delete = ON")
    try:
        return work(cursor)
    finally:
        cursor.execute("PRAGMA secure_delete = OFF")


def _rewrite(rows: Sequence[tuple[str, Cells]], cursor: Cursor) -> int:
    forgotten = 0
    for app_key, row in rows:
        session_id = row[0]
        if not cursor.execute(PERSON.record_rewrite, row).connection.changes():
            continue
        forgotten += cursor.execute(PERSON.notices_forget, (session_id,)).connection.changes()
        dead = cursor.execute(PERSON.dead_notices_forget, (session_id, app_key))
        forgotten += dead.connection.changes()
        cursor.execute(PERSON.trace_forget, (session_id,))
    return forgotten


def _run(statement: str, row: Cells, cursor: Cursor) -> None:
    cursor.execute(statement, row)


def _remove_keys(app_key: str, binding_ids: Sequence[str], cursor: Cursor) -> int:
    gone = 0
    for binding_id in binding_ids:
        gone += len(cursor.execute(PERSON.keys_remove, (app_key, binding_id)).fetchall())
    if gone:
        cursor.execute(PERSON.keys_uncount, (app_key, gone))
    return gone


def _add_erasure(row: Cells, cursor: Cursor) -> None:
    if not cursor.execute(PERSON.erasure_add, row).connection.changes():
        raise DuplicateRecord(str(row[0]))
