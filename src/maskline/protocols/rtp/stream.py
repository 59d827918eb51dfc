"""The two ends of an audio stream: frames of samples to packets, and packets back to samples."""

from array import array
from collections import deque
from collections.abc import Iterable, Mapping

from maskline.protocols.rtp.g711 import Law, decode, encode
from maskline.protocols.rtp.packet import CLOCK_RATE, RtpPacket, build_packet, parse_packet
from maskline.protocols.rtp.reception import Reception
from maskline.protocols.rtp.telephone_event import (
    DIGITS,
    KeyPad,
    KeyPress,
    TelephoneEvent,
    encode_event,
)

FRAME_SAMPLES = 160
"""Samples of a frame of 20 ms."""

FRAME_S = FRAME_SAMPLES / CLOCK_RATE
"""Seconds between frames."""

END_REPEATS = 3
"""How often the end of a key press is sent (RFC 4733 2.5.1.4)."""

PAUSE_FRAMES = 4
"""Frames of audio between two keys that were pressed at once."""

MAX_WAITING_KEYS = 64
"""Keys that may wait to be sent."""

MAX_HELD_SAMPLES = 600 * CLOCK_RATE
"""Samples that a receiver keeps until they are taken; packets beyond are dropped."""

MAX_GAP_SAMPLES = 10 * CLOCK_RATE
"""A timestamp further ahead, or behind, begins a new time line instead of a silence."""

PLAYOUT_SAMPLES = 3 * FRAME_SAMPLES
"""How long a receiver waits for packets out of order by default."""


class RtpSender:
    """Makes the packets of one stream; call `frame` every 20 ms."""

    def __init__(
        self,
        *,
        ssrc: int,
        sequence: int,
        timestamp: int,
        law: Law,
        payload_type: int | None = None,
        telephone_event: int | None = None,
    ) -> None:
        """Begin at random numbers. `payload_type` None is the law's static one."""
        self.ssrc = ssrc
        self.packets = 0
        self.octets = 0
        self._sequence = sequence
        self._timestamp = timestamp
        self._law = law
        self._payload_type = law.static_payload_type if payload_type is None else payload_type
        self._telephone_event = telephone_event
        self._keys: deque[tuple[int, int]] = deque()
        self._key: tuple[int, int] | None = None
        self._key_begin = 0
        self._pause = 0
        self._is_first = True

    def press(self, digit: str, duration_ms: int = 100) -> None:
        """Press a key in place of the audio, after those that were pressed before.

        Raises `ValueError` for an unknown key, without telephone events, and when
        `MAX_WAITING_KEYS` wait.
        """
        if self._telephone_event is None:
            raise ValueError("telephone events were not negotiated")
        if len(self._keys) >= MAX_WAITING_KEYS:
            raise ValueError("too many keys wait")
        frames = max(1, round(duration_ms / 1000 / FRAME_S))
        self._keys.append((DIGITS.index(digit), frames * FRAME_SAMPLES))

    @property
    def is_pressing(self) -> bool:
        """Whether keys are still to be sent."""
        return self._key is not None or bool(self._keys)

    def frame(self, samples: Iterable[int]) -> list[bytes]:
        """Return what to send for this 20 ms: one packet, three at the end of a key."""
        if self._key is None and self._keys and self._pause == 0:
            self._key = self._keys.popleft()
            self._key_begin = self._timestamp
        self._pause = max(0, self._pause - 1)
        packets = self._audio_frame(samples) if self._key is None else self._key_frame(*self._key)
        self._timestamp = (self._timestamp + FRAME_SAMPLES) & 0xFFFFFFFF
        return packets

    def _audio_frame(self, samples: Iterable[int]) -> list[bytes]:
        payload = encode(self._law, samples)
        packet = self._build(
            self._payload_type, self._timestamp, payload, has_marker=self._is_first
        )
        self._is_first = False
        return [packet]

    def _key_frame(self, code: int, length: int) -> list[bytes]:
        elapsed = ((self._timestamp - self._key_begin) & 0xFFFFFFFF) + FRAME_SAMPLES
        is_end = elapsed >= length
        payload = encode_event(TelephoneEvent(code, is_end, min(elapsed, length)))
        has_marker = elapsed == FRAME_SAMPLES
        if is_end:
            self._key = None
            self._pause = PAUSE_FRAMES
        return [
            self._build(
                self._telephone_event or 0,
                self._key_begin,
                payload,
                has_marker=has_marker and repeat == 0,
            )
            for repeat in range(END_REPEATS if is_end else 1)
        ]

    def _build(
        self, payload_type: int, timestamp: int, payload: bytes, *, has_marker: bool
    ) -> bytes:
        packet = RtpPacket(payload_type, self._sequence, timestamp, self.ssrc, payload, has_marker)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self.packets += 1
        self.octets += len(payload)
        return build_packet(packet)


