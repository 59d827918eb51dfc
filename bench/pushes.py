"""Pushes per second, end to end: outbox in SQLite, HTTP, settled in SQLite.

The plane with its store runs on one core, the receiver in another process on another core.
Prints one line a case: pushes/s, CPU a push of the plane's process, latency of a lone event.

    python bench/pushes.py [--events 30000] [--records 50000] [--endpoints 20] [--dead 0]

Dead receivers take a push and never answer; they have a backlog before all others. What is counted
is what reaches the rest.
"""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import uvloop
from _receiver import DEAD, Ask, Took, receive

from maskline.api.signature import sign
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.call import Call
from maskline.domain.notice import Notice, Purpose
from maskline.planes.delivery.client import HttpPushClient
from maskline.planes.delivery.plane import DeliveryPlane
from maskline.planes.delivery.settings import DeliverySettings
from maskline.services.clock import SystemClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

EVENT = b'{"eventType":"callin","statusInfo":{"timestamp":"2026-11-20 10:00:00"%s}}' % (b" " * 300)
RECORD = b'{"direction":1,"spId":"sp","appKey":"app"%s}' % (b" " * 900)
SETTINGS = DeliverySettings(allow_private=True)
LONE_EVENTS = 200
BACKLOG_OF_DEAD = 100


def notice(app_key: str, purpose: Purpose, number: int, origin: str) -> Notice:
    return Notice(
        notice_id=f"{purpose}-{number}",
        stream=f"{purpose}-{number}",
        app_key=app_key,
        purpose=purpose,
        origin=origin,
        body=EVENT if purpose is Purpose.STATUS else RECORD,
        created_at=datetime.now(UTC),
    )


def call(app_key: str, number: int) -> Call:
    return Call(
        session_id=f"s{number}",
        icid=f"i{number}",
        host="bench",
        app_key=app_key,
        tenant_id="t",
        mode=Mode.AXB,
        x="+8617000000001",
        caller="+8613900000001",
        arrived_at=datetime.now(UTC),
    )


class Bench:
    """A store with applications that all push to one receiver."""

    def __init__(self, folder: Path, port: int, endpoints: int, dead: int) -> None:
        self.store = SqliteStore(folder / "bench.db", FixedKeys())
        self._origin = f"http://127.0.0.1:{port}"
        self._app_keys = [f"app{number}" for number in range(endpoints - dead)]
        self._dead_keys = [f"dead{number}" for number in range(dead)]
        self._calls = 0

    async def open(self) -> None:
        """Make the applications."""
        await self.store.open()
        now = datetime.now(UTC)
        await self.store.add_tenant(Tenant(tenant_id="t", name="t", created_at=now))
        for app_key in [*self._app_keys, *self._dead_keys]:
            base = f"{self._origin}{DEAD}" if app_key in self._dead_keys else self._origin
            await self.store.add_application(
                Application(
                    app_key=app_key,
                    tenant_id="t",
                    name=app_key,
                    mode=Mode.AXB,
                    secret="s3cret",
                    status_url=f"{base}/status",
                    cdr_url=f"{base}/cdr",
                    created_at=now,
                )
            )

    async def write_dead(self) -> None:
        """Queue events for receivers that never answer."""
        if self._dead_keys:
            count = BACKLOG_OF_DEAD * len(self._dead_keys)
            await self.write(Purpose.STATUS, count, self._dead_keys)

    async def write(self, purpose: Purpose, count: int, app_keys: Sequence[str] = ()) -> None:
        """Queue notices, spread over the applications, each of another call."""
        app_keys = app_keys or self._app_keys
        for start in range(0, count, 100):
            app_key = app_keys[start // 100 % len(app_keys)]
            self._calls += 1
            await self.store.save_call(
                call(app_key, self._calls),
                [
                    notice(app_key, purpose, self._calls * 1000 + number, self._origin)
                    for number in range(min(100, count - start))
                ],
            )

    def plane(self, settings: DeliverySettings) -> DeliveryPlane:
        """A plane on the store."""
        clock = SystemClock()
        return DeliveryPlane(
            store=self.store,
            lookup=Directory(self.store, clock).application,
            sign=sign,
            record_message=lambda entries: b"[" + b",".join(entries) + b"]",
            client=HttpPushClient(settings),
            clock=clock,
            ids=SystemIds(),
            settings=settings,
        )

    async def drain(self, plane: DeliveryPlane, count: int) -> tuple[float, float]:
        """Push what waits; returns seconds and CPU seconds."""
        began, cpu_began = time.perf_counter(), time.process_time()
        running = asyncio.create_task(plane.run())
        while plane.counters.delivered < count or plane.counters.unsettled:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)
        took, cpu = time.perf_counter() - began, time.process_time() - cpu_began
        await plane.close()
        await running
        return took, cpu

    async def lone_latencies(self, pipe: Connection) -> list[float]:
        """Seconds from the commit of one event, hinted, to its acceptance."""
        plane = self.plane(SETTINGS)
        running = asyncio.create_task(plane.run())
        latencies: list[float] = []
        for _ in range(LONE_EVENTS):
            await asyncio.sleep(0.02)
            wanted = plane.counters.delivered + 1
            await self.write(Purpose.STATUS, 1)
            began = time.perf_counter()
            plane.hint()
            while plane.counters.delivered < wanted:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.0002)
            latencies.append(time.perf_counter() - began)
        await plane.close()
        await running
        pipe.send(Ask.TAKE)
        pipe.recv()
        return latencies


def report(name: str, seen: Took, notices: int, took: float, cpu: float) -> None:
    pushes, ids = seen.pushes, len(seen.arrivals)
    print(
        f"{name:34} {pushes / took:9.0f} pushes/s {notices / took:9.0f} notices/s "
        f"{cpu / pushes * 1e6:7.0f} us CPU a push   "
        f"{cpu / took:4.2f} cores   repeated {pushes - ids}"
    )


async def measure(arguments: argparse.Namespace, port: int, pipe: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), port, arguments.endpoints, arguments.dead)
        await bench.open()
        await bench.write_dead()
        name_of_events = f"events, {arguments.endpoints} receivers"
        name_of_events += f", {arguments.dead} dead" if arguments.dead else ""
        cases = (
            (name_of_events, Purpose.STATUS, arguments.events),
            ("records, merged by 50", Purpose.RECORD, arguments.records),
        )
        for name, purpose, count in cases:
            await bench.write(purpose, count)
            took, cpu = await bench.drain(bench.plane(SETTINGS), count)
            pipe.send(Ask.TAKE)
            report(name, pipe.recv(), count, took, cpu)
        latencies = sorted(await bench.lone_latencies(pipe))
        print(
            f"{'lone event, hint to acceptance':34} "
            f"p50 {statistics.median(latencies) * 1e3:.2f} ms   "
            f"p99 {latencies[int(len(latencies) * 0.99)] * 1e3:.2f} ms"
        )
        await bench.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="pushes per second, end to end")
    parser.add_argument("--events", type=int, default=30_000)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--endpoints", type=int, default=20)
    parser.add_argument("--dead", type=int, default=0, help="of the endpoints")
    arguments = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=receive, args=(theirs, cores[-1]), daemon=True
    )
    process.start()
    os.sched_setaffinity(0, {cores[0]})
    uvloop.run(measure(arguments, ours.recv(), ours))
    ours.send(Ask.END)
    process.join(timeout=5)


if __name__ == "__main__":
    main()
