import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from tests.unit.services.recording_world import NOW, World, call, make_world, sound

from maskline.domain.call import CallEnd, CallRecord
from maskline.domain.error import UnknownRecord
from maskline.domain.recording import CallRecording
from maskline.domain.release import ReleaseCode
from maskline.services import recording_archive
from maskline.services.recording import RecordingUnfinished, StorageFailed
from maskline.services.recording_archive import recording_url

DAY = timedelta(days=1).total_seconds()
DOMAIN = "rec01.example.com"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await make_world(tmp_path / "recordings")
    yield world
    await world.aclose()


async def test_a_kept_recording_is_found_by_its_application_name_and_domain(world: World):
    row = await world.kept(await world.open_office())
    assert await world.archive().find("shop", row.object_name, DOMAIN) == row


async def test_it_is_found_by_nobody_and_nothing_else(world: World):
    row = await world.kept(await world.open_office())
    archive = world.archive()
    for app_key, name, domain in (
        ("taxi", row.object_name, DOMAIN),
        ("shop", "261120080000" + "0" * 20 + ".wav", DOMAIN),
        ("shop", row.object_name, "rec02.example.com"),
    ):
        with pytest.raises(UnknownRecord):
            await archive.find(app_key, name, domain)


async def test_it_is_found_but_not_opened_until_it_is_kept(world: World):
    new = await (await world.open_office()).begin(call())
    archive, name = world.archive(), new.recording.object_name
    assert (await archive.find("shop", name, DOMAIN)).object_name == name
    with pytest.raises(RecordingUnfinished):
        await archive.open("shop", name)
    with pytest.raises(RecordingUnfinished):
        await archive.kept(name)


async def test_it_is_not_found_after_its_time(world: World):
    row = await world.kept(await world.open_office())
    world.clock.step(30 * DAY - 1)
    await world.archive().find("shop", row.object_name, DOMAIN)
    world.clock.step(1)
    with pytest.raises(UnknownRecord):
        await world.archive().find("shop", row.object_name, DOMAIN)


async def test_any_piece_can_be_read(world: World):
    row = await world.kept(await world.open_office(), 7.5)
    opened = await world.archive().open("shop", row.object_name)
    assert opened.size == 60_000
    assert await opened.read(0, 60_000) == sound(7.5)
    assert await opened.read(59_990, 10) == sound(7.5)[-10:]


async def test_only_its_application_opens_it(world: World):
    row = await world.kept(await world.open_office())
    with pytest.raises(UnknownRecord):
        await world.archive().open("taxi", row.object_name)


async def test_a_file_that_the_storage_has_lost_is_unknown(world: World):
    row = await world.kept(await world.open_office())
    await world.storage.remove(row.bucket, row.object_name)
    with structlog.testing.capture_logs() as logs, pytest.raises(UnknownRecord):
        await world.archive().open("shop", row.object_name)
    assert logs[0]["event"] == "the storage has lost a recording"


async def test_removing_takes_the_bytes_and_the_row_and_is_logged(world: World):
    row = await world.kept(await world.open_office())
    with structlog.testing.capture_logs() as logs:
        await world.archive().remove(row.object_name)
    assert world.files() == []
    assert world.rows.rows == {}
    assert logs == [
        {
            "event": "recording removed",
            "log_level": "info",
            "object_name": row.object_name,
            "session_id": "session-1",
            "why": "asked for",
        }
    ]


async def test_what_is_being_written_cannot_be_removed(world: World):
    new = await (await world.open_office()).begin(call())
    with pytest.raises(RecordingUnfinished):
        await world.archive().remove(new.recording.object_name)


async def test_the_sweep_removes_what_is_past_its_time_and_nothing_else(world: World):
    office = await world.open_office()
    old = await world.kept(office)
    world.clock.step(DAY)
    young = await world.kept(office)
    world.clock.step(29 * DAY)
    with structlog.testing.capture_logs() as logs:
        assert await world.archive().sweep() == 1
    assert set(world.rows.rows) == {young.object_name}
    assert world.files() == [f"{young.bucket}/2026-11-21/{young.object_name}"]
    assert [(log["object_name"], log["why"]) for log in logs] == [
        (old.object_name, "past its time")
    ]


async def test_the_sweep_leaves_a_call_alone_whose_clock_was_set_forward(world: World):
    path = await world.written(await world.open_office())
    world.clock.step(30 * DAY)
    assert await world.archive().sweep() == 0
    assert path.exists()
    assert path.name in world.rows.rows


async def test_the_sweep_gets_past_what_can_never_be_deleted(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recording_archive, "SWEEP_BATCH", 2)
    monkeypatch.setattr(recording_archive, "MAX_SWEEP_FAILURES", 3)
    office = await world.open_office()
    stuck = [await world.kept(office) for _ in range(7)]
    world.clock.step(1)
    free = [await world.kept(office) for _ in range(5)]
    world.clock.step(30 * DAY)
    world.storage.undeletable = frozenset(row.object_name for row in stuck)
    archive = world.archive()
    with structlog.testing.capture_logs():
        removed = [await archive.sweep() for _ in range(3)]
    assert removed == [0, 0, len(free)]
    assert set(world.rows.rows) == world.storage.undeletable
    world.storage.undeletable = frozenset()
    assert await archive.sweep() == len(stuck)


async def test_the_sweep_goes_on_batch_by_batch(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recording_archive, "SWEEP_BATCH", 2)
    office = await world.open_office()
    await asyncio.gather(*(world.kept(office) for _ in range(5)))
    world.clock.step(30 * DAY)
    assert await world.archive().sweep() == 5


async def test_what_the_storage_does_not_delete_stays_for_the_next_sweep(world: World):
    row = await world.kept(await world.open_office())
    world.clock.step(30 * DAY)
    world.storage.is_down = True
    with structlog.testing.capture_logs():
        assert await world.archive().sweep() == 0
    assert row.object_name in world.rows.rows
    world.storage.is_down = False
    assert await world.archive().sweep() == 1


async def test_a_removal_that_fails_keeps_the_row(world: World):
    row = await world.kept(await world.open_office())
    world.storage.is_down = True
    with pytest.raises(StorageFailed):
        await world.archive().remove(row.object_name)
    assert row.object_name in world.rows.rows


@pytest.mark.parametrize(("seconds", "has_url"), [(0.0, False), (2.9, False), (3.0, True)])
async def test_a_call_record_has_a_link_only_where_something_is_kept(
    world: World, seconds, has_url
):
    recording = CallRecording(object_name="x.wav", bucket="b", domain=DOMAIN, started_at=NOW)
    end = CallEnd(at=NOW, release=ReleaseCode.SERVICE_ABNORMAL, recorded_s=seconds)
    record = CallRecord(call=replace(call(), recording=recording), end=end)
    url = recording_url(world.links, record, NOW)
    assert (url is not None) is has_url
