"""Calls that may not be hear why, before they are refused (`spec/axb.md` 13, 14)."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from maskline.domain.application import ApplicationPrompts
from maskline.domain.release import ReleaseCode
from maskline.planes.media.engine import EngineBusy, Side, Unable
from maskline.protocols.sip.event import CancelReceived, ProgressReceived, Rejected
from maskline.services.prompt import FixedPrompts, PromptFile

STRANGER = "+8613911119999"


@pytest.fixture
def application_prompts():
    return ApplicationPrompts(no_binding="no.wav")


async def test_a_stranger_hears_the_prompt_once_and_is_then_refused(stage):
    stage.caller.dial(caller=STRANGER)
    early = await stage.caller.until(ProgressReceived)
    play = await stage.engine.until_heard("no.wav")
    assert (early.status, play.to, play.times) == (183, {Side.CALLER}, 1)
    assert b"m=audio" in early.body
    assert stage.caller.events.empty()
    stage.engine.finish(play)
    assert (await stage.caller.until(Rejected)).status == 403
    assert (await stage.record()).end.release is ReleaseCode.NO_BINDING
    assert stage.wires.bytes_to(stage.callee.shell.flow) == b""
    assert not stage.engine.calls


async def test_a_caller_who_gives_up_meanwhile_has_ended_the_call_himself(stage):
    stage.caller.dial(caller=STRANGER)
    await stage.engine.until_heard("no.wav")
    stage.caller.do("end")
    record = await stage.record()
    assert record.end.release is ReleaseCode.CALLER_GAVE_UP_BEFORE_FORWARDING
    assert not stage.engine.calls


async def test_an_operator_may_end_it_too(stage):
    stage.caller.dial(caller=STRANGER)
    play = await stage.engine.until_heard("no.wav")
    assert stage.plane.stop(play.call_id, "k")
    await stage.caller.until(Rejected)
    assert (await stage.record()).end.release is ReleaseCode.STOPPED


async def test_a_caller_who_made_no_offer_is_refused_at_once(stage):
    stage.caller.dial(caller=STRANGER, body=None)
    assert (await stage.caller.until(Rejected)).status == 403
    assert stage.engine.plays == []


async def test_a_caller_without_a_codec_of_ours_is_refused_for_the_first_reason(stage):
    body = b"v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n"
    body += b"m=audio 40000 RTP/AVP 97\r\na=rtpmap:97 opus/48000/2\r\n"
    stage.caller.dial(caller=STRANGER, body=body)
    assert (await stage.caller.until(Rejected)).status == 403
    assert (await stage.record()).end.release is ReleaseCode.NO_BINDING


@pytest.mark.parametrize("verb", ["play", "no.wav"])
async def test_an_engine_that_cannot_play_leaves_the_refusal_silent(stage, verb):
    stage.engine.refusals[verb] = Unable
    stage.caller.dial(caller=STRANGER)
    assert (await stage.caller.until(Rejected)).status == 403
    assert (await stage.record()).end.release is ReleaseCode.NO_BINDING


async def test_without_a_free_port_the_refusal_is_silent(stage, monkeypatch):
    async def busy(*_):
        raise EngineBusy

    monkeypatch.setattr(stage.engine, "open", busy)
    stage.caller.dial(caller=STRANGER)
    assert (await stage.caller.until(Rejected)).status == 403


async def test_a_prompt_whose_end_is_never_told_ends_all_the_same(stage):
    stage.caller.dial(caller=STRANGER)
    await stage.engine.until_heard("no.wav")
    assert (await stage.caller.until(Rejected, timeout=0.5)).status == 403
    assert stage.engine.deeds == ["play no.wav", "stop no.wav"]


class TestAMissingPrompt:
    @pytest.fixture
    def application_prompts(self):
        return ApplicationPrompts(no_binding="gone.wav", waiting_tone="gone.wav")

    async def test_of_the_application_is_done_without_and_logged(self, stage):
        with capture_logs() as logs:
            stage.caller.dial(caller=STRANGER)
            assert (await stage.caller.until(Rejected)).status == 403
        assert [(entry["event"], entry["prompt"]) for entry in logs] == [
            ("prompt is missing", "gone.wav")
        ]

    async def test_no_waiting_tone_is_heard_then(self, stage, ring):
        await stage.bind()
        await ring()
        assert stage.engine.plays == []
        stage.caller.do("end")
        await stage.callee.until(CancelReceived)
        await stage.record()


class TestALongPrompt:
    @pytest.fixture
    def prompts(self):
        return FixedPrompts(files={("k", "no.wav"): PromptFile(Path("/p/no.wav"), 60_000)})

    async def test_holds_up_no_worker_that_stops(self, stage):
        stage.caller.dial(caller=STRANGER)
        await stage.engine.until_heard("no.wav")
        await asyncio.wait_for(stage.plane.close(), 1.0)
        assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL
