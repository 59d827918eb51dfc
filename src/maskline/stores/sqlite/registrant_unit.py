"""The units of work on photos and registrants, as the writing thread runs them.

Each looks before it changes anything, so that a refusal leaves its neighbours in the commit alone.
"""

from collections.abc import Sequence

from maskline.domain.error import PhotoInUse, PhotoMissing, TenantFull, UnknownRecord
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import REGISTRANT


def add_files(rows: Sequence[Cells], limit: int, cursor: Cursor) -> frozenset[bytes]:
    """Add what is new; returns the hashed names of the others. Raises TenantFull."""
    taken = frozenset(
        row[1] for row in rows if _is_there(REGISTRANT.file_is_there, row[:2], cursor)
    )
    new = [row for row in rows if row[1] not in taken]
    if new:
        tenant_id: str = new[0][0]
        files, _ = _amounts(tenant_id, cursor)
        if files + len(new) > limit:
            raise TenantFull(f"a tenant has at most {limit} files; delete some")
        for row in new:
            cursor.execute(REGISTRANT.file_add, row)
        _count(tenant_id, len(new), 0, cursor)
    return taken


def remove_files(tenant_id: str, keys: Sequence[Cells], cursor: Cursor) -> None:
    """Remove files by tenant and hashed name, all or none. Raises UnknownRecord, PhotoInUse."""
    for key in keys:
        if not _is_there(REGISTRANT.file_is_there, key, cursor):
            raise UnknownRecord("there is no such file")
    for key in keys:
        if _is_there(REGISTRANT.photo_is_used, key, cursor):
            raise PhotoInUse("a number is registered with the photo; delete the number first")
    for key in keys:
        cursor.execute(REGISTRANT.file_remove, key)
    _count(tenant_id, -len(keys), 0, cursor)


def save_registrants(rows: Sequence[Cells], limit: int, cursor: Cursor) -> None:
    """Add or replace registrants, all or none. Raises PhotoMissing, TenantFull."""
    photos = {(row[0], row[3]) for row in rows if row[3] is not None}
    if not all(_is_there(REGISTRANT.file_is_there, photo, cursor) for photo in photos):
        raise PhotoMissing
    new = {row[:2] for row in rows if not _is_there(REGISTRANT.registrant_status, row[:2], cursor)}
    tenant_id = rows[0][0]
    _, registrants = _amounts(tenant_id, cursor)
    if new and registrants + len(new) > limit:
        raise TenantFull(f"a tenant has at most {limit} numbers; delete some")
    for row in rows:
        cursor.execute(REGISTRANT.registrant_save, row)
    for key in new:
        cursor.execute(REGISTRANT.failure_drop, key)
    _count(tenant_id, 0, len(new), cursor)


def remove_registrants(tenant_id: str, keys: Sequence[Cells], cursor: Cursor) -> None:
    """Remove registrants by tenant and hashed number, all or none. Raises UnknownRecord."""
    for key in keys:
        if not _is_there(REGISTRANT.registrant_status, key, cursor):
            raise UnknownRecord("there is no such number")
    for key in keys:
        cursor.execute(REGISTRANT.failure_keep, key)
        cursor.execute(REGISTRANT.registrant_remove, key)
    _count(tenant_id, 0, -len(keys), cursor)


def _is_there(statement: str, key: Cells, cursor: Cursor) -> bool:
    return bool(cursor.execute(statement, key).fetchall())


def _amounts(tenant_id: str, cursor: Cursor) -> tuple[int, int]:
    """How many files and registrants the tenant has."""
    rows = cursor.execute(REGISTRANT.amount_get, (tenant_id,)).fetchall()
    return (rows[0][0], rows[0][1]) if rows else (0, 0)


def _count(tenant_id: str, files: int, registrants: int, cursor: Cursor) -> None:
    cursor.execute(REGISTRANT.amount_begin, (tenant_id,))
    cursor.execute(REGISTRANT.amount_change, (tenant_id, files, registrants))
