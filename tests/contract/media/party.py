"""Parties of a call that send, listen and remember; engines on free ports."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import SystemRandom

from maskline.planes.media.embedded import EmbeddedEngine
from maskline.planes.media.engine import (
    AudioCodec,
    EngineBusy,
    EngineGone,
    MediaEngine,
    MediaEvent,
    MediaPeer,
    OpenedMedia,
    RecordingListener,
    Side,
)
from maskline.planes.media.settings import EmbeddedSettings
from maskline.protocols.rtp.g711 import Law
from maskline.protocols.rtp.stream import FRAME_SAMPLES, RtpReceiver, RtpSender
from maskline.protocols.rtp.tone import make_tone

PACE_S = 0.004
"""Faster than speech, to keep the tests short, and well inside a side's packet budget."""

ALAW = AudioCodec("PCMA", 8)
ULAW = AudioCodec("PCMU", 0)
LAWS = {8: Law.A, 0: Law.MU}


PORTS = range(31_000, 32_700)
"""Above those of platforms and rtpengines under test, below those the system hands out."""


def own_ports() -> range:
    """With `-n` each process has a share of its own: between look and use nobody takes one."""
    shares = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    size = len(PORTS) // shares // 2 * 2
    return PORTS[share * size : (share + 1) * size]


def free_range(pairs: int) -> tuple[int, int]:
    """Find ports that nobody uses now; the first is even."""
    ports = own_ports()
    starts = list(range(ports.start, ports.stop - 2 * pairs + 1, 2 * pairs))
    # Not by `random`, which is seeded anew for every test.
    SystemRandom().shuffle(starts)
    for first in starts:
        ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2 * pairs)]
        try:
            for offset, end in enumerate(ends):
                end.bind(("127.0.0.1", first + offset))
        except OSError:
            continue
        finally:
            for end in ends:
                end.close()
        return first, first + 2 * pairs - 1
    raise AssertionError("no free ports")


def make_embedded(
    pairs: int = 8, on_recorded: RecordingListener | None = None, **changes: object
) -> EmbeddedEngine:
    first, last = free_range(pairs)
    values = {"quarantine_s": 0.1, "report_interval_s": 0.2, "max_calls": 3}
    settings = EmbeddedSettings(first_port=first, last_port=last, **values | changes)
    return EmbeddedEngine(settings, on_recorded)


StartEmbedded = Callable[..., Awaitable[EmbeddedEngine]]
MakeParty = Callable[..., "Party"]


def ignore(event: MediaEvent) -> None:
    """Listen to a call without interest."""


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the condition is on packets, nobody signals it
            await asyncio.sleep(0.005)


class Party:
    """A phone's media: it speaks a tone and keeps what it hears."""

    def __init__(self, codec: AudioCodec = ALAW, telephone_event: int = 101, port: int = 0) -> None:
        self.codec = codec
        self.telephone_event = telephone_event
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind(("127.0.0.1", port))
        self.rtcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtcp.bind(("127.0.0.1", 0))
        for end in (self.rtp, self.rtcp):
            end.setblocking(False)
        self.sender = RtpSender(
            ssrc=0x0A0A0000 + self.rtp.getsockname()[1],
            sequence=65_500,
            timestamp=0xFFFFF000,
            law=LAWS[codec.payload_type],
            payload_type=codec.payload_type,
            telephone_event=telephone_event,
        )
        self.receiver = RtpReceiver(LAWS, telephone_event)
        self.target = ("127.0.0.1", 9)
        self.heard: list[bytes] = []
        self.keys: list[str] = []
        self.spoken = 0

    def peer(self, **changes: object) -> MediaPeer:
        values = {
            "address": "127.0.0.1",
            "port": self.rtp.getsockname()[1],
            "codec": self.codec,
            "telephone_event": self.telephone_event,
            "rtcp_port": self.rtcp.getsockname()[1],
        }
        return MediaPeer(**values | changes)

    async def speak(self, frequency: float, seconds: float = 0.5) -> None:
        for _ in range(round(seconds * 50)):
            frame = make_tone(frequency, 0.02, start=self.spoken)
            self.spoken += FRAME_SAMPLES
            for packet in self.sender.frame(frame):
                self.rtp.sendto(packet, self.target)
            await asyncio.sleep(PACE_S)

    async def press(self, digit: str) -> None:
        self.sender.press(digit, 100)
        while self.sender.is_pressing:
            await self.speak(440, 0.02)

    def listen(self):
        """Take what has arrived, in order, and return its samples."""
        with suppress(BlockingIOError):
            while True:
                data = self.rtp.recv(2000)
                self.heard.append(data)
                self.keys += [key.digit for key in self.receiver.receive(data, 0.0)]
        return self.receiver.take_all()

    def reports(self) -> list[bytes]:
        arrived = []
        with suppress(BlockingIOError):
            while True:
                arrived.append(self.rtcp.recv(2000))
        return arrived

    def close(self) -> None:
        self.rtp.close()
        self.rtcp.close()


async def bridge(
    engine: MediaEngine, caller: Party, callee: Party, listener: Callable = ignore, name: str = "c"
) -> OpenedMedia:
    opened = await engine.open(name, listener)
    caller.target = (opened.caller.address, opened.caller.port)
    callee.target = (opened.callee.address, opened.callee.port)
    await engine.connect(name, Side.CALLER, caller.peer())
    await engine.connect(name, Side.CALLEE, callee.peer())
    await engine.bridge(name)
    return opened


async def talk(caller: Party, callee: Party, seconds: float = 0.5):
    """Let both speak, 440 Hz and 620 Hz; return what the caller and the callee heard."""
    await asyncio.gather(caller.speak(440, seconds), callee.speak(620, seconds))
    await asyncio.sleep(0.03)
    return caller.listen(), callee.listen()


async def open_when_free(engine: MediaEngine, name: str, seconds: float = 5.0) -> OpenedMedia:
    async with asyncio.timeout(seconds):
        while True:
            try:
                return await engine.open(name, ignore)
            except (EngineBusy, EngineGone):
                await asyncio.sleep(0.05)
