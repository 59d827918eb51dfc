"""Pool, repeats and errors, on a table of the test's own."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import psycopg
import pytest
from tests.contract.store.making import Make
from tests.postgres import Cluster

from maskline.domain.error import StoreBusy, StoreFailed, UnknownRecord
from maskline.services.clock import SystemClock
from maskline.services.page import Slice
from maskline.stores.keys import FixedKeys
from maskline.stores.postgres.call import PostgresCalls
from maskline.stores.postgres.connection import Cursor, PostgresLimits
from maskline.stores.postgres.database import Database, Isolation
from maskline.stores.postgres.directory import PostgresDirectory
from maskline.stores.postgres.failure import ConstraintBroken
from maskline.stores.postgres.lane import UnitRefused

LIMITS = PostgresLimits(pool_min=1, pool_max=2, waiting=1, wait_s=0.3, statement_timeout_s=0.5)
SCRATCH = "CREATE TABLE scratch (id INT PRIMARY KEY, amount INT CHECK (amount > 0))"
ADD = "INSERT INTO scratch (id, amount) VALUES ($1, $2)"
ADD_TO = "UPDATE scratch SET amount = amount + 1 WHERE id = $1 RETURNING amount"
READ = "SELECT amount FROM scratch WHERE id = $1"
MY_PROCESS = "SELECT pg_backend_pid()"


@pytest.fixture
async def database(postgres: Cluster) -> AsyncIterator[Database]:
    url = postgres.socket_url(postgres.emptied())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SCRATCH)
    database = Database(url, FixedKeys(), SystemClock(), LIMITS)
    await database.open()
    yield database
    await database.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE scratch")


async def test_statements_change_return_and_find_rows(database: Database):
    assert await database.change(ADD, (1, 5)) == 1
    assert await database.execute(ADD_TO, (1,)) == [(6,)]
    assert await database.execute(ADD_TO, (2,)) == []
    assert await database.point(READ, (1,)) == (6,)
    assert await database.point(READ, (2,)) is None


async def test_a_slice_of_a_select_has_the_total(database: Database):
    for number in range(1, 6):
        await database.change(ADD, (number, number))
    statement = "SELECT id FROM scratch WHERE amount > $1 ORDER BY id"

    async def listed(offset: int, limit: int) -> tuple[tuple[int, ...], int]:
        found = await database.numbered(statement, (1,), Slice(offset=offset, limit=limit))
        return tuple(row[0] for row in found.rows), found.total

    assert await listed(0, 2) == ((2, 3), 4)
    assert await listed(2, 9) == ((4, 5), 4)
    assert await listed(9, 2) == ((), 4)


async def test_a_broken_constraint_is_named(database: Database):
    await database.change(ADD, (1, 5))
    with pytest.raises(ConstraintBroken) as caught:
        await database.change(ADD, (1, 6))
    assert caught.value.constraint == "scratch_pkey"
    assert isinstance(caught.value.__cause__, psycopg.errors.UniqueViolation)
    with pytest.raises(ConstraintBroken, match="scratch_amount_check"):
        await database.change(ADD, (2, 0))


async def test_a_value_that_no_column_can_hold_is_not_found_and_not_kept(database: Database):
    assert await database.rows("SELECT 1 FROM tenant WHERE tenant_id = $1", ("a\0b",)) == []
    with pytest.raises(UnitRefused):
        await database.change("UPDATE tenant SET name = $1", ("a\0b",))


class TestTransaction:
    async def test_what_fails_leaves_nothing(self, database: Database):
        async def work(cursor: Cursor) -> None:
            await cursor.execute(ADD, (1, 5))
            raise UnknownRecord("x")

        with pytest.raises(UnknownRecord):
            await database.transaction(work)
        assert await database.point(READ, (1,)) is None

    async def test_a_loser_is_run_again(self, database: Database):
        await database.change(ADD, (1, 1))
        together = asyncio.Barrier(2)
        runs = 0

        async def work(cursor: Cursor) -> int:
            nonlocal runs
            runs += 1
            (row,) = await (await cursor.execute(READ, (1,))).fetchall()
            if runs <= 2:
                await together.wait()
            await cursor.execute("UPDATE scratch SET amount = $2 WHERE id = $1", (1, row[0] + 1))
            return row[0] + 1

        done = await asyncio.gather(
            *(database.transaction(work, Isolation.SERIALIZABLE) for _ in range(2))
        )
        assert sorted(done) == [2, 3]
        assert runs == 3

    async def test_a_deadlock_is_run_again(self, database: Database):
        for number in (1, 2):
            await database.change(ADD, (number, 1))
        together = asyncio.Barrier(2)
        runs = 0

        def adding(first: int, second: int):
            async def work(cursor: Cursor) -> None:
                nonlocal runs
                runs += 1
                await cursor.execute("SET LOCAL deadlock_timeout = 10")
                await cursor.execute(ADD_TO, (first,))
                if runs <= 2:
                    await together.wait()
                await cursor.execute(ADD_TO, (second,))

            return database.transaction(work)

        await asyncio.gather(adding(1, 2), adding(2, 1))
        assert await database.point(READ, (1,)) == (3,)
        assert await database.point(READ, (2,)) == (3,)
        assert runs == 3

    async def test_who_loses_for_ever_is_told(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("maskline.stores.postgres.database.FIRST_PAUSE_S", 0.0)

        async def work(cursor: Cursor) -> None:
            raise psycopg.errors.SerializationFailure

        with pytest.raises(StoreFailed):
            await database.transaction(work)


class TestServer:
    async def test_too_many_waiting_and_waiting_too_long_are_busy(self, database: Database):
        release = asyncio.Event()

        async def hold(_: Cursor) -> None:
            await release.wait()

        held = [asyncio.create_task(database.transaction(hold)) for _ in range(2)]
        await asyncio.sleep(0.1)
        waits = asyncio.create_task(database.point(READ, (1,)))
        await asyncio.sleep(0.05)
        assert database.counters.waiting == 1
        with pytest.raises(StoreBusy, match="1 units of work wait"):
            await database.point(READ, (1,))
        with pytest.raises(StoreBusy, match="in time"):
            await waits
        assert (database.counters.waiting, database.counters.refused) == (0, 2)
        release.set()
        await asyncio.gather(*held)
        assert await database.point(READ, (1,)) is None

    async def test_a_statement_that_takes_too_long_is_given_up(self, database: Database):
        with pytest.raises(StoreFailed, match="too long"):
            await database.rows("SELECT pg_sleep(5)", ())

    async def test_a_server_that_hung_up_meanwhile_costs_nothing(
        self, database: Database, postgres: Cluster
    ):
        (process,) = (await database.point(MY_PROCESS, ())) or ()
        with psycopg.connect(postgres.socket_url("postgres"), autocommit=True) as operator:
            operator.execute("SELECT pg_terminate_backend(%s, 5000)", (process,))
        assert await database.change(ADD, (1, 5)) == 1

    async def test_a_read_whose_connection_is_lost_is_repeated(self, database: Database):
        await database.change(ADD, (1, 5))
        suicide_once = """
            SELECT CASE WHEN pg_backend_pid() = $1::INT
            THEN pg_terminate_backend($1::INT)::INT ELSE amount END FROM scratch WHERE id = 1
        """
        (process,) = (await database.point(MY_PROCESS, ())) or ()
        assert await database.point(suicide_once, (process,)) == (5,)

    async def test_a_write_whose_connection_is_lost_fails_and_the_next_one_works(
        self, database: Database
    ):
        suicide = "SELECT pg_terminate_backend(pg_backend_pid()), $1"
        with pytest.raises(StoreFailed, match="cannot be used"):
            await database.execute(suicide, ("x",))
        assert await database.change(ADD, (1, 5)) == 1

    async def test_a_server_that_is_gone_is_told_and_used_again_when_it_is_back(
        self, database: Database, postgres: Cluster
    ):
        await database.change(ADD, (1, 5))
        postgres.stop()
        for _ in range(2):
            with pytest.raises(StoreFailed, match="does not answer"):
                await database.point(READ, (1,))
        postgres.start()
        assert await _patiently(database) == (5,)

    async def test_a_server_that_says_nothing_is_hung_up_on(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ):
        (process,) = (await database.point(MY_PROCESS, ())) or ()
        monkeypatch.setattr("maskline.stores.postgres.connection.HANG_UP_AFTER_S", -0.3)
        os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(StoreFailed, match="cannot be used"):
                await database.change(ADD, (1, 5))
        finally:
            os.kill(process, signal.SIGCONT)


async def _patiently(database: Database) -> tuple[int, ...] | None:
    """The pool tries the server again in its own time."""
    while True:
        try:
            return await database.point(READ, (1,))
        except StoreFailed:
            await asyncio.sleep(0.05)


class TestCounters:
    async def test_units_are_timed_by_statement_or_function(self, database: Database, make: Make):
        async def touch(cursor: Cursor) -> None:
            await cursor.execute(ADD, (1, 5))

        await PostgresDirectory(database).add_tenant(make.tenant())
        await database.transaction(touch)
        names = database.counters.units.by_name
        assert sum(names["directory.tenant_add"].counts) == 1
        assert sum(names["test_database.touch"].counts) == 1

    async def test_a_call_is_timed_until_it_is_durable(self, database: Database, make: Make):
        done = PostgresCalls(database).save_call(make.call(), [])
        assert database.counters.waiting == 1
        await done
        assert database.counters.waiting == 0
        assert sum(database.counters.units.by_name["call.write_snapshots"].counts) == 1

    async def test_an_answer_is_no_failure(self, database: Database):
        for _ in range(2):
            with pytest.raises(ConstraintBroken):
                await database.change(ADD, (1, 0))
        assert database.counters.failed == 0
        with pytest.raises(UnitRefused):
            await database.rows("SELECT nothing", ())
        assert database.counters.failed == 1


class TestSeals:
    async def test_keys_are_read_when_they_are_asked_for(self, database: Database, make: Make):
        directory = PostgresDirectory(database)
        sealer = await database.sealer_of(["app-1"])
        by_system = sealer.seal("app-1", b"early", b"here")
        await directory.add_tenant(make.tenant())
        await directory.add_application(make.application())
        sealer = await database.sealer_of(["app-1"])
        by_tenant = sealer.seal("app-1", b"late", b"here")
        assert by_system[:1] != by_tenant[:1]
        assert sealer.open("app-1", by_system, b"here") == b"early"
        assert sealer.open("app-1", by_tenant, b"here") == b"late"

    async def test_a_key_that_nobody_asked_for_is_a_bug_that_shows(self, database: Database):
        with pytest.raises(StoreFailed, match="nobody had asked"):
            database.sealer.seal("app-1", b"plain", b"here")

    async def test_a_tenant_who_is_not_there_is_unknown(self, database: Database):
        sealer = await database.sealer_of_tenants(["nobody"])
        with pytest.raises(UnknownRecord):
            sealer.seal_for_tenant("nobody", b"plain", b"here")
