"""PostgreSQL connections as this store wants them, a bounded pool of them."""

import asyncio
import os
import select
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, cast

import psycopg
import psycopg_pool
from psycopg.adapt import AdaptersMap
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.array import ListBinaryDumper
from psycopg.types.numeric import Int8BinaryDumper

from maskline.domain.error import StoreBusy, StoreFailed
from maskline.services.measure import StoreCounters

PREPARED_STATEMENTS = 500  # kept by a connection; more than this store has
RECONNECT_S = 4.0  # the pool's pauses double up to here and begin anew with the next who waits
# Every statement of ours has an index for each step, and is planned once. What the planner knows
# of a queue, or of a table that was empty a minute ago, would have it walk all of it from
# then on; what it thinks of an average application would have it sort all of one with millions.
BY_INDEX = (
    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
    " SET jit = off; SET random_page_cost = 1"
)
SILENT_WAIT_S = 0.5  # for a connection to a server that has given none for a while
HANG_UP_AFTER_S = 1.0  # beyond the server's own limit: it does not answer at all
_NO_ANSWER = "the database server does not answer"

Cells: TypeAlias = tuple[Any, ...]  # a row: the statement knows its types
_Connection: TypeAlias = psycopg.AsyncConnection[Cells]
_Pool: TypeAlias = psycopg_pool.AsyncConnectionPool[_Connection]


class Cursor(Protocol):
    """What we use of `psycopg.AsyncRawCursor`, with its values typed as cells."""

    async def execute(
        self, query: str, params: Sequence[Any] | None = None, /, *, prepare: bool | None = None
    ) -> "Cursor":
        """Run a statement; its parameters are `$1` and so on."""
        ...

    async def fetchall(self) -> list[Cells]:
        """The rows of a statement that has some."""
        ...

    @property
    def rowcount(self) -> int:
        """Rows the last statement gave, added, changed or removed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresLimits:
    """Bounds of the store.

    pool_min, pool_max: connections that are kept open, and that are open at most.
    waiting: units of work that wait for a connection; beyond it the answer is StoreBusy.
    wait_s: how long each waits before it is StoreBusy.
    statement_timeout_s: what the server gives a statement, and we a unit of work, a little more.
    connect_timeout_s: how long a connection may take to be made.
    write_queue: calls and recordings that are accepted and not yet durable.
    """

    pool_min: int = 2
    pool_max: int = 10
    waiting: int = 1_000
    wait_s: float = 5.0
    statement_timeout_s: float = 5.0
    connect_timeout_s: float = 5.0
    write_queue: int = 20_000


class Connections:
    """A pool. A connection commits each statement by itself unless it is told to begin."""

    def __init__(
        self, dsn: str, limits: PostgresLimits, counters: StoreCounters | None = None
    ) -> None:
        self._limits = limits
        self._counters = counters or StoreCounters()
        self._dsn = dsn
        self._pool: _Pool | None = None
        self._healing: asyncio.Task[None] | None = None
        self._places = asyncio.Semaphore(limits.pool_max)
        self._waiting = 0
        self._is_silent = False  # who last waited for a connection got none
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Between `open` and `close`."""
        return self._pool is not None

    async def open(self) -> None:
        """Make the first connections. Raises StoreFailed when the server cannot be reached."""
        limits = self._limits
        pool: _Pool = psycopg_pool.AsyncConnectionPool(
            kwargs=connect_arguments(self._dsn, limits),
            min_size=limits.pool_min,
            max_size=limits.pool_max,
            timeout=limits.wait_s,
            reconnect_timeout=RECONNECT_S,
            configure=self._configure,
            open=False,
        )
        try:
            await pool.open()
            await pool.wait(limits.connect_timeout_s + RECONNECT_S)
        except psycopg.Error as error:
            await pool.close()
            raise StoreFailed(_NO_ANSWER) from error
        self._pool = pool

    async def close(self) -> None:
        """Let go of all connections; safe to call twice."""
        pool, self._pool = self._pool, None
        if self._healing is not None:
            self._healing.cancel()
        if pool is not None:
            await pool.close()

    @asynccontextmanager
    async def cursor(self) -> AsyncGenerator[Cursor]:
        """A cursor of a connection that is nobody else's meanwhile.

        A server that does not answer in time loses the connection. Raises StoreBusy when too many
        wait, StoreFailed when there is no connection; what is done with it, psycopg.Error.
        """
        pool = self._pool
        if pool is None:
            raise StoreFailed("the store is closed")
        await self._enter()
        try:
            connection = await self._living(pool)
            patience = self._limits.statement_timeout_s + HANG_UP_AFTER_S
            alarm = asyncio.get_running_loop().call_later(patience, _hang_up, connection)
            try:
                yield cast("Cursor", connection.cursor(binary=True))
            finally:
                alarm.cancel()
                if connection.broken:
                    self._heal(pool)
                await pool.putconn(connection)
        finally:
            self._places.release()

    async def _enter(self) -> None:
        """Wait here, not in the pool: it keeps who gave up in its queue, and counts him."""
        if not self._places.locked():
            await self._places.acquire()
            return
        if self._waiting >= self._limits.waiting:
            self._counters.refused += 1
            raise StoreBusy(f"{self._waiting} units of work wait")
        self._waiting += 1
        self._counters.waiting += 1
        try:
            async with asyncio.timeout(self._limits.wait_s):
                await self._places.acquire()
        except TimeoutError as error:
            self._counters.refused += 1
            raise StoreBusy("no connection became free in time") from error
        finally:
            self._waiting -= 1
            self._counters.waiting -= 1

    async def _living(self, pool: _Pool) -> _Connection:
        """A connection whose server did not hang up while nobody used it.

        So a server that was started anew costs no unit of work.
        """
        connection = await self._take(pool)
        while _has_been_told(connection):
            await connection.close()
            self._heal(pool)
            await pool.putconn(connection)
            connection = await self._take(pool)
        return connection

    async def _take(self, pool: _Pool) -> _Connection:
        """A connection of the pool, which has one for everybody unless its server is gone.

        Then one unit at a time waits for it to come back, and the others need not.
        """
        if self._is_silent and self._is_probing:
            raise StoreFailed(_NO_ANSWER)
        patience = min(SILENT_WAIT_S, self._limits.wait_s) if self._is_silent else None
        self._is_probing = self._is_silent
        try:
            connection = await pool.getconn(patience)
        except psycopg_pool.PoolTimeout as error:
            self._is_silent = True
            raise StoreFailed(_NO_ANSWER) from error
        except psycopg.Error as error:
            raise StoreFailed("the store is closed") from error
        finally:
            self._is_probing = False
        self._is_silent = False
        return connection

    async def _configure(self, connection: _Connection) -> None:
        connection.prepared_max = PREPARED_STATEMENTS
        milliseconds = round(self._limits.statement_timeout_s * 1000)
        settings = f"SET statement_timeout = {milliseconds}"
        cursor = cast("Cursor", connection.cursor())
        try:
            await cursor.execute(f"{settings}; {BY_INDEX}", prepare=False)
        except psycopg.errors.UndefinedObject:  # what only speaks PostgreSQL's language
            await cursor.execute(settings, prepare=False)

    def _heal(self, pool: _Pool) -> None:
        """One connection is broken: the idle ones, which may be, too, are looked at now."""
        if self._healing is None or self._healing.done():
            self._healing = asyncio.create_task(pool.check())


