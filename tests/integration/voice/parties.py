"""A call on an engine without SIP: two phones' mouths and ears at its ports."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import soundfile
from tests.integration.voice.scene import VOICES

from maskline.lab.phone_audio import PhoneAudio, Sound
from maskline.planes.media.engine import (
    AudioCodec,
    LocalMedia,
    MediaEngine,
    MediaEvent,
    MediaPeer,
    OpenedMedia,
    PlayEnded,
    Prompt,
    Side,
)
from maskline.protocols.rtp.tone import make_tone
from maskline.protocols.sdp.model import AudioMedia, Codec

CALL = "call-1"
WAIT_S = 5.0

Event = TypeVar("Event", bound=MediaEvent)


class Parties:
    """Caller A and callee B of one open call."""

    def __init__(self, engine: MediaEngine, folder: Path) -> None:
        self.engine = engine
        self.audio = {Side.CALLER: PhoneAudio(), Side.CALLEE: PhoneAudio()}
        self.events: list[MediaEvent] = []
        self._folder = folder
        self._news = asyncio.Event()

    @property
    def a(self) -> PhoneAudio:
        return self.audio[Side.CALLER]

    @property
    def b(self) -> PhoneAudio:
        return self.audio[Side.CALLEE]

    async def open(self) -> OpenedMedia:
        for audio, voice in zip(self.audio.values(), ("A", "B"), strict=True):
            await audio.open("127.0.0.1")
            audio.sound = Sound.tone(round(VOICES[voice]))
        return await self.engine.open(CALL, self._take)

    async def connect(
        self, opened: OpenedMedia, side: Side, telephone_event: int | None = 101
    ) -> None:
        audio = self.audio[side]
        peer = MediaPeer("127.0.0.1", audio.port, AudioCodec("PCMA", 8), telephone_event)
        await self.engine.connect(CALL, side, peer)
        local: LocalMedia = opened.caller if side is Side.CALLER else opened.callee
        codecs = (Codec(8, "PCMA"),)
        audio.connect(AudioMedia(local.address, local.port, codecs, telephone_event), sends=True)

    async def talk(self, caller_event: int | None = 101) -> None:
        opened = await self.open()
        await self.connect(opened, Side.CALLER, caller_event)
        await self.connect(opened, Side.CALLEE)
        await self.engine.bridge(CALL)

    def prompt(self, voice: str, seconds: float = 1.0) -> Prompt:
        """A file of the voice's tone in the form that engines play."""
        path = self._folder / f"{voice}.wav"
        samples = np.frombuffer(make_tone(VOICES[voice], seconds), np.int16)
        soundfile.write(path, samples, 8000, subtype="ALAW")
        return Prompt(str(path))

    async def told(
        self, kind: type[Event], match: Callable[[Event], bool] = lambda _: True
    ) -> Event:
        """The first such event, once it came."""
        async with asyncio.timeout(WAIT_S):
            while True:
                for event in self.events:
                    if isinstance(event, kind) and match(event):
                        return event
                self._news.clear()
                await self._news.wait()

    async def ended(self, play_id: str) -> PlayEnded:
        return await self.told(PlayEnded, lambda event: event.play_id == play_id)

    async def close(self) -> None:
        await self.engine.close(CALL)
        for audio in self.audio.values():
            await audio.close()

    def _take(self, event: MediaEvent) -> None:
        self.events.append(event)
        self._news.set()
