import pytest
from tests.contract.store.making import Make
from tests.contract.store.paging import pages

from maskline.domain.error import UnknownRecord
from maskline.domain.prompt import Prompt, PromptState
from maskline.services.list_filter import PromptFilter
from maskline.services.store import Page, Store


async def test_a_prompt_is_kept_with_its_sound(store: Store, make: Make):
    prompt = make.prompt(description="请稍候")
    await store.save_prompt(prompt, make.sound())
    assert await store.prompt(make.app_key, "wait.wav") == prompt
    assert prompt.submitted is not None
    assert await store.prompt_sound(prompt.submitted.digest) == make.sound()


async def test_names_are_of_one_application(store: Store, make: Make):
    await store.add_application(make.application("second"))
    own, other = make.prompt(), make.prompt(app_key="second", description="another")
    await store.save_prompt(own, make.sound())
    await store.save_prompt(other, make.sound())
    assert await store.prompt(make.app_key, "wait.wav") == own
    assert await store.prompt("second", "wait.wav") == other
    assert await store.prompt("third", "wait.wav") is None


async def test_every_step_of_a_review_is_kept(store: Store, make: Make):
    prompt = make.prompt()
    for step, sound in (
        (prompt, make.sound()),
        (approved := prompt.approve(make.after(1)), None),
        (replaced := approved.submit(make.audio(make.sound("two")), make.after(2)), "two"),
        (replaced.urge(make.after(3)), None),
        (replaced.reject("too loud", make.after(3)), None),
        (replaced.approve(make.after(4)), None),
    ):
        given = make.sound(sound) if isinstance(sound, str) else sound
        await store.save_prompt(step, given)
        assert await store.prompt(make.app_key, "wait.wav") == step


async def test_the_approved_sound_stays_until_another_is_approved(store: Store, make: Make):
    first, second = make.audio(make.sound()), make.audio(make.sound("two"))
    prompt = make.prompt().approve(make.now)
    await store.save_prompt(prompt, make.sound())
    prompt = prompt.submit(second, make.after(1))
    await store.save_prompt(prompt, make.sound("two"))
    assert await store.prompt_sound(first.digest) is not None
    await store.save_prompt(prompt.approve(make.after(2)), None)
    assert await store.prompt_sound(first.digest) is None
    assert await store.prompt_sound(second.digest) == make.sound("two")


async def test_a_submission_that_is_replaced_before_its_review_goes(store: Store, make: Make):
    prompt = make.prompt()
    await store.save_prompt(prompt, make.sound())
    second = make.audio(make.sound("two"))
    await store.save_prompt(prompt.submit(second, make.after(1)), make.sound("two"))
    assert await store.prompt_sound(make.audio(make.sound()).digest) is None
    assert await store.prompt_sound(second.digest) is not None


async def test_a_sound_that_two_prompts_have_goes_with_the_last(store: Store, make: Make):
    digest = make.audio(make.sound()).digest
    for name in ("one.wav", "two.wav"):
        await store.save_prompt(make.prompt(name), make.sound())
    await store.remove_prompt(make.app_key, "one.wav")
    assert await store.prompt_sound(digest) == make.sound()
    await store.remove_prompt(make.app_key, "two.wav")
    assert await store.prompt_sound(digest) is None


async def test_the_same_sound_again_is_kept(store: Store, make: Make):
    audio = make.audio(make.sound())
    prompt = make.prompt().approve(make.now)
    await store.save_prompt(prompt, make.sound())
    prompt = prompt.submit(audio, make.after(1))
    await store.save_prompt(prompt, make.sound())
    await store.save_prompt(prompt.approve(make.after(2)), None)
    assert await store.prompt_sound(audio.digest) == make.sound()


async def test_a_prompt_of_nobody_or_without_sound_is_refused(store: Store, make: Make):
    with pytest.raises(UnknownRecord):
        await store.save_prompt(make.prompt(app_key="nobody"), make.sound())
    with pytest.raises(UnknownRecord):
        await store.save_prompt(make.prompt(), None)
    assert len((await store.prompts(PromptFilter(), Page())).rows) == 0
    assert await store.prompt_sound(make.audio(make.sound()).digest) is None


async def test_an_unknown_prompt_cannot_be_removed(store: Store, make: Make):
    with pytest.raises(UnknownRecord):
        await store.remove_prompt(make.app_key, "none.wav")


async def test_prompts_are_listed_by_application_and_name(store: Store, make: Make):
    await store.add_application(make.application("second"))
    waiting = make.prompt("b.wav")
    approved = make.prompt("a.wav").approve(make.now)
    rejected = make.prompt("a.wav", app_key="second").reject("no", make.now)
    for prompt in (rejected, waiting, approved):
        await store.save_prompt(prompt, make.sound())

    async def found(app_key: str | None = None, state: PromptState | None = None) -> list[Prompt]:
        return list((await store.prompts(PromptFilter(app_key=app_key, state=state), Page())).rows)

    assert await found() == [approved, waiting, rejected]
    assert await found(make.app_key) == [approved, waiting]
    assert await found("second") == [rejected]
    assert await found(state=PromptState.WAITING) == [waiting]
    assert await found(state=PromptState.REJECTED) == [rejected]
    assert await found(make.app_key, PromptState.APPROVED) == [approved]
    assert await found("second", PromptState.APPROVED) == []
    assert await pages(lambda page: store.prompts(PromptFilter(), page), 2) == [
        [approved, waiting],
        [rejected],
    ]
    both = PromptFilter(app_keys=("second", make.app_key), state=PromptState.REJECTED)
    assert (await store.prompts(both, Page())).rows == (rejected,)
