"""No statement may walk a table that grows: it is planned once, for good."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from maskline.stores.keys import FixedKeys
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres import PostgresStore, call, message
from maskline.stores.postgres.connection import BY_INDEX

SUBJECTS = (
    "account",
    "audit",
    "bind",
    "binding",
    "call",
    "directory",
    "ended_binding",
    "idempotency",
    "message",
    "message_list",
    "message_segment",
    "notice",
    "outbox",
    "person",
    "prompt",
    "recording",
    "registrant",
    "tenant_token",
    "trace",
)

WALKS = {
    "token_list": "there are few",
    "link_list": "there are few, of messages as of accounts",
    "trunk_list": "there are few",
    "erasure_list": "there are few",
    "tenant_list": "the management's, and there are few",
    "bucket_leases": "a row a bucket",
    "bucket_holders": "a row a worker",
    "bucket_return_all": "a row a bucket",
    "depth": "counts",
    "trouble_list": "a row an endpoint in trouble",
    "connections_sweep": "a row a connection of a link that stood of late",
    "notice_list": "read in buckets; see `LISTS`",
    "call_list": "the management's; calls that live are bounded",
}


@pytest.fixture
async def connection(url: str) -> Iterator[psycopg.Connection]:
    store = PostgresStore(url, FixedKeys())
    await store.open()
    await store.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"{BY_INDEX}; SET plan_cache_mode = force_generic_plan".encode())
        yield connection


def plan_of(connection: psycopg.Connection, statement: str) -> list[str]:
    """The lines of a statement's plan."""
    parameters = max(map(int, re.findall(r"\$(\d+)", statement)), default=0)
    try:
        connection.execute(f"PREPARE looked_at AS {statement}".encode())
    except psycopg.errors.IndeterminateDatatype:
        return []  # SQLite's alone: PostgreSQL says it another way
    values = f"({', '.join(['NULL'] * parameters)})" if parameters else ""
    plan = connection.execute(f"EXPLAIN EXECUTE looked_at{values}".encode()).fetchall()
    connection.execute("DEALLOCATE looked_at")
    return [line for (line,) in plan]


def walked(connection: psycopg.Connection, statement: str) -> set[str]:
    """The tables that the plan of a statement walks."""
    plan = plan_of(connection, statement)
    return {found[1] for line in plan if (found := re.search(r"Seq Scan on (\w+)", line))}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_it_goes_by_index(connection: psycopg.Connection, subject: str):
    statements = {
        name: statement
        for name, statement in load_postgres_sql(subject)._statements.items()
        if ":notices" not in statement
    }
    walking = {name: walked(connection, statement) for name, statement in statements.items()}
    assert {name for name, tables in walking.items() if tables} <= set(WALKS)


@pytest.mark.parametrize("statement", [call._SAVE, call._FINISH, message._ACCEPT, message._FINISH])
def test_what_is_written_of_many_at_once_does_so(connection: psycopg.Connection, statement: str):
    assert walked(connection, statement) == set()


def test_binds_find_their_numbers_by_key_however_many_there_are(connection: psycopg.Connection):
    # What ANALYZE says of a table's size outlives the transaction, also that of an earlier try.
    connection.execute("VACUUM ANALYZE number")
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "INSERT INTO number (number, app_key, area_code, state, may_message, created_at)"
            " SELECT '+86170' || number, 'app', '0755', 'normal', true, 0"
            " FROM generate_series(1000000, 1005000) AS number"
        )
        connection.execute("ANALYZE number")
        plan = plan_of(connection, load_postgres_sql("bind").bind_many_given)

    assert {
        found[1]
        for line in plan
        if (found := re.search(r"(?:using|Scan on) (number_[a-z]\w+)", line))
    } == {"number_pkey"}
