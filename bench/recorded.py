"""Measure recorded calls on the embedded engine and on rtpengine, one after the other.

Run `python bench/recorded.py [--calls 400] [--seconds 10] [--engine embedded|rtpengine]`. Both get
the same load: a process of its own plays both parties of every call on the loopback interface, 50
packets a second each. Without rtpengine on this machine its part is left out, and said so.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from maskline.planes.media.embedded import EmbeddedEngine
from maskline.planes.media.engine import (
    AudioCodec,
    EngineGone,
    MediaEngine,
    MediaPeer,
    RecordFile,
    RecordingDone,
    RecordRule,
    Side,
)
from maskline.planes.media.rtpengine.engine import RtpengineEngine
from maskline.planes.media.rtpengine.settings import RtpengineSettings
from maskline.planes.media.settings import EmbeddedSettings
from maskline.protocols.recording import NONCE_BYTES, Cipher, make_head

PARTIES = Path(__file__).with_name("media.py")
MEMORY = Path("/dev/shm")  # noqa: S108 - captures in clear go to memory, as operators are told to
DAEMON_READY_S = 10.0
FINISHED_WITHIN_S = 120.0
SETTLE_S = 3.0
"""Between two engines: what the first left to the disk must not cost the second."""


@dataclass
class Candidate:
    """An engine that is running, the processes that carry its media, and what it recorded."""

    name: str
    engine: MediaEngine
    processes: dict[str, Callable[[], int | None]]
    done: list[RecordingDone]
    is_converting: bool = False
    """Makes its recordings after the calls, in a process that ends with the engine."""
    spent: dict[str, float] = field(default_factory=dict)

    def cpu(self) -> dict[str, float]:
        """CPU time of each process so far."""
        return {name: cpu_seconds(pid()) for name, pid in self.processes.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--engine", choices=("embedded", "rtpengine"))
    options = parser.parse_args()
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger("warning"),
    )
    asyncio.run(compare(options))


async def compare(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if options.engine != "rtpengine":
            async with embedded() as candidate:
                await measure(candidate, options, Path(folder))
            await asyncio.sleep(SETTLE_S)
        if options.engine == "embedded":
            return
        if (program := shutil.which("rtpengine")) is None:
            print("rtpengine             not installed: not measured")
            return
        async with rtpengine(program, options.calls) as candidate:
            await measure(candidate, options, Path(folder))


@asynccontextmanager
async def embedded() -> AsyncIterator[Candidate]:
    done: list[RecordingDone] = []
    engine = EmbeddedEngine(EmbeddedSettings(first_port=20000, last_port=29999), done.append)
    await engine.start()
    processes = {
        "media worker": lambda: engine.worker_pid,
        "recorder": lambda: engine.recorder_pid,
    }
    try:
        yield Candidate("embedded", engine, processes, done)
    finally:
        await engine.aclose()


@asynccontextmanager
async def rtpengine(program: str, calls: int) -> AsyncIterator[Candidate]:
    done: list[RecordingDone] = []
    parent = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=parent) as folder, daemon(program, folder) as (pid, port):
        settings = RtpengineSettings(
            instances=(f"127.0.0.1:{port}",),
            dtmf_port=0,
            teardown_port=0,
            recording_dir=Path(folder),
            max_calls=calls,
        )
        engine = RtpengineEngine(settings, done.append)
        await start(engine)
        try:
            yield Candidate("rtpengine", engine, {"rtpengine": lambda: pid}, done, True)
        finally:
            await engine.aclose()


@contextmanager
def daemon(program: str, folder: str) -> Iterator[tuple[int, int]]:
    """Run an rtpengine without its kernel module; its process id and control port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            program,
            *("--config-file=none", "--foreground", "--log-stderr", "--log-level=3"),
            *("--table=-1", "--interface=pub/127.0.0.1", f"--listen-ng=127.0.0.1:{port}"),
            *("--port-min=30000", "--port-max=32999", "--num-threads=2", "--delete-delay=0"),
            *("--recording-method=pcap", "--recording-format=eth", f"--recording-dir={folder}"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


async def start(engine: RtpengineEngine) -> None:
    async with asyncio.timeout(DAEMON_READY_S):
        while True:
            try:
                await engine.start()
            except EngineGone:
                await asyncio.sleep(0.1)
            else:
                return


async def measure(candidate: Candidate, options: argparse.Namespace, folder: Path) -> None:
    engine, calls = candidate.engine, options.calls
    parties = await asyncio.create_subprocess_exec(
        *(sys.executable, str(PARTIES), "--parties", str(2 * calls)),
        *("--seconds", str(options.seconds)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    assert parties.stdin is not None
    assert parties.stdout is not None
    ports = json.loads(await parties.stdout.readline())
    targets: list[tuple[int, None]] = []
    for call in range(calls):
        targets += await set_up(engine, call, ports[2 * call : 2 * call + 2])
    for call in range(calls):
        await engine.record(f"bench-{call}", new_rule(folder, f"{candidate.name}-{call}.wav"))
    before = candidate.cpu()
    parties.stdin.write(json.dumps(targets).encode() + b"\n")
    result = json.loads(await parties.stdout.readline())
    after = candidate.cpu()
    await parties.wait()
    of_children = cpu_of_children()
    began = time.monotonic()
    lengths = [await engine.stop_record(f"bench-{call}") for call in range(calls)]
    for call in range(calls):
        await engine.close(f"bench-{call}")
    async with asyncio.timeout(FINISHED_WITHIN_S):
        while len(candidate.done) < calls:  # noqa: ASYNC110 - another process makes them
            await asyncio.sleep(0.02)
    finished_s = time.monotonic() - began
    await engine.aclose()
    for name in before:
        candidate.spent[name] = 1000 * (after[name] - before[name]) / calls / result["seconds"]
    if candidate.is_converting:
        spent = cpu_of_children() - of_children
        candidate.spent["converter"] = 1000 * spent / sum(lengths)
    print_calls(candidate, calls, result)
    print_recordings(candidate.done, lengths, finished_s)


async def set_up(engine: MediaEngine, call: int, ports: list[int]) -> list[tuple[int, None]]:
    """Open and bridge a call; where its parties are to send to, and that nobody encrypts."""
    call_id = f"bench-{call}"
    opened = await engine.open(call_id, lambda _: None)
    for side, port in zip(Side, ports, strict=True):
        await engine.connect(
            call_id, side, MediaPeer("127.0.0.1", port, AudioCodec("PCMA", 8), None)
        )
    await engine.bridge(call_id)
    return [(opened.caller.port, None), (opened.callee.port, None)]


def new_rule(folder: Path, name: str) -> RecordRule:
    head = make_head(
        cipher=Cipher.AES_256_GCM,
        channels=1,
        object_name=name,
        wrapped_key=bytes(60),
        nonce=os.urandom(NONCE_BYTES),
    )
    return RecordRule(file=RecordFile(str(folder / name), head, os.urandom(32)), limit_s=3600.0)


def print_calls(candidate: Candidate, calls: int, result: dict[str, float]) -> None:
    sent, received = result["sent"], result["received"]
    print(f"{candidate.name:<22}{calls} calls, recorded, for {result['seconds']:.1f} s")
    print(f"  packets             {sent:.0f} sent, {sent - received:.0f} lost", end="")
    print(f" ({100 * (sent - received) / sent:.3f} %)")
    print(f"  delay               p50 {result['p50']:.2f} ms, p99 {result['p99']:.2f} ms")
    for name, spent in candidate.spent.items():
        print(f"  CPU {name:<16}{spent:.2f} ms a call-second", end="")
        print(f" ({spent * calls / 10:.0f} % of a core)")


def print_recordings(done: list[RecordingDone], lengths: list[float], finished_s: float) -> None:
    kept = sum(one.duration_s for one in done)
    print(f"  recordings          {sum(one.duration_s > 0 for one in done)}", end="")
    print(f", {kept:.1f} s of {sum(lengths):.1f} s; the last {finished_s:.2f} s after the calls")


def cpu_seconds(pid: int | None) -> float:
    """CPU time of a process, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_of_children() -> float:
    """CPU time of the processes that this one has waited for."""
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    main()
