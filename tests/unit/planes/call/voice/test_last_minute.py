"""How long a call may last, and what is heard a minute before (`spec/axb.md` 4.1)."""

import asyncio

import pytest
from structlog.testing import capture_logs

from maskline.domain.binding import VoiceOptions
from maskline.domain.release import ReleaseCode
from maskline.planes.media.engine import CannotPlay, PlayEnd, Side
from maskline.protocols.sip.event import EndReceived, OfferAnswered

MINUTE_S = 0.2
SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=private\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)


def limited(minutes, **more):
    return VoiceOptions(max_duration_min=minutes, last_minute_voice="last.wav", **more)


def now():
    return asyncio.get_running_loop().time()


async def test_both_are_told_a_minute_before_the_end_and_then_cut_off(stage, answer):
    await stage.bind(voice=limited(2))
    await answer()
    answered_at = now()
    last = await stage.engine.until_heard("last.wav")
    told_at = now()
    assert (last.to, last.times) == (frozenset(Side), 1)
    stage.engine.finish(last)
    await stage.callee.until(EndReceived)
    ended_at = now()
    await stage.caller.until(EndReceived)
    assert told_at - answered_at == pytest.approx(MINUTE_S, abs=0.05)
    assert ended_at - answered_at == pytest.approx(2 * MINUTE_S, abs=0.05)
    assert (await stage.record()).end.release is ReleaseCode.MAX_DURATION


async def test_a_call_of_one_minute_hears_it_at_once(stage, answer):
    await stage.bind(voice=limited(1))
    await answer()
    answered_at = now()
    stage.engine.finish(await stage.engine.until_heard("last.wav"))
    assert now() - answered_at < MINUTE_S / 2
    await stage.caller.until(EndReceived)
    assert (await stage.record()).end.release is ReleaseCode.MAX_DURATION


async def test_after_the_notice_of_the_recording(stage, answer):
    await stage.bind(voice=limited(1, record=True, record_hint_tone="hint.wav"))
    await answer()
    stage.engine.finish(await stage.engine.until_heard("hint.wav"))
    stage.engine.finish(await stage.engine.until_heard("last.wav"))
    await stage.record()
    assert stage.engine.names() == ["hint.wav", "last.wav"]


async def test_the_end_comes_on_time_also_while_it_is_heard(stage, answer, monkeypatch):
    monkeypatch.setattr("maskline.planes.call.voice.GRACE_S", 5.0)
    await stage.bind(voice=limited(1))
    await answer()
    answered_at = now()
    await stage.engine.until_heard("last.wav")
    await stage.callee.until(EndReceived)
    assert now() - answered_at == pytest.approx(MINUTE_S, abs=0.05)
    assert (await stage.record()).end.release is ReleaseCode.MAX_DURATION


@pytest.mark.parametrize("refusal", [CannotPlay, None])
async def test_if_it_cannot_be_heard_the_talk_goes_on(stage, answer, refusal):
    if refusal is not None:
        stage.engine.refusals["last.wav"] = refusal
    await stage.bind(voice=limited(1))
    with capture_logs() as logs:
        await answer()
        if refusal is None:
            last = await stage.engine.until_heard("last.wav")
            stage.engine.finish(last, PlayEnd.FAILED)
        await stage.callee.until(EndReceived)
    assert "last minute not announced" in [entry["event"] for entry in logs]
    assert (await stage.record()).end.release is ReleaseCode.MAX_DURATION


async def test_a_party_may_hang_up_or_hold_meanwhile(stage, answer):
    await stage.bind(voice=limited(1))
    await answer()
    await stage.engine.until_heard("last.wav")
    stage.callee.do("reinvite", SDP + b"a=sendonly\r\n")
    await stage.callee.until(OfferAnswered)
    stage.callee.do("end")
    assert (await stage.record()).end.release is ReleaseCode.NORMAL


async def test_without_a_limit_it_is_not_even_looked_for(stage, answer):
    await stage.bind(voice=VoiceOptions(last_minute_voice="gone.wav"))
    await answer()
    stage.caller.do("end")
    assert (await stage.record()).end.release is ReleaseCode.NORMAL
