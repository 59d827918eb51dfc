"""Signalling: complete masked calls a second on one core, SIPp as both carriers on the other.

Each call is looked up, forwarded, answered and ended; its five events and its record are durable.
Nothing is pushed: the delivery plane is not run here (bench/pushes.py measures it).
"""

import argparse
import asyncio
import csv
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.binding import AxbBinding
from maskline.domain.trunk import Trunk
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.list_filter import CallFilter
from maskline.services.store import BindLimits, Page, RecordFilter
from maskline.stores.keys import keys_from_file
from maskline.stores.sqlite.store import SqliteStore

SCENARIOS = Path(__file__).parent / "scenarios"
PAIRS = 2000
START_TIMEOUT_S = 20.0
TICKS = os.sysconf("SC_CLK_TCK")


def on_core(core: int) -> list[str]:
    return ["taskset", "-c", str(core)]


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def prepare(data: Path, callee_port: int) -> None:
    """A tenant with one X, its pairs, and the trunks of the two carriers."""
    data.mkdir(mode=0o700, exist_ok=True)
    store = SqliteStore(data / "maskline.db", keys_from_file(data / "master.key"))
    await store.open()
    now = datetime.now(UTC)
    await store.add_tenant(Tenant(tenant_id="bench", name="bench", created_at=now))
    await store.add_application(
        Application(
            app_key="bench",
            tenant_id="bench",
            name="bench",
            mode=Mode.AXB,
            secret="secret",
            status_url="http://127.0.0.1:9/status",
            cdr_url="http://127.0.0.1:9/record",
            created_at=now,
        )
    )
    await store.add_numbers(
        [VirtualNumber(number="+8617000002001", app_key="bench", area_code="0755", created_at=now)]
    )
    bindings = [
        AxbBinding(
            binding_id=f"b{n}",
            app_key="bench",
            x="+8617000002001",
            a=f"+861390{n:07}",
            b=f"+861380{n:07}",
            user_data="bench",
            created_at=now,
            modified_at=now,
        )
        for n in range(PAIRS)
    ]
    await asyncio.gather(*(store.bind(b, BindLimits(pairs=5000), now, None) for b in bindings))
    await store.save_trunk(
        Trunk(name="callee", host="127.0.0.1", port=callee_port, inbound_from=("127.0.0.1/32",))
    )
    await store.close()


async def count(data: Path) -> tuple[int, int, int]:
    """Records, answered ones, and notices waiting."""
    store = SqliteStore(data / "maskline.db", keys_from_file(data / "master.key"))
    await store.open()
    records, page = 0, Page(limit=1000)
    while True:
        listed = await store.call_records(RecordFilter(), page)
        records += len(listed.rows)
        if listed.next is None:
            break
        page = Page(limit=1000, after=listed.next)
    live = await store.live_calls(CallFilter(), Page(limit=10_000))
    waiting, _ = await store.outbox_depth()
    await store.close()
    return records, len(live.rows), waiting


