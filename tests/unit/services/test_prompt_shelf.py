import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.services.prompt_world import tone

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.error import StoreFailed
from maskline.domain.prompt import Prompt
from maskline.services.clock import SteppedClock
from maskline.services.prompt_audio import PromptSound, convert_sound
from maskline.services.prompt_shelf import SHIPPED_FOLDER, PromptShelf
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ONE, TWO = convert_sound(tone(500)), convert_sound(tone(900, 0.75))


class CountingStore(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.reads: list[str] = []

    async def prompt(self, app_key: str, name: str) -> Prompt | None:
        self.reads.append(name)
        await asyncio.sleep(0)
        return await super().prompt(app_key, name)

    async def prompt_sound(self, digest: str) -> bytes | None:
        self.reads.append(digest)
        await asyncio.sleep(0)
        return await super().prompt_sound(digest)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOW)


@pytest.fixture
async def store() -> CountingStore:
    store = CountingStore()
    await store.add_tenant(Tenant(tenant_id="t", name="T", created_at=NOW))
    application = Application(
        app_key="app", tenant_id="t", name="a", mode=Mode.AXB, secret="s", created_at=NOW
    )
    for app_key in ("app", "other"):
        await store.add_application(replace(application, app_key=app_key))
    return store


@pytest.fixture
async def shelf(store: CountingStore, clock: SteppedClock, tmp_path: Path) -> PromptShelf:
    shelf = PromptShelf(store, clock, tmp_path / "prompts", max_prompts=3)
    await shelf.start()
    return shelf


async def _approved(store: MemoryStore, name: str = "wait.wav", sound: PromptSound = ONE) -> Prompt:
    prompt = Prompt(app_key="app", name=name, created_at=NOW, modified_at=NOW)
    prompt = prompt.submit(sound.audio, NOW).approve(NOW)
    await store.save_prompt(prompt, sound.wav)
    return prompt


async def test_an_approved_prompt_is_a_file_that_only_we_read(
    shelf: PromptShelf, store: CountingStore, tmp_path: Path
):
    await _approved(store)
    assert await shelf.is_approved("app", "wait.wav")
    file = await shelf.find("app", "wait.wav")
    assert file is not None
    assert file.path == tmp_path / "prompts" / f"{ONE.audio.digest}.wav"
    assert file.path.read_bytes() == ONE.wav
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert file.duration_ms == 500
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]


async def test_what_waits_was_rejected_or_is_another_applications_is_not_there(
    shelf: PromptShelf, store: CountingStore
):
    await _approved(store, "mine.wav")
    waiting = Prompt(app_key="app", name="waits.wav", created_at=NOW, modified_at=NOW)
    waiting = waiting.submit(ONE.audio, NOW)
    await store.save_prompt(waiting, ONE.wav)
    await store.save_prompt(replace(waiting, name="bad.wav").reject("no", NOW), ONE.wav)
    for app_key, name in (
        ("other", "mine.wav"), ("app", "waits.wav"), ("app", "bad.wav"), ("app", "none.wav"),
    ):  # fmt: skip
        assert not await shelf.is_approved(app_key, name)
        assert await shelf.find(app_key, name) is None


async def test_the_approved_sound_is_played_while_its_replacement_waits(
    shelf: PromptShelf, store: CountingStore
):
    prompt = await _approved(store)
    await store.save_prompt(prompt.submit(TWO.audio, NOW), TWO.wav)
    file = await shelf.find("app", "wait.wav")
    assert file is not None
    assert file.path.stem == ONE.audio.digest


async def test_a_prompt_is_read_once_a_second_and_its_sound_once(
    shelf: PromptShelf, store: CountingStore, clock: SteppedClock
):
    await _approved(store)
    for _ in range(3):
        await shelf.find("app", "wait.wav")
    assert store.reads == ["wait.wav", ONE.audio.digest]
    clock.step(1.0)
    await shelf.find("app", "wait.wav")
    assert store.reads == ["wait.wav", ONE.audio.digest, "wait.wav"]


async def test_a_change_is_heard_at_once_here_and_after_a_second_elsewhere(
    shelf: PromptShelf, store: CountingStore, clock: SteppedClock
):
    prompt = await _approved(store)
    await shelf.find("app", "wait.wav")
    prompt = prompt.submit(TWO.audio, NOW).approve(NOW)
    await store.save_prompt(prompt, TWO.wav)
    shelf.forget("app", "wait.wav")
    file = await shelf.find("app", "wait.wav")
    assert file is not None
    assert (file.path.stem, file.duration_ms) == (TWO.audio.digest, 750)
    await store.remove_prompt("app", "wait.wav")
    assert await shelf.is_approved("app", "wait.wav")
    clock.step(1.0)
    assert not await shelf.is_approved("app", "wait.wav")


