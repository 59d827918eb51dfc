"""Mode X: the customer's server decides while the caller waits (`spec/x.md` 2, 6, 7)."""

import asyncio
import gc
import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs
from tests.garbage import without_collector
from tests.unit.planes.call.scripted_asker import ScriptedAsker

from maskline.domain.application import ApplicationPrompts, Mode
from maskline.domain.error import BusyError, CustomerError, FarEndError, StoreFailed
from maskline.domain.notice import Purpose
from maskline.domain.release import HungUpBy, ReleaseCode
from maskline.domain.virtual_number import NumberState
from maskline.planes.call.live_call import LiveCall
from maskline.planes.media.engine import CannotPlay, PlayEnd, Side
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    EndReceived,
    InviteReceived,
    ProgressReceived,
    Rejected,
    Ringing,
)
from maskline.services.list_filter import CallFilter
from maskline.services.prompt import FixedPrompts
from maskline.services.store import Page

A, B, X = "+8613900001001", "+8613900003003", "+8617000002001"
SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=private\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)
APART = ["block caller", "block callee"]
TOGETHER = ["unblock caller", "unblock callee"]


@pytest.fixture
def mode():
    return Mode.X


@pytest.fixture
def application_prompts():
    return ApplicationPrompts(service_abnormal="sorry.wav")


def told(stage):
    """What is queued for the customer: the `statusInfo` of each event by its type, and the fee."""
    found = {}
    for purpose, body in stage.queued():
        message = json.loads(body)
        if purpose is Purpose.STATUS:
            found[message["eventType"]] = message["statusInfo"]
        else:
            found["fee"] = message
    return found


async def until_bridged(stage):
    async with asyncio.timeout(2):
        while "bridge" not in stage.engine.deeds:  # noqa: ASYNC110 - nobody signals it
            await asyncio.sleep(0.002)


async def hang_up(stage):
    stage.caller.do("end")
    return await stage.record()


async def refused_for_want_of_an_answer(stage):
    """The caller hears that the service is abnormal, then 8014."""
    stage.caller.dial()
    stage.engine.finish(await stage.engine.until_heard("sorry.wav"))
    assert (await stage.caller.until(Rejected)).status == 403
    record = await stage.record()
    assert record.end.release is ReleaseCode.NO_BINDING
    assert stage.wires.bytes_to(stage.callee.shell.flow) == b""
    return record


class TestConnect:
    async def test_the_callee_of_the_answer_is_reached_and_sees_x(self, stage, asker, answer):
        asker.connects(B, userData="u1")
        await answer()
        sent = stage.wires.bytes_to(stage.callee.shell.flow)
        assert sent.startswith(b"INVITE sip:+8613900003003@")
        assert b"From: <sip:+8617000002001@" in sent
        assert A.encode() not in sent
        record = await hang_up(stage)
        assert (record.end.release, record.call.callee) == (ReleaseCode.NORMAL, B)
        assert record.call.binding_id is None

    async def test_the_question_is_the_block_callin(self, stage, asker, answer):
        asker.connects(B, userData="u1")
        await answer()
        [question] = asker.asked
        info = question["statusInfo"]
        assert question["eventType"] == "callin"
        assert (info["caller"], info["called"], info["notifyMode"]) == (A, X, "Block")
        assert not {"userData", "subscriptionId"} & info.keys()
        await hang_up(stage)

    async def test_callin_is_not_told_again_and_later_events_carry_the_user_data(
        self, stage, asker, answer
    ):
        asker.connects(B, userData="u1")
        await answer()
        await hang_up(stage)
        found = told(stage)
        assert list(found) == ["callout", "alerting", "answer", "disconnect", "fee"]
        assert {info["userData"] for info in found.values()} == {"u1"}
        assert not any("subscriptionId" in info for info in found.values())
        assert not any("notifyMode" in info for name, info in found.items() if name != "fee")

    async def test_the_record_says_block_direction_1_and_whom_x_called(self, stage, asker, answer):
        asker.connects(B)
        await answer()
        await hang_up(stage)
        fee = told(stage)["fee"]
        assert (fee["notifyMode"], fee["direction"], fee["serviceType"]) == ("Block", 1, "004")
        assert (fee["bindNum"], fee["calleeNum"], fee["callerNum"]) == (X, X, A)
        assert (fee["fwdDisplayNum"], fee["fwdDstNum"]) == (X, B)
        assert not {"subscriptionId", "mptyId", "extendNum"} & fee.keys()

    async def test_several_calls_may_be_up_on_one_x(self, stage, asker, answer):
        asker.connects(B)
        await answer()
        first = stage.caller.session
        stage.caller.dial(caller="+8613900001002")
        await stage.callee.until(InviteReceived)
        assert stage.plane.live_calls == 2
        assert [each["statusInfo"]["caller"] for each in asker.asked] == [A, "+8613900001002"]
        stage.caller.do("end")
        stage.caller.session = first
        stage.caller.do("end")

    async def test_the_longest_duration_ends_it_with_8010(self, stage, asker, answer):
        asker.connects(B, maxDuration=1)
        await answer()
        await stage.caller.until(EndReceived)
        assert (await stage.record()).end.release is ReleaseCode.MAX_DURATION

    async def test_showing_another_number_is_8024(self, stage, asker):
        asker.connects(B, displayCalleeNum=A)
        stage.caller.dial()
        stage.engine.finish(await stage.engine.until_heard("sorry.wav"))
        await stage.caller.until(Rejected)
        assert (await stage.record()).end.release is ReleaseCode.REAL_CALLER_SHOWN


