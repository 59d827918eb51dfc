"""The ears and the mouth of a phone's call: RTP both ways on a port of its own."""

import asyncio
import secrets
import time
from array import array
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from maskline.lab.phone_record import HeardPacket, TimedRecord
from maskline.lab.phone_srtp import PhoneCipher
from maskline.protocols.rtp.g711 import Law
from maskline.protocols.rtp.packet import CLOCK_RATE, parse_packet
from maskline.protocols.rtp.stream import (
    FRAME_S,
    FRAME_SAMPLES,
    MAX_HELD_SAMPLES,
    RtpReceiver,
    RtpSender,
)
from maskline.protocols.rtp.telephone_event import KeyPress
from maskline.protocols.rtp.tone import make_tone
from maskline.protocols.sdp.model import AudioMedia

PORT_TRIES = 50
"""How often a pair of ports is looked for."""

MAX_RECORDED_SAMPLES = MAX_HELD_SAMPLES
"""What a phone remembers of what it hears: 10 minutes; later audio is not kept."""

MAX_KEYS = 256
"""Keys of the other party that are remembered."""

MAX_INTERJECTIONS = 64
"""What may wait to be said in place of the sound."""

MAX_REPORTS = 64
"""RTCP packets that are remembered."""

_SILENCE = array("h", [0] * FRAME_SAMPLES)


class Sound:
    """Samples that are spoken frame by frame, over and over when `loops`."""

    def __init__(self, samples: Sequence[int], *, loops: bool) -> None:
        self._samples = array("h", samples)
        self._loops = loops
        self._at = 0

    @classmethod
    def tone(cls, frequency_hz: int) -> "Sound":
        """A tone that goes on for ever; a second of whole hertz joins itself without a click."""
        return cls(make_tone(frequency_hz, 1.0), loops=True)

    @property
    def is_over(self) -> bool:
        """Whether all of it was said; never when it loops."""
        return not self._loops and self._at >= len(self._samples)

    def frame(self) -> "array[int]":
        """The next 20 ms; silence once it is over."""
        frame = self._samples[self._at : self._at + FRAME_SAMPLES]
        self._at += len(frame)
        if self._loops and self._samples:
            while len(frame) < FRAME_SAMPLES:
                more = self._samples[: FRAME_SAMPLES - len(frame)]
                self._at = len(more)
                frame.extend(more)
        return frame + _SILENCE[: FRAME_SAMPLES - len(frame)]


