"""The same load on 1, 2 and 4 processes of maskline that share one PostgreSQL on this machine."""

import argparse
import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import uvloop
from _backlog import add_at_once, events, tell, wait_until_shared_out
from _load import APP_KEY, SECRET, binds, drive
from _machine import Meter, Usage
from _receiver import DEAD, Ask, Took, receive
from _server import Cluster, Cpu, copied, free_port, private_server, why_not
from _workers import running

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.virtual_number import VirtualNumber
from maskline.stores.keys import KEY_SIZE, FixedKeys, write_key
from maskline.stores.postgres import PostgresStore

HELP = """
Runs `maskline serve --planes api --workers N` and `--planes delivery --workers N` against a private
PostgreSQL with its usual durability, for each N of --processes, and prints two tables:

  binds    signed binds over HTTP, one after the other on each of --in-flight connections
  pushes   events drained from the queue to a fast receiver: --endpoints, of which --dead take a
           push and never answer. The latency is that of single events, 200 a second, from their
           commit to their arrival: mostly the wait for the next look at the queue (0.2 s)

Nothing is pinned: maskline, PostgreSQL and the load share the cores. "us" are microseconds of CPU
for one bind or push, "cores busy" is maskline's part and what the whole machine did, others' work
too. Once all cores are busy, more processes bring nothing: the load takes its part of them.

Ends with code 1 when a bind was not acknowledged, when there are not as many rows as acknowledged
binds, when a notice was not pushed or pushed twice.
"""
EXAMPLES = """
examples:
  python bench/scaling.py
  python bench/scaling.py --only binds --processes 1,2 --seconds 10
  python bench/scaling.py --only pushes --dead 0      # what the dead ones cost the others
"""
NUMBERS = [f"+86170{index:08}" for index in range(2_000)]
KEY = bytes(KEY_SIZE)
BINDS_PER_S, PUSHES_PER_S = 8_000, 2_500  # made ready for each second of measuring
WARMING_BINDS = 500
BACKLOG_OF_DEAD = 20
LONE_EVENTS, LONE_GAP_S = 400, 0.005
PATIENCE_S = 60.0  # for pushes, beyond the time that is asked for


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did in `took_s`; latencies in seconds; `faults` are sentences."""

    done: int
    took_s: float
    latencies: Sequence[float]
    used: Usage
    faults: Sequence[str]

    def row(self, processes: int) -> str:
        """A row of the table."""
        used, took_s, latencies = self.used, self.took_s, sorted(self.latencies) or [0.0]
        p50, p99 = (latencies[int(len(latencies) * share)] * 1e3 for share in (0.5, 0.99))
        parts = (used.ours, used.database, used.load)
        each = [f"{seconds / max(self.done, 1) * 1e6:,.0f}" for seconds in parts]
        busy = f"{used.ours / took_s:.2f}, all {used.machine / took_s:.2f} of {os.cpu_count()}"
        cells = (f"{self.done / took_s:,.0f}", f"{p50:.1f}", f"{p99:.1f}", *each, busy)
        return f"| {processes} | {' | '.join(cells)} |"


class Receiver:
    """The receiver's process, and what it has seen."""

    def __init__(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=receive, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()  # so that its end is noticed
        self.origin = f"http://127.0.0.1:{self._pipe.recv()[0]}"

    @property
    def pid(self) -> int:
        """Of its process."""
        assert self._process.pid is not None
        return self._process.pid

    async def wait_for(self, pushes: int, timeout_s: float) -> None:
        """Until so many have come since the last `take`, or the time is over."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            self._pipe.send(Ask.COUNT)
            if self._pipe.recv() >= pushes:
                return
            await asyncio.sleep(0.02)

    def take(self) -> Took:
        """What has come since it was taken the last time."""
        self._pipe.send(Ask.TAKE)
        return self._pipe.recv()

    def close(self) -> None:
        """End the process."""
        self._pipe.send(Ask.END)
        self._process.join(timeout=5)


class Bench:
    """Runs on one PostgreSQL server, each with a copy of the same database."""

    def __init__(self, cluster: Cluster, cpu: Cpu, folder: Path, asked: argparse.Namespace) -> None:
        self._cluster, self._cpu, self._folder, self._asked = cluster, cpu, folder, asked
        self._prepared = cluster.create()
        self.receiver = Receiver()
        self._live = [f"live-{index}" for index in range(asked.endpoints - asked.dead)]
        self._dead = [f"dead-{index}" for index in range(asked.dead)]

    async def prepare(self) -> None:
        """Make a tenant with numbers and endpoints."""
        now, live = datetime.now(UTC), self.receiver.origin
        bases = dict.fromkeys([APP_KEY, *self._live], live) | dict.fromkeys(self._dead, live + DEAD)
        async with opened(self._cluster.socket_url(self._prepared)) as store:
            await store.add_tenant(Tenant(tenant_id="t", name="bench", created_at=now))
            for app_key, base in bases.items():
                one = Application(
                    app_key=app_key,
                    tenant_id="t",
                    name=app_key,
                    mode=Mode.AXB,
                    secret=SECRET,
                    status_url=f"{base}/status",
                    created_at=now,
                )
                await store.add_application(one)
            numbers = [
                VirtualNumber(number=x, app_key=APP_KEY, area_code="0755", created_at=now)
                for x in NUMBERS
            ]
            await store.add_numbers(numbers)

    def binds(self, processes: int) -> Outcome:
        """Binds over HTTP, for the seconds that are asked for."""
        port = free_port()
        with self._workers("api", processes, port) as (url, workers):
            return uvloop.run(self._bind(url, port, workers))

    def pushes(self, processes: int) -> Outcome:
        """A backlog of events that is drained, then single events."""
        with self._workers("delivery", processes, free_port()) as (url, workers):
            return uvloop.run(self._push(url, workers))

    @contextmanager
    def _workers(self, planes: str, processes: int, port: int) -> Iterator[tuple[str, list[int]]]:
        name = f"{planes}_{processes}"
        url = copied(self._cluster, self._prepared, name)
        environ = {"MASKLINE_STORE_URL": url, "MASKLINE_MASTER_KEY": write_key(KEY)}
        with running(self._folder / name, planes, processes, port, environ) as workers:
            yield url, workers

    async def _bind(self, url: str, port: int, workers: Sequence[int]) -> Outcome:
        serials, seconds, in_flight = count(1), self._asked.seconds, self._asked.in_flight
        warming = await drive(port, binds(serials, WARMING_BINDS, NUMBERS), in_flight)
        requests = binds(serials, int(BINDS_PER_S * seconds), NUMBERS)
        meter, began = Meter(workers, os.getpid(), self._cpu), time.perf_counter()
        measured = await drive(port, until(began + seconds, requests), in_flight)
        took_s, used = time.perf_counter() - began, meter.used()
        results = sum((one.results for one in [*warming, *measured]), Counter[str]())
        acknowledged = results.pop("ok", 0)
        faults = [f"{amount} times {told}" for told, amount in results.items()]
        with psycopg.connect(url) as connection:
            ((rows,),) = connection.execute("SELECT count(*) FROM binding").fetchall()
        if rows != acknowledged:
            faults.append(f"{acknowledged} binds acknowledged, {rows} rows")
        latencies = [latency for one in measured for latency in one.latencies]
        return Outcome(len(latencies), took_s, latencies, used, faults)

    async def _push(self, url: str, workers: Sequence[int]) -> Outcome:
        receiver, origin = self.receiver, self.receiver.origin
        amount = int(PUSHES_PER_S * self._asked.seconds)
        dead = events("dead", BACKLOG_OF_DEAD * len(self._dead), self._dead, origin)
        await wait_until_shared_out(url, len(workers))
        async with opened(url) as store:
            await add_at_once(store, dead + events("event", amount, self._live, origin))
            meter, began = Meter(workers, receiver.pid, self._cpu), time.monotonic()
            await receiver.wait_for(amount, self._asked.seconds + PATIENCE_S)
            used, drained = meter.used(), receiver.take()
            ended = max(drained.arrivals.values(), default=time.monotonic())
            latencies, lone = await self._lone(store)
        faults = [*pushed_wrong("backlog", amount, drained), *pushed_wrong("single", *lone)]
        return Outcome(len(drained.arrivals), ended - began, latencies, used, faults)

    async def _lone(self, store: PostgresStore) -> tuple[list[float], tuple[int, Took]]:
        """Seconds from the commit of single events to their arrival; how many, what came."""
        telling: dict[bytes, asyncio.Task[float]] = {}
        for notice in events("lone", LONE_EVENTS, self._live, self.receiver.origin):
            telling[notice.notice_id.encode()] = asyncio.create_task(tell(store, notice))
            await asyncio.sleep(LONE_GAP_S)
        await asyncio.gather(*telling.values())
        await self.receiver.wait_for(len(telling), PATIENCE_S)
        took = self.receiver.take()
        latencies = [
            took.arrivals[name] - told.result()
            for name, told in telling.items()
            if name in took.arrivals
        ]
        return latencies, (len(telling), took)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[PostgresStore]:
    store = PostgresStore(url, FixedKeys(KEY))
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def until(deadline: float, requests: Sequence[bytes]) -> Iterator[bytes]:
    for request in requests:
        if time.perf_counter() >= deadline:
            return
        yield request


def pushed_wrong(what: str, notices: int, took: Took) -> Iterator[str]:
    """What is wrong with pushes of so many notices."""
    if len(took.arrivals) != notices:
        yield f"{what}: {notices} notices, {len(took.arrivals)} arrived"
    if took.pushes != len(took.arrivals):
        yield f"{what}: {took.pushes - len(took.arrivals)} pushed again"


def run(bench: Bench, asked: argparse.Namespace) -> bool:
    """Print the tables; whether nothing was lost."""
    is_sound = True
    for what, measure in (("binds", bench.binds), ("pushes", bench.pushes)):
        if asked.only not in {None, what}:
            continue
        heads = (f"{what}/s", "p50 ms", "p99 ms", "us maskline", "us PostgreSQL", "us load")
        print(f"\n| processes | {' | '.join(heads)} | cores busy |\n|{' --- |' * 8}", flush=True)
        for processes in asked.processes:
            outcome = measure(processes)
            print(outcome.row(processes), *outcome.faults, sep="\n  WRONG: ", flush=True)
            is_sound = is_sound and not outcome.faults
    return is_sound


def numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\n{HELP}",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--processes", type=numbers, default=[1, 2, 4], help="N, comma-separated (1,2,4)")
    add("--seconds", type=float, default=4.0, help="of binds, and of 2,500 pushes each (4)")
    add("--only", choices=("binds", "pushes"), help="one table")
    add("--in-flight", type=int, default=64, help="connections that bind (64)")
    add("--endpoints", type=int, default=1_000, help="receivers of pushes (1000)")
    add("--dead", type=int, default=50, help="of them that never answer (50)")
    return parser.parse_args()


def main() -> None:
    asked = read_arguments()
    if (reason := why_not()) is not None:
        sys.exit(reason)
    with private_server() as (cluster, cpu), tempfile.TemporaryDirectory() as folder:
        bench = Bench(cluster, cpu, Path(folder), asked)
        uvloop.run(bench.prepare())
        is_sound = run(bench, asked)
        bench.receiver.close()
    print("\nnothing lost, nothing twice" if is_sound else "\nsomething is WRONG, see above")
    sys.exit(0 if is_sound else 1)


if __name__ == "__main__":
    main()
