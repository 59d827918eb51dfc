"""From a capture to a recording: what each party said, what each heard, one or two channels."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from maskline.planes.media.rtpengine.pcap import Captured
from maskline.protocols.rtp.g711 import Law, decoding_table, encoding_table, transcoding_table
from maskline.protocols.rtp.packet import parse_packet

RATE = 8000
SILENCE = bytes((Law.A.silence,))

DRIFT_SAMPLES = 480
"""A packet within 60 ms of its time of arrival keeps its place by timestamp."""

MAX_STRAYS = 25
"""Packets in a row further off, after which time is set anew."""

JUMP_SAMPLES = 4000
"""Half a second off is another time line at once."""


MIXED_AT_ONCE = 60 * RATE


class Heard(msgspec.Struct, frozen=True, array_like=True):
    """From `at_s` on, the party of `lane` hears the other (`voice`), a prompt, or nothing.

    Lane 0 is what the callee hears, lane 1 what the caller hears. A prompt began at `since_s`,
    which may be before the recording, and is repeated.
    """

    at_s: float
    lane: Literal[0, 1]
    voice: bool
    prompt: str = ""
    since_s: float = 0.0


class Job(msgspec.Struct, frozen=True):
    """A recording to be made from a capture.

    `ports` are where the caller's and the callee's audio arrived, `laws` the payload types of
    µ-law (False) and A-law (True). `began_at` is the start in seconds since 1970; `samples` None:
    up to the last packet. `note` is the file by which the job is known after a crash.
    """

    call_key: str
    pcap: str
    note: str
    path: str
    head: bytes
    key: bytes
    channels: Literal[1, 2]
    ports: tuple[int, int]
    laws: dict[int, bool]
    began_at: float
    limit_s: float
    samples: int | None = None
    heard: list[Heard] = []


class Lane:
    """What one party said, on a time line of samples from the start of the recording."""

    __slots__ = ("_last", "_limit", "_shift", "_source", "_strays", "audio")

    def __init__(self, limit: int) -> None:
        self.audio = bytearray()
        self._limit = limit
        self._source: int | None = None
        self._shift = 0
        self._last = 0
        self._strays = 0

    def put(self, alaw: bytes, ssrc: int, timestamp: int, arrived: int) -> None:
        """Place audio that came at sample `arrived`; late ones and duplicates find their place."""
        position = self._shift + self._unwrap(timestamp)
        off = abs(position - arrived)
        self._strays = self._strays + 1 if off > DRIFT_SAMPLES else 0
        if ssrc != self._source or off > JUMP_SAMPLES or self._strays > MAX_STRAYS:
            self._source = ssrc
            self._strays = 0
            self._last = timestamp
            self._shift = arrived - timestamp
            position = arrived
        end = min(position + len(alaw), self._limit)
        if position < 0:
            alaw, position = alaw[-position:], 0
        if end <= position:
            return
        if end > len(self.audio):
            self.audio.extend(SILENCE * (end - len(self.audio)))
        self.audio[position:end] = alaw[: end - position]

    def _unwrap(self, timestamp: int) -> int:
        """The timestamp on a line that goes on after 32 bits."""
        step = (timestamp - self._last) & 0xFFFFFFFF
        self._last += step - 0x1_0000_0000 if step > 0x7FFF_FFFF else step
        return self._last


Samples: TypeAlias = bytes | bytearray
"""A-law; an hour has 29 MB, so it is not copied without need."""


def read_lanes(datagrams: Iterable[Captured], job: Job) -> tuple[Samples, Samples]:
    """Return what the caller and the callee said, of equal length."""
    limit = int(job.limit_s * RATE)
    if job.samples is not None:
        limit = min(limit, job.samples)
    lanes = {port: Lane(limit) for port in job.ports}
    to_alaw = transcoding_table(Law.MU, Law.A)
    for captured in datagrams:
        lane = lanes.get(captured.port)
        packet = parse_packet(captured.data) if lane is not None else None
        if lane is None or packet is None or packet.payload_type not in job.laws:
            continue
        alaw = packet.payload
        if not job.laws[packet.payload_type]:
            alaw = alaw.translate(to_alaw)
        arrived = round((captured.at - job.began_at) * RATE)
        lane.put(alaw, packet.ssrc, packet.timestamp, arrived)
    size = max(len(lane.audio) for lane in lanes.values()) if job.samples is None else limit
    for lane in lanes.values():
        lane.audio.extend(SILENCE * (size - len(lane.audio)))
    first, second = (lanes[port].audio for port in job.ports)
    return first, second


def hear(said: Samples, changes: Sequence[Heard], prompts: Mapping[str, bytes]) -> Samples:
    """Return what the other party heard: what was said, cut and replaced as `changes` say.

    Without any change all that was said was heard.
    """
    if not changes:
        return said
    heard = bytearray(SILENCE * len(said))
    ends = [change.at_s for change in changes[1:]] + [len(said) / RATE]
    for change, end_s in zip(changes, ends, strict=True):
        begin, end = (min(len(said), max(0, round(at * RATE))) for at in (change.at_s, end_s))
        if change.voice:
            heard[begin:end] = said[begin:end]
        elif sound := prompts.get(change.prompt, b""):
            skip = max(0, round((change.at_s - change.since_s) * RATE)) % len(sound)
            repeats = (skip + end - begin) // len(sound) + 1
            heard[begin:end] = (sound * repeats)[skip : skip + end - begin]
    return heard


def without_shared_prompts(changes: Sequence[Heard], others: Sequence[Heard]) -> list[Heard]:
    """The changes of a lane without prompts that the other lane has too: one mix holds them once.

    A prompt to both begins on both lanes at once.
    """
    shared = {(change.prompt, change.since_s) for change in others if change.prompt}
    return [
        Heard(change.at_s, change.lane, voice=False)
        if (change.prompt, change.since_s) in shared
        else change
        for change in changes
    ]


def mix(first: Samples, second: Samples) -> bytes:
    """Add two A-law lanes of equal length, saturating."""
    table = np.array(decoding_table(Law.A), dtype=np.int32)
    # A-law has no zero: beside silence, a sound stays as it is.
    table[Law.A.silence] = 0
    encoding = np.frombuffer(encoding_table(Law.A), np.uint8)
    mixed = bytearray(len(first))
    # In parts: an hour at once would need 350 MB.
    for at in range(0, len(first), MIXED_AT_ONCE):
        end = at + MIXED_AT_ONCE
        total = table[_octets(first[at:end])] + table[_octets(second[at:end])]
        np.clip(total, -32768, 32767, out=total)
        mixed[at:end] = encoding[total & 0xFFFF].tobytes()
    return bytes(mixed)


def interleave(first: Samples, second: Samples) -> bytes:
    """Frames of one sample of each lane."""
    return np.stack((_octets(first), _octets(second)), axis=1).tobytes()


def _octets(lane: Samples) -> NDArray[np.uint8]:
    return np.frombuffer(lane, np.uint8)
