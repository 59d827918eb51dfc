"""Numbered steps of the schema, each applied once, whole, and never changed afterwards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

import apsw

from maskline.domain.error import StoreFailed
from maskline.stores.sqlite.connection import Cells, Cursor

_FOLDER = Path(__file__).parent.parent / "sql" / "sqlite" / "migrations"
_FILE = re.compile(r"(\d{4})_(?:pre|post)_\w+\.sql")
_HISTORY = """
CREATE TABLE IF NOT EXISTS schema_migration (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step: `pre` is safe under the previous release, `post` needs it gone."""

    number: int
    name: str
    script: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the script, hex."""
        return sha256(self.script.encode()).hexdigest()


def load_migrations(folder: Path = _FOLDER) -> tuple[Migration, ...]:
    """The steps this release knows, in order; numbers run 1, 2, 3 without a gap."""
    steps: list[Migration] = []
    for file in sorted(folder.glob("*.sql")):
        matched = _FILE.fullmatch(file.name)
        if matched is None or int(matched[1]) != len(steps) + 1:
            raise StoreFailed(f"migration {file.name} breaks the row of numbers")
        script = file.read_text(encoding="utf-8")
        steps.append(Migration(number=int(matched[1]), name=file.stem, script=script))
    return tuple(steps)


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