def cpu_s(pid: int) -> float:
    """User and system seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_kib(pid: int) -> int:
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def start_platform(data: Path, sip_port: int, core: int, *, media: str) -> subprocess.Popen[bytes]:
    config = data / "maskline.toml"
    http_port = free_port()
    config.write_text(
        f"[http]\nport={http_port}\ntls_port=0\n[sip]\nport={sip_port}\n"
        f'[store]\ndata="{data}"\n[media]\nengine="{media}"\n[log]\nlevel="warning"\n'
        "[calls]\nmax_calls=50000\n"
    )
    process = subprocess.Popen(
        [*on_core(core), sys.executable, "-m", "maskline", "serve", "--planes", "call,manage"],
        env={**os.environ, "MASKLINE_CONFIG": str(config)},
    )
    give_up = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < give_up:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", http_port)) == 0:
                return process
        time.sleep(0.1)
    process.kill()
    raise SystemExit("the platform did not start")


def sipp(arguments: list[str], core: int, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*on_core(core), "sipp", *arguments, "-nostdin", "-i", "127.0.0.1"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def last_stats(folder: Path) -> dict[str, str]:
    [path] = folder.glob("uac_*_.csv")
    with path.open() as file:
        return list(csv.DictReader(file, delimiter=";"))[-1]


def run(rate: int, seconds: int, hold_ms: int, media: str) -> dict[str, float]:
    """One measurement in a folder of its own."""
    platform_core, peer_core = 0, (os.cpu_count() or 2) - 1
    with tempfile.TemporaryDirectory(prefix="maskline-bench-") as name:
        folder = Path(name)
        data = folder / "data"
        sip_port, caller_port, callee_port = free_port(), free_port(), free_port()
        asyncio.run(prepare(data, callee_port))
        pairs = [f"+861390{n:07};+8617000002001" for n in range(PAIRS)]
        (folder / "pairs.csv").write_text("\n".join(["SEQUENTIAL", *pairs, ""]))
        platform = start_platform(data, sip_port, platform_core, media=media)
        callee = sipp(
            ["-sf", str(SCENARIOS / "uas.xml"), "-p", str(callee_port)], peer_core, folder
        )
        time.sleep(0.5)
        idle_kib, cpu_before = memory_kib(platform.pid), cpu_s(platform.pid)
        total = rate * seconds
        began = time.monotonic()
        caller = sipp(
            [f"127.0.0.1:{sip_port}", "-sf", str(SCENARIOS / "uac.xml"), "-inf", "pairs.csv",
             "-p", str(caller_port), "-r", str(rate), "-m", str(total), "-l", "20000",
             "-d", str(hold_ms), "-trace_stat", "-fd", "1", "-timeout", f"{seconds + 60}s"],
            peer_core,
            folder,
        )  # fmt: skip
        if hold_ms:
            time.sleep(min(seconds, hold_ms / 1000))
        peak_kib = memory_kib(platform.pid)
        caller.wait(timeout=seconds + 90)
        took = time.monotonic() - began
        time.sleep(0.5)
        cpu = cpu_s(platform.pid) - cpu_before
        stats = last_stats(folder)
        platform.send_signal(signal.SIGTERM)
        platform.wait(timeout=20)
        callee.kill()
        callee.wait()
        records, live, waiting = asyncio.run(count(data))
        done = int(stats["SuccessfulCall(C)"])
        return {
            "rate": rate,
            "calls": total,
            "done": done,
            "failed": int(stats["FailedCall(C)"]),
            "retransmitted": int(stats["Retransmissions(C)"]),
            "per_s": done / (took - hold_ms / 1000),
            "cpu_us": 1e6 * cpu / max(done, 1),
            "core": cpu / took,
            "records": records,
            "live": live,
            "notices": waiting,
            "kib_per_call": (peak_kib - idle_kib) / max(1, rate * hold_ms / 1000) if hold_ms else 0,
        }


def show(row: dict[str, float]) -> None:
    print(
        f"{row['rate']:>9} {row['per_s']:>8.0f} {row['failed']:>6} {row['retransmitted']:>6} "
        f"{row['cpu_us']:>11.0f} {row['core']:>5.0%} {row['records']:>8} "
        f"{row['notices'] / max(1, row['done']):>12.2f} {row['kib_per_call']:>13.1f}",
        flush=True,
    )


def is_sound(row: dict[str, float]) -> bool:
    """Every call that was made has its record and its six notices, and none hangs."""
    return (
        row["records"] == row["done"] == row["calls"]
        and row["notices"] == 6 * row["done"]
        and not row["live"]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", default="500,1000,1500", help="calls a second to offer")
    parser.add_argument("--seconds", type=int, default=10, help="how long each rate is offered")
    parser.add_argument("--held", type=int, default=1000, help="live calls of the last row; 0 none")
    parser.add_argument("--media", default="none", choices=["none", "embedded"])
    options = parser.parse_args()
    print(
        f"{'offered/s':>9} {'done/s':>8} {'failed':>6} {'resent':>6} {'us CPU/call':>11} "
        f"{'core':>5} {'records':>8} {'notices/call':>12} {'KiB/live call':>13}"
    )
    rows = []
    for rate in map(int, options.rates.split(",")):
        rows.append(run(rate, options.seconds, 0, options.media))
        show(rows[-1])
    if options.held:
        rows.append(run(options.held // 10, 12, 10_000, options.media))
        show(rows[-1])
    for row in rows:
        if row["failed"]:
            print(
                f"at {row['rate']} calls/s, {row['failed']} calls failed: more than one core does"
            )
        elif not is_sound(row):
            print(f"at {row['rate']} calls/s, records or notices are missing or too many")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