async def test_a_read_that_began_before_a_change_is_not_kept(
    shelf: PromptShelf, store: CountingStore
):
    await _approved(store)
    reading = asyncio.create_task(shelf.is_approved("app", "wait.wav"))
    await asyncio.sleep(0)
    await store.remove_prompt("app", "wait.wav")
    shelf.forget("app", "wait.wav")
    await reading
    assert not await shelf.is_approved("app", "wait.wav")


async def test_calls_that_want_a_sound_at_once_lay_it_down_once(
    shelf: PromptShelf, store: CountingStore
):
    await _approved(store)
    files = await asyncio.gather(*(shelf.find("app", "wait.wav") for _ in range(20)))
    assert len(set(files)) == 1
    assert store.reads.count(ONE.audio.digest) == 1


async def test_a_file_that_was_lost_or_cut_is_laid_down_again(
    shelf: PromptShelf, store: CountingStore
):
    await _approved(store)
    file = await shelf.find("app", "wait.wav")
    assert file is not None
    file.path.write_bytes(ONE.wav[:100])
    assert await shelf.find("app", "wait.wav") == file
    assert file.path.read_bytes() == ONE.wav
    file.path.unlink()
    assert await shelf.find("app", "wait.wav") == file
    assert file.path.read_bytes() == ONE.wav


async def test_a_damaged_sound_is_not_played(shelf: PromptShelf, store: CountingStore):
    await _approved(store)
    store._tables.sounds[ONE.audio.digest] = ONE.wav[:-1] + b"\0"
    with pytest.raises(StoreFailed, match="damaged"):
        await shelf.find("app", "wait.wav")


async def test_a_start_clears_away_what_an_earlier_run_left(
    store: CountingStore, clock: SteppedClock, tmp_path: Path
):
    for name in (f"{ONE.audio.digest}.wav", "0123456789abcdef.part", "mine.wav"):
        (tmp_path / name).write_bytes(b"x")
    await PromptShelf(store, clock, tmp_path).start()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.wav"]


async def test_a_shared_folder_may_be_read_by_a_daemon_of_another_user(
    store: CountingStore, clock: SteppedClock, tmp_path: Path
):
    await _approved(store)
    shelf = PromptShelf(store, clock, tmp_path / "shared", is_shared=True)
    await shelf.start()
    file = await shelf.find("app", "wait.wav")
    assert file is not None
    assert file.path.stat().st_mode & 0o777 == 0o644
    assert file.path.parent.stat().st_mode & 0o777 == 0o755


async def test_a_prompt_that_another_process_replaced_just_now_is_still_heard(
    shelf: PromptShelf, store: CountingStore
):
    prompt = await _approved(store)
    assert await shelf.is_approved("app", "wait.wav")  # remembered, not laid down
    await store.save_prompt(prompt.submit(TWO.audio, NOW).approve(NOW), TWO.wav)
    file = await shelf.find("app", "wait.wav")
    assert file is not None
    assert file.path.stem == TWO.audio.digest


async def test_sounds_that_find_no_more_room_leave_the_disk(
    shelf: PromptShelf, store: CountingStore, tmp_path: Path
):
    sounds = [convert_sound(tone(400 + 100 * number)) for number in range(5)]
    for number, sound in enumerate(sounds):
        await _approved(store, f"{number}.wav", sound)
        assert await shelf.find("app", f"{number}.wav") is not None
    laid_down = {path.stem for path in (tmp_path / "prompts").iterdir()}
    assert laid_down == {sound.audio.digest for sound in sounds[-3:]}
    assert await shelf.find("app", "0.wav") is not None


async def test_a_folder_that_cannot_be_made_is_told(
    store: CountingStore, clock: SteppedClock, tmp_path: Path
):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreFailed, match="cannot be used"):
        await PromptShelf(store, clock, tmp_path / "file").start()


async def test_it_forgets_the_oldest_when_it_is_full_and_still_finds_all(
    shelf: PromptShelf, store: CountingStore
):
    names = [f"{index}.wav" for index in range(5)]
    for name in names:
        await _approved(store, name)
    for name in names * 2:
        assert await shelf.find("app", name) is not None
    assert len(shelf._entries) == 3


async def test_unknown_names_push_nothing_out(shelf: PromptShelf, store: CountingStore):
    await _approved(store)
    await shelf.find("app", "wait.wav")
    for index in range(10):
        assert await shelf.find("app", f"unknown{index}.wav") is None
    store.reads.clear()
    await shelf.find("app", "wait.wav")
    assert store.reads == []


async def test_every_application_may_use_the_shipped_prompts(
    shelf: PromptShelf, store: CountingStore
):
    assert len(shelf.shipped()) == 19
    for name in shelf.shipped():
        assert await shelf.is_approved("whoever", name)
        file = await shelf.find("whoever", name)
        assert file is not None
        assert file.path == SHIPPED_FOLDER / name
        assert 1000 < file.duration_ms < 8000
    assert not await shelf.is_approved("app", "default-none-zh.wav")
    assert await shelf.find("app", "default-none-zh.wav") is None
    assert store.reads == []