class TestItsSounds:
    async def test_the_waiting_voice_is_heard_in_place_of_ring_back(self, stage, asker):
        asker.connects(B, waitVoice="wait.wav")
        stage.caller.dial()
        await stage.caller.until(ProgressReceived)
        play = await stage.engine.until_heard("wait.wav")
        assert play.to == {Side.CALLER}
        await stage.callee.until(InviteReceived)
        await hang_up(stage)

    async def test_the_callee_is_whispered_to_while_the_caller_still_waits(self, stage, asker):
        asker.connects(B, waitVoice="wait.wav", calleeHintVoice="hint.wav")
        stage.caller.dial()
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        whisper = await stage.engine.until_heard("hint.wav")
        assert (whisper.to, whisper.times) == ({Side.CALLEE}, 1)
        assert not any(isinstance(event, Answered) for event in list(stage.caller.events._queue))
        stage.engine.finish(whisper)
        await stage.caller.until(Answered)
        assert stage.engine.deeds == [
            "play wait.wav", *APART, "play hint.wav", "stop wait.wav", "bridge", *TOGETHER,
        ]  # fmt: skip
        await hang_up(stage)

    async def test_the_whisper_comes_before_the_notice_of_a_recording(self, stage, asker):
        asker.connects(B, calleeHintVoice="no.wav", recordFlag="true", recordHintTone="hint.wav")
        stage.caller.dial()
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        stage.engine.finish(await stage.engine.until_heard("no.wav"))
        await stage.caller.until(Answered)
        hint = await stage.engine.until_heard("hint.wav")
        assert hint.to == frozenset(Side)
        stage.engine.finish(hint)
        await until_bridged(stage)
        assert stage.engine.deeds.index("record") > stage.engine.deeds.index("play hint.wav")
        await hang_up(stage)

    async def test_a_whisper_that_cannot_be_played_is_done_without(self, stage, asker, answer):
        asker.connects(B, calleeHintVoice="hint.wav")
        stage.engine.refusals["hint.wav"] = CannotPlay
        with capture_logs() as logs:
            await answer()
        assert "whisper not heard" in [entry["event"] for entry in logs]
        assert (await hang_up(stage)).end.release is ReleaseCode.NORMAL

    async def test_a_callee_who_hangs_up_in_the_whisper_ends_the_call(self, stage, asker):
        asker.connects(B, calleeHintVoice="hint.wav")
        stage.caller.dial()
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        await stage.engine.until_heard("hint.wav")
        stage.callee.do("end")
        assert (await stage.caller.until(Rejected)).status == 480
        end = (await stage.record()).end
        assert (end.release, end.hung_up_by) == (ReleaseCode.NORMAL, HungUpBy.CALLEE)

    async def test_a_caller_who_gives_up_in_the_whisper_ends_the_call(self, stage, asker):
        asker.connects(B, calleeHintVoice="hint.wav")
        stage.caller.dial()
        await stage.callee.until(InviteReceived)
        stage.callee.do("ring")
        await stage.caller.until(Ringing)
        stage.callee.do("answer", SDP)
        await stage.engine.until_heard("hint.wav")
        stage.caller.do("end")
        await stage.callee.until(EndReceived)
        end = (await stage.record()).end
        assert (end.release, end.hung_up_by) == (ReleaseCode.NORMAL, HungUpBy.CALLER)

    async def test_the_time_allowed_ends_the_whisper_too(self, stage, asker, monkeypatch):
        monkeypatch.setattr("maskline.planes.call.talking.SECONDS_A_MINUTE", 0.04)
        asker.connects(B, calleeHintVoice="hint.wav", maxDuration=1)
        stage.caller.dial()
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        await stage.callee.until(EndReceived)
        assert (await stage.caller.until(Rejected)).status == 480
        assert (await stage.record()).end.release is ReleaseCode.MAX_DURATION

    async def test_a_last_minute_voice_without_an_end_is_not_even_looked_for(
        self, stage, asker, answer
    ):
        asker.connects(B, lastMinVoice="gone.wav", recordHintTone="gone.wav")
        await answer()
        assert (await hang_up(stage)).end.release is ReleaseCode.NORMAL

    @pytest.mark.parametrize(
        "sounds",
        [
            {"waitVoice": "gone.wav"},
            {"calleeHintVoice": "gone.wav"},
            {"recordFlag": True, "recordHintTone": "gone.wav"},
            {"maxDuration": 2, "lastMinVoice": "gone.wav"},
        ],
    )
    async def test_an_unknown_tone_is_8014(self, stage, asker, sounds):
        asker.connects(B, userData="u1", **sounds)
        record = await refused_for_want_of_an_answer(stage)
        assert record.call.user_data == "u1"


