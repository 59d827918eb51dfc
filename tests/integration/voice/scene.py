"""A and B bound on X, a phone each, tones as prompts: what is heard is known by its pitch."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from maskline.lab.demo.stage import Stage
from maskline.lab.manage import ManageClient
from maskline.lab.phone import Phone
from maskline.lab.phone_audio import PhoneAudio, Sound
from maskline.lab.phone_call import CallState, PhoneCall
from maskline.lab.rest import RestClient
from maskline.lab.timeline import Span, draw, listen, mismatches, spoken
from maskline.lab.wav import Channel, read_channels, write_wav
from maskline.protocols.rtp.stream import FRAME_SAMPLES
from maskline.protocols.rtp.tone import make_tone

A, B = "+8613811110001", "+8613911110002"

VOICES = {
    "A": 440.0,
    "B": 620.0,
    "wait": 900.0,
    "hint": 1150.0,
    "last": 1430.0,
    "refusal": 1790.0,
    "whisper": 2150.0,
}
"""Who sounds how. None is a low multiple of another, as A-law makes multiples."""

SIGNS = {name: name[0] if name in {"A", "B"} else name[0].lower() for name in VOICES}

GUARD_S = 0.25
"""Not judged at either side of a moment that the test takes from outside the platform."""

MINUTE_S = 2.0
"""How long a minute is with `short_minutes`."""

LENGTH_TOLERANCE_S = 0.1
"""Issue: the length of a recording is that of the call record."""

RECORD_S = 8.0
"""How long a call record is waited for."""


@dataclass
class Scene:
    """Everything around one platform. `moment` marks times, in monotonic seconds."""

    stage: Stage
    a: Phone
    b: Phone
    rest: RestClient
    manage: ManageClient
    folder: Path
    engine: str
    session_ids: list[str] = field(default_factory=list)

    @property
    def x(self) -> str:
        return self.stage.tenant.numbers[0]

    @property
    def app_key(self) -> str:
        return self.stage.tenant.application.app_key

    async def prompt(self, voice: str, seconds: float = 1.0) -> str:
        """Upload the tone of a voice and approve it, as an operator does; its name."""
        path, name = self.folder / f"{voice}.wav", f"{voice}.wav"
        write_wav(path, make_tone(VOICES[voice], seconds))
        await self.manage.add_prompt(self.app_key, name, path.read_bytes())
        await self.manage.approve_prompt(self.app_key, name)
        return name

    async def bind(self, **options: object) -> dict[str, Any]:
        return await self.rest.bind(
            callerNum=A, calleeNum=B, relationNum=self.x, duration=600, **options
        )

    async def dial(self) -> PhoneCall:
        call = await self.a.dial(self.x, via=self.stage.carrier.address)
        self.say(call, "A")
        return call

    def say(self, call: PhoneCall, voice: str) -> None:
        call.speak(Sound.tone(round(VOICES[voice])))

    async def ringing(self) -> tuple[PhoneCall, PhoneCall]:
        """A dials and B has the call, which does not ring yet; both say their tone."""
        mine = await self.dial()
        theirs = await self.b.next_call()
        self.say(theirs, "B")
        return mine, theirs

    async def talking(self) -> tuple[PhoneCall, PhoneCall]:
        """B has rung and answered, and A was told so."""
        mine, theirs = await self.ringing()
        await theirs.ring()
        await theirs.answer()
        await mine.wait_until(CallState.TALKING)
        return mine, theirs

    async def session_id(self) -> str:
        """Of the newest call, as the customer is told."""
        pushes = await self.stage.receiver.wait_for(
            lambda got: any(b"callin" in push.body for push in got)
        )
        told = [push.json() for push in pushes if b"callin" in push.body]
        return str(told[-1]["statusInfo"]["sessionId"])

    async def record(self) -> dict[str, Any]:
        """The one call record that was pushed."""
        pushes = await self.stage.receiver.wait_for(
            lambda got: any(b'"feeLst"' in push.body for push in got), RECORD_S
        )
        (push,) = [push for push in pushes if b'"feeLst"' in push.body]
        (entry,) = push.json()["feeLst"]
        return entry

    async def recording(self, record: dict[str, Any]) -> list[Channel]:
        """The recording that a record names, fetched as a customer does; its channels."""
        data = await self.recording_file(record)
        with soundfile.SoundFile(BytesIO(data)) as sound:
            assert (sound.samplerate, sound.subtype, sound.format) == (8000, "ALAW", "WAV")
        return read_channels(BytesIO(data))

    async def recording_file(self, record: dict[str, Any]) -> bytes:
        assert record["recordFlag"] == 1, record
        link = await self.rest.recording_link(record["recordObjectName"], record["recordDomain"])
        return await self.rest.fetch(link)


def now() -> float:
    return time.monotonic()


async def until(moment: float) -> None:
    """Sleep to a moment of the monotonic clock."""
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


def assert_heard(who: str, call: PhoneCall | PhoneAudio, origin: float, *spans: Span) -> None:
    """What a phone heard, with times from `origin`; fails with a table and a drawing."""
    end = max(span.end_s for span in spans)
    audio = call if isinstance(call, PhoneAudio) else call.audio
    samples, _ = audio.timed.between(origin, origin + end)
    assert_holds(who, samples, *spans, guard_s=GUARD_S)


def assert_silent(call: PhoneCall, begin: float, end: float) -> None:
    """No audio reached the phone between two moments, but for a packet that was under way."""
    _, is_there = call.audio.timed.between(begin, end)
    assert is_there.sum() <= FRAME_SAMPLES, f"{is_there.mean():.0%} of the time something was heard"


def assert_holds(what: str, samples: Channel, *spans: Span, guard_s: float = GUARD_S) -> None:
    found = mismatches(samples, spans, VOICES, guard_s=guard_s)
    if not found:
        return
    wanted = "\n".join(
        f"  {span.begin_s:.2f}-{span.end_s:.2f} s {spoken(span.voices)}" for span in spans
    )
    drawn = draw({what: listen(samples, VOICES)}, SIGNS)
    raise AssertionError(
        f"{what}:\n  " + "\n  ".join(found) + f"\nwanted:\n{wanted}\nheard, 0.25 s a sign:\n{drawn}"
    )


def seconds(channel: Sequence[int] | np.ndarray) -> float:
    return len(channel) / 8000
