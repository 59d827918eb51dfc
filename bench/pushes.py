"""Pushes per second, end to end: outbox in the store, HTTP, settled in the store.

    python bench/pushes.py [--store sqlite postgres] [--receivers 20] [--events 30000]
    python bench/pushes.py --store postgres --receivers 1000 --dead 50

The plane with its store runs on one core; the receivers, each on a port of its own, and PostgreSQL
run on another. Prints one line a case: pushes/s, CPU a push of the plane's process and of the
database server, latency of a lone event.

With `--dead` the same events are pushed twice: first while nothing else waits, then beside that
many receivers more, which take a push and never answer and have a backlog before all others. What
is counted is what reaches the living. The last line says how much of the speed is left.
"""

import argparse
import asyncio
import logging
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import structlog
import uvloop
from _receiver import DEAD, Ask, Took, receive
from _server import Cpu, private_server, why_not

from maskline.api.signature import sign
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.call import Call
from maskline.domain.notice import Notice, Purpose
from maskline.planes.delivery.client import HttpPushClient
from maskline.planes.delivery.plane import DeliveryPlane
from maskline.planes.delivery.settings import DeliverySettings
from maskline.services.clock import SystemClock
from maskline.services.directory import Directory
from maskline.services.happening_log import FLUSH_S, HappeningLog
from maskline.services.ids import SystemIds
from maskline.services.push_log import PushLog
from maskline.stores.keys import FixedKeys
from maskline.stores.postgres import PostgresStore
from maskline.stores.sqlite import SqliteStore

EVENT = b'{"eventType":"callin","statusInfo":{"timestamp":"2026-11-20 10:00:00"%s}}' % (b" " * 300)
RECORD = b'{"direction":1,"spId":"sp","appKey":"app"%s}' % (b" " * 900)
SETTINGS = DeliverySettings(allow_private=True)
KEPT = replace(SETTINGS, delivered_retention=timedelta(days=3))
CORES = sorted(os.sched_getaffinity(0))
LONE_EVENTS = 200
BACKLOG_OF_DEAD = 100
NOTICES_OF_A_CALL = 100  # of different streams: only so that a backlog is written quickly


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a backlog took: pushes, seconds, CPU seconds of the plane and of the server."""

    seen: Took
    took_s: float
    cpu_s: float
    server_s: float

    @property
    def pushes_per_s(self) -> float:
        """How many the receivers accepted."""
        return self.seen.pushes / self.took_s

    def report(self, name: str, notices: int) -> None:
        """Print the line."""
        pushes = self.seen.pushes
        print(
            f"{name:42} {self.pushes_per_s:7.0f} pushes/s {notices / self.took_s:8.0f} notices/s "
            f"{self.cpu_s / pushes * 1e6:6.0f} us CPU a push, "
            f"{self.server_s / pushes * 1e6:4.0f} of the server "
            f"{self.cpu_s / self.took_s:5.2f} cores   repeated {pushes - len(self.seen.arrivals)}",
            flush=True,
        )


class Receivers:
    """The receivers' process."""

    def __init__(self, amount: int, core: int) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        arguments = (theirs, core, amount)
        self._process = context.Process(target=receive, args=arguments, daemon=True)
        self._process.start()
        self.origins = [f"http://127.0.0.1:{port}" for port in self._pipe.recv()]

    def take(self) -> Took:
        """What has come since it was taken the last time."""
        self._pipe.send(Ask.TAKE)
        return self._pipe.recv()

    def close(self) -> None:
        """End the process."""
        self._pipe.send(Ask.END)
        self._process.join(timeout=5)