class RtpReceiver:
    """Puts the packets of one stream in order and fills what was lost with silence."""

    def __init__(
        self,
        laws: Mapping[int, Law],
        telephone_event: int | None = None,
        playout_samples: int = PLAYOUT_SAMPLES,
    ) -> None:
        """Listen to payload types by their law; packets of other types are counted only."""
        self.reception = Reception()
        self.invalid = 0
        self.dropped = 0
        self._laws = dict(laws)
        self._telephone_event = telephone_event
        self._playout = playout_samples
        self._keys = KeyPad()
        self._frames: dict[int, array[int]] = {}
        self._source: int | None = None
        self._base_timestamp = 0
        self._base_position = 0
        self._taken = 0
        self._end = 0

    def receive(self, data: bytes, now: float) -> list[KeyPress]:
        """Take a datagram; return the keys that it shows to be released."""
        packet = parse_packet(data)
        if packet is None:
            self.invalid += 1
            return []
        self.reception.receive(
            packet.ssrc, packet.sequence, packet.timestamp, len(packet.payload), now
        )
        if packet.payload_type == self._telephone_event:
            return self._keys.receive(packet.timestamp, packet.payload, now)
        law = self._laws.get(packet.payload_type)
        if law is None:
            self.invalid += 1
        else:
            self._keep(packet, law)
        return []

    def expire_key(self, now: float) -> KeyPress | None:
        """Return a key whose release was never heard (see `KeyPad.expire`)."""
        return self._keys.expire(now)

    def take(self) -> "array[int]":
        """Remove and return the samples that are old enough that nothing before them may come."""
        return self._take_until(self._end - self._playout)

    def take_all(self) -> "array[int]":
        """Remove and return all samples, at the end of a stream."""
        return self._take_until(self._end)

    def _keep(self, packet: RtpPacket, law: Law) -> None:
        if packet.ssrc != self._source:
            self._begin(packet)
        position = self._place(packet.timestamp)
        if abs(position - self._end) > MAX_GAP_SAMPLES:
            self._begin(packet)
            position = self._end
        if position < self._taken or position + len(packet.payload) > self._limit():
            self.dropped += 1
            return
        self._frames[position] = decode(law, packet.payload)
        self._end = max(self._end, position + len(packet.payload))

    def _begin(self, packet: RtpPacket) -> None:
        self._source = packet.ssrc
        self._base_timestamp = packet.timestamp
        self._base_position = self._end

    def _place(self, timestamp: int) -> int:
        """Return where in our line of samples `timestamp` lies, and move the base there."""
        step = (timestamp - self._base_timestamp) & 0xFFFFFFFF
        if step > 0x7FFFFFFF:
            return self._base_position + step - 0x100000000
        self._base_timestamp = timestamp
        self._base_position += step
        return self._base_position

    def _limit(self) -> int:
        return self._taken + MAX_HELD_SAMPLES

    def _take_until(self, limit: int) -> "array[int]":
        samples = array("h")
        for position in sorted(self._frames):
            if position >= limit:
                break
            frame = self._frames.pop(position)
            at = self._taken + len(samples)
            if position > at:
                samples.extend([0] * (position - at))
            samples.extend(frame[max(0, at - position) :])
        self._taken += len(samples)
        return samples
