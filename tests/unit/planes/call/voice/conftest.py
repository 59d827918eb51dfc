"""Calls on an engine whose prompts and recordings go as the test says."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.planes.call.scripted_engine import ScriptedEngine

from maskline.domain.recording import CallRecording
from maskline.planes.call.limits import CallLimits
from maskline.protocols.sip.event import Acknowledged, Answered, InviteReceived, Ringing
from maskline.services.prompt import FixedPrompts, PromptFile
from maskline.services.recording import NewRecording

START = datetime(2026, 1, 2, tzinfo=UTC)
SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=private\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)
FILES = ("no.wav", "sorry.wav", "wait.wav", "hint.wav", "last.wav")


@dataclass
class Desk:
    """Names recordings r0.wav, r1.wav and so on."""

    refusal: Exception | None = None
    begun: list[NewRecording] = field(default_factory=list)
    abandoned: list[NewRecording] = field(default_factory=list)

    async def begin(self, call):
        if self.refusal is not None:
            raise self.refusal
        name = f"r{len(self.begun)}.wav"
        names = CallRecording(object_name=name, bucket="sp-t", domain="w", started_at=START)
        new = NewRecording(names, Path("/spool") / name, b"head", b"key")
        self.begun.append(new)
        return new

    def abandon(self, new):
        self.abandoned.append(new)


@pytest.fixture(autouse=True)
def short_patience(monkeypatch):
    """A minute is 0.2 s, and an engine is late after 0.1 s."""
    monkeypatch.setattr("maskline.planes.call.talking.SECONDS_A_MINUTE", 0.2)
    monkeypatch.setattr("maskline.planes.call.voice.GRACE_S", 0.1)


@pytest.fixture
def engine():
    return ScriptedEngine()


@pytest.fixture
def prompts():
    """Every prompt lasts 50 ms by its file."""
    return FixedPrompts(files={("k", name): PromptFile(Path("/p") / name, 50) for name in FILES})


@pytest.fixture
def recordings():
    return Desk()


@pytest.fixture
def goes_on_unrecorded():
    return False


@pytest.fixture
def notice_patience_s():
    return 120.0


@pytest.fixture
def limits(goes_on_unrecorded, notice_patience_s):
    return CallLimits(
        ring_timeout_s=0.6,
        trunk_response_timeout_s=0.15,
        ping_interval_s=0,
        drain_s=0.1,
        record_end_wait_s=0.1,
        notice_patience_s=notice_patience_s,
        may_go_on_unrecorded=goes_on_unrecorded,
    )


@pytest.fixture
def ring(stage):
    """Alice dials X; Bob's phone rings."""

    async def ring(body=None):
        stage.caller.dial(**({} if body is None else {"body": body}))
        await stage.callee.until(InviteReceived)
        stage.callee.do("ring")
        return await stage.caller.until(Ringing)

    return ring


@pytest.fixture
def answer(stage, ring):
    """Bob answers, and Alice's phone takes it."""

    async def answer(body=None):
        await ring(body)
        stage.callee.do("answer", SDP)
        answered = await stage.caller.until(Answered)
        await stage.callee.until(Acknowledged)
        return answered

    return answer
