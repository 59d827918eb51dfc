"""Recordings: the notice first, then the talk, and what the record says of them."""

import asyncio

import pytest

from maskline.domain.application import ApplicationPrompts
from maskline.domain.binding import VoiceOptions
from maskline.domain.error import StoreBusy
from maskline.domain.release import ReleaseCode
from maskline.planes.media.engine import (
    CannotPlay,
    CannotRecord,
    EngineFailed,
    EngineGone,
    MediaLost,
    PlayEnd,
    RecordingBroke,
    RecordingDone,
    Side,
    Unable,
    UnknownCall,
)
from maskline.protocols.sip.event import (
    Acknowledged,
    Answered,
    EndReceived,
    InviteReceived,
    OfferAnswered,
    Rejected,
)

SDP = (
    b"v=0\r\no=bob 7 7 IN IP4 198.51.100.9\r\ns=private\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n"
    b"m=audio 50000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)
RECORDED = VoiceOptions(record=True)
ANNOUNCED = VoiceOptions(record=True, record_hint_tone="hint.wav")
APART = ["block caller", "block callee"]
TOGETHER = ["unblock caller", "unblock callee"]


async def until_bridged(stage):
    async with asyncio.timeout(2):
        while "bridge" not in stage.engine.deeds:  # noqa: ASYNC110 - nobody signals it
            await asyncio.sleep(0.002)


async def hang_up(stage):
    stage.caller.do("end")
    return await stage.record()


class TestWithNotice:
    async def test_nobody_is_heard_and_nothing_recorded_before_both_were_told(self, stage, answer):
        await stage.bind(voice=ANNOUNCED)
        await answer()
        hint = await stage.engine.until_heard("hint.wav")
        assert (hint.to, hint.times) == (frozenset(Side), 1)
        assert stage.engine.deeds == [*APART, "play hint.wav"]
        stage.engine.finish(hint)
        await until_bridged(stage)
        assert stage.engine.deeds == [*APART, "play hint.wav", "record", "bridge", *TOGETHER]
        await hang_up(stage)

    async def test_early_media_of_the_callee_stops_at_its_answer(self, stage):
        await stage.bind(voice=ANNOUNCED)
        stage.caller.dial()
        await stage.callee.until(InviteReceived)
        stage.callee.do("ring", 183, body=SDP)
        stage.callee.do("answer", SDP)
        await stage.caller.until(Answered)
        await stage.engine.until_heard("hint.wav")
        assert stage.engine.deeds == ["early", *APART, "play hint.wav"]
        await hang_up(stage)

    async def test_the_notice_waits_for_a_caller_whose_phone_has_not_taken_the_answer(self, stage):
        await stage.bind(voice=ANNOUNCED)
        stage.caller.dial(body=None)
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        await stage.caller.until(Answered)
        await asyncio.sleep(0.02)
        assert stage.engine.plays == []
        stage.caller.do("acknowledge", SDP.replace(b"50000", b"40002"))
        stage.engine.finish(await stage.engine.until_heard("hint.wav"))
        await until_bridged(stage)
        await hang_up(stage)

    async def test_who_hangs_up_meanwhile_was_not_recorded(self, stage, answer):
        await stage.bind(voice=ANNOUNCED)
        await answer()
        await stage.engine.until_heard("hint.wav")
        stage.callee.do("end")
        await stage.caller.until(EndReceived)
        record = await stage.record()
        assert (record.end.release, record.recording) == (ReleaseCode.NORMAL, None)
        assert "record" not in stage.engine.deeds

    @pytest.mark.parametrize("refusal", [CannotPlay, None])
    async def test_without_the_notice_there_is_no_recording(self, stage, answer, refusal):
        if refusal is not None:
            stage.engine.refusals["hint.wav"] = refusal
        await stage.bind(voice=ANNOUNCED)
        await answer()
        if refusal is None:
            hint = await stage.engine.until_heard("hint.wav")
            stage.engine.finish(hint, PlayEnd.FAILED)
        await stage.callee.until(EndReceived)
        await stage.caller.until(EndReceived)
        record = await stage.record()
        assert record.end.release is ReleaseCode.RECORDING_NOT_STARTED
        assert not {"record", "bridge"} & set(stage.engine.deeds)

    async def test_a_notice_that_is_gone_ends_the_call_before_the_callee_rings(self, stage):
        await stage.bind(voice=VoiceOptions(record=True, record_hint_tone="gone.wav"))
        stage.caller.dial()
        assert (await stage.caller.until(Rejected)).status == 500
        assert (await stage.record()).end.release is ReleaseCode.NO_PROMPT

    async def test_without_recording_there_is_no_notice(self, stage, answer):
        await stage.bind(voice=VoiceOptions(record_hint_tone="gone.wav"))
        await answer()
        assert stage.engine.deeds == ["bridge"]
        await hang_up(stage)

    async def test_the_time_allowed_runs_while_it_is_heard(self, stage, answer, monkeypatch):
        monkeypatch.setattr("maskline.planes.call.talking.SECONDS_A_MINUTE", 0.06)
        await stage.bind(
            voice=VoiceOptions(record=True, record_hint_tone="hint.wav", max_duration_min=1)
        )
        await answer()
        await stage.engine.until_heard("hint.wav")
        assert (await stage.record()).end.release is ReleaseCode.MAX_DURATION
        assert "bridge" not in stage.engine.deeds


class TestPartiesOnHoldDuringTheNotice:
    """Both hear the whole of it before anything is recorded."""

    @pytest.fixture
    async def hint(self, stage, answer):
        """The notice, which both are hearing."""
        await stage.bind(voice=ANNOUNCED)
        await answer()
        return await stage.engine.until_heard("hint.wav")

    @pytest.fixture(params=["caller", "callee"])
    def party(self, stage, request):
        return getattr(stage, request.param)

    def side_of(self, stage, party):
        return Side.CALLER if party is stage.caller else Side.CALLEE

    async def offer(self, party, direction):
        party.do("reinvite", SDP + f"a={direction}\r\n".encode())
        return await party.until(OfferAnswered)

    async def test_who_held_for_a_while_hears_it_again_alone(self, stage, hint, party):
        held = await self.offer(party, "sendonly")
        assert b"a=recvonly" in held.body
        await self.offer(party, "sendrecv")
        stage.engine.finish(hint)
        again = await stage.engine.until_heard("hint.wav")
        assert (again.to, again.times) == ({self.side_of(stage, party)}, 1)
        assert "record" not in stage.engine.deeds
        stage.engine.finish(again)
        await until_bridged(stage)
        told = ["play hint.wav", "play hint.wav"]
        assert stage.engine.deeds == [*APART, *told, "record", "bridge", *TOGETHER]
        await hang_up(stage)

    async def test_who_still_holds_at_its_end_is_waited_for(self, stage, hint, party):
        await self.offer(party, "inactive")
        stage.engine.finish(hint)
        await asyncio.sleep(0.02)
        assert stage.engine.deeds == [*APART, "play hint.wav"]
        await self.offer(party, "sendrecv")
        again = await stage.engine.until_heard("hint.wav")
        assert again.to == {self.side_of(stage, party)}
        stage.engine.finish(again)
        await until_bridged(stage)
        await hang_up(stage)

    @pytest.mark.parametrize("notice_patience_s", [0.1])
    async def test_who_holds_for_ever_is_not_waited_for_for_ever(self, stage, hint, party):
        await self.offer(party, "inactive")
        stage.engine.finish(hint)
        assert (await stage.record()).end.release is ReleaseCode.RECORDING_NOT_STARTED
        assert "bridge" not in stage.engine.deeds

    @pytest.mark.parametrize("notice_patience_s", [0.1])
    @pytest.mark.parametrize("goes_on_unrecorded", [True])
    async def test_or_the_call_goes_on_without_a_recording(self, stage, hint, party):
        await self.offer(party, "inactive")
        stage.engine.finish(hint)
        await until_bridged(stage)
        assert "record" not in stage.engine.deeds
        await hang_up(stage)

    async def test_who_was_told_may_hold_while_the_other_is(self, stage, hint):
        await self.offer(stage.callee, "sendonly")
        await self.offer(stage.callee, "sendrecv")
        stage.engine.finish(hint)
        again = await stage.engine.until_heard("hint.wav")
        await self.offer(stage.caller, "sendonly")
        stage.engine.finish(again)
        await until_bridged(stage)
        assert len(stage.engine.plays) == 2
        await hang_up(stage)

    async def test_both_may_hold(self, stage, hint):
        for party in (stage.caller, stage.callee):
            await self.offer(party, "sendonly")
        stage.engine.finish(hint)
        for party in (stage.callee, stage.caller):
            await self.offer(party, "sendrecv")
            again = await stage.engine.until_heard("hint.wav")
            assert again.to == {self.side_of(stage, party)}
            stage.engine.finish(again)
        await until_bridged(stage)
        await hang_up(stage)

    async def test_a_callee_that_answers_on_hold_is_told_later(self, stage, answer, ring):
        await stage.bind(voice=ANNOUNCED)
        await ring()
        stage.callee.do("answer", SDP + b"a=sendonly\r\n")
        await stage.caller.until(Answered)
        hint = await stage.engine.until_heard("hint.wav")
        assert hint.to == {Side.CALLER}
        stage.engine.finish(hint)
        await self.offer(stage.callee, "sendrecv")
        again = await stage.engine.until_heard("hint.wav")
        assert again.to == {Side.CALLEE}
        stage.engine.finish(again)
        await until_bridged(stage)
        await hang_up(stage)

    async def test_a_change_that_is_no_hold_does_not_repeat_it(self, stage, hint, party):
        await self.offer(party, "sendrecv")
        stage.engine.finish(hint)
        await until_bridged(stage)
        assert len(stage.engine.plays) == 1
        await hang_up(stage)

    async def test_who_tires_of_waiting_may_hang_up(self, stage, hint):
        await self.offer(stage.callee, "sendonly")
        stage.engine.finish(hint)
        record = await hang_up(stage)
        assert (record.end.release, record.recording) == (ReleaseCode.NORMAL, None)
        assert not {"record", "bridge"} & set(stage.engine.deeds)

    async def test_the_time_allowed_runs_meanwhile(self, stage, answer, monkeypatch):
        monkeypatch.setattr("maskline.planes.call.talking.SECONDS_A_MINUTE", 0.1)
        await stage.bind(
            voice=VoiceOptions(record=True, record_hint_tone="hint.wav", max_duration_min=1)
        )
        await answer()
        hint = await stage.engine.until_heard("hint.wav")
        await self.offer(stage.callee, "sendonly")
        stage.engine.finish(hint)
        assert (await stage.record()).end.release is ReleaseCode.MAX_DURATION
        assert "record" not in stage.engine.deeds


class TestTheRecording:
    async def test_begins_with_the_talk_and_ends_with_it(self, stage, answer):
        stage.engine.recorded_s = 12.34
        await stage.bind(voice=RECORDED)
        await answer()
        assert stage.engine.deeds == ["record", "bridge"]
        [live] = stage.plane._calls.values()
        assert (await stage.store.live_call(live.session_id)).recording.object_name == "r0.wav"
        record = await hang_up(stage)
        assert record.end.recorded_s == 12.34
        assert record.recording.object_name == "r0.wav"
        rule = stage.engine.record_rule
        assert (rule.file.path, rule.file.head, rule.file.key) == ("/spool/r0.wav", b"head", b"key")
        assert (rule.channels, rule.limit_s) == (1, 86_460.0)
        assert stage.engine.deeds[-1] == "stop recording"

    async def test_under_three_seconds_is_none(self, stage, answer):
        stage.engine.recorded_s = 2.9
        await stage.bind(voice=RECORDED)
        await answer()
        assert (await hang_up(stage)).recording is None

    async def test_goes_on_while_a_party_holds(self, stage, answer):
        stage.engine.recorded_s = 5.0
        await stage.bind(voice=RECORDED)
        await answer()
        stage.caller.do("reinvite", SDP + b"a=sendonly\r\n")
        await stage.caller.until(OfferAnswered)
        assert (await hang_up(stage)).recording is not None
        assert stage.engine.deeds.count("record") == 1

    async def test_of_an_application_that_lost_the_right_is_not_made(self, stage, answer):
        application = await stage.store.application("k")
        await stage.store.save_application(
            type(application)(
                **{name: getattr(application, name) for name in application.__slots__}
                | {"may_record": False}
            )
        )
        stage.directory.forget_application("k")
        await stage.bind(voice=ANNOUNCED)
        await answer()
        assert stage.engine.deeds == ["bridge"]
        assert (await hang_up(stage)).recording is None

    async def test_that_cannot_be_named_ends_the_call(self, stage, recordings):
        recordings.refusal = StoreBusy()
        await stage.bind(voice=RECORDED)
        stage.caller.dial()
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        assert (await stage.caller.until(Rejected)).status == 500
        await stage.callee.until(EndReceived)
        assert (await stage.record()).end.release is ReleaseCode.RECORDING_NOT_STARTED
        assert "bridge" not in stage.engine.deeds

    @pytest.mark.parametrize("refusal", [Unable, CannotRecord])
    async def test_that_cannot_be_written_is_given_up(self, stage, recordings, refusal):
        stage.engine.refusals["record"] = refusal
        await stage.bind(voice=RECORDED)
        stage.caller.dial()
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        await stage.caller.until(Rejected)
        record = await stage.record()
        assert record.end.release is ReleaseCode.RECORDING_NOT_STARTED
        assert record.call.recording is None
        assert recordings.abandoned == recordings.begun

    async def test_that_breaks_ends_the_call_and_is_kept(self, stage, answer):
        stage.engine.recorded_s = 8.0
        await stage.bind(voice=RECORDED)
        await answer()
        [call_id] = stage.engine.calls
        stage.engine.emit(RecordingBroke(call_id))
        await stage.callee.until(EndReceived)
        record = await stage.record()
        assert record.end.release is ReleaseCode.RECORDING_BROKEN
        assert record.recording is not None


class TestWithoutRecordings:
    @pytest.mark.parametrize("lacking", ["desk", "engine"])
    async def test_a_call_that_must_be_recorded_ends_before_the_callee_rings(self, stage, lacking):
        if lacking == "desk":
            object.__setattr__(stage.services, "recordings", None)
        stage.engine.records = lacking != "engine"
        await stage.bind(voice=RECORDED)
        stage.caller.dial()
        assert (await stage.caller.until(Rejected)).status == 500
        assert (await stage.record()).end.release is ReleaseCode.RECORDING_NOT_STARTED
        assert stage.wires.bytes_to(stage.callee.shell.flow) == b""


class TestCallsThatMayGoOnUnrecorded:
    @pytest.fixture
    def goes_on_unrecorded(self):
        return True

    async def test_when_it_cannot_be_named(self, stage, recordings, answer):
        recordings.refusal = StoreBusy()
        await stage.bind(voice=RECORDED)
        await answer()
        record = await hang_up(stage)
        assert (record.end.release, record.recording) == (ReleaseCode.NORMAL, None)

    async def test_when_the_notice_is_not_heard(self, stage, answer):
        stage.engine.refusals["hint.wav"] = CannotPlay
        await stage.bind(voice=ANNOUNCED)
        await answer()
        await until_bridged(stage)
        assert "record" not in stage.engine.deeds
        assert (await hang_up(stage)).end.release is ReleaseCode.NORMAL

    async def test_when_it_breaks_what_there_is_is_kept(self, stage, answer):
        await stage.bind(voice=RECORDED)
        await answer()
        [call_id] = stage.engine.calls
        stage.engine.emit(RecordingBroke(call_id))
        stage.services.finished_files.done(RecordingDone("/spool/r0.wav", 6.5))
        await asyncio.sleep(0.02)
        assert stage.plane.live_calls == 1
        record = await hang_up(stage)
        assert (record.end.release, record.end.recorded_s) == (ReleaseCode.NORMAL, 6.5)

    async def test_when_there_are_no_recordings_here(self, stage, answer):
        object.__setattr__(stage.services, "recordings", None)
        await stage.bind(voice=ANNOUNCED)
        await answer()
        assert stage.engine.deeds == ["bridge"]
        await hang_up(stage)


class TestWhenTheMediaDies:
    """Whether the engine's word of its death or the verb that fails by it comes first."""

    @pytest.fixture
    def application_prompts(self):
        return ApplicationPrompts(service_abnormal="sorry.wav")

    @pytest.mark.parametrize("error", [EngineGone, UnknownCall])
    @pytest.mark.parametrize("verb", ["play", "record"])
    async def test_before_the_recording_that_is_why_the_call_ends(self, stage, ring, verb, error):
        stage.engine.refusals[verb] = error
        await stage.bind(voice=ANNOUNCED if verb == "play" else RECORDED)
        await ring()
        stage.callee.do("answer", SDP)
        await stage.callee.until(EndReceived)
        assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL
        assert stage.engine.plays == []

    async def test_at_the_end_of_the_notice_that_is_why_the_call_ends(self, stage, answer):
        await stage.bind(voice=ANNOUNCED)
        await answer()
        hint = await stage.engine.until_heard("hint.wav")
        stage.engine.refusals["record"] = EngineGone
        stage.engine.finish(hint)
        stage.engine.emit(EngineFailed(hint.call_id))
        assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL
        assert stage.engine.names() == ["hint.wav"]

    async def test_a_notice_whose_end_a_dead_engine_never_tells(self, stage, answer, monkeypatch):
        await stage.bind(voice=ANNOUNCED)
        await answer()
        await stage.engine.until_heard("hint.wav")

        async def stop(*_):
            raise EngineGone("dead")

        monkeypatch.setattr(stage.engine, "stop", stop)
        assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL

    async def call_dies(self, stage, answer):
        await stage.bind(voice=RECORDED)
        await answer()
        [call_id] = stage.engine.calls
        stage.engine.refusals["stop_record"] = EngineGone
        await asyncio.sleep(1.5)
        stage.engine.emit(EngineFailed(call_id))

    async def test_the_record_has_the_length_of_the_repaired_file(self, stage, answer):
        await self.call_dies(stage, answer)
        await stage.caller.until(EndReceived)
        stage.services.finished_files.done(RecordingDone("/spool/other.wav", 99.0))
        stage.services.finished_files.done(RecordingDone("/spool/r0.wav", 4.25))
        record = await stage.record()
        assert (record.end.release, record.end.recorded_s) == (ReleaseCode.SERVICE_ABNORMAL, 4.25)

    async def test_a_file_of_which_nothing_is_left_is_none(self, stage, answer):
        await self.call_dies(stage, answer)
        stage.services.finished_files.done(RecordingDone("/spool/r0.wav", 0.0))
        assert (await stage.record()).end.recorded_s == 0.0

    async def test_a_file_of_which_nothing_is_told_is_as_long_as_it_was_written(
        self, stage, answer
    ):
        await self.call_dies(stage, answer)
        assert (await stage.record()).end.recorded_s >= 1.5
        assert stage.services.finished_files._awaited == {}


async def test_an_engine_that_fails_to_end_a_recording_costs_no_record(stage, answer):
    stage.engine.refusals["stop_record"] = RuntimeError
    await stage.bind(voice=RECORDED)
    await answer()
    stage.caller.do("end")
    assert (await stage.record()).end.release is ReleaseCode.NORMAL
    assert stage.engine.calls == {}


class TestAnApology:
    """The application's prompt for failures of ours (`spec/console.md` 7)."""

    @pytest.fixture
    def application_prompts(self):
        return ApplicationPrompts(service_abnormal="sorry.wav")

    async def test_both_hear_it_before_a_call_ends_that_broke(self, stage, answer):
        await stage.bind(voice=RECORDED)
        await answer()
        [call_id] = stage.engine.calls
        stage.engine.emit(RecordingBroke(call_id))
        sorry = await stage.engine.until_heard("sorry.wav")
        assert sorry.to == frozenset(Side)
        stage.engine.finish(sorry)
        await stage.callee.until(EndReceived)
        await stage.caller.until(EndReceived)
        assert (await stage.record()).end.release is ReleaseCode.RECORDING_BROKEN

    async def test_who_hangs_up_meanwhile_ends_it_for_the_other_too(self, stage, answer):
        await stage.bind(voice=RECORDED)
        await answer()
        [call_id] = stage.engine.calls
        stage.engine.emit(RecordingBroke(call_id))
        await stage.engine.until_heard("sorry.wav")
        stage.caller.do("end")
        await stage.callee.until(EndReceived)
        assert (await stage.record()).end.release is ReleaseCode.RECORDING_BROKEN

    async def test_the_caller_of_a_call_that_cannot_be_forwarded_hears_it_early(self, stage):
        await stage.bind(voice=VoiceOptions(a_waiting_tone="gone.wav"))
        stage.caller.dial()
        sorry = await stage.engine.until_heard("sorry.wav")
        assert sorry.to == {Side.CALLER}
        stage.engine.finish(sorry)
        assert (await stage.caller.until(Rejected)).status == 500
        assert (await stage.record()).end.release is ReleaseCode.NO_PROMPT

    async def test_an_answered_callee_hears_it_too(self, stage, recordings):
        recordings.refusal = StoreBusy()
        await stage.bind(voice=RECORDED)
        stage.caller.dial()
        await stage.callee.until(InviteReceived)
        stage.callee.do("answer", SDP)
        await stage.callee.until(Acknowledged)
        sorry = await stage.engine.until_heard("sorry.wav")
        assert sorry.to == frozenset(Side)
        stage.engine.finish(sorry)
        await stage.caller.until(Rejected)
        await stage.callee.until(EndReceived)
        await stage.record()

    async def test_a_prompt_that_cannot_be_played_does_not_hold_up_the_end(self, stage, answer):
        stage.engine.refusals["sorry.wav"] = CannotPlay
        await stage.bind(voice=RECORDED)
        await answer()
        [call_id] = stage.engine.calls
        stage.engine.emit(RecordingBroke(call_id))
        assert (await stage.record()).end.release is ReleaseCode.RECORDING_BROKEN

    async def test_a_failure_while_telling_of_a_failure_ends_the_call(
        self, stage, answer, monkeypatch
    ):
        await stage.bind(voice=RECORDED)
        await answer()

        async def broken(*_):
            raise OSError("disk")

        monkeypatch.setattr(stage.services.prompts, "find", broken)
        [call_id] = stage.engine.calls
        stage.engine.emit(RecordingBroke(call_id))
        assert (await stage.record()).end.release is ReleaseCode.RECORDING_BROKEN

    async def test_a_worker_that_is_killed_off_meanwhile_leaves_nobody_hanging(
        self, stage, answer, monkeypatch
    ):
        monkeypatch.setattr("maskline.planes.call.plane.HANG_UP_S", 0.02)
        await stage.bind(voice=RECORDED)
        await answer()
        [call_id] = stage.engine.calls
        stage.engine.emit(RecordingBroke(call_id))
        await stage.engine.until_heard("sorry.wav")
        [story] = stage.plane._stories
        story.cancel()
        await stage.callee.until(EndReceived)
        await stage.caller.until(EndReceived)

    @pytest.mark.parametrize("event", ["engine", "media"])
    async def test_where_there_is_no_media_nothing_is_played(self, stage, answer, event):
        await stage.bind()
        await answer()
        [call_id] = stage.engine.calls
        if event == "engine":
            stage.engine.emit(EngineFailed(call_id))
        else:
            stage.engine.emit(MediaLost(call_id, Side.CALLER))
            stage.engine.emit(MediaLost(call_id, Side.CALLEE))
        assert (await stage.record()).end.release is ReleaseCode.SERVICE_ABNORMAL
        assert stage.engine.plays == []

    async def test_it_is_over_when_the_time_allowed_is(self, stage, answer, monkeypatch):
        monkeypatch.setattr("maskline.planes.call.voice.GRACE_S", 5.0)
        await stage.bind(voice=VoiceOptions(record=True, max_duration_min=1))
        await answer()
        answered_at = asyncio.get_running_loop().time()
        [call_id] = stage.engine.calls
        stage.engine.emit(RecordingBroke(call_id))
        await stage.engine.until_heard("sorry.wav")
        await stage.callee.until(EndReceived)
        assert asyncio.get_running_loop().time() - answered_at < 0.3
        assert (await stage.record()).end.release is ReleaseCode.RECORDING_BROKEN

    async def test_a_normal_end_is_no_failure(self, stage, answer):
        await stage.bind()
        await answer()
        await hang_up(stage)
        assert stage.engine.plays == []
