"""How fast the SQLite store is, in process, on one core and the disk of a folder.

    python bench/store.py [folder]

Prints durable binds per second with their latency, the cost of a route lookup, the CPU of the
units of a call, and notices claimed per second from an empty and from a full outbox.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import uvloop

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.binding import AxbBinding, Role
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.notice import Endpoint, Notice, Purpose
from maskline.domain.release import ReleaseCode
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.store import BindLimits, NumberChoice
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NUMBERS = [f"+86170{index:08}" for index in range(200)]
BINDS = 40_000
CALLS = 4_000
WAITING = 200_000
IN_FLIGHT = 64


async def fill(store: SqliteStore) -> None:
    await store.add_tenant(Tenant(tenant_id="t", name="bench", created_at=NOW))
    for app_key in [f"app-{index}" for index in range(20)]:
        await store.add_application(
            Application(
                app_key=app_key,
                tenant_id="t",
                name="bench",
                mode=Mode.AXB,
                secret="s",
                created_at=NOW,
            )
        )
    await store.add_numbers(
        [
            VirtualNumber(number=x, app_key="app-0", area_code="0755", created_at=NOW)
            for x in NUMBERS
        ]
    )


def scattered_id(index: int) -> str:
    """An id in UUID form; as with real ones, neighbours lie far apart."""
    return str(UUID(int=index * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128)))


def binding(index: int) -> AxbBinding:
    return AxbBinding(
        binding_id=scattered_id(index),
        app_key="app-0",
        x=NUMBERS[index % len(NUMBERS)],
        a=f"+86139{index:08}",
        b=f"+86138{index:08}",
        duration_s=3600,
        expires_at=NOW + timedelta(hours=1, microseconds=index),
        user_data="order 4711",
        created_at=NOW,
        modified_at=NOW,
    )


def notice(stream: str, index: int, purpose: Purpose = Purpose.STATUS) -> Notice:
    return Notice(
        notice_id=f"{stream}-{index}",
        stream=stream,
        app_key=f"app-{index % 20}",
        purpose=purpose,
        origin="https://receiver.example",
        body=b"x" * 600,
        created_at=NOW,
    )


async def in_flight(jobs: int, work: Callable[[int], Awaitable[object]]) -> list[float]:
    """Run `work(0..jobs)` with a bound in flight; returns each one's seconds, sorted."""
    times: list[float] = []
    indexes = iter(range(jobs))

    async def worker() -> None:
        for index in indexes:
            began = time.perf_counter()
            await work(index)
            times.append(time.perf_counter() - began)

    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    return sorted(times)


def tell(what: str, figure: str) -> None:
    print(f"{what:<58} {figure}", flush=True)


