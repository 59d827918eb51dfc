"""Measure the recorder process: CPU of mixing, sealing and writing a call-second; opens a second.

Run `python bench/recorder.py [--calls 400] [--seconds 10] [--folder DIR]`. This process plays the
media worker: it gives the recorder pieces of 0.3 s of both lanes of every call in real time.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal

import structlog

from maskline.planes.media.engine import RecordFile, RecordingDone, RecordRule
from maskline.planes.media.recorder_feed import RecorderFeed
from maskline.planes.media.recorder_link import RecorderLink
from maskline.protocols.recording import NONCE_BYTES, Cipher, make_head

PIECE_S = 0.3
RATE = 8000
STEPS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        asyncio.run(measure(options, Path(folder)))


async def measure(options: argparse.Namespace, folder: Path) -> None:
    for channels, cipher in (
        (1, Cipher.AES_256_GCM),
        (2, Cipher.AES_256_GCM),
        (1, Cipher.SM4_GCM),
    ):
        bench = Bench(options.calls, options.seconds, folder)
        await bench.run(channels, cipher)


class Bench:
    """One load: `calls` recordings at once for `seconds`."""

    def __init__(self, calls: int, seconds: float, folder: Path) -> None:
        self._calls = calls
        self._pieces = round(seconds / PIECE_S)
        self._folder = folder
        self._done: list[RecordingDone] = []
        self._broken: list[int] = []

    async def run(self, channels: Literal[1, 2], cipher: Cipher) -> None:
        """Print what the load costs."""
        link = RecorderLink(self._done.append, self._broken.append)
        await link.start()
        feed = RecorderFeed(link.new_feed())
        began = time.perf_counter()
        rules = [self._rule(number, channels, cipher) for number in range(self._calls)]
        await asyncio.gather(*(link.open(number, rule) for number, rule in enumerate(rules)))
        opened_s = time.perf_counter() - began
        before, ours = cpu_seconds(link.pid), time.process_time()
        await self._write(feed)
        ours = time.process_time() - ours
        began = time.perf_counter()
        for number in range(self._calls):
            feed.finish(number)
        while len(self._done) < self._calls:
            feed.flush()
            await asyncio.sleep(0.01)
        finished_s = time.perf_counter() - began
        spent = cpu_seconds(link.pid) - before
        await link.stop()
        feed.close()
        call_seconds = self._calls * self._pieces * PIECE_S
        short = sum(done.duration_s < self._pieces * PIECE_S for done in self._done)
        print(f"{cipher.value}, {channels} channels  {self._calls} calls", end="")
        print(f", {len(self._broken)} broken, {short} short, {feed.dropped} pieces dropped")
        print(f"  recorder CPU        {1000 * spent / call_seconds:.3f} ms a call-second")
        print(f"  worker's part       {1000 * ours / call_seconds:.3f} ms a call-second")
        print(f"  open, finish        {opened_s:.2f} s, {finished_s:.2f} s for all at once")

    async def _write(self, feed: RecorderFeed) -> None:
        lanes = [random.Random(lane).randbytes(round(PIECE_S * RATE)) for lane in (1, 2)]
        began = time.monotonic()
        for step in range(self._pieces * STEPS):
            for number in range(step % STEPS, self._calls, STEPS):
                feed.write(number, lanes[0], lanes[1])
            feed.flush()
            due = began + (step + 1) * PIECE_S / STEPS
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def _rule(self, number: int, channels: Literal[1, 2], cipher: Cipher) -> RecordRule:
        name = f"{cipher.value}-{channels}-{number}.wav"
        head = make_head(
            cipher=cipher,
            channels=channels,
            object_name=name,
            wrapped_key=bytes(60),
            nonce=os.urandom(NONCE_BYTES),
        )
        file = RecordFile(str(self._folder / name), head, os.urandom(cipher.key_bytes))
        return RecordRule(file=file, limit_s=3600.0, channels=channels)


def cpu_seconds(pid: int | None) -> float:
    """CPU time of a process, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
