"""Phones that talk and listen in real time, prompts to play to them, recordings to listen to."""

import asyncio
import struct
from array import array
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract.media.party import ALAW, LAWS, Party

from maskline.planes.media.engine import (
    AudioCodec,
    MediaEngine,
    MediaEvent,
    PlayEnded,
    RecordFile,
    RecordingDone,
    RecordRule,
    Side,
)
from maskline.protocols.recording import Cipher, SealedView, make_head, read_head
from maskline.protocols.rtp.g711 import Law, decode, encode
from maskline.protocols.rtp.packet import parse_packet
from maskline.protocols.rtp.stream import FRAME_S, FRAME_SAMPLES
from maskline.protocols.rtp.tone import make_tone, measure_tone

CALLER_HZ = 440
CALLEE_HZ = 620
PROMPT_HZ = 1000
OTHER_PROMPT_HZ = 1300
KEYS_HZ = {"5": (770, 1336), "9": (852, 1477)}
TONES = (CALLER_HZ, CALLEE_HZ, PROMPT_HZ, OTHER_PROMPT_HZ)
QUIET_DBFS = -35.0
"""A tone below that is not there; ours have -12, or -18 where two are mixed."""

SETTLE_S = 0.08
"""What was asked for is heard after so long for sure: a few frames, and a busy machine."""

KEY = bytes(range(32))


@dataclass(frozen=True)
class Traits:
    """In what engines may differ."""

    records_prompts: bool = True
    counts_forgeries: bool = True
    """Whether packets under a wrong key are counted as invalid."""


@dataclass
class VoiceEngine:
    """An engine that speaks, listens and records; `done` are the recordings it has finished."""

    engine: MediaEngine
    traits: Traits
    done: list[RecordingDone] = field(default_factory=list)

    async def recorded(self, count: int = 1) -> RecordingDone:
        async with asyncio.timeout(5):
            while len(self.done) < count:  # noqa: ASYNC110 - the listener is a plain function
                await asyncio.sleep(0.01)
        return self.done[-1]


