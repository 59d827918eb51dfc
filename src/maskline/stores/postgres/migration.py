"""Bringing a PostgreSQL database up to date, by one process at a time, under running ones."""

import asyncio
from collections.abc import Sequence
from typing import cast

import psycopg

from maskline.domain.error import StoreFailed
from maskline.services.clock import Clock
from maskline.stores.migration import Migration, is_post, load_migrations, migrations_of
from maskline.stores.moment import to_us
from maskline.stores.postgres.connection import (
    Cells,
    Cursor,
    PostgresLimits,
    connect_arguments,
)

# A row is the lock, not an advisory lock: CockroachDB and YugabyteDB know rows.
_TABLES = """
    CREATE TABLE IF NOT EXISTS schema_migration (
        number INTEGER NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        checksum TEXT NOT NULL,
        applied_at BIGINT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS schema_lock (id INTEGER NOT NULL PRIMARY KEY);
    INSERT INTO schema_lock (id) VALUES (1) ON CONFLICT DO NOTHING
"""
_TRIES = 5  # to make them: IF NOT EXISTS fails when two processes are first at once
_PAUSE_S = 0.1


async def migrate_database(
    dsn: str, clock: Clock, limits: PostgresLimits | None = None, *, with_post: bool
) -> tuple[str, ...]:
    """Apply what is missing of our schema on a connection of its own; returns the steps' names.

    See `migrate`. Raises StoreFailed: no connection, or a schema that is not this release's.
    """
    steps = load_migrations(migrations_of("postgres"))
    arguments = connect_arguments(dsn, limits or PostgresLimits())
    try:
        async with await psycopg.AsyncConnection[Cells].connect(**arguments) as connection:
            return await migrate(connection, steps, to_us(clock.now()), with_post=with_post)
    except psycopg.OperationalError as error:
        raise StoreFailed(f"the database cannot be reached: {_told(error)}") from error
    except psycopg.Error as error:
        raise StoreFailed(f"the schema cannot be brought up to date: {_told(error)}") from error


async def migrate(
    connection: psycopg.AsyncConnection[Cells],
    steps: Sequence[Migration],
    now_us: int,
    *,
    with_post: bool,
) -> tuple[str, ...]:
    """Apply the steps that are missing, each in a transaction; returns their names.

    `post` steps only `with_post`, when no process of the release before runs any more, or on an
    empty database. A second process waits for the first and then finds nothing to do. Steps that
    are not known here are a newer release's: `pre` steps do no harm. Raises StoreFailed when an
    applied step was changed, or a newer release has dropped what this one needs.
    """
    cursor = cast("Cursor", connection.cursor())
    await _make_tables(cursor)
    done: list[str] = []
    is_new = False
    while True:
        async with connection.transaction():
            await cursor.execute("SELECT id FROM schema_lock WHERE id = 1 FOR UPDATE")
            applied = await _applied(cursor)
            _check(applied, steps)
            is_new = is_new or not applied
            step = next(
                (
                    step
                    for step in steps
                    if step.number not in applied and (is_new or with_post or not step.is_post)
                ),
                None,
            )
            if step is None:
                return tuple(done)
            await cursor.execute(step.script, prepare=False)
            await cursor.execute(
                "INSERT INTO schema_migration (number, name, checksum, applied_at)"
                " VALUES ($1, $2, $3, $4)",
                (step.number, step.name, step.checksum, now_us),
            )
        done.append(step.name)


async def _make_tables(cursor: Cursor) -> None:
    for left in range(_TRIES, -1, -1):
        try:
            await cursor.execute(_TABLES, prepare=False)
        except (psycopg.IntegrityError, psycopg.ProgrammingError):
            if not left:
                raise
            await asyncio.sleep(_PAUSE_S)
        else:
            return


async def _applied(cursor: Cursor) -> dict[int, tuple[str, str]]:
    """Name and checksum of the steps that are applied, by number."""
    found = await cursor.execute("SELECT number, name, checksum FROM schema_migration")
    return {number: (name, checksum) for number, name, checksum in await found.fetchall()}


def _check(applied: dict[int, tuple[str, str]], steps: Sequence[Migration]) -> None:
    known = {step.number: step for step in steps}
    for number, (name, checksum) in sorted(applied.items()):
        step = known.get(number)
        if step is None and is_post(name):
            raise StoreFailed(f"the database was left to a newer release (it has {name})")
        if step is not None and checksum != step.checksum:
            raise StoreFailed(f"migration {name} was changed after it had been applied")


def _told(error: psycopg.Error) -> str:
    """What the server or the library says, on one line."""
    return " ".join(str(error).split())