class PhoneAudio:
    """RTP of one call: port, sender, receiver, recording.

    `open` before it is described in SDP, `connect` once the far end is known; again after each
    change. `sound` may be replaced at any time; None is silence. `timed` is what was heard, by
    the monotonic clock.
    """

    def __init__(self) -> None:
        self.sound: Sound | None = None
        self.keys: deque[KeyPress] = deque(maxlen=MAX_KEYS)
        self.reports: deque[bytes] = deque(maxlen=MAX_REPORTS)
        self.sources: set[tuple[str, int]] = set()
        self.packets_heard = 0
        self.timed = TimedRecord()
        self._interjections: deque[Sound] = deque()
        self._laws: dict[int, Law] = {}
        self._cipher: PhoneCipher | None = None
        self._recorded = array("h")
        self._loop = asyncio.get_running_loop()
        self._arrival = asyncio.Event()
        self._transports: list[asyncio.DatagramTransport] = []
        self._port = 0
        self._far: tuple[str, int] | None = None
        self._sender: RtpSender | None = None
        self._receiver: RtpReceiver | None = None
        self._speaking: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The RTP port; RTCP is on the next."""
        return self._port

    async def open(self, host: str) -> None:
        """Bind a pair of ports. Raises OSError when none is to be had."""
        for _ in range(PORT_TRIES):
            rtp = await self._bind(host, 0, _RtpProtocol(self))
            self._port = rtp.get_extra_info("sockname")[1]
            self._transports = [rtp]
            if self._port % 2 == 0:
                with suppress(OSError):
                    rtcp = await self._bind(host, self._port + 1, _RtcpProtocol(self))
                    self._transports.append(rtcp)
                    return
            await self.close()
        raise OSError("no free pair of RTP ports")

    def connect(self, far: AudioMedia, *, sends: bool, cipher: PhoneCipher | None = None) -> None:
        """Talk to, and listen for, the negotiated far end; encrypted with a `cipher`."""
        self._cipher = cipher
        laws = {codec.payload_type: Law(codec.name) for codec in far.codecs if _is_g711(codec.name)}
        payload_type, law = next(iter(laws.items()))
        if self._receiver is None:
            self._receiver = RtpReceiver(laws, far.telephone_event)
        self._laws = laws
        self._far = (far.address, far.port) if sends and not far.is_hold else None
        if self._sender is None:
            self._sender = RtpSender(
                ssrc=secrets.randbits(32),
                sequence=secrets.randbits(16),
                timestamp=secrets.randbits(32),
                law=law,
                payload_type=payload_type,
                telephone_event=far.telephone_event,
            )
            self._speaking = self._loop.create_task(self._speak(self._sender))

    def press(self, digit: str, duration_ms: int = 100) -> None:
        """Press a key. Raises ValueError when telephone events were not negotiated."""
        if self._sender is None:
            raise ValueError("no far end yet")
        self._sender.press(digit, duration_ms)

    def interject(self, samples: Sequence[int]) -> None:
        """Say this once in place of the sound, after what else was interjected.

        Raises ValueError when `MAX_INTERJECTIONS` wait.
        """
        if len(self._interjections) >= MAX_INTERJECTIONS:
            raise ValueError("too much waits to be said")
        self._interjections.append(Sound(samples, loops=False))

    def recorded(self) -> "array[int]":
        """Everything heard so far."""
        if self._receiver is not None:
            self._recorded.extend(self._receiver.take())
            del self._recorded[MAX_RECORDED_SAMPLES:]
        return self._recorded

    async def listen(self, seconds: float, timeout_s: float) -> "array[int]":
        """The next `seconds` of what is heard. Raises TimeoutError when too little comes."""
        begin = len(self.recorded())
        end = begin + int(seconds * CLOCK_RATE)
        async with asyncio.timeout(timeout_s):
            while len(self.recorded()) < end:
                self._arrival.clear()
                await self._arrival.wait()
        return self._recorded[begin:end]

    async def close(self) -> None:
        """Fall silent and free the ports; what was heard stays."""
        if self._speaking is not None:
            self._speaking.cancel()
            await asyncio.gather(self._speaking, return_exceptions=True)
            self._speaking = None
        for transport in self._transports:
            transport.close()
        self._transports = []

    def rtp_received(self, data: bytes, source: tuple[str, int]) -> None:
        """One RTP datagram."""
        plain = data if self._cipher is None else self._cipher.unseal(data)
        if self._receiver is not None and plain is not None:
            self.packets_heard += 1
            self.sources.add(source)
            self._note(plain)
            self.keys.extend(self._receiver.receive(plain, self._loop.time()))
            self._arrival.set()

    def _note(self, data: bytes) -> None:
        packet = parse_packet(data)
        law = None if packet is None else self._laws.get(packet.payload_type)
        if packet is not None and law is not None:
            self.timed.note(
                HeardPacket(time.monotonic(), packet.ssrc, packet.timestamp, law, packet.payload)
            )

    def _next_frame(self) -> "array[int]":
        while self._interjections:
            if not self._interjections[0].is_over:
                return self._interjections[0].frame()
            self._interjections.popleft()
        return _SILENCE if self.sound is None else self.sound.frame()

    async def _bind(
        self, host: str, port: int, protocol: asyncio.DatagramProtocol
    ) -> asyncio.DatagramTransport:
        transport, _ = await self._loop.create_datagram_endpoint(
            lambda: protocol, local_addr=(host, port)
        )
        return transport

    async def _speak(self, sender: RtpSender) -> None:
        """Send a frame every 20 ms by the clock, however late each turn comes."""
        due = self._loop.time()
        while True:
            packets = sender.frame(self._next_frame())
            if self._far is not None and self._transports:
                cipher = self._cipher
                for packet in packets:
                    sealed = packet if cipher is None else cipher.seal(packet)
                    self._transports[0].sendto(sealed, self._far)
            due += FRAME_S
            await asyncio.sleep(max(0.0, due - self._loop.time()))


class _RtpProtocol(asyncio.DatagramProtocol):
    def __init__(self, audio: PhoneAudio) -> None:
        self._audio = audio

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._audio.rtp_received(data, addr[:2])

    def error_received(self, exc: Exception) -> None:
        """The far end's port may close before ours."""


class _RtcpProtocol(asyncio.DatagramProtocol):
    def __init__(self, audio: PhoneAudio) -> None:
        self._audio = audio

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        del addr
        self._audio.reports.append(data)

    def error_received(self, exc: Exception) -> None:
        """As for RTP."""


def _is_g711(name: str) -> bool:
    return name in (Law.A.value, Law.MU.value)
