"""The units of work on photos and registrants.

Each begins by locking the row of the tenant's amounts: those of one tenant run one after another.
"""

from collections.abc import Sequence

from maskline.domain.error import PhotoInUse, PhotoMissing, TenantFull, UnknownRecord
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor

REGISTRANT = load_postgres_sql("registrant")


async def add_files(rows: Sequence[Cells], limit: int, cursor: Cursor) -> frozenset[bytes]:
    """Add what is new; returns the hashed names of the others. Raises TenantFull."""
    tenant_id: str = rows[0][0]
    files, _ = await _lock(tenant_id, cursor)
    names = [row[1] for row in rows]
    taken = await _found(REGISTRANT.names_there, tenant_id, names, cursor)
    new = [row for row in rows if row[1] not in taken]
    if new and files + len(new) > limit:
        raise TenantFull(f"a tenant has at most {limit} files; delete some")
    for row in new:
        await cursor.execute(REGISTRANT.file_add, row)
    await _count(tenant_id, len(new), 0, cursor)
    return taken


async def remove_files(tenant_id: str, names: Sequence[bytes], cursor: Cursor) -> None:
    """Remove files by hashed name, all or none. Raises UnknownRecord, PhotoInUse."""
    await _lock(tenant_id, cursor)
    found = await _found(REGISTRANT.names_there, tenant_id, names, cursor)
    if len(found) < len(names):
        raise UnknownRecord("there is no such file")
    if await _found(REGISTRANT.photos_used, tenant_id, names, cursor):
        raise PhotoInUse("a number is registered with the photo; delete the number first")
    for name in names:
        await cursor.execute(REGISTRANT.file_remove, (tenant_id, name))
    await _count(tenant_id, -len(names), 0, cursor)


async def save_registrants(rows: Sequence[Cells], limit: int, cursor: Cursor) -> None:
    """Add or replace registrants, all or none. Raises PhotoMissing, TenantFull."""
    tenant_id: str = rows[0][0]
    _, registrants = await _lock(tenant_id, cursor)
    photos = {row[3] for row in rows if row[3] is not None}
    if len(await _found(REGISTRANT.names_there, tenant_id, list(photos), cursor)) < len(photos):
        raise PhotoMissing
    numbers = dict.fromkeys(row[1] for row in rows)
    known = await _found(REGISTRANT.numbers_there, tenant_id, list(numbers), cursor)
    new = [number for number in numbers if number not in known]
    if new and registrants + len(new) > limit:
        raise TenantFull(f"a tenant has at most {limit} numbers; delete some")
    for row in rows:
        await cursor.execute(REGISTRANT.registrant_save, row)
    for number in new:
        await cursor.execute(REGISTRANT.failure_drop, (tenant_id, number))
    await _count(tenant_id, 0, len(new), cursor)


async def remove_registrants(tenant_id: str, numbers: Sequence[bytes], cursor: Cursor) -> None:
    """Remove registrants by hashed number, all or none. Raises UnknownRecord."""
    await _lock(tenant_id, cursor)
    found = await _found(REGISTRANT.numbers_there, tenant_id, numbers, cursor)
    if len(found) < len(numbers):
        raise UnknownRecord("there is no such number")
    for number in numbers:
        await cursor.execute(REGISTRANT.failure_keep, (tenant_id, number))
        await cursor.execute(REGISTRANT.registrant_remove, (tenant_id, number))
    await _count(tenant_id, 0, -len(numbers), cursor)


async def _found(
    statement: str, tenant_id: str, names: Sequence[bytes], cursor: Cursor
) -> frozenset[bytes]:
    """Which of these hashes are there."""
    rows = await (await cursor.execute(statement, (tenant_id, list(names)))).fetchall()
    return frozenset(row[0] for row in rows)


async def _lock(tenant_id: str, cursor: Cursor) -> tuple[int, int]:
    """How many files and registrants the tenant has, for nobody else to change until the end."""
    await cursor.execute(REGISTRANT.amount_begin, (tenant_id,))
    rows = await (await cursor.execute(REGISTRANT.amount_lock, (tenant_id,))).fetchall()
    return rows[0][0], rows[0][1]


async def _count(tenant_id: str, files: int, registrants: int, cursor: Cursor) -> None:
    await cursor.execute(REGISTRANT.amount_change, (tenant_id, files, registrants))