class Phone(Party):
    """Says its tone every 20 ms and keeps what it hears with the time when it came."""

    def __init__(
        self,
        frequency: float,
        codec: AudioCodec = ALAW,
        telephone_event: int | None = 101,
    ) -> None:
        super().__init__(codec, telephone_event)
        self.frequency = frequency
        self.arrived: list[tuple[float, bytes]] = []
        self._keys: tuple[float, float] | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.rtp.fileno(), self._take)
        self._talk = asyncio.create_task(self._keep_talking())
        self.is_silent = False

    async def _keep_talking(self) -> None:
        due = self._loop.time()
        while True:
            if not self.is_silent:
                for packet in self.sender.frame(self._frame()):
                    self.rtp.sendto(packet, self.target)
            due += FRAME_S
            await asyncio.sleep(max(0.0, due - self._loop.time()))

    def _frame(self) -> array:
        start, self.spoken = self.spoken, self.spoken + FRAME_SAMPLES
        if self._keys is None:
            return make_tone(self.frequency, FRAME_S, start=start)
        low, high = (make_tone(hz, FRAME_S, start=start) for hz in self._keys)
        return array("h", [(a + b) // 2 for a, b in zip(low, high, strict=True)])

    async def press_key(self, digit: str, duration_ms: int = 60) -> None:
        """Press a key as RFC 4733 event, on time."""
        self.sender.press(digit, duration_ms)
        while self.sender.is_pressing:  # noqa: ASYNC110 - the sender has no events
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.02)

    async def sing_key(self, digit: str, seconds: float = 0.1) -> None:
        """Press a key as tones in the audio, and be silent after it."""
        self._keys = KEYS_HZ[digit]
        await asyncio.sleep(seconds)
        self._keys = (30.0, 30.0)
        await asyncio.sleep(0.1)
        self._keys = None

    def _take(self) -> None:
        try:
            while True:
                self.arrived.append((self._loop.time(), self.rtp.recv(2000)))
        except BlockingIOError:
            return

    def audio(self, start: float, end: float) -> array:
        """The audio that came from `start` to `end`, of the event loop's time."""
        samples = array("h")
        for at, data in self.arrived:
            packet = parse_packet(data)
            if start <= at < end and packet is not None and packet.payload_type in LAWS:
                samples.extend(decode(LAWS[packet.payload_type], packet.payload))
        return samples

    def tones(self, start: float, end: float) -> set[int]:
        return tones_in(self.audio(start, end))

    def digits(self) -> set[int]:
        """The codes of the telephone events that came."""
        packets = (parse_packet(data) for _, data in self.arrived)
        return {p.payload[0] for p in packets if p.payload_type == self.telephone_event}

    def close(self) -> None:
        self._talk.cancel()
        self._loop.remove_reader(self.rtp.fileno())
        super().close()


def tones_in(samples: array) -> set[int]:
    return {hz for hz in TONES if measure_tone(samples, hz) > QUIET_DBFS}


async def listen(seconds: float, *phones: Phone) -> list[set[int]]:
    """Let what was asked for settle, then hear for so long; the tones of each phone."""
    await asyncio.sleep(SETTLE_S)
    loop = asyncio.get_running_loop()
    start = loop.time()
    await asyncio.sleep(seconds)
    return [phone.tones(start, loop.time()) for phone in phones]


class Listener:
    """Remembers the events of a call, and when they came."""

    def __init__(self) -> None:
        self.events: list[MediaEvent] = []
        self.times: list[float] = []
        self._loop = asyncio.get_running_loop()

    def __call__(self, event: MediaEvent) -> None:
        self.events.append(event)
        self.times.append(self._loop.time())

    def of(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]

    def ends(self) -> dict[str, str]:
        """Why each prompt ended; each must have done so once."""
        ends = self.of(PlayEnded)
        assert len({end.play_id for end in ends}) == len(ends)
        return {end.play_id: end.why for end in ends}

    async def until(self, kind: type, count: int = 1, seconds: float = 3.0):
        """Wait for the event of that kind; return it and when it came."""
        async with asyncio.timeout(seconds):
            while len(self.of(kind)) < count:  # noqa: ASYNC110 - events come by a plain function
                await asyncio.sleep(0.005)
        event = self.of(kind)[count - 1]
        return event, self.times[self.events.index(event)]


def write_prompt(path: Path, frequency: float, seconds: float) -> str:
    octets = encode(Law.A, make_tone(frequency, seconds))
    form = struct.pack("<HHIIHH", 6, 1, 8000, 8000, 1, 8)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"fact" + struct.pack("<II", 4, len(octets))
    chunks += b"data" + struct.pack("<I", len(octets)) + octets
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
    return str(path)


def record_rule(path: Path, *, limit_s: float = 60.0, channels: int = 1) -> RecordRule:
    head = make_head(
        cipher=Cipher.AES_256_GCM,
        channels=channels,
        object_name=path.name,
        wrapped_key=b"wrapped",
        nonce=b"1234567",
    )
    return RecordRule(file=RecordFile(str(path), head, KEY), limit_s=limit_s, channels=channels)


def open_recording(path: Path) -> list[array]:
    """The samples of each channel."""
    sealed = path.read_bytes()
    head = read_head(sealed)
    view = SealedView(head, KEY, len(sealed))
    start, size = view.sealed_range(0, view.size)
    wav = view.open(0, view.size, sealed[start : start + size])
    audio = wav[wav.index(b"data") + 8 :][: view.frames * head.channels]
    return [decode(Law.A, audio[channel :: head.channels]) for channel in range(head.channels)]


async def join(
    engine: MediaEngine, caller: Phone, callee: Phone, listener: Listener, *, is_open: bool = True
) -> None:
    """Connect two phones by the call "c", and let media flow if `is_open`."""
    opened = await engine.open("c", listener)
    caller.target = (opened.caller.address, opened.caller.port)
    callee.target = (opened.callee.address, opened.callee.port)
    await engine.connect("c", Side.CALLER, caller.peer())
    await engine.connect("c", Side.CALLEE, callee.peer())
    if is_open:
        await engine.bridge("c")