async def bench_binds(store: SqliteStore, choice: NumberChoice | None, first: int) -> None:
    cpu, began = time.process_time(), time.perf_counter()
    times = await in_flight(
        BINDS, lambda index: store.bind(binding(first + index), BindLimits(pairs=5000), NOW, choice)
    )
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    p50, p99 = times[len(times) // 2] * 1e3, times[len(times) * 99 // 100] * 1e3
    name = "X given" if choice is None else "X picked"
    tell(
        f"bind_axb, {name}, {IN_FLIGHT} in flight",
        f"{BINDS / took:8.0f}/s  p50 {p50:.1f} ms  p99 {p99:.1f} ms"
        f"  {cpu / BINDS * 1e6:.0f} us CPU",
    )


async def bench_routes(store: SqliteStore) -> None:
    known = [binding(index * 7919 % BINDS) for index in range(20_000)]
    cpu = time.process_time()
    for one in known:
        await store.route(one.x, one.a)
    tell("route, known caller", f"{(time.process_time() - cpu) / 20_000 * 1e6:8.1f} us CPU")
    cpu = time.process_time()
    for index in range(20_000):
        await store.route(NUMBERS[index % len(NUMBERS)], f"+86137{index:08}")
    tell("route, stranger", f"{(time.process_time() - cpu) / 20_000 * 1e6:8.1f} us CPU")


async def one_call(store: SqliteStore, index: int) -> None:
    session = f"1200_{index}_4294967295_20260101000000@host-1"
    call = Call(
        session_id=session,
        icid=f"icid{index}",
        host="host-1",
        app_key="app-0",
        tenant_id="t",
        mode=Mode.AXB,
        x=NUMBERS[index % len(NUMBERS)],
        caller=f"+86139{index:08}",
        callee=f"+86138{index:08}",
        role=Role.A,
        binding_id=binding(index).binding_id,
        user_data="order 4711",
        arrived_at=NOW,
    )
    notices = [replace(notice(session, part), app_key="app-0") for part in range(6)]
    notices[5] = replace(notices[5], purpose=Purpose.RECORD)
    await store.save_call(call, notices[:2])
    await store.save_call(call.alerted(NOW), notices[2:3])
    await store.save_call(call.answered(NOW), notices[3:4])
    end = CallEnd(at=NOW + timedelta(minutes=1), release=ReleaseCode.NORMAL)
    await store.finish_call(CallRecord(call=call, end=end), notices[4:])


async def bench_calls(store: SqliteStore) -> None:
    cpu, began = time.process_time(), time.perf_counter()
    await in_flight(CALLS, lambda index: one_call(store, index))
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    tell(
        "call: 4 units, 6 notices, 1 record",
        f"{CALLS / took:8.0f}/s  {cpu / CALLS * 1e6:.0f} us CPU",
    )


async def drain(store: SqliteStore, most: int, what: str) -> None:
    cpu, began, claimed, now = time.process_time(), time.perf_counter(), 0, NOW
    looks = 0.0
    while claimed < most:
        looked = time.perf_counter()
        endpoints = await store.due_endpoints(now, 64)
        looks = max(looks, time.perf_counter() - looked)
        if not endpoints:
            break
        for endpoint in endpoints:
            lease = now + timedelta(seconds=30)
            queued = (
                await store.claim_batch(endpoint, now, lease, 100, "b")
                if (endpoint.purpose is Purpose.RECORD)
                else await store.claim(endpoint, now, lease, 100)
            )
            claimed += len(queued)
            await store.settle([one.sequence for one in queued], [])
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    tell(
        f"claim and settle by 100, {what}",
        f"{claimed / took:8.0f}/s  {cpu / max(claimed, 1) * 1e6:.0f} us CPU"
        f"  slowest look {looks * 1e3:.1f} ms",
    )


async def bench_outbox(store: SqliteStore) -> None:
    await drain(store, 10**9, f"{CALLS} calls of 6 waiting")
    call = Call(
        session_id="",
        icid="",
        host="h",
        app_key="app-0",
        tenant_id="t",
        mode=Mode.AXB,
        x=NUMBERS[0],
        caller="+8613900000000",
        arrived_at=NOW,
    )
    for first in range(0, WAITING, 400):
        await asyncio.gather(
            *(
                store.save_call(
                    replace(call, session_id=f"s{stream}"),
                    [notice(f"s{stream}", stream * 4 + part) for part in range(4)],
                )
                for stream in range(first // 4, first // 4 + 100)
            )
        )
    await drain(store, 20_000, f"{WAITING} waiting, 20 endpoints")
    endpoint = Endpoint(app_key="app-1", purpose=Purpose.STATUS)
    began = time.perf_counter()
    for _ in range(100):
        await store.claim(endpoint, NOW, NOW + timedelta(seconds=30), 1)
    took = (time.perf_counter() - began) / 100
    tell(f"claim of one, {WAITING} waiting", f"{took * 1e3:8.2f} ms")


async def main(folder: Path) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    path = folder / "bench.db"
    store = SqliteStore(path, FixedKeys())
    await store.open()
    await fill(store)
    await bench_binds(store, None, 0)
    await bench_binds(store, NumberChoice(area_codes=("0755",), any_area=False), BINDS)
    await bench_routes(store)
    await bench_calls(store)
    await bench_outbox(store)
    wal = path.with_name("bench.db-wal").stat().st_size
    tell("database, write-ahead log", f"{path.stat().st_size >> 20:8} MB, {wal >> 20} MB")
    began = time.perf_counter()
    await store.close()
    tell("close", f"{(time.perf_counter() - began) * 1e3:8.0f} ms")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as made:
        uvloop.run(main(Path(made)))