class TestAToneWhoseFileIsGone:
    @pytest.fixture
    def prompts(self):
        return FixedPrompts(approved=[("k", "wait.wav"), ("k", "bye.wav")])

    async def test_is_8006_before_anybody_is_rung(self, stage, asker):
        asker.connects(B, waitVoice="wait.wav")
        stage.caller.dial()
        assert (await stage.caller.until(Rejected)).status == 500
        assert (await stage.record()).end.release is ReleaseCode.PROMPT_MISSING
        assert stage.wires.bytes_to(stage.callee.shell.flow) == b""

    async def test_closes_in_silence_where_it_was_to_close(self, stage, asker):
        asker.closes(closeHintTone="bye.wav")
        stage.caller.dial()
        await stage.caller.until(Rejected)
        assert (await stage.record()).end.release is ReleaseCode.STOPPED


class TestClose:
    async def test_the_caller_hears_the_tone_and_is_then_released_with_8017(self, stage, asker):
        asker.closes(closeHintTone="no.wav", userData="u1")
        stage.caller.dial()
        assert (await stage.caller.until(ProgressReceived)).status == 183
        play = await stage.engine.until_heard("no.wav")
        assert (play.to, play.times) == ({Side.CALLER}, 1)
        stage.engine.finish(play)
        assert (await stage.caller.until(Rejected)).status == 480
        assert (await stage.record()).end.release is ReleaseCode.STOPPED
        found = told(stage)
        assert list(found) == ["disconnect", "fee"]
        assert (found["disconnect"]["stateCode"], found["disconnect"]["userData"]) == (8017, "u1")
        assert (found["fee"]["ulFailReason"], found["fee"]["userData"]) == (8017, "u1")
        assert "fwdDstNum" not in found["fee"]

    async def test_without_a_tone_at_once(self, stage, asker):
        asker.closes()
        stage.caller.dial()
        assert (await stage.caller.until(Rejected)).status == 480
        assert (await stage.record()).end.release is ReleaseCode.STOPPED
        assert stage.engine.plays == []

    async def test_with_an_unknown_tone_it_is_8014(self, stage, asker):
        asker.closes(closeHintTone="gone.wav")
        await refused_for_want_of_an_answer(stage)


