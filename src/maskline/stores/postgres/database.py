"""What the parts of the PostgreSQL store share: its statements, its retries, its seals."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from time import perf_counter
from typing import TypeVar

import psycopg

from maskline.domain.error import StoreFailed
from maskline.services.clock import Clock
from maskline.services.measure import StoreCounters
from maskline.services.page import Count, Listing, Numbered, Page, Slice
from maskline.stores.keys import Keys
from maskline.stores.list_sql import ListSql, Statement, Wanted, count_in
from maskline.stores.lists import Lists
from maskline.stores.named_sql import counted, load_postgres_sql, names_of_postgres_sql, paged
from maskline.stores.postgres.connection import (
    Cells,
    Connections,
    Cursor,
    PostgresLimits,
)
from maskline.stores.postgres.failure import (
    ConstraintBroken,
    NoSuchValue,
    has_lost,
    is_lost_line,
    translated,
)
from maskline.stores.postgres.lane import Lanes
from maskline.stores.postgres.migration import migrate_database
from maskline.stores.sealing import Sealer
from maskline.stores.unit_name import unit_name

Row = TypeVar("Row")
Result = TypeVar("Result")
LISTS = Lists(load_postgres_sql, joins_parts=True)
DIRECTORY = load_postgres_sql("directory")
NOBODY: frozenset[str] = frozenset()
_KEY_CHECK = b"maskline key check"

REPEATS = 8  # of a unit of work that lost against another one, or of a read that lost its line
FIRST_PAUSE_S = 0.005  # doubles with each repeat, and a random part of it is waited


class Isolation(StrEnum):
    """What a transaction sees of those beside it."""

    READ_COMMITTED = "READ COMMITTED"
    SERIALIZABLE = "SERIALIZABLE"


class Database:
    """One database, by way of a bounded pool of connections.

    What it raises: StoreBusy when too many wait for a connection or one waits for too long,
    ConstraintBroken, StoreFailed for all else. A write whose connection is lost may have been kept.

    Keys of tenants are read as they are needed, so a sealer is asked for by those it is to serve:

        sealer = await database.sealer_of([app_key])
        sealed = sealer.seal(app_key, plain, context)  # before the next await

    `sealer` itself serves what needs no key of a tenant: `lookup`, `seal_for_system`. `lanes` are
    for what is taken at once and written in order. `counters` have reads and writes, each by the
    name of its statement or of the function that is its transaction.
    """

    def __init__(self, dsn: str, keys: Keys, clock: Clock, limits: PostgresLimits) -> None:
        self._dsn = dsn
        self._clock = clock
        self.limits = limits
        self.counters = StoreCounters()
        self._names = names_of_postgres_sql()
        self._connections = Connections(dsn, limits, self.counters)
        self.lanes = Lanes(limits.write_queue, self.counters)
        self.sealer = Sealer(keys, self._key_of_application, self._key_of_tenant)
        self._strangers = NOBODY

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
        unknown = self.sealer.unknown(wanted)
        if not unknown:  # as nearly always
            self._strangers = NOBODY
            return self.sealer
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
            return await self._run(read, self._names.get(statement), repeats_lost_lines=True)
        except NoSuchValue:
            return []

    async def listing(
        self,
        listed: ListSql,
        wanted: Wanted,
        page: Page,
        row: Callable[[Cells], Row],
        *,
        keys_in: int | None = None,
    ) -> Listing[Row]:
        """One page of a list.

        `keys_in` is the column with the application under whose key `row` opens what is sealed.
        Raises InvalidParameter for the cursor of another list.
        """
        found = await self.page(listed, wanted, page)
        if keys_in is not None:
            await self.sealer_of(one[keys_in] for one in found.rows)
        return Listing(rows=tuple(map(row, found.rows)), next=found.next)

    async def page(self, listed: ListSql, wanted: Wanted, page: Page) -> Listing[Cells]:
        """The same before its rows are opened."""
        return listed.listing(await self._all(listed.page_statements(wanted, page)), page)

    async def count(self, listed: ListSql, wanted: Wanted) -> Count:
        """How many rows a list has, as far as is counted."""
        return count_in(await self._all(listed.count_statements(wanted)))

    async def numbered(self, statement: str, parameters: Cells, part: Slice) -> Numbered[Cells]:
        """A slice of a select and how many rows it has in all."""
        statement_of_slice = paged(statement, len(parameters) + 1, "$")
        rows = await self.rows(statement_of_slice, (*parameters, part.limit, part.offset))
        if (rows or part.offset == 0) and len(rows) < part.limit:
            return Numbered(rows=tuple(rows), total=part.offset + len(rows))
        total = await self.rows(counted(statement), parameters)
        return Numbered(rows=tuple(rows), total=total[0][0] if total else 0)

    async def _all(self, statements: Sequence[Statement]) -> list[Cells]:
        return [row for text, values in statements for row in await self.rows(text, values)]

    async def execute(self, statement: str, parameters: Cells) -> list[Cells]:
        """Write by one statement with RETURNING; its rows, once it is durable."""

        async def write(cursor: Cursor) -> list[Cells]:
            return await (await cursor.execute(statement, parameters)).fetchall()

        return await self._run(write, self._names.get(statement))

    async def change(self, statement: str, parameters: Cells) -> int:
        """Write by one statement without RETURNING; how many rows it changed, once durable."""

        async def write(cursor: Cursor) -> int:
            return (await cursor.execute(statement, parameters)).rowcount

        return await self._run(write, self._names.get(statement))

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

        return await self._run(run, unit_name(work))

    async def _run(
        self,
        work: Callable[[Cursor], Awaitable[Result]],
        unit: str | None,
        *,
        repeats_lost_lines: bool = False,
    ) -> Result:
        """What `work` returns, counted under the name of the unit if it has one."""
        began_s = perf_counter()
        try:
            return await self._tried(work, repeats_lost_lines=repeats_lost_lines)
        except (ConstraintBroken, NoSuchValue):
            raise  # an answer, which the caller asked for
        except StoreFailed:
            self.counters.failed += 1
            raise
        finally:
            if unit is not None:
                self.counters.units.add(unit, perf_counter() - began_s)

    async def _tried(
        self, work: Callable[[Cursor], Awaitable[Result]], *, repeats_lost_lines: bool
    ) -> Result:
        pause = FIRST_PAUSE_S
        for left in range(REPEATS, -1, -1):
            try:
                async with self._connections.cursor() as cursor:
                    return await work(cursor)
            except psycopg.Error as error:
                is_new_line_due = repeats_lost_lines and left == REPEATS and is_lost_line(error)
                if not left or not (is_new_line_due or has_lost(error)):
                    raise translated(error) from error
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


def _without(strangers: set[str], names: list[str]) -> list[str]:
    return [name for name in names if name not in strangers]


async def _roll_back(cursor: Cursor) -> None:
    with suppress(psycopg.Error):  # the pool closes what is not idle when it comes back
        await cursor.execute("ROLLBACK", prepare=False)
