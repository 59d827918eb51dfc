import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.unit.services.prompt_world import InlineConverter, tone

from maskline.domain.application import Application, ApplicationPrompts, Mode, Tenant
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.prompt import Prompt, PromptState
from maskline.services import prompt_desk
from maskline.services.clock import SteppedClock
from maskline.services.list_filter import PromptFilter
from maskline.services.prompt_audio import convert_sound
from maskline.services.prompt_desk import PromptDesk, PromptInUse, PromptTableFull, ReviewOutdated
from maskline.services.store import Listing, Page
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ONE, TWO = tone(500), tone(900)


@pytest.fixture
async def store() -> MemoryStore:
    store = MemoryStore()
    await store.add_tenant(Tenant(tenant_id="t", name="T", created_at=NOW))
    await store.add_application(
        Application(
            app_key="app", tenant_id="t", name="a", mode=Mode.AXB, secret="s", created_at=NOW
        )
    )
    return store


@pytest.fixture
def forgotten() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOW)


@pytest.fixture
def desk(store: MemoryStore, clock: SteppedClock, forgotten: list[tuple[str, str]]) -> PromptDesk:
    def forget(app_key: str, name: str) -> None:
        forgotten.append((app_key, name))

    return PromptDesk(store, InlineConverter(), forget, clock, max_upload_bytes=100_000)


async def test_an_upload_waits_for_its_review(
    desk: PromptDesk, store: MemoryStore, forgotten: list[tuple[str, str]]
):
    prompt = await desk.submit("app", "wait.wav", ONE, "请稍候")
    assert prompt.state is PromptState.WAITING
    assert prompt.approved is None
    assert prompt.submitted == convert_sound(ONE).audio
    assert await store.prompt("app", "wait.wav") == prompt
    assert await desk.sound("app", "wait.wav") == convert_sound(ONE).wav
    assert forgotten == [("app", "wait.wav")]


async def test_without_review_it_may_be_heard_at_once(store: MemoryStore, clock: SteppedClock):
    desk = PromptDesk(store, InlineConverter(), lambda *_: None, clock, needs_review=False)
    prompt = await desk.submit("app", "wait.wav", ONE)
    assert prompt.state is PromptState.APPROVED
    assert await desk.sound("app", "wait.wav", is_approved=True) == convert_sound(ONE).wav


async def test_a_replacement_is_reviewed_while_the_old_one_stays(
    desk: PromptDesk, clock: SteppedClock
):
    await desk.submit("app", "wait.wav", ONE, "first")
    await desk.approve("app", "wait.wav")
    clock.step(5)
    replaced = await desk.submit("app", "wait.wav", TWO)
    assert replaced.state is PromptState.WAITING
    assert replaced.approved == convert_sound(ONE).audio
    assert replaced.description == "first"
    assert replaced.created_at == NOW < replaced.modified_at
    rejected = await desk.reject("app", "wait.wav", "too loud")
    assert rejected.state is PromptState.REJECTED
    assert rejected.rejection == "too loud"
    assert await desk.sound("app", "wait.wav", is_approved=True) == convert_sound(ONE).wav
    await desk.submit("app", "wait.wav", TWO, "second")
    approved = await desk.approve("app", "wait.wav")
    assert approved.approved == convert_sound(TWO).audio
    assert approved.description == "second"
    assert approved.rejection is None


async def test_a_rejected_sound_may_be_approved_after_all(desk: PromptDesk):
    await desk.submit("app", "wait.wav", ONE)
    await desk.reject("app", "wait.wav", "too loud")
    assert (await desk.approve("app", "wait.wav")).state is PromptState.APPROVED


async def test_only_what_was_listened_to_is_approved(desk: PromptDesk):
    first = await desk.submit("app", "wait.wav", ONE)
    assert first.submitted is not None
    await desk.submit("app", "wait.wav", TWO)
    with pytest.raises(ReviewOutdated, match="listen to it again"):
        await desk.approve("app", "wait.wav", first.submitted.digest)
    with pytest.raises(ReviewOutdated):
        await desk.reject("app", "wait.wav", "no", first.submitted.digest)
    await desk.approve("app", "wait.wav", convert_sound(TWO).audio.digest)
    with pytest.raises(ReviewOutdated, match="nothing"):
        await desk.approve("app", "wait.wav")


