"""How fast bindings and notices are on PostgreSQL, beside a bare insert on the same server.

    python bench/postgres.py [--url postgresql://...] [--rows 1000000] [--seconds 3] [--only routes]
    python bench/postgres.py --rows 10000000 --only routes      # the lookup among ten million
    python bench/postgres.py --rows 10000000 --only routes --keep FOLDER   # again, without writing

Without `--url` a private server with its usual durability is started beside, in a folder below
TMPDIR, or in the one that `--keep` names: there it stays for the next time, for lookups only. With
`--rows` that many bindings are written by COPY first, or as many as `--fill-minutes` allow; the
database of `--url` must be empty then. A hundred thousand took 11 s and 100 MB on a busy machine of
two cores: ten million want some 15 minutes, 10 GB of disk and 4 GB more for WAL.

Each line: how many a second, latency, CPU of this process and, where the server is our own, CPU of
all its processes, for one.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg
import uvloop
from _server import Cpu, private_server, why_not

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.binding import AxbBinding
from maskline.domain.call import Call
from maskline.domain.notice import Notice, Purpose
from maskline.domain.number_choice import ChoiceRules, Repeat
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.store import BindLimits, NumberChoice
from maskline.stores.binding_row import pair_of
from maskline.stores.keys import FixedKeys
from maskline.stores.postgres import PostgresLimits, PostgresStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NUMBERS = [f"+86170{index:08}" for index in range(2_000)]
LIMITS = BindLimits(pairs=10_000)
PICKED = NumberChoice(area_codes=("0755",), any_area=False)
BY_RULE = replace(PICKED, rules=ChoiceRules(pool="bench", repeat=Repeat.STICKY, cool_off_h=24))
STRANGER = "+8613600000000"
CLAIMED = 100

BARE_TABLE = (
    "CREATE TABLE bare (id TEXT PRIMARY KEY, x TEXT, mode TEXT, app_key TEXT, a BYTEA, b BYTEA,"
    " expires_at BIGINT, sealed BYTEA); CREATE UNIQUE INDEX bare_pair ON bare (app_key, a, b)"
)
BARE = (
    "INSERT INTO bare (id, x, mode, app_key, a, b, expires_at, sealed)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id"
)


def binding(index: int) -> AxbBinding:
    return AxbBinding(
        binding_id=str(uuid4()),
        app_key="app",
        x=NUMBERS[index % len(NUMBERS)],
        a=f"+86139{index:08}",
        b=f"+86138{index:08}",
        duration_s=3600,
        expires_at=NOW + timedelta(hours=1, microseconds=index),
        user_data="order 4711",
        created_at=NOW,
        modified_at=NOW,
    )


async def measure(
    what: str, seconds: float, in_flight: int, work: Callable[[int], Awaitable[object]], cpu: Cpu
) -> None:
    """Run `work(0..)` for some seconds with a bound in flight, and print what it took."""
    times: list[float] = []
    indexes = count()
    end = time.perf_counter() + seconds

    async def worker() -> None:
        while (began := time.perf_counter()) < end:
            await work(next(indexes))
            times.append(time.perf_counter() - began)

    own, others, began = time.process_time(), cpu(), time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    took, done = time.perf_counter() - began, len(times)
    own, others = time.process_time() - own, cpu() - others
    times.sort()
    p50, p99 = times[done // 2] * 1e3, times[done * 99 // 100] * 1e3
    print(
        f"{what + f', {in_flight} in flight':<52} {done / took:8.0f}/s  p50 {p50:.1f} p99 {p99:.1f}"
        f" ms  {own / done * 1e6:.0f} us CPU  {others / done * 1e6:.0f} us of the server",
        flush=True,
    )


def bindings_in(url: str) -> int:
    """How many there are, by the counts of their numbers."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT coalesce(sum(pairs), 0) FROM number").fetchone()
    return int(found[0]) if found else 0


async def fill(store: PostgresStore) -> None:
    await store.add_tenant(Tenant(tenant_id="t", name="bench", created_at=NOW))
    application = Application(
        app_key="app", tenant_id="t", name="bench", mode=Mode.AXB, secret="s", created_at=NOW
    )
    await store.add_application(application)
    numbers = [
        VirtualNumber(number=x, app_key="app", area_code="0755", tags=("bench",), created_at=NOW)
        for x in NUMBERS
    ]
    await store.add_numbers(numbers)


async def copy(store: PostgresStore, url: str, rows: int, seconds: float) -> int:
    """Bindings 0 to `rows` as `bind` would have written them; how many the time was enough for."""
    began = time.perf_counter()
    written = 0
    sealer = await store._database.sealer_of(["app"])  # noqa: SLF001 - it seals as the store does
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        with cursor.copy(
            "COPY binding (x, sequence, binding_id, mode, app_key, a, b, expires_at, sealed)"
            " FROM STDIN"
        ) as table:
            for index in range(rows):
                if time.perf_counter() - began > seconds:
                    break
                written = index + 1
                one = pair_of(binding(index), sealer)
                keys = (one.x, index + 1, one.binding_id, one.kind, one.app_key)
                table.write_row((*keys, one.a_key, one.b_key, one.expires_at, one.sealed))
        cursor.execute(
            "INSERT INTO route (x, caller, home, binding, role, expires_at)"
            " SELECT x, a, x, sequence, 'A', expires_at FROM binding"
            " UNION ALL SELECT x, b, x, sequence, 'B', expires_at FROM binding"
        )
        cursor.execute(
            "UPDATE number SET pairs = (SELECT count(*) FROM binding WHERE x = number.number)"
        )
        cursor.execute(f"ALTER SEQUENCE binding_sequence_seq RESTART WITH {written + 1}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")  # else it falls into what is measured
        size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    took_s, size_mb = time.perf_counter() - began, (size or (0,))[0] / 1e6
    print(f"{written} bindings by COPY: {took_s:.0f} s, {size_mb:,.0f} MB of database", flush=True)
    return written


