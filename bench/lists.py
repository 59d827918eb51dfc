"""How long a page of a list takes among ten million entries, wherever it is.

    python bench/lists.py [--rows 10000000] [--pages 200] [--only records|bindings]
    python bench/lists.py --sqlite --rows 1000000

Call records, then bindings, are written in SQL into a private server with its usual durability in a
folder below TMPDIR, or into a file there; ten million of either take some 6 GB while they are
measured. Of 1,000 applications one has half of all, the others share the rest alike; every
hundredth call failed. Pages of 50 begin at random places. Each line: the latency of a page from the
question to its rows, which are not unsealed: that takes some 20 µs a row and hangs on nothing here.
"""

# ruff: noqa: S608 - rows that are made up here
import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

import apsw
import psycopg
from _server import private_server, why_not

from maskline.domain.outcome_class import OutcomeClass
from maskline.services.list_filter import BindingFilter, RecordFilter
from maskline.services.page import Cursor, Page
from maskline.stores.keys import FixedKeys
from maskline.stores.list_filter import wanted_bindings, wanted_records
from maskline.stores.list_sql import ListSql, Wanted
from maskline.stores.lists import Lists
from maskline.stores.postgres import PostgresLimits, PostgresStore
from maskline.stores.postgres.database import LISTS
from maskline.stores.sealing import Sealer
from maskline.stores.sqlite import SqliteStore
from maskline.stores.sqlite.database import LISTS as SQLITE_LISTS

APPS = 1_000
APP = f"CASE WHEN at % 2 = 0 THEN 'app-0' ELSE 'app-' || (at / 2) % {APPS} END"
TENANT = ("app-11", "app-12", "app-13")
RECORD_COLUMNS = (
    "session_id, sequence, app_key, x, ended_at, caller, callee, sealed, mode, outcome, release,"
    " caller_role, talk_s, has_recording"
)
RECORD = (
    f"'session-' || at, at, {APP}, '+86170' || at % 20000, {{moment}}, {{caller}}, {{callee}},"
    " {sealed}, 'axb', CASE WHEN at % 100 = 0 THEN 'failed' ELSE 'connected' END, 0,"
    " CASE WHEN at % 1000 = 0 THEN 'B' ELSE 'A' END, 30, {no}"
)
BINDING_COLUMNS = "x, sequence, binding_id, mode, app_key, a, b, sealed"
BINDING = (
    f"'+86170' || at % 20000, at, 'binding-' || at, 'axb', {APP},"
    " {caller}, {callee}, {sealed}"
)
TABLES = (("records", RECORD_COLUMNS, RECORD), ("bindings", BINDING_COLUMNS, BINDING))
POSTGRES = {
    "moment": "at::BIGINT * 1000",
    "caller": "decode(md5((at % 1000003)::TEXT), 'hex')",
    "callee": "decode(md5((at % 999983)::TEXT), 'hex')",
    "sealed": "decode(repeat(md5(at::TEXT), 9), 'hex')",
    "no": "false",
}
SQLITE = {
    "moment": "at * 1000",
    "caller": "CAST(at % 1000003 AS BLOB)",
    "callee": "CAST(at % 999983 AS BLOB)",
    "sealed": "zeroblob(144)",
    "no": "0",
}


SEALER = Sealer(FixedKeys(), lambda _: None, lambda _: None)


def questions(lists: Lists) -> Iterator[tuple[str, ListSql, Wanted]]:
    """Lists with their filters."""
    for name, record in (
        ("all", RecordFilter()),
        ("an application with half of all", RecordFilter(app_key="app-0")),
        ("a small application", RecordFilter(app_key="app-11")),
        ("a tenant with three of these", RecordFilter(app_keys=TENANT)),
        ("a virtual number", RecordFilter(x="+8617077")),
        ("failed", RecordFilter(outcome=OutcomeClass.FAILED)),
        ("failed, the tenant", RecordFilter(outcome=OutcomeClass.FAILED, app_keys=TENANT)),
        ("recorded, which none is", RecordFilter(has_recording=True)),
        ("the same, the tenant", RecordFilter(has_recording=True, app_keys=TENANT)),
    ):
        yield f"records: {name}", lists.records, wanted_records(record, SEALER)
    for name, binding in (
        ("all", BindingFilter(newest_first=True)),
        ("an application with half of all", BindingFilter(app_key="app-0", newest_first=True)),
        ("the tenant", BindingFilter(app_keys=TENANT, newest_first=True)),
        ("of a mode that none has", BindingFilter(mode="ax", newest_first=True)),
    ):
        yield f"bindings: {name}", lists.newest_bindings, wanted_bindings(binding, 0, SEALER)