class Bench:
    """A store with applications that each push to a receiver of their own."""

    def __init__(
        self, store: PostgresStore | SqliteStore, receivers: Receivers, server: Cpu
    ) -> None:
        self._store = store
        self._receivers = receivers
        self._server = server
        self._serials = count()

    async def open(self, live: int, dead: int) -> None:
        """Make the applications."""
        self.is_kept = False
        await self._store.open()
        await self._store.add_tenant(Tenant(tenant_id="t", name="t", created_at=datetime.now(UTC)))
        origins = self._receivers.origins
        self._live = dict(zip((f"app{number}" for number in range(live)), origins, strict=False))
        self._dead = {
            f"dead{number}": origin for number, origin in enumerate(origins[live : live + dead])
        }
        for app_key, origin in self._live.items():
            await self._add(app_key, origin)
        for app_key, origin in self._dead.items():
            await self._add(app_key, origin + DEAD)

    async def close(self) -> None:
        """Let go of the store."""
        await self._store.close()

    async def events(self, amount: int, *, beside_dead: bool = False) -> Outcome:
        """Events by turns to each of the living."""
        if beside_dead:
            await self._write(Purpose.STATUS, BACKLOG_OF_DEAD * len(self._dead), self._dead)
        await self._write(Purpose.STATUS, amount, self._live)
        return await self._drain(amount)

    async def records(self, amount: int) -> Outcome:
        """Call records, which are merged."""
        await self._write(Purpose.RECORD, amount, self._live)
        return await self._drain(amount)

    async def lone_latencies(self) -> list[float]:
        """Seconds from the commit of one event, hinted, to its acceptance; sorted."""
        plane = self._plane()
        running = asyncio.create_task(plane.run())
        latencies: list[float] = []
        for _ in range(LONE_EVENTS):
            await asyncio.sleep(0.02)
            wanted = plane.counters.delivered + 1
            await self._write(Purpose.STATUS, 1, self._live)
            began = time.perf_counter()
            plane.hint()
            while plane.counters.delivered < wanted:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.0002)
            latencies.append(time.perf_counter() - began)
        await plane.close()
        await running
        self._receivers.take()
        return sorted(latencies)

    async def _add(self, app_key: str, base: str) -> None:
        await self._store.add_application(
            Application(
                app_key=app_key,
                tenant_id="t",
                name=app_key,
                mode=Mode.AXB,
                secret="s3cret",
                status_url=f"{base}/status",
                cdr_url=f"{base}/cdr",
                created_at=datetime.now(UTC),
            )
        )

    async def _write(self, purpose: Purpose, amount: int, origins: dict[str, str]) -> None:
        app_keys = list(origins)
        notices = [
            notice(app_keys[index % len(app_keys)], purpose, next(self._serials), origins)
            for index in range(amount)
        ]
        for start in range(0, amount, NOTICES_OF_A_CALL):
            some = notices[start : start + NOTICES_OF_A_CALL]
            await self._store.save_call(call(some[0]), some)

    async def _drain(self, amount: int) -> Outcome:
        plane = self._plane()
        began, cpu_began, server_began = time.perf_counter(), time.process_time(), self._server()
        running = asyncio.create_task(plane.run())
        noting = asyncio.create_task(self._note())
        while plane.counters.delivered < amount:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)
        took_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu_began
        server_s = self._server() - server_began
        await plane.close()
        await running
        noting.cancel()
        return Outcome(self._receivers.take(), took_s, cpu_s, server_s)

    async def _note(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            await self._log.flush()

    def _plane(self) -> DeliveryPlane:
        clock = SystemClock()
        self._log = HappeningLog(self._store, clock)
        return DeliveryPlane(
            store=self._store,
            lookup=Directory(self._store, clock, is_told=True).application,
            sign=sign,
            record_message=lambda entries: b"[" + b",".join(entries) + b"]",
            client=HttpPushClient(SETTINGS),
            clock=clock,
            ids=SystemIds(),
            settings=KEPT if self.is_kept else SETTINGS,
            made=PushLog(self._log).made if self.is_kept else None,
        )


def notice(app_key: str, purpose: Purpose, serial: int, origins: dict[str, str]) -> Notice:
    return Notice(
        notice_id=f"notice-{serial}",
        stream=f"stream-{serial}",
        app_key=app_key,
        purpose=purpose,
        origin=origins[app_key],
        body=EVENT if purpose is Purpose.STATUS else RECORD,
        created_at=datetime.now(UTC),
    )


def call(of: Notice) -> Call:
    return Call(
        session_id=of.stream,
        icid=of.stream,
        host="bench",
        app_key=of.app_key,
        tenant_id="t",
        mode=Mode.AXB,
        x="+8617000000001",
        caller="+8613900000001",
        arrived_at=of.created_at,
    )


@contextmanager
def opened_store(kind: str) -> Iterator[tuple[PostgresStore | SqliteStore, Cpu]]:
    """A store of its own; the server of PostgreSQL runs on the other core."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield SqliteStore(Path(folder) / "bench.db", FixedKeys()), lambda: 0.0
        return
    os.sched_setaffinity(0, {CORES[-1]})  # the server begins with what this process has
    with private_server() as (cluster, cpu):
        os.sched_setaffinity(0, {CORES[0]})
        yield PostgresStore(cluster.socket_url(cluster.create()), FixedKeys()), cpu


async def measure(bench: Bench, kind: str, asked: argparse.Namespace) -> None:
    """All cases of one store."""
    await bench.open(asked.receivers, asked.dead)
    bench.is_kept = asked.kept
    name = f"{kind}: events, {asked.receivers} receivers"
    alone = await bench.events(asked.events)
    alone.report(name, asked.events)
    if asked.dead:
        beside = await bench.events(asked.events, beside_dead=True)
        beside.report(f"{name} and {asked.dead} dead", asked.events)
        print(f"beside the dead: {beside.pushes_per_s / alone.pushes_per_s:.2f} of the speed")
    elif asked.records:
        await measure_others(bench, kind, asked.records)
    await bench.close()


async def measure_others(bench: Bench, kind: str, records: int) -> None:
    """Call records, and events that come one by one."""
    outcome = await bench.records(records)
    outcome.report(f"{kind}: records, merged by 50", records)
    latencies = await bench.lone_latencies()
    print(
        f"{kind + ': lone event, hint to acceptance':42} "
        f"p50 {statistics.median(latencies) * 1e3:.2f} ms   "
        f"p99 {latencies[int(len(latencies) * 0.99)] * 1e3:.2f} ms",
        flush=True,
    )


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="pushes per second, end to end")
    add = parser.add_argument
    add("--store", nargs="+", choices=("sqlite", "postgres"), default=["sqlite"])
    add("--receivers", type=int, default=20, help="each of an application of its own (20)")
    add("--dead", type=int, default=0, help="beside them: they never answer (0)")
    add("--events", type=int, default=30_000, help="of all receivers together (30000)")
    add(
        "--records",
        type=int,
        default=50_000,
        help="0 to leave out what is not events, as --dead does (50000)",
    )
    add("--kept", action="store_true", help="keep delivered notices and tries, as servers do")
    return parser.parse_args()


def main() -> None:
    asked = read_arguments()
    if "postgres" in asked.store and (reason := why_not()) is not None:
        sys.exit(reason)
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet)  # the dead would fill the screen
    receivers = Receivers(asked.receivers + asked.dead, CORES[-1])
    os.sched_setaffinity(0, {CORES[0]})
    for kind in asked.store:
        with opened_store(kind) as (store, server):
            uvloop.run(measure(Bench(store, receivers, server), kind, asked))
    receivers.close()


if __name__ == "__main__":
    main()
