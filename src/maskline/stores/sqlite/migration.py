"""Bringing a SQLite file up to date."""

from collections.abc import Sequence
from typing import cast

import apsw

from maskline.domain.error import StoreFailed
from maskline.stores.migration import Migration
from maskline.stores.sqlite.connection import Cells, Cursor

_HISTORY = """
CREATE TABLE IF NOT EXISTS schema_migration (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
)
"""


def migrate(connection: apsw.Connection, steps: Sequence[Migration], now_us: int) -> int:
    """Bring the schema up to date; returns how many steps were applied.

    The transaction is the lock: a second process waits for it and then finds nothing to do.
    Raises StoreFailed when an applied step was changed or the schema is newer than this release.
    """
    cursor = cast("Cursor", connection.cursor())
    cursor.execute("BEGIN IMMEDIATE")
    try:
        cursor.execute(_HISTORY)
        applied = cursor.execute(
            "SELECT number, name, checksum FROM schema_migration ORDER BY number"
        ).fetchall()
        _check(applied, steps)
        for step in steps[len(applied) :]:
            cursor.execute(step.script)
            cursor.execute(
                "INSERT INTO schema_migration VALUES (?, ?, ?, ?)",
                (step.number, step.name, step.checksum, now_us),
            )
        cursor.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            cursor.execute("ROLLBACK")
        raise
    return len(steps) - len(applied)


def _check(applied: Sequence[Cells], steps: Sequence[Migration]) -> None:
    if len(applied) > len(steps):
        newest = applied[-1][1]
        raise StoreFailed(f"the database was written by a newer release (it has {newest})")
    for (number, name, checksum), step in zip(applied, steps, strict=False):
        if (number, checksum) != (step.number, step.checksum):
            raise StoreFailed(f"migration {name} was changed after it had been applied")
