"""Callers of AXE key in an extension, and A calls back (`spec/axe.md` 10, 11)."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from maskline.domain.application import ApplicationPrompts, Mode
from maskline.domain.binding import AxeBinding, Role, VoiceOptions
from maskline.domain.release import ReleaseCode
from maskline.planes.call.limits import CallLimits
from maskline.planes.media.engine import CollectEnd, Side, Unable
from maskline.planes.media.silent import SilentEngine
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    EndReceived,
    InviteReceived,
    ProgressReceived,
    Rejected,
    Ringing,
)
from maskline.services.prompt import FixedPrompts, PromptFile
from maskline.services.store import BindLimits

START = datetime(2026, 1, 2, tzinfo=UTC)
A, B, X = "+8613900001001", "+8613900003003", "+8617000002001"
SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=private\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)
FILES = ("enter.wav", "wrong.wav", "bad.wav", "none.wav", "wait.wav", "hint.wav", "tone.wav")
RING_BACK = "default-ring-back.wav"


@pytest.fixture
def prompts():
    names = (*FILES, RING_BACK)
    return FixedPrompts(files={("k", name): PromptFile(Path("/p") / name, 50) for name in names})


@pytest.fixture
def application_prompts():
    return ApplicationPrompts(
        enter_extension="enter.wav",
        wrong_extension="wrong.wav",
        wrong_extension_end="bad.wav",
        no_extension_end="none.wav",
    )


@pytest.fixture
def application_settings():
    return {"mode": Mode.AXE, "extension_digits": 3}


@pytest.fixture(autouse=True)
async def binding(stage):
    """A is behind X and 042."""
    made = AxeBinding(
        binding_id="b1",
        app_key="k",
        x=X,
        a=A,
        extension="042",
        user_data="parcel",
        created_at=START,
        modified_at=START,
    )
    await stage.store.bind(made, BindLimits(pairs=999, extension_digits=3), START, None)
    return made


def events(stage):
    """What the customer was told, without the record."""
    told = [json.loads(body) for _, body in stage.queued() if b"statusInfo" in body]
    return [(one["eventType"], one["statusInfo"]) for one in told]


def record(stage):
    [told] = [json.loads(body) for _, body in stage.queued() if b"statusInfo" not in body]
    return told


class Caller:
    """Presses keys on the phone that calls."""

    def __init__(self, stage):
        self.stage = stage
        self.tries = 0

    async def keys(self, digits, why=CollectEnd.COMPLETE):
        """Once the platform listens (again)."""
        self.tries += 1
        engine = self.stage.engine
        rule = await engine.until_asked(self.tries)
        [call_id] = engine.calls
        for play in engine.plays:
            if not play.is_over and play.times == 1:
                engine.finish(play)
        engine.type_in(call_id, Side.CALLER, digits, why)
        return rule

    async def nothing(self):
        return await self.keys("", CollectEnd.TIMEOUT)


@pytest.fixture
async def caller(stage):
    """B has dialled X and hears early media."""
    stage.caller.dial(caller=B)
    caller = Caller(stage)
    caller.early = await stage.caller.until(ProgressReceived)
    return caller


class TestTheRightExtension:
    async def test_leads_to_a_who_sees_x(self, stage, caller):
        early = caller.early
        assert (early.status, b"m=audio" in early.body) == (183, True)
        rule = await caller.keys("042")
        invited = await stage.callee.until(InviteReceived)
        assert invited.request.uri.startswith(f"sip:{A}@")
        assert X in invited.request.from_.uri
        assert (rule.max_digits, rule.terminator, rule.is_private) == (3, "#", True)
        assert stage.engine.names() == ["enter.wav"]
        stage.callee.do("ring")
        await stage.caller.until(Ringing)
        stage.callee.do("answer", SDP)
        await stage.caller.until(Answered)
        await stage.callee.until(Acknowledged)
        stage.caller.do("end")
        found = await stage.record()
        assert found.end.release is ReleaseCode.NORMAL
        call = found.call
        assert (call.callee, call.role, call.extension) == (A, Role.B, "042")

    async def test_is_told_event_by_event(self, stage, caller):
        await stage.engine.until_asked()
        [(name, told)] = events(stage)
        assert (name, told["caller"], told["called"]) == ("callin", B, X)
        assert not {"subscriptionId", "userData"} & told.keys()
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        stage.caller.do("end")
        await stage.record()
        names, told = zip(*events(stage), strict=True)
        assert names == ("callin", "collectInfo", "callout", "disconnect")
        collected, forwarded, ended = told[1:]
        assert collected == {
            "timestamp": collected["timestamp"],
            "sessionId": forwarded["sessionId"],
            "digitInfo": "042",
        }
        assert (forwarded["caller"], forwarded["called"]) == (X, A)
        assert forwarded["subscriptionId"] == ended["subscriptionId"] == "b1"
        entry = record(stage)
        assert entry["serviceType"] == "005"
        assert (entry["direction"], entry["extendNum"], entry["bindNum"]) == (0, "042", X)
        assert (entry["callerNum"], entry["calleeNum"], entry["fwdDstNum"]) == (B, X, A)
        assert (entry["subscriptionId"], entry["userData"]) == ("b1", "parcel")

    async def test_ends_with_hash_too(self, stage, caller):
        await caller.keys("042", CollectEnd.TERMINATOR)
        await stage.callee.until(InviteReceived)
        stage.caller.do("end")
        await stage.record()

    async def test_a_recorded_call_has_its_notice(self, stage, caller, binding):
        voice = VoiceOptions(record=True, record_hint_tone="hint.wav")
        await stage.store.modify(replace(binding, voice=voice), BindLimits(pairs=999), START)
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        await stage.caller.until(Answered)
        play = await stage.engine.until_heard("hint.wav")
        assert play.to == frozenset(Side)
        stage.engine.finish(play)
        stage.caller.do("end")
        assert (await stage.record()).call.recording is not None


class TestWhileAIsRung:
    async def test_the_caller_hears_ring_back_from_us_as_it_has_heard_us_before(
        self, stage, caller
    ):
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        stage.callee.do("ring")
        ringing = await stage.caller.until(Ringing)
        assert b"m=audio" in ringing.body
        play = await stage.engine.until_heard(RING_BACK)
        assert (play.to, play.times) == ({Side.CALLER}, None)
        stage.callee.do("answer", SDP)
        await stage.caller.until(Answered)
        assert stage.engine.deeds[-2:] == [f"stop {RING_BACK}", "bridge"]
        stage.caller.do("end")
        await stage.record()

    async def test_what_the_callees_network_plays_goes_before_it(self, stage, caller):
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        stage.callee.do("ring", 183, body=SDP)
        await stage.caller.until(ProgressReceived)
        stage.callee.do("ring")
        await stage.caller.until(Ringing)
        assert "early" in stage.engine.deeds
        assert stage.engine.names() == ["enter.wav"]
        stage.caller.do("end")
        await stage.record()

    class TestWithATone:
        @pytest.fixture
        def application_prompts(self):
            return ApplicationPrompts(waiting_tone="wait.wav", enter_extension="enter.wav")

        async def test_that_is_heard_instead(self, stage, caller):
            await caller.keys("042")
            await stage.callee.until(InviteReceived)
            stage.callee.do("ring")
            await stage.caller.until(Ringing)
            assert stage.engine.names() == ["enter.wav", "wait.wav"]
            stage.caller.do("end")
            await stage.record()


class TestAWrongExtension:
    async def test_may_be_followed_by_the_right_one(self, stage, caller):
        await caller.keys("007")
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        assert stage.engine.names() == ["enter.wav", "wrong.wav"]
        stage.caller.do("end")
        await stage.record()
        keyed = [told["digitInfo"] for name, told in events(stage) if name == "collectInfo"]
        assert keyed == ["007", "042"]

    async def test_is_8022_when_no_try_is_left(self, stage, caller):
        for digits in ("1", "22", "333"):
            await caller.keys(digits)
        play = await stage.engine.until_heard("bad.wav")
        stage.engine.finish(play)
        assert (await stage.caller.until(Rejected)).status == 404
        found = await stage.record()
        assert found.end.release is ReleaseCode.NO_EXTENSION_BINDING
        assert stage.engine.names() == ["enter.wav", "wrong.wav", "wrong.wav", "bad.wav"]
        entry = record(stage)
        assert (entry["direction"], entry["ulFailReason"]) == (2, 8022)
        assert not {"extendNum", "subscriptionId", "fwdDstNum"} & entry.keys()

    async def test_the_hash_that_ends_it_late_is_no_try(self, stage, caller):
        await caller.keys("333")
        await caller.keys("", CollectEnd.TERMINATOR)
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        stage.caller.do("end")
        await stage.record()
        keyed = [told["digitInfo"] for name, told in events(stage) if name == "collectInfo"]
        assert keyed == ["333", "042"]

    class TestWithoutAPromptForIt:
        @pytest.fixture
        def application_prompts(self):
            return ApplicationPrompts(enter_extension="enter.wav")

        async def test_the_first_is_heard_again_and_the_end_is_silent(self, stage, caller):
            for _ in range(3):
                await caller.keys("007")
            assert (await stage.caller.until(Rejected)).status == 404
            await stage.record()
            assert stage.engine.names() == ["enter.wav"] * 3

    class TestWithoutRepeats:
        @pytest.fixture
        def application_settings(self):
            return {"mode": Mode.AXE, "extension_digits": 3, "extension_repeats": 0}

        async def test_ends_the_call_at_once(self, stage, caller):
            await caller.keys("007")
            stage.engine.finish(await stage.engine.until_heard("bad.wav"))
            await stage.caller.until(Rejected)
            assert (await stage.record()).end.release is ReleaseCode.NO_EXTENSION_BINDING


class TestNothingKeyed:
    async def test_is_asked_again_and_then_8033(self, stage, caller):
        for _ in range(3):
            await caller.nothing()
        stage.engine.finish(await stage.engine.until_heard("none.wav"))
        assert (await stage.caller.until(Rejected)).status == 480
        assert (await stage.record()).end.release is ReleaseCode.NO_EXTENSION_KEYED
        assert stage.engine.names() == ["enter.wav"] * 3 + ["none.wav"]
        keyed = [told["digitInfo"] for name, told in events(stage) if name == "collectInfo"]
        assert keyed == ["", "", ""]

    async def test_what_the_last_try_was_decides(self, stage, caller):
        await caller.keys("007")
        await caller.nothing()
        await caller.nothing()
        stage.engine.finish(await stage.engine.until_heard("none.wav"))
        await stage.caller.until(Rejected)
        assert (await stage.record()).end.release is ReleaseCode.NO_EXTENSION_KEYED

    async def test_hash_alone_is_nothing(self, stage, caller):
        for _ in range(3):
            await caller.keys("", CollectEnd.TERMINATOR)
        stage.engine.finish(await stage.engine.until_heard("none.wav"))
        await stage.caller.until(Rejected)
        assert (await stage.record()).end.release is ReleaseCode.NO_EXTENSION_KEYED


class TestTheEndMeanwhile:
    async def test_7516_the_caller_hangs_up_before_keying(self, stage, caller):
        await stage.engine.until_asked()
        stage.caller.do("end")
        found = await stage.record()
        assert found.end.release is ReleaseCode.CALLER_GAVE_UP_BEFORE_FORWARDING
        assert [name for name, _ in events(stage)] == ["callin", "disconnect"]
        assert record(stage)["direction"] == 2
        assert not stage.engine.calls

    async def test_8008_digits_cannot_be_collected(self, stage):
        stage.engine.refusals["collect"] = Unable
        stage.caller.dial(caller=B)
        assert (await stage.caller.until(Rejected)).status == 500
        assert (await stage.record()).end.release is ReleaseCode.COLLECTING_FAILED

    async def test_8008_a_caller_who_made_no_offer_can_hear_nothing(self, stage):
        stage.caller.dial(caller=B, body=None)
        await stage.caller.until(Rejected)
        assert (await stage.record()).end.release is ReleaseCode.COLLECTING_FAILED

    async def test_the_binding_ends_before_the_extension_is_complete(self, stage, caller):
        await stage.engine.until_asked()
        await stage.store.unbind("k", "b1", START)
        await caller.keys("042")
        await stage.engine.until_asked(2)
        stage.caller.do("end")
        await stage.record()

    async def test_once_it_rings_the_end_of_the_binding_does_not_matter(self, stage, caller):
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        await stage.store.unbind("k", "b1", START)
        stage.callee.do("answer", SDP)
        await stage.caller.until(Answered)
        stage.caller.do("end")
        assert (await stage.record()).end.release is ReleaseCode.NORMAL

    async def test_an_operator_ends_it(self, stage, caller):
        await stage.engine.until_asked()
        [call_id] = stage.engine.calls
        assert stage.plane.stop(call_id, "k")
        await stage.caller.until(Rejected)
        assert (await stage.record()).end.release is ReleaseCode.STOPPED


class TestWithoutMedia:
    @pytest.fixture
    def engine(self):
        return SilentEngine()

    async def test_8008(self, stage):
        stage.caller.dial(caller=B)
        await stage.caller.until(Rejected)
        assert (await stage.record()).end.release is ReleaseCode.COLLECTING_FAILED


class TestWithoutAnyPrompt:
    @pytest.fixture
    def prompts(self):
        return FixedPrompts()

    async def test_keys_are_taken_in_silence(self, stage):
        with capture_logs() as logs:
            stage.caller.dial(caller=B)
            await Caller(stage).keys("042")
            await stage.callee.until(InviteReceived)
        assert {entry["event"] for entry in logs} >= {"prompt is missing"}
        stage.caller.do("end")
        await stage.record()


class TestAnsweredCallers:
    """`[calls] extension_answers`: for networks that pass on no key before the answer."""

    @pytest.fixture
    def limits(self):
        return CallLimits(
            ring_timeout_s=0.6,
            trunk_response_timeout_s=0.15,
            ping_interval_s=0,
            drain_s=0.1,
            answers_for_extension=True,
        )

    @pytest.fixture
    async def caller(self, stage):
        stage.caller.dial(caller=B)
        await stage.caller.until(Answered)
        return Caller(stage)

    async def test_key_in_and_are_put_through(self, stage, caller):
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        stage.callee.do("ring")
        await stage.engine.until_heard(RING_BACK)
        stage.callee.do("answer", SDP)
        await stage.callee.until(Acknowledged)
        stage.callee.do("end")
        await stage.caller.until(EndReceived)
        found = await stage.record()
        assert found.end.release is ReleaseCode.NORMAL
        assert found.call.answered_at is not None

    async def test_their_call_is_answered_for_the_record_only_by_a(self, stage, caller):
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        stage.callee.do("ring")
        await stage.engine.until_heard(RING_BACK)
        stage.caller.do("end")
        found = await stage.record()
        assert found.end.release is ReleaseCode.CALLER_GAVE_UP_RINGING
        assert found.call.answered_at is None

    async def test_are_hung_up_on_after_a_wrong_extension(self, stage, caller):
        for _ in range(3):
            await caller.keys("007")
        stage.engine.finish(await stage.engine.until_heard("bad.wav"))
        assert (await stage.caller.until(EndReceived)).q850 == 1
        assert (await stage.record()).end.release is ReleaseCode.NO_EXTENSION_BINDING

    async def test_who_hang_up_before_keying_are_7516(self, stage, caller):
        await stage.engine.until_asked()
        stage.caller.do("end")
        found = await stage.record()
        assert found.end.release is ReleaseCode.CALLER_GAVE_UP_BEFORE_FORWARDING

    async def test_hear_the_notice_of_a_recording_without_a_second_answer(
        self, stage, caller, binding
    ):
        voice = VoiceOptions(record=True, record_hint_tone="hint.wav")
        await stage.store.modify(replace(binding, voice=voice), BindLimits(pairs=999), START)
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        stage.engine.finish(await stage.engine.until_heard("hint.wav"))
        await asyncio.sleep(0.02)
        assert "record" in stage.engine.deeds
        stage.caller.do("end")
        assert (await stage.record()).end.release is ReleaseCode.NORMAL


class TestACallsBack:
    async def test_who_called_last_even_in_vain(self, stage, caller):
        await caller.keys("042")
        await stage.callee.until(InviteReceived)
        stage.caller.do("end")
        await stage.record()
        stage.callee.session = None
        stage.callee.dial(caller=A)
        invited = await stage.callee.until(InviteReceived)
        assert invited.request.uri.startswith(f"sip:{B}@")
        assert X in invited.request.from_.uri
        assert not stage.engine.plays[1:]
        invited.session.reject(486, now=stage.callee.shell.now())
        stage.callee.shell.wake()
        await stage.callee.until(Rejected)

    async def test_8019_nobody_has_called_yet(self, stage):
        stage.caller.dial(caller=A)
        assert (await stage.caller.until(Rejected)).status == 404
        assert (await stage.record()).end.release is ReleaseCode.NOBODY_TO_CALL_BACK
        entry = record(stage)
        assert (entry["direction"], entry["subscriptionId"]) == (1, "b1")
        [(_, arrived), (name, _)] = events(stage)
        assert name == "disconnect"
        assert arrived["userData"] == "parcel"
        assert "subscriptionId" not in arrived

    async def test_the_number_of_the_binding_is_reached(self, stage, binding):
        changed = replace(binding, callback_number=B)
        await stage.store.modify(changed, BindLimits(pairs=999), START)
        stage.caller.dial(caller=A)
        invited = await stage.callee.until(InviteReceived)
        assert invited.request.uri.startswith(f"sip:{B}@")
        assert X in invited.request.from_.uri
        stage.caller.do("end")
        await stage.record()
        entry = record(stage)
        assert (entry["direction"], entry["callerNum"], entry["fwdDstNum"]) == (1, A, B)
        assert entry["extendNum"] == "042"
        assert "collectInfo" not in [name for name, _ in events(stage)]

    async def test_8019_the_tone_of_the_binding_is_heard(self, stage, binding):
        changed = replace(binding, callback_tone="tone.wav")
        await stage.store.modify(changed, BindLimits(pairs=999), START)
        stage.caller.dial(caller=A)
        stage.engine.finish(await stage.engine.until_heard("tone.wav"))
        await stage.caller.until(Rejected)
        assert (await stage.record()).end.release is ReleaseCode.NOBODY_TO_CALL_BACK
