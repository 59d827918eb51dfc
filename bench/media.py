"""Measure the embedded media engine: loss, delay and CPU of relayed calls; opens a second.

Run `python bench/media.py [--calls 200] [--seconds 10] [--transcode] [--record] [--prompt]
[--srtp]`. A process of its own plays both parties of every call on the loopback interface, 50
packets a second each. `--record` records every call, `--srtp` encrypts both sides; with `--prompt`
the parties are silent and a prompt is played to both sides of every call.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import structlog

from maskline.planes.media.embedded import EmbeddedEngine
from maskline.planes.media.engine import (
    AudioCodec,
    MediaPeer,
    Prompt,
    RecordFile,
    RecordRule,
    SdesKey,
    Side,
)
from maskline.planes.media.settings import EmbeddedSettings
from maskline.planes.media.srtp import Guard
from maskline.protocols.recording import Cipher, make_head

FRAME_S = 0.02
BEGIN_S = 1.0
"""Within which all calls begin, and end again."""

PACKET_BYTES = 172
STAMP = struct.Struct("!d")
PACKET = struct.Struct("!BBHIId")
GUARD_BYTES = 10
"""What encryption adds to a packet."""

ROUND_S = 0.001
TIMED_EVERY = 16
DRAIN_WITHIN_S = 1.0
"""How long packets of parties that are not timed wait: a fifth of what their sockets hold."""

SUITE = "AES_CM_128_HMAC_SHA1_80"
PARTY_KEY = SdesKey(1, SUITE, bytes(range(30)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--opens", type=int, default=2000)
    parser.add_argument("--transcode", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--prompt", action="store_true")
    parser.add_argument("--srtp", action="store_true")
    parser.add_argument("--parties", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.parties is not None:
        play_parties(
            options.parties,
            options.seconds,
            is_transcoded=options.transcode,
            is_relayed=not options.prompt,
        )
    else:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        asyncio.run(measure(options))


async def measure(options: argparse.Namespace) -> None:
    engine = EmbeddedEngine(EmbeddedSettings(first_port=20000, last_port=29999))
    await engine.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            await measure_relay(engine, options, Path(folder))
        await measure_opens(engine, options.opens, at_once=1)
        await asyncio.sleep(4.5)
        await measure_opens(engine, options.opens, at_once=50)
    finally:
        await engine.aclose()


async def measure_relay(engine: EmbeddedEngine, options: argparse.Namespace, folder: Path) -> None:
    calls = options.calls
    parties = await asyncio.create_subprocess_exec(
        *(sys.executable, __file__, "--parties", str(2 * calls)),
        *("--seconds", str(options.seconds)),
        *(("--transcode",) if options.transcode else ()),
        *(("--prompt",) if options.prompt else ()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    assert parties.stdin is not None
    assert parties.stdout is not None
    ports = json.loads(await parties.stdout.readline())
    codecs = (AudioCodec("PCMA", 8), AudioCodec("PCMU", 0) if options.transcode else None)
    keying = PARTY_KEY if options.srtp else None
    targets: list[tuple[int, str | None]] = []
    for call in range(calls):
        await engine.open(f"bench-{call}", lambda _: None)
        for side, port, codec in zip(Side, ports[2 * call : 2 * call + 2], codecs, strict=True):
            spoken = codec or AudioCodec("PCMA", 8)
            peer = MediaPeer("127.0.0.1", port, spoken, None, keying=keying)
            local = await engine.connect(f"bench-{call}", side, peer)
            ours = local.keying
            targets.append((local.port, ours.key.hex() if isinstance(ours, SdesKey) else None))
        await engine.bridge(f"bench-{call}")
        if options.record:
            await engine.record(f"bench-{call}", record_rule(folder, call))
        if options.prompt:
            await engine.play(f"bench-{call}", frozenset(Side), prompt_in(folder), None)
    before = cpu_seconds(engine.worker_pid)
    recorder_before = cpu_seconds(engine.recorder_pid)
    parties.stdin.write(json.dumps(targets).encode() + b"\n")
    result = json.loads(await parties.stdout.readline())
    spent = cpu_seconds(engine.worker_pid) - before
    recorder_spent = cpu_seconds(engine.recorder_pid) - recorder_before
    await parties.wait()
    for call in range(calls):
        await engine.close(f"bench-{call}")
    print_relay(calls, result, spent)
    print(f"recorder CPU          {1000 * recorder_spent / calls / options.seconds:.2f} ms", end="")
    print(" a call-second")


def record_rule(folder: Path, call: int) -> RecordRule:
    head = make_head(
        cipher=Cipher.AES_256_GCM,
        channels=1,
        object_name=f"{call}.rec",
        wrapped_key=b"wrapped",
        nonce=call.to_bytes(7, "big"),
    )
    return RecordRule(
        file=RecordFile(str(folder / f"{call}.rec"), head, bytes(range(32))), limit_s=3600
    )


def prompt_in(folder: Path) -> Prompt:
    path = folder / "prompt.wav"
    if not path.exists():
        chunks = b"fmt " + struct.pack("<IHHIIHH", 16, 6, 1, 8000, 8000, 1, 8)
        chunks += b"data" + struct.pack("<I", 80_000) + b"\xd5" * 80_000
        path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
    return Prompt(str(path))


def print_relay(calls: int, result: dict[str, float], spent: float) -> None:
    sent, received = result["sent"], result["received"]
    print(f"calls                 {calls} for {result['seconds']:.1f} s")
    if sent:
        print(f"packets               {sent:.0f} sent, {sent - received:.0f} lost", end="")
        print(f" ({100 * (sent - received) / sent:.3f} %)")
    else:
        per_second = received / 2 / calls / result["seconds"]
        print(f"packets of prompts    {received:.0f}, {per_second:.1f} a second and side")
    print(
        f"worker CPU            {1000 * spent / calls / result['seconds']:.2f} ms a call-second",
        end="",
    )
    print(f" ({100 * spent / result['seconds']:.0f} % of a core)")
    if sent:
        print(f"delay                 p50 {result['p50']:.2f} ms, p99 {result['p99']:.2f} ms")


async def measure_opens(engine: EmbeddedEngine, opens: int, at_once: int) -> None:
    async def run(lane: int) -> None:
        for number in range(opens // at_once):
            await engine.open(f"{lane}-{number}", lambda _: None)
            await engine.close(f"{lane}-{number}")

    before = cpu_seconds(engine.worker_pid), time.process_time(), time.perf_counter()
    await asyncio.gather(*(run(lane) for lane in range(at_once)))
    seconds = time.perf_counter() - before[2]
    here = 1e6 * (time.process_time() - before[1]) / opens
    there = 1e6 * (cpu_seconds(engine.worker_pid) - before[0]) / opens
    print(f"open+close, {at_once:2} at once {opens / seconds:.0f}/s", end="")
    print(f" ({here:.0f} us of the engine, {there:.0f} us of the worker)")


def cpu_seconds(pid: int | None) -> float:
    fields = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
    return int(fields[0]) / 1e9


def play_parties(count: int, seconds: float, *, is_transcoded: bool, is_relayed: bool) -> None:
    """Be the parties: print our ports, read theirs, send and receive, print the sums.

    Transcoding spoils the stamps in the audio, and a prompt has none, so the delay is measured
    without them.
    """
    ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for end in ends:
        end.bind(("127.0.0.1", 0))
        end.setblocking(False)
    print(json.dumps([end.getsockname()[1] for end in ends]), flush=True)
    targets = json.loads(sys.stdin.readline())
    guards: list[Guard | None] = []
    for end, (port, key) in zip(ends, targets, strict=True):
        end.connect(("127.0.0.1", port))
        theirs = None if key is None else SdesKey(1, SUITE, bytes.fromhex(key))
        guards.append(None if theirs is None else Guard(theirs, PARTY_KEY))
    payload_types = (8, 0) if is_transcoded else (8, 8)
    sends = plan_sends(ends, time.monotonic(), seconds) if is_relayed else iter(())
    sent, received, delays, elapsed = exchange(ends, guards, sends, seconds, payload_types)
    if is_transcoded or not is_relayed:
        delays = [float("nan")] * len(delays)
    delays.sort()
    print(
        json.dumps(
            {
                "sent": sent,
                "received": received,
                "seconds": elapsed,
                "p50": 1000 * delays[len(delays) // 2],
                "p99": 1000 * delays[len(delays) * 99 // 100],
            }
        ),
        flush=True,
    )


def exchange(
    ends: list[socket.socket],
    guards: list[Guard | None],
    sends: Iterator[tuple[float, int, int]],
    seconds: float,
    payload_types: tuple[int, int],
) -> tuple[int, int, list[float], float]:
    """Send and receive; packets sent, packets received, the delays of some, and how long it took.

    The parties have less than a core for themselves, and are not what is measured: they look for
    packets once in `ROUND_S`, and only at each `TIMED_EVERY`th party at once.
    """
    timed, others = ends[::TIMED_EVERY], itertools.cycle(range(len(ends)))
    shares = max(1, round(len(ends) * ROUND_S / DRAIN_WITHIN_S))
    delays: list[float] = []
    received = sent = 0
    packet = bytearray(b"\xd5" * PACKET_BYTES)
    data = bytearray(PACKET_BYTES + 100)
    began = time.monotonic()
    due, place, number = next(sends, (float("inf"), 0, 0))
    drained_at = began + seconds + BEGIN_S + 0.5
    while (now := time.monotonic()) < drained_at:
        while due <= now:
            payload_type = payload_types[place % 2]
            PACKET.pack_into(packet, 0, 0x80, payload_type, number, number * 160, place, now)
            guard = guards[place]
            ends[place].send(packet if guard is None else guard.seal(bytes(packet)) or b"")
            sent += 1
            due, place, number = next(sends, (float("inf"), 0, 0))
        for end, guard in zip(timed, guards[::TIMED_EVERY], strict=True):
            for size in drain(end, data):
                if guard is not None:
                    data[: size - GUARD_BYTES] = guard.unseal(bytes(data[:size])) or b""
                delays.append(time.monotonic() - STAMP.unpack_from(data, 12)[0])
                received += 1
        for _ in range(shares):
            received += sum(1 for _ in drain(ends[next(others)], data))
        time.sleep(max(0.0, min(ROUND_S - (time.monotonic() - now), drained_at - now)))
    received += sum(1 for end in ends for _ in drain(end, data))
    # Who only listens does so to the end.
    return sent, received, delays, seconds if sent else time.monotonic() - began


def drain(end: socket.socket, data: bytearray) -> Iterator[int]:
    """Receive what has come, and yield the size of each packet of audio."""
    with contextlib.suppress(BlockingIOError):
        while True:
            size = end.recv_into(data)
            # Reports go to the next port, which may be that of another party.
            if size - PACKET_BYTES in {0, GUARD_BYTES}:
                yield size


def plan_sends(
    ends: list[socket.socket], began: float, seconds: float
) -> Iterator[tuple[float, int, int]]:
    """Yield when which party sends its packet of which number; spread evenly over a frame.

    Calls begin one after the other over `BEGIN_S`: none in life has 400 beside it in its first
    20 ms.
    """
    numbers, begins = min(int(seconds / FRAME_S), 0xFFFF), round(BEGIN_S / FRAME_S)
    first = [place * begins // len(ends) for place in range(len(ends))]
    for frame in range(numbers + begins):
        for place, begin in enumerate(first):
            if 0 <= frame - begin < numbers:
                yield began + (frame + place / len(ends)) * FRAME_S, place, frame - begin


if __name__ == "__main__":
    main()