async def bench_binds(store: PostgresStore, seconds: float, cpu: Cpu, first: int) -> None:
    database = store._database  # noqa: SLF001 - the bare insert goes the store's way
    sealed = os.urandom(150)

    async def bare(index: int) -> None:
        a, b = os.urandom(16), os.urandom(16)
        row = (str(uuid4()), NUMBERS[index % 2_000], "axb", "app", a, b, index, sealed)
        await database.execute(BARE, row)

    def bind(choice: NumberChoice | None, start: int, index: int) -> Awaitable[object]:
        return store.bind(binding(start + index), LIMITS, NOW, choice)

    for turn, in_flight in enumerate((16, 64)):
        await measure("bare insert", seconds, in_flight, bare, cpu)
        given = partial(bind, None, first + 2_000_000 * turn)
        await measure("bind, X given", seconds, in_flight, given, cpu)
        picked = partial(bind, PICKED, first + 2_000_000 * turn + 1_000_000)
        await measure("bind, X picked", seconds, in_flight, picked, cpu)
        by_rule = partial(bind, BY_RULE, first + 2_000_000 * turn + 1_500_000)
        await measure("bind, X picked by rule", seconds, in_flight, by_rule, cpu)


async def bench_routes(store: PostgresStore, seconds: float, cpu: Cpu, rows: int) -> None:
    async def known(index: int) -> None:
        place = index * 7919 % rows
        await store.route(NUMBERS[place % len(NUMBERS)], f"+86139{place:08}")

    async def stranger(index: int) -> None:
        await store.route(NUMBERS[index % len(NUMBERS)], STRANGER)

    for in_flight in (1, 4, 16):
        await measure(f"route, known of {rows}", seconds, in_flight, known, cpu)
        await measure("route, stranger", seconds, in_flight, stranger, cpu)


async def bench_outbox(store: PostgresStore, seconds: float, cpu: Cpu) -> None:
    call = Call(
        session_id="",
        icid="",
        host="h",
        app_key="app",
        tenant_id="t",
        mode=Mode.AXB,
        x=NUMBERS[0],
        caller=STRANGER,
        arrived_at=NOW,
    )
    notice = Notice(
        notice_id="n",
        stream="",
        app_key="app",
        purpose=Purpose.STATUS,
        origin="https://receiver.example",
        body=b"x" * 600,
        created_at=NOW,
    )

    async def save(index: int) -> None:
        name = f"s{index}"
        notices = [replace(notice, stream=name, notice_id=f"{name}-{n}") for n in range(4)]
        await store.save_call(replace(call, session_id=name), notices)

    async def deliver(_: int) -> None:
        for endpoint in await store.due_endpoints(NOW, 64):
            until = NOW + timedelta(seconds=30)
            queued = await store.claim(endpoint, NOW, until, CLAIMED)
            await store.settle([one.sequence for one in queued], [])

    await measure("call snapshot with 4 notices", seconds, 64, save, cpu)
    await measure(f"look, claim and settle {CLAIMED}", seconds, 1, deliver, cpu)


@contextmanager
def server(url: str | None, kept: Path | None) -> Iterator[tuple[str, Cpu]]:
    """The address of the database, and what the CPU of its server is read by."""
    if url is not None:
        yield url, lambda: 0.0
        return
    with private_server(kept) as (cluster, cpu):
        yield cluster.socket_url("postgres"), cpu


async def main(url: str, cpu: Cpu, asked: argparse.Namespace) -> None:
    rows, seconds = asked.rows, asked.seconds
    limits = PostgresLimits(pool_min=16, pool_max=16)
    store = PostgresStore(url, FixedKeys(), limits=limits)
    await store.open()
    if kept := bindings_in(url):
        rows = kept
    else:
        with psycopg.connect(url) as connection:
            connection.execute(BARE_TABLE)
        await fill(store)
        rows = rows and await copy(store, url, rows, asked.fill_minutes * 60)
    if asked.only in {None, "binds"}:
        await bench_binds(store, seconds, cpu, rows)
    if asked.only in {None, "routes"}:
        await bench_routes(store, seconds, cpu, rows or 500)
    if asked.only in {None, "outbox"}:
        await bench_outbox(store, seconds, cpu)
    await store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", help="an empty database; else a private server is started")
    parser.add_argument("--rows", type=int, default=0, help="bindings that are there before (0)")
    parser.add_argument("--fill-minutes", type=float, default=20.0, help="to write them in (20)")
    parser.add_argument("--seconds", type=float, default=3.0, help="each measurement (3)")
    parser.add_argument("--only", choices=("binds", "routes", "outbox"), help="one part")
    parser.add_argument("--keep", type=Path, help="folder of a server to keep for --only routes")
    told = parser.parse_args()
    if told.keep is not None and (told.url is not None or told.only != "routes"):
        parser.error("--keep goes with --only routes, and not with --url: binds would stay")
    if told.url is None and (reason := why_not()) is not None:
        sys.exit(reason)
    with server(told.url, told.keep) as (address, used):
        uvloop.run(main(address, used, told))