def cursor_at(listed: ListSql, place: int) -> Cursor:
    """The place behind the entry with this number."""
    key = (place * 1000, place) if len(listed.order.types) == 2 else (place,)
    return listed.order.cursor(key)


async def measure(
    what: str, rows: int, pages: int, read: Callable[[Page], Awaitable[object]], listed: ListSql
) -> None:
    """Read pages at random places and print what they took."""
    taken: list[float] = []
    for _ in range(pages):
        page = Page(limit=50, after=cursor_at(listed, random.randint(1, rows)))
        began = time.perf_counter()
        await read(page)
        taken.append(1000 * (time.perf_counter() - began))
    taken.sort()
    p50, p95 = taken[pages // 2], taken[pages * 95 // 100]
    print(f"{what:<50} p50 {p50:7.1f}  p95 {p95:7.1f}  longest {taken[-1]:7.1f} ms", flush=True)


async def on_postgres(url: str, told: argparse.Namespace) -> None:
    """Fill, ask, and empty again, table by table."""
    store = PostgresStore(url, FixedKeys(), limits=PostgresLimits(pool_min=1, pool_max=2))
    await store.open()
    for table, columns, row in TABLES:
        if told.only not in {None, table}:
            continue
        name = "call_record" if table == "records" else "binding"
        with psycopg.connect(url, autocommit=True) as connection:
            fill_postgres(connection, name, columns, row.format(**POSTGRES), told.rows)
        for what, listed, wanted in questions(LISTS):
            if what.startswith(table):
                read = partial(store._database.page, listed, wanted)  # noqa: SLF001
                await measure(what, told.rows, told.pages, read, listed)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {name} CASCADE".encode())
    await store.close()


def fill_postgres(
    connection: psycopg.Connection, table: str, columns: str, row: str, rows: int
) -> None:
    """Rows first and indexes then: that takes a third of the time."""
    began = time.perf_counter()
    found = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
        " AND indexdef NOT LIKE '%%UNIQUE%%'",
        (table,),
    ).fetchall()
    for index, _ in found:
        connection.execute(f"DROP INDEX {index}".encode())
    for first in range(1, rows + 1, 1_000_000):
        last = min(rows, first + 999_999)
        connection.execute(
            f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {row}"
            f" FROM generate_series({first}, {last}) AS at".encode()
        )
    connection.execute(b"SET maintenance_work_mem = '512MB'")
    for _, definition in found:
        connection.execute(definition.encode())
    connection.execute(f"VACUUM ANALYZE {table}".encode())
    [[size]] = connection.execute(
        f"SELECT pg_size_pretty(pg_total_relation_size('{table}'))".encode()
    ).fetchall()
    print(f"{rows} rows in {table}: {size}, {time.perf_counter() - began:.0f} s", flush=True)


async def on_sqlite(path: Path, told: argparse.Namespace) -> None:
    """The same in a file."""
    store = SqliteStore(path, FixedKeys())
    await store.open()
    await store.close()
    fill_sqlite(path, told.rows)
    await store.open()
    for what, listed, wanted in questions(SQLITE_LISTS):
        if told.only is None or what.startswith(told.only):
            database = store._database  # noqa: SLF001
            read = partial(database.listing, listed, wanted, row=tuple)
            await measure(what, told.rows, told.pages, read, listed)
    await store.close()


def fill_sqlite(path: Path, rows: int) -> None:
    """All of it in one transaction."""
    connection = apsw.Connection(str(path))
    series = f"WITH RECURSIVE s (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM s WHERE at < {rows})"
    began = time.perf_counter()
    with connection:
        for table, columns, row in TABLES:
            name = "call_record" if table == "records" else "binding"
            connection.execute(
                f"{series} INSERT INTO {name} ({columns}) SELECT {row.format(**SQLITE)} FROM s"
            )
    connection.close()
    size = path.stat().st_size / 1e9
    print(f"{rows} rows in each table: {size:.1f} GB, {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--pages", type=int, default=200, help="of each list (200)")
    parser.add_argument("--only", choices=("records", "bindings"), help="one of them")
    parser.add_argument("--sqlite", action="store_true", help="in place of PostgreSQL")
    told = parser.parse_args()
    if told.sqlite:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(on_sqlite(Path(folder) / "maskline.db", told))
    else:
        if (reason := why_not()) is not None:
            sys.exit(reason)
        with private_server() as (cluster, _):
            asyncio.run(on_postgres(cluster.socket_url(cluster.emptied()), told))
