"""How many durable binds a second one server core takes over HTTP, end to end.

    python bench/binds.py [folder] [--binds N]

The server (uvicorn, uvloop, httptools, SQLite in a new folder below `folder`) runs on one core,
the client with keep-alive connections and pre-signed requests on another. Prints binds per second,
latency and the server's CPU a bind, for several numbers of requests in flight.
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, cast

import uvicorn
import uvloop

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

PATH = "/rest/caas/relationnumber/partners/v1.0"
APP_KEY, SECRET = "bench", "bench secret"
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


def sign(serial: int, body: bytes) -> bytes:
    """A whole request, as a customer's server sends it."""
    nonce = f"{serial:032X}"
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    mac = hmac.digest(SECRET.encode(), f"{nonce}{created}".encode(), hashlib.sha256)
    head = (
        f"POST {PATH} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "Content-Type: application/json;charset=UTF-8\r\n"
        'Authorization: AKSK realm="SDP",profile="UsernameToken",type="Appkey"\r\n'
        f'X-AKSK: UsernameToken Username="{APP_KEY}",'
        f'PasswordDigest="{base64.b64encode(mac).decode()}",'
        f'Nonce="{nonce}",Created="{created}"\r\n'
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def binds(serials: Iterator[int], amount: int, *, chosen: bool) -> list[bytes]:
    """Signed binds of pairs that never come twice; with `chosen` the server chooses X."""
    made: list[bytes] = []
    for _ in range(amount):
        serial = next(serials)
        x = {"areaCode": "0755"} if chosen else {"relationNum": NUMBERS[serial % len(NUMBERS)]}
        fields = {
            "callerNum": f"+86139{serial:08}",
            "calleeNum": f"+86138{serial:08}",
            "callDirection": 0,
            "duration": 86400,
            "recordFlag": "false",
            "maxDuration": 60,
            "userData": f"trip-{serial}",
        }
        made.append(sign(serial, json.dumps(x | fields).encode()))
    return made


class Connection(asyncio.Protocol):
    """Sends the next request when the answer to the one before is complete."""

    def __init__(self, waiting: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self._waiting = waiting
        self._done = done
        self._buffer = b""
        self._sent_at = 0.0
        self._transport: asyncio.WriteTransport | None = None
        self.latencies: list[float] = []
        self.results: Counter[str] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator or len(body) < content_length(head):
            return
        self.latencies.append(time.perf_counter() - self._sent_at)
        self.results["ok" if b'"resultcode":"0"' in body else body.decode()[:80]] += 1
        self._buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        if not self._done.done():
            self.results[f"connection lost: {exc}"] += 1
            self._done.set_result(None)

    def _next(self) -> None:
        request = next(self._waiting, None)
        assert self._transport is not None
        if request is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


def content_length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])


async def drive(port: int, requests: Sequence[bytes], in_flight: int) -> list[Connection]:
    """Send all requests over `in_flight` connections, one at a time on each."""
    loop = asyncio.get_running_loop()
    waiting = iter(requests)
    ends = [loop.create_future() for _ in range(in_flight)]
    made = [
        await loop.create_connection(lambda end=end: Connection(waiting, end), "127.0.0.1", port)
        for end in ends
    ]
    await asyncio.gather(*ends)
    return [connection for _, connection in made]


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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
    await drive(port, binds(serials, amount // 10, chosen=False), 16)
    for in_flight, chosen in ((16, False), (32, False), (64, False), (64, True)):
        requests = binds(serials, amount, chosen=chosen)
        line = await measure(pid, port, requests, in_flight)
        print(f"{in_flight:>3} in flight, {'X chosen' if chosen else 'X given ':<8} {line}")


def pin(core: int) -> None:
    allowed = os.sched_getaffinity(0)
    if core in allowed and len(allowed) > 1:
        os.sched_setaffinity(0, {core})


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
