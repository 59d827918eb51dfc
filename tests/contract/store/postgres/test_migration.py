import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import psycopg
import pytest
from tests.contract.store.making import Make
from tests.postgres import Cluster

from maskline.domain.error import StoreFailed
from maskline.stores.keys import FixedKeys
from maskline.stores.migration import Migration
from maskline.stores.postgres import PostgresStore
from maskline.stores.postgres.connection import Cells, PostgresLimits, connect_arguments
from maskline.stores.postgres.migration import migrate

STEPS = (
    Migration(
        number=1, name="0001_pre_one", script="CREATE TABLE one (a INT); CREATE TABLE two ();"
    ),
    Migration(number=2, name="0002_post_two", script="DROP TABLE two"),
    Migration(number=3, name="0003_pre_three", script="CREATE TABLE three (c INT)"),
)

Connection = psycopg.AsyncConnection[Cells]


@pytest.fixture
async def url(postgres: Cluster) -> str:
    """A database without tables."""
    return postgres.socket_url(postgres.create())


@pytest.fixture
async def connection(url: str) -> AsyncIterator[Connection]:
    arguments = connect_arguments(url, PostgresLimits())
    async with await Connection.connect(**arguments) as connection:
        yield connection


async def _tables(connection: Connection) -> set[str]:
    found = await connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {row[0] for row in await found.fetchall()} - {"schema_migration", "schema_lock"}


async def test_an_empty_database_gets_every_step_once(connection: Connection):
    names = tuple(step.name for step in STEPS)
    assert await migrate(connection, STEPS, 5, with_post=False) == names
    assert await migrate(connection, STEPS, 6, with_post=True) == ()
    assert await _tables(connection) == {"one", "three"}
    history = await connection.execute("SELECT number, applied_at FROM schema_migration")
    assert await history.fetchall() == [(1, 5), (2, 5), (3, 5)]


async def test_what_the_old_release_needs_stays_until_it_is_said_to_be_gone(
    connection: Connection,
):
    await migrate(connection, STEPS[:1], 5, with_post=False)
    assert await migrate(connection, STEPS, 6, with_post=False) == ("0003_pre_three",)
    assert await _tables(connection) == {"one", "two", "three"}
    assert await migrate(connection, STEPS, 7, with_post=True) == ("0002_post_two",)
    assert await _tables(connection) == {"one", "three"}


async def test_the_old_release_starts_on_a_newer_schema_but_not_on_what_lacks_its_tables(
    connection: Connection,
):
    await migrate(connection, STEPS[:1], 5, with_post=False)
    await migrate(connection, STEPS, 6, with_post=False)
    assert await migrate(connection, STEPS[:1], 7, with_post=False) == ()
    await migrate(connection, STEPS, 8, with_post=True)
    with pytest.raises(StoreFailed, match="newer release"):
        await migrate(connection, STEPS[:1], 9, with_post=False)


async def test_a_step_that_fails_leaves_nothing_of_itself(connection: Connection):
    broken = replace(STEPS[2], script="CREATE TABLE four (d INT); nonsense")
    with pytest.raises(psycopg.errors.SyntaxError):
        await migrate(connection, (*STEPS[:2], broken), 5, with_post=True)
    assert await _tables(connection) == {"one"}
    assert await migrate(connection, STEPS, 6, with_post=True) == ("0003_pre_three",)


async def test_a_changed_old_step_is_refused(connection: Connection):
    await migrate(connection, STEPS, 5, with_post=True)
    changed = replace(STEPS[0], script=STEPS[0].script + " ")
    with pytest.raises(StoreFailed, match="0001_pre_one was changed"):
        await migrate(connection, (changed, *STEPS[1:]), 6, with_post=False)


async def test_processes_that_start_at_once_apply_each_step_once(url: str, make: Make):
    stores = [PostgresStore(url, FixedKeys()) for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    await stores[0].add_tenant(make.tenant())
    assert await stores[3].tenant(make.tenant_id) == make.tenant()
    for store in stores:
        await store.close()
