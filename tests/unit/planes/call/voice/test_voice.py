"""The verbs of a call's voice one by one: digits, whispers, last words."""

import asyncio
from pathlib import Path

import pytest
from tests.unit.planes.call.scripted_engine import ScriptedEngine

from maskline.domain.release import ReleaseCode
from maskline.planes.call.inbox import Inbox, StopRequested
from maskline.planes.call.keypress import KeyPress
from maskline.planes.call.over import CallOver
from maskline.planes.call.voice import BOTH, CallVoice, Question
from maskline.planes.media.engine import (
    AudioCodec,
    CollectEnd,
    DigitRule,
    EngineGone,
    MediaPeer,
    PlayEnd,
    Side,
    Unable,
)
from maskline.services.prompt import PromptFile

RULE = DigitRule(max_digits=4, terminator="#", first_timeout_s=0.05, next_timeout_s=0.01)
ENTER = PromptFile(Path("/p/enter.wav"), 50)
PEER = MediaPeer("192.0.2.1", 4000, AudioCodec("PCMA", 8), 101)


class World:
    def __init__(self, engine):
        self.engine = engine
        self.inbox = Inbox(asyncio.get_running_loop(), 64)
        self.steps = []
        self.voice = CallVoice(
            engine, "c", self.inbox, lambda where, what: self.steps.append((where, what))
        )
        self.heard = []

    async def hear(self, event):
        self.heard.append(event)
        if isinstance(event, StopRequested):
            raise CallOver(ReleaseCode.STOPPED)

    def ask(self, **changes):
        values = {"side": Side.CALLER, "prompt": ENTER, "rule": RULE} | changes
        return asyncio.create_task(self.voice.ask(Question(**values), self.hear))

    def type_in(self, digits, why=CollectEnd.COMPLETE):
        self.engine.type_in("c", Side.CALLER, digits, why)


@pytest.fixture
async def world():
    engine = ScriptedEngine()
    await engine.start()
    world = World(engine)
    await engine.open("c", world.inbox.post)
    for side in Side:
        await engine.connect("c", side, PEER)
    return world


class TestAsking:
    async def test_the_prompt_is_cut_by_the_first_digit(self, world):
        asking = world.ask()
        rule = await world.engine.until_asked()
        [play] = world.engine.plays
        assert (play.name, play.to) == ("enter.wav", {Side.CALLER})
        assert rule.cuts == play.play_id
        world.engine.finish(play, PlayEnd.CUT_BY_DIGIT)
        world.type_in("1234")
        assert await asking == "1234"
        assert [what for _, what in world.steps] == [
            "prompt begins for the caller, 0.1 s",
            "up to 4 digits asked of the caller",
        ]

    async def test_nothing_entered_is_asked_again_as_often_as_wanted(self, world):
        asking = world.ask(tries=3)
        for count in (1, 2, 3):
            await world.engine.until_asked(count)
            world.type_in("", CollectEnd.TIMEOUT)
        assert await asking is None
        assert world.engine.names() == ["enter.wav"] * 3

    async def test_too_few_digits_are_an_answer(self, world):
        asking = world.ask(tries=2)
        await world.engine.until_asked()
        world.type_in("12", CollectEnd.TIMEOUT)
        assert await asking == "12"

    async def test_the_terminator_alone_is_an_empty_answer(self, world):
        asking = world.ask(tries=2)
        await world.engine.until_asked()
        world.type_in("", CollectEnd.TERMINATOR)
        assert await asking == ""

    async def test_without_a_prompt_the_party_is_just_listened_to(self, world):
        asking = world.ask(prompt=None)
        assert (await world.engine.until_asked()).cuts is None
        world.type_in("9")
        assert await asking == "9"

    async def test_digits_of_the_other_side_are_no_answer(self, world):
        asking = world.ask()
        await world.engine.until_asked()
        world.engine.type_in("c", Side.CALLEE, "7", CollectEnd.COMPLETE)
        world.type_in("1")
        assert await asking == "1"

    async def test_a_prompt_that_cannot_be_heard_does_not_keep_from_listening(self, world):
        world.engine.refusals["enter.wav"] = Unable
        asking = world.ask()
        assert (await world.engine.until_asked()).cuts is None
        world.type_in("1")
        assert await asking == "1"

    @pytest.mark.parametrize("refusal", [Unable, EngineGone])
    async def test_8008_when_the_engine_cannot_collect(self, world, refusal):
        world.engine.refusals["collect"] = refusal
        with pytest.raises(CallOver) as over:
            await world.ask()
        assert over.value.release is ReleaseCode.COLLECTING_FAILED

    async def test_8008_when_the_end_is_never_told(self, world):
        with pytest.raises(CallOver) as over:
            await asyncio.wait_for(world.ask(), 1.0)
        assert over.value.release is ReleaseCode.COLLECTING_FAILED

    async def test_the_call_may_end_meanwhile(self, world):
        asking = world.ask()
        await world.engine.until_asked()
        world.inbox.post(StopRequested())
        with pytest.raises(CallOver):
            await asking