class TestNoUsableAnswer:
    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (b"", "body cannot be used"),
            (b"<html>", "body cannot be used"),
            ({"operation": "forward"}, "operation cannot be used"),
            (
                {"operation": "connect", "connectInfo": {"calleeNum": B, "maxDuration": 7200}},
                "maxDuration cannot be used",
            ),
            (FarEndError("no answer within 5 s"), "no answer within 5 s"),
            (CustomerError("the address is not public"), "the address is not public"),
        ],
    )
    async def test_is_8014_after_the_prompt_and_logged_with_its_reason(
        self, stage, asker, answer, reason
    ):
        asker.answer = answer
        with capture_logs() as logs:
            await refused_for_want_of_an_answer(stage)
        [entry] = [entry for entry in logs if entry["event"] == "customer gave no usable answer"]
        assert entry["reason"] == reason
        assert list(told(stage)) == ["disconnect", "fee"]
        assert told(stage)["disconnect"]["stateCode"] == 8014

    async def test_is_counted_apart_from_no_answer(self, stage, asker):
        counters = stage.services.customers.counters
        for asker.answer in (b"", FarEndError("no"), {"operation": "close"}):
            stage.caller.dial()
            while stage.plane.live_calls or not asker.asked:
                for play in stage.engine.plays:
                    if not play.is_over:
                        stage.engine.finish(play)
                await asyncio.sleep(0.005)
            await stage.caller.until(Rejected)
            asker.asked.clear()
        assert (counters.asked, counters.closed) == (3, 1)
        assert (counters.unusable, counters.unanswered) == (1, 1)

    async def test_too_many_questions_are_our_own_overload(self, stage, asker):
        asker.answer = BusyError("full")
        stage.caller.dial()
        rejected = await stage.caller.until(Rejected)
        assert rejected.status == 503
        assert (await stage.record()).end.release is ReleaseCode.VOICE_PORTS_EXHAUSTED

    async def test_a_store_that_fails_meanwhile_is_our_own_fault(self, stage, asker, monkeypatch):
        async def fail(*_):
            raise StoreFailed

        asker.connects(B, waitVoice="wait.wav")
        monkeypatch.setattr(stage.services.prompts, "is_approved", fail)
        with capture_logs() as logs:
            stage.caller.dial()
            stage.engine.finish(await stage.engine.until_heard("sorry.wav"))
            await stage.caller.until(Rejected)
        assert (await stage.record()).end.release is ReleaseCode.INTERNAL
        assert "call failed" in [entry["event"] for entry in logs]


class TestWhileTheCustomerThinks:
    @pytest.fixture
    def asker(self):
        asker = ScriptedAsker()
        asker.connects(B)
        return asker

    @pytest.fixture(autouse=True)
    def held(self, asker):
        asker.hold()

    async def test_the_caller_hears_nothing_and_nobody_is_rung(self, stage, asker):
        stage.caller.dial()
        await asker.until_asked()
        await asyncio.sleep(0.02)
        assert not stage.engine.calls
        assert stage.wires.bytes_to(stage.callee.shell.flow) == b""
        assert b" 183 " not in stage.wires.bytes_to(stage.caller.shell.flow)
        asker.release()
        await stage.callee.until(InviteReceived)
        await hang_up(stage)

    async def test_a_caller_may_give_up_and_the_question_is_given_up_with_it(self, stage, asker):
        stage.caller.dial()
        await asker.until_asked()
        record = await hang_up(stage)
        assert record.end.release is ReleaseCode.CALLER_GAVE_UP_BEFORE_FORWARDING
        await asyncio.sleep(0.01)
        assert asker.given_up == 1
        assert list(told(stage)) == ["disconnect", "fee"]

    async def test_an_operator_may_end_it(self, stage, asker):
        stage.caller.dial()
        await asker.until_asked()
        session_id = asker.asked[0]["statusInfo"]["sessionId"]
        assert stage.plane.stop(session_id, "k")
        assert (await stage.caller.until(Rejected)).status == 480
        assert (await stage.record()).end.release is ReleaseCode.STOPPED

    async def test_a_worker_that_stops_does_not_wait_for_the_answer(self, stage, asker):
        stage.caller.dial()
        await asker.until_asked()
        await asyncio.wait_for(stage.plane.close(), 1.0)
        assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL

    async def test_a_worker_that_is_killed_leaves_what_the_next_one_needs(self, stage, asker):
        stage.caller.dial()
        await asker.until_asked()
        live = await stage.store.live_calls(CallFilter(), Page())
        assert [call.caller for call in live.rows] == [A]
        await hang_up(stage)


async def test_a_paused_number_is_told_without_asking(stage, asker):
    number = await stage.store.number(X)
    await stage.store.save_number(replace(number, state=NumberState.PAUSED))
    stage.caller.dial()
    await stage.caller.until(Rejected)
    assert (await stage.record()).end.release is ReleaseCode.NUMBER_UNAVAILABLE
    assert asker.asked == []
    assert list(told(stage)) == ["disconnect", "fee"]


async def test_an_asked_call_is_freed_without_the_collector(stage, asker):
    asker.connects(B, calleeHintVoice="hint.wav")
    with without_collector():
        stage.caller.dial()
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        stage.engine.finish(await stage.engine.until_heard("hint.wav"), PlayEnd.FINISHED)
        await stage.caller.until(Answered)
        await stage.callee.until(Acknowledged)
        stage.caller.do("end")
        await stage.record()
        stage.caller.session = stage.callee.session = None
        await asyncio.sleep(5)
        left = [thing for thing in gc.get_objects() if isinstance(thing, LiveCall)]
    assert left == []
