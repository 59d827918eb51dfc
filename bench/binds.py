"""How many durable binds a second one server core takes over HTTP, end to end.

    python bench/binds.py [folder] [--binds N]

The server (uvicorn, uvloop, httptools, SQLite in a new folder below `folder`) runs on one core,
the client with keep-alive connections and pre-signed requests on another. Prints binds per second,
latency and the server's CPU a bind, for several numbers of requests in flight.
"""

import argparse
import asyncio
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, cast

import uvicorn
import uvloop
from _load import APP_KEY, SECRET, binds, drive
from _machine import cpu_seconds, pin

from maskline.api.server import create_api
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import load_areas
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.binding import BindingDesk
from maskline.services.clock import SystemClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.prompt import FixedPrompts
from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore

NUMBERS = [f"+86170{index:08}" for index in range(400)]
BINDS = 20_000
SERVER_CORE, CLIENT_CORE = 0, 1
TARGET_BINDS_S, TARGET_P99_MS = 5_000, 15.0


async def serve(folder: Path) -> None:
    """Serve until standard input ends; the port goes to standard output."""
    clock = SystemClock()
    store = SqliteStore(folder / "bench.db", FixedKeys(), clock=clock)
    await store.open()
    await fill(store)
    desk = BindingDesk(store, clock, SystemIds(), load_areas(), FixedPrompts())
    api = create_api(desk, Directory(store, clock), clock)
    config = uvicorn.Config(
        cast("Any", api),
        http="httptools",
        loop="none",
        lifespan="off",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
    )
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listening]))
    print(listening.getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await running
    await store.close()


async def fill(store: SqliteStore) -> None:
    now = datetime.now(UTC)
    await store.add_tenant(Tenant(tenant_id="t", name="bench", created_at=now))
    await store.add_application(
        Application(
            app_key=APP_KEY,
            tenant_id="t",
            name="bench",
            mode=Mode.AXB,
            secret=SECRET,
            created_at=now,
        )
    )
    rows = [
        VirtualNumber(number=x, app_key=APP_KEY, area_code="0755", created_at=now) for x in NUMBERS
    ]
    await store.add_numbers(rows)


async def measure(pid: int, port: int, requests: Sequence[bytes], in_flight: int) -> str:
    cpu, start = cpu_seconds(pid), time.perf_counter()
    connections = await drive(port, requests, in_flight)
    took, cpu = time.perf_counter() - start, cpu_seconds(pid) - cpu
    latencies = sorted(latency for c in connections for latency in c.latencies)
    results = sum((connection.results for connection in connections), Counter[str]())
    errors = {name: amount for name, amount in results.items() if name != "ok"}
    p50, p99 = (latencies[int(len(latencies) * share)] * 1e3 for share in (0.5, 0.99))
    line = (
        f"{results['ok'] / took:>8,.0f} binds/s   p50 {p50:5.1f} ms   p99 {p99:5.1f} ms   "
        f"{cpu / len(requests) * 1e6:5.0f} us CPU   errors {errors or 'none'}"
    )
    is_met = results["ok"] / took >= TARGET_BINDS_S and p99 < TARGET_P99_MS and not errors
    return line + ("" if is_met else "   (target missed)")


async def bench(pid: int, port: int, amount: int) -> None:
    serials = count(1)
    await drive(port, binds(serials, amount // 10, NUMBERS), 16)
    for in_flight, chosen in ((16, False), (32, False), (64, False), (64, True)):
        requests = binds(serials, amount, NUMBERS, chosen=chosen)
        line = await measure(pid, port, requests, in_flight)
        print(f"{in_flight:>3} in flight, {'X chosen' if chosen else 'X given ':<8} {line}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--binds", type=int, default=BINDS, help="requests of each measurement")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        pin(SERVER_CORE)
        uvloop.run(serve(arguments.folder))
        return
    pin(CLIENT_CORE)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        command = [sys.executable, __file__, folder, "--serve"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            uvloop.run(bench(server.pid, port, arguments.binds))
            print(f"target: {TARGET_BINDS_S:,} binds/s, p99 under {TARGET_P99_MS:.0f} ms")
            server.communicate()


if __name__ == "__main__":
    main()