class TestKeysInSignalling:
    async def test_are_collected_and_kept_from_the_other_party(self, world):
        asking = world.ask()
        await world.engine.until_asked()
        assert await world.voice.press(Side.CALLER, KeyPress("5", 90))
        assert not await world.voice.press(Side.CALLEE, KeyPress("6", 90))
        assert world.engine.pressed == [(Side.CALLER, "5", 90)]
        world.type_in("5")
        await asking

    async def test_stay_private_for_a_moment_where_the_last_one_comes_in_two_ways(
        self, world, monkeypatch
    ):
        monkeypatch.setattr("maskline.planes.call.voice.PRIVATE_LINGER_S", 0.05)
        asking = world.ask()
        await world.engine.until_asked()
        world.type_in("5")
        await asking
        assert await world.voice.press(Side.CALLER, KeyPress("5", 90))
        assert not await world.voice.press(Side.CALLEE, KeyPress("6", 90))
        await asyncio.sleep(0.06)
        assert not await world.voice.press(Side.CALLER, KeyPress("7", 90))

    async def test_are_passed_on_too_where_the_question_is_no_secret(self, world):
        asking = world.ask(rule=DigitRule(max_digits=1, is_private=False))
        await world.engine.until_asked()
        assert not await world.voice.press(Side.CALLER, KeyPress("5", 90))
        assert world.engine.pressed == [(Side.CALLER, "5", 90)]
        world.type_in("5")
        await asking


class TestSpeaking:
    async def test_a_whisper_is_for_the_callee_while_the_caller_goes_on_waiting(self, world):
        await world.voice.start_tone(PromptFile(Path("/p/wait.wav"), 50))
        whisper = asyncio.create_task(world.voice.whisper(ENTER, world.hear))
        play = await world.engine.until_heard("enter.wav")
        assert play.to == {Side.CALLEE}
        world.engine.finish(play)
        assert await whisper is PlayEnd.FINISHED
        assert world.voice.has_tone

    async def test_last_words_come_before_the_end(self, world):
        over = CallOver(ReleaseCode.NORMAL)
        closing = asyncio.create_task(world.voice.close_with(BOTH, ENTER, over, world.hear))
        world.engine.finish(await world.engine.until_heard("enter.wav"))
        assert await closing is over

    async def test_without_last_words_or_listeners_the_end_comes_at_once(self, world):
        over = CallOver(ReleaseCode.NORMAL)
        assert await world.voice.close_with(BOTH, None, over, world.hear) is over
        assert await world.voice.close_with(frozenset(), ENTER, over, world.hear) is over
        assert world.engine.plays == []

    async def test_a_deadline_stops_the_prompt(self, world):
        end = await world.voice.play_and_wait(
            BOTH, ENTER, world.hear, asyncio.get_running_loop().time() + 0.02
        )
        assert end is PlayEnd.STOPPED
        assert world.engine.deeds == ["play enter.wav", "stop enter.wav"]

    async def test_what_else_happens_is_heard(self, world):
        playing = asyncio.create_task(world.voice.play_and_wait(BOTH, ENTER, world.hear))
        await world.engine.until_heard("enter.wav")
        world.inbox.post(StopRequested())
        with pytest.raises(CallOver):
            await playing
        assert world.heard == [StopRequested()]