def connect_arguments(dsn: str, limits: PostgresLimits) -> dict[str, Any]:
    """What `psycopg.AsyncConnection.connect` takes. Raises StoreFailed for a bad DSN."""
    adapters = AdaptersMap(psycopg.adapters)
    # Else each size of a whole number would be a type of its own, and a statement of its own.
    adapters.register_dumper(int, Int8BinaryDumper)
    # Arrays are twice as quick in binary form, where nothing needs quotes.
    adapters.register_dumper(list, ListBinaryDumper)
    # A cable that was cut is noticed after this long, not after the kernel's quarter of an hour.
    cut = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    defaults: dict[str, Any] = {
        "application_name": "maskline",
        "connect_timeout": max(2, round(limits.connect_timeout_s)),  # libpq knows no less
        "tcp_user_timeout": 15_000,
        **cut,
    }
    try:
        asked = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError as error:
        raise StoreFailed("store.url is no address of a PostgreSQL database") from error
    return {
        **defaults,
        **asked,
        "autocommit": True,
        "prepare_threshold": 0,
        "cursor_factory": psycopg.AsyncRawCursor,
        "context": adapters,
    }


def _has_been_told(connection: _Connection) -> bool:
    """Whether something waits to be read: an idle server says nothing but good-bye."""
    if connection.closed:
        return True
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    return bool(line.poll(0))


def _hang_up(connection: _Connection) -> None:
    """End the conversation from our side: who waits for an answer sees the connection lost."""
    if connection.closed:
        return
    with socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
