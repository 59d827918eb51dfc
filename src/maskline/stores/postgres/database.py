"""What the parts of the PostgreSQL store share: its statements, its retries, its seals."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from enum import StrEnum
from typing import TypeVar

import psycopg

from maskline.domain.error import StoreFailed
from maskline.services.clock import Clock
from maskline.services.page import Listing, Page
from maskline.stores.keys import Keys
from maskline.stores.named_sql import counted, load_postgres_sql, paged
from maskline.stores.postgres.connection import (
    Cells,
    Connections,
    Cursor,
    PostgresLimits,
)
from maskline.stores.postgres.lane import Lanes, UnitRefused
from maskline.stores.postgres.migration import migrate_database
from maskline.stores.sealing import Sealer

Row = TypeVar("Row")
Result = TypeVar("Result")
DIRECTORY = load_postgres_sql("directory")
_KEY_CHECK = b"maskline key check"

REPEATS = 8  # of a unit of work that lost against another one, or of a read that lost its line
FIRST_PAUSE_S = 0.005  # doubles with each repeat, and a random part of it is waited
# Serialization failure and deadlock: the unit was undone and may win when it is run again
# (PostgreSQL 13.5, "Serialization Failure Handling"; CockroachDB and YugabyteDB ask the same).
_LOST = frozenset({"40001", "40P01"})
_INTEGRITY = "23"  # classes of SQLSTATE (PostgreSQL, appendix A)
# Connection lost, out of resources, an operator stops it, a system error.
_SERVER_IN_NEED = ("08", "53", "57", "58")


class Isolation(StrEnum):
    """What a transaction sees of those beside it."""

    READ_COMMITTED = "READ COMMITTED"
    SERIALIZABLE = "SERIALIZABLE"


class ConstraintBroken(UnitRefused):
    """A row that a key, a reference or a check of the schema forbids; nothing was kept.

    `constraint` is its name in the schema.
    """

    def __init__(self, constraint: str) -> None:
        super().__init__(f"{constraint} forbids this")
        self.constraint = constraint


class Database:
    """One database, by way of a bounded pool of connections.

    What it raises: StoreBusy when too many wait for a connection or one waits for too long,
    ConstraintBroken, StoreFailed for all else. A write whose connection is lost may have been kept.

    Keys of tenants are read as they are needed, so a sealer is asked for by those it is to serve:

        sealer = await database.sealer_of([app_key])
        sealed = sealer.seal(app_key, plain, context)  # before the next await

    `sealer` itself serves what needs no key of a tenant: `lookup`, `seal_for_system`. `lanes` are
    for what is taken at once and written in order.
    """

    def __init__(self, dsn: str, keys: Keys, clock: Clock, limits: PostgresLimits) -> None:
        self._dsn = dsn
        self._clock = clock
        self.limits = limits
        self._connections = Connections(dsn, limits)
        self.lanes = Lanes(limits.write_queue)
        self.sealer = Sealer(keys, self._key_of_application, self._key_of_tenant)
        self._strangers: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Between `open` and `close`."""
        return self._connections.is_open

    async def open(self) -> None:
        """Bring the schema up to date, connect, check the master key. Raises StoreFailed."""
        if self.is_open:
            raise StoreFailed("the store is open already")
        await migrate_database(self._dsn, self._clock, self.limits, with_post=False)
        await self._connections.open()
        try:
            await self._check_key()
        except BaseException:
            await self.close()
            raise
        self.lanes.open()

    async def close(self) -> None:
        """Finish what was accepted, let go of the connections; safe to call twice."""
        await self.lanes.close()
        await self._connections.close()

    async def sealer_of(self, app_keys: Iterable[str]) -> Sealer:
        """The sealer, which until the next await knows the keys of these applications.

        For applications that are not there it seals under the key of the system.
        """
        wanted = tuple(app_keys)
        strangers: set[str] = set()
        while unknown := _without(strangers, self.sealer.unknown(wanted)):
            rows = await self.rows(DIRECTORY.tenant_keys_of_applications, (unknown,))
            for app_key, tenant_id, wrapped in rows:
                self.sealer.learn(app_key, tenant_id, wrapped)
            strangers.update(set(unknown).difference(row[0] for row in rows))
        self._strangers = frozenset(strangers)
        return self.sealer

    async def sealer_of_tenants(self, tenant_ids: Iterable[str]) -> Sealer:
        """The same for tenants; one that is not there is an UnknownRecord when it is used."""
        wanted = tuple(tenant_ids)
        strangers: set[str] = set()
        while unknown := [
            key for key in self.sealer.unknown_tenants(wanted) if key not in strangers
        ]:
            rows = await self.rows(DIRECTORY.tenant_keys, (unknown,))
            for tenant_id, wrapped in rows:
                self.sealer.learn_tenant(tenant_id, wrapped)
            strangers.update(set(unknown).difference(row[0] for row in rows))
        return self.sealer

    async def point(self, statement: str, parameters: Cells) -> Cells | None:
        """The one row of a read by key."""
        rows = await self.rows(statement, parameters)
        return rows[0] if rows else None

    async def rows(self, statement: str, parameters: Cells) -> list[Cells]:
        """The rows of a select that bounds itself; repeated when the connection turns out lost."""

        async def read(cursor: Cursor) -> list[Cells]:
            return await (await cursor.execute(statement, parameters)).fetchall()

        try:
            return await self._run(read, repeats_lost_lines=True)
        except _NoSuchValue:
            return []

    async def listing(
        self,
        statement: str,
        parameters: Cells,
        page: Page,
        row: Callable[[Cells], Row],
        *,
        keys_in: int | None = None,
    ) -> Listing[Row]:
        """One page of a select and how many rows it has in all.

        `keys_in` is the column with the application under whose key `row` opens what is sealed.
        """
        rows, total = await self.page(statement, parameters, page)
        if keys_in is not None:
            await self.sealer_of(found[keys_in] for found in rows)
        return Listing(rows=tuple(map(row, rows)), total=total)

    async def page(self, statement: str, parameters: Cells, page: Page) -> tuple[list[Cells], int]:
        """The same before its rows are opened."""
        statement_of_page = paged(statement, len(parameters) + 1, "$")
        rows = await self.rows(statement_of_page, (*parameters, page.limit, page.offset))
        if (rows or page.offset == 0) and len(rows) < page.limit:
            return rows, page.offset + len(rows)
        total = await self.rows(counted(statement), parameters)
        return rows, total[0][0] if total else 0

    async def execute(self, statement: str, parameters: Cells) -> list[Cells]:
        """Write by one statement with RETURNING; its rows, once it is durable."""

        async def write(cursor: Cursor) -> list[Cells]:
            return await (await cursor.execute(statement, parameters)).fetchall()

        return await self._run(write)

    async def change(self, statement: str, parameters: Cells) -> int:
        """Write by one statement without RETURNING; how many rows it changed, once durable."""

        async def write(cursor: Cursor) -> int:
            return (await cursor.execute(statement, parameters)).rowcount

        return await self._run(write)

    async def transaction(
        self,
        work: Callable[[Cursor], Awaitable[Result]],
        isolation: Isolation = Isolation.READ_COMMITTED,
    ) -> Result:
        """What `work` returns, once all it did is durable; what it raises undoes all of it.

        `work` is run again, from the start, when it lost against another transaction.
        """

        async def run(cursor: Cursor) -> Result:
            await cursor.execute(f"BEGIN ISOLATION LEVEL {isolation}", prepare=False)
            try:
                result = await work(cursor)
                await cursor.execute("COMMIT", prepare=False)
            except Exception:
                # A connection that is lost, or a server that gave up, has undone it already.
                await _roll_back(cursor)
                raise
            return result

        return await self._run(run)

    async def _run(
        self, work: Callable[[Cursor], Awaitable[Result]], *, repeats_lost_lines: bool = False
    ) -> Result:
        pause = FIRST_PAUSE_S
        for left in range(REPEATS, -1, -1):
            try:
                async with self._connections.cursor() as cursor:
                    return await work(cursor)
            except psycopg.Error as error:
                is_lost_line = repeats_lost_lines and left == REPEATS and _is_lost_line(error)
                if not left or not (is_lost_line or error.sqlstate in _LOST):
                    raise _translated(error) from error
            await asyncio.sleep(pause * random.random())  # noqa: S311 - no secret hangs on it
            pause *= 2
        raise AssertionError("the last try returns or raises")

    async def _check_key(self) -> None:
        """A wrong master key is told now, not by the first binding that will not open."""
        row = await self.point(DIRECTORY.key_check, ())
        if row is None:
            sealed = self.sealer.seal_for_system(_KEY_CHECK, _KEY_CHECK)
            await self.change(DIRECTORY.key_check_add, (sealed,))
            row = await self.point(DIRECTORY.key_check, ())
        if row is None:
            raise StoreFailed("the database forgets what it was told")
        try:
            self.sealer.open_for_system(row[0], _KEY_CHECK)
        except StoreFailed as error:
            raise StoreFailed("the master key is not the one of this database") from error

    def _key_of_application(self, app_key: str) -> None:
        if app_key not in self._strangers:
            raise StoreFailed("a key was used that nobody had asked for")

    def _key_of_tenant(self, tenant_id: str) -> None:  # noqa: ARG002 - whoever it is, he is unknown
        return None


class _NoSuchValue(UnitRefused):
    """A parameter that no column can hold, such as text with a NUL."""


def _without(strangers: set[str], names: list[str]) -> list[str]:
    return [name for name in names if name not in strangers]


def _is_lost_line(error: psycopg.Error) -> bool:
    return isinstance(error, psycopg.OperationalError) and (
        error.sqlstate is None or error.sqlstate.startswith("57P")
    )


def _translated(error: psycopg.Error) -> StoreFailed:
    state = error.sqlstate or ""
    if state.startswith(_INTEGRITY):
        return ConstraintBroken(error.diag.constraint_name or "the schema")
    if isinstance(error, psycopg.DataError):
        return _NoSuchValue("a value that the database cannot keep")
    if isinstance(error, psycopg.errors.QueryCanceled):
        return StoreFailed("the database took too long")
    if not state or state.startswith(_SERVER_IN_NEED):
        return StoreFailed("the database server cannot be used")
    return UnitRefused("a unit of work failed")


async def _roll_back(cursor: Cursor) -> None:
    with suppress(psycopg.Error):  # the pool closes what is not idle when it comes back
        await cursor.execute("ROLLBACK", prepare=False)
