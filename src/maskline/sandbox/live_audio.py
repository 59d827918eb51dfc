"""What the phones of a run hear, live: one stereo stream, A left and B right.

The stream is a WAV file without an end: A-law, two channels, 8 kHz. Browsers play it as it is, and
a page that wants less delay skips the head and decodes the frames itself.
"""

import asyncio
import struct
from array import array
from collections.abc import AsyncGenerator

from maskline.domain.error import SandboxRefused
from maskline.lab.phone_call import PhoneCall
from maskline.protocols.rtp.g711 import Law, encode
from maskline.protocols.rtp.packet import CLOCK_RATE
from maskline.sandbox.phone import SandboxPhone

FRAME_S = 0.04
FRAME_SAMPLES = round(FRAME_S * CLOCK_RATE)
FRAME_BYTES = 2 * FRAME_SAMPLES

CUSHION_SAMPLES = round(0.08 * CLOCK_RATE)
"""What has to be there before it is played: packets come unevenly."""

MAX_BEHIND_SAMPLES = round(0.4 * CLOCK_RATE)
"""A listener who is further behind the phone is taken forward: live means now."""

MAX_STALLED_S = 5.0
"""A reader who takes nothing for so long is dropped."""

MAX_LISTENERS = 4
"""Who may listen to a run at once."""

MEDIA_TYPE = "audio/wav"

_ENDLESS = 0xFFFFFFFF
_A_LAW = 6  # WAVE_FORMAT_ALAW

HEAD = b"".join(
    (
        struct.pack("<4sI4s", b"RIFF", _ENDLESS, b"WAVE"),
        struct.pack("<4sIHHIIHHH", b"fmt ", 18, _A_LAW, 2, CLOCK_RATE, 2 * CLOCK_RATE, 2, 8, 0),
        struct.pack("<4sII", b"fact", 4, _ENDLESS),
        struct.pack("<4sI", b"data", _ENDLESS),
    )
)
"""What comes before the frames: 58 bytes."""


class Ear:
    """Follows what one phone hears, over all its calls."""

    def __init__(self, phone: SandboxPhone) -> None:
        self._phone = phone
        self._call: PhoneCall | None = None
        self._at = 0
        self._is_filling = True

    def frame(self) -> "array[int]":
        """The next `FRAME_SAMPLES`; silence where nothing came."""
        call = self._phone.call
        heard = array("h") if call is None else call.recorded()
        if call is not self._call:
            self._call, self._at, self._is_filling = call, 0, True
        waiting = len(heard) - self._at
        if waiting > MAX_BEHIND_SAMPLES:
            self._at, waiting = len(heard) - CUSHION_SAMPLES, CUSHION_SAMPLES
        if waiting < (CUSHION_SAMPLES if self._is_filling else FRAME_SAMPLES):
            self._is_filling = True
            return array("h", bytes(2 * FRAME_SAMPLES))
        self._is_filling = False
        piece = heard[self._at : self._at + FRAME_SAMPLES]
        self._at += FRAME_SAMPLES
        return piece


class LiveAudio:
    """The stream of one run, for a few listeners."""

    def __init__(self, left: SandboxPhone, right: SandboxPhone) -> None:
        self._phones = (left, right)
        self._listeners = 0
        self._is_over = False

    def close(self) -> None:
        """End every stream."""
        self._is_over = True

    def listen(self) -> AsyncGenerator[bytes]:
        """A stream from now on. Raises SandboxRefused."""
        if self._listeners >= MAX_LISTENERS:
            raise SandboxRefused(
                "too_many_listeners",
                f"{MAX_LISTENERS} listen to this run already",
                "close a page that plays it",
            )
        return self._stream(*map(Ear, self._phones))

    async def _stream(self, left: Ear, right: Ear) -> AsyncGenerator[bytes]:
        """Frames by the clock. Nothing waits for a slow reader but this generator itself."""
        loop = asyncio.get_running_loop()
        self._listeners += 1
        try:
            yield HEAD
            due = loop.time()
            while not self._is_over and loop.time() - due < MAX_STALLED_S:
                frame = bytearray(FRAME_BYTES)
                frame[0::2] = encode(Law.A, left.frame())
                frame[1::2] = encode(Law.A, right.frame())
                yield bytes(frame)
                due += FRAME_S
                await asyncio.sleep(max(0.0, due - loop.time()))
        finally:
            self._listeners -= 1