@pytest.mark.parametrize("name", ["", "..", "-", "a b.wav", "a/b.wav", "等.wav", "a" * 129])
async def test_names_outside_the_rule_are_refused(desk: PromptDesk, name: str):
    with pytest.raises(InvalidParameter) as refused:
        await desk.submit("app", name, ONE)
    assert refused.value.parameter == "name"


async def test_the_platforms_own_names_are_refused(desk: PromptDesk):
    with pytest.raises(InvalidParameter, match="the platform's own"):
        await desk.submit("app", "default-goodbye-zh.wav", ONE)


async def test_what_is_too_much_is_refused_and_nothing_kept(desk: PromptDesk, store: MemoryStore):
    with pytest.raises(InvalidParameter, match="100000 bytes"):
        await desk.submit("app", "wait.wav", bytes(100_001))
    with pytest.raises(InvalidParameter, match="description"):
        await desk.submit("app", "wait.wav", ONE, "x" * 257)
    with pytest.raises(InvalidParameter, match="sound"):
        await desk.submit("app", "wait.wav", b"no sound")
    with pytest.raises(UnknownRecord):
        await desk.submit("nobody", "wait.wav", ONE)
    assert await store.prompt("app", "wait.wav") is None


@pytest.mark.parametrize("reason", ["", "  ", "x" * 257])
async def test_a_rejection_needs_a_reason(desk: PromptDesk, reason: str):
    await desk.submit("app", "wait.wav", ONE)
    with pytest.raises(InvalidParameter, match="reason"):
        await desk.reject("app", "wait.wav", reason)


async def test_an_application_has_a_bounded_number_of_prompts(
    desk: PromptDesk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(prompt_desk, "MAX_PROMPTS_PER_APPLICATION", 2)
    for name in ("one.wav", "two.wav", "one.wav"):
        await desk.submit("app", name, ONE)
    with pytest.raises(PromptTableFull):
        await desk.submit("app", "three.wav", ONE)


async def test_uploads_at_once_do_not_get_past_the_bound(
    desk: PromptDesk, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(prompt_desk, "MAX_PROMPTS_PER_APPLICATION", 2)

    async def count_slowly(*_: object) -> Listing[Prompt]:
        found = await MemoryStore.prompts(store, PromptFilter(app_key="app"), Page())
        await asyncio.sleep(0)
        return found

    monkeypatch.setattr(store, "prompts", count_slowly)
    uploads = (desk.submit("app", f"{number}.wav", ONE) for number in range(5))
    outcomes = await asyncio.gather(*uploads, return_exceptions=True)
    assert sum(isinstance(outcome, PromptTableFull) for outcome in outcomes) == 3


async def test_a_removed_prompt_is_gone(
    desk: PromptDesk, store: MemoryStore, forgotten: list[tuple[str, str]]
):
    await desk.submit("app", "wait.wav", ONE)
    await desk.remove("app", "wait.wav")
    assert await store.prompt("app", "wait.wav") is None
    assert forgotten[-1] == ("app", "wait.wav")
    for verb in (desk.remove, desk.find, desk.sound, desk.approve):
        with pytest.raises(UnknownRecord):
            await verb("app", "wait.wav")


async def test_what_the_application_plays_is_not_removed(desk: PromptDesk, store: MemoryStore):
    await desk.submit("app", "wait.wav", ONE)
    application = await store.application("app")
    assert application is not None
    played = ApplicationPrompts(no_binding="wait.wav", waiting_tone="wait.wav")
    await store.save_application(replace(application, prompts=played))
    with pytest.raises(PromptInUse, match="no_binding, waiting_tone"):
        await desk.remove("app", "wait.wav")


async def test_uploads_of_one_name_take_turns(desk: PromptDesk, store: MemoryStore):
    await asyncio.gather(*(desk.submit("app", "wait.wav", tone(500 + 50 * i)) for i in range(8)))
    prompt = await store.prompt("app", "wait.wav")
    assert prompt is not None
    assert prompt.submitted is not None
    assert await store.prompt_sound(prompt.submitted.digest) is not None
    assert len(store._tables.sounds) == 1


async def test_a_sound_that_was_never_approved_cannot_be_had_as_approved(desk: PromptDesk):
    await desk.submit("app", "wait.wav", ONE)
    with pytest.raises(UnknownRecord, match="was approved"):
        await desk.sound("app", "wait.wav", is_approved=True)
