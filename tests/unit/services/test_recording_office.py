import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from tests.unit.services.recording_world import (
    HEAD_SIZE,
    NOW,
    World,
    Written,
    call,
    make_world,
    settled,
    until,
)

from maskline.domain.call import Call
from maskline.domain.error import StoreBusy
from maskline.domain.recording import CallRecording, Recording, RecordingState
from maskline.services import recording_keeper, recording_office
from maskline.services.recording_office import bucket_of


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await make_world(tmp_path / "recordings")
    yield world
    await world.aclose()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording_keeper, "FIRST_RETRY_S", 0.005)
    monkeypatch.setattr(recording_keeper, "CLOSE_S", 0.2)


def with_recording(row: Recording) -> Call:
    return call().recorded(
        CallRecording(
            object_name=row.object_name,
            bucket=row.bucket,
            domain=row.domain,
            started_at=row.started_at,
        )
    )


async def test_a_new_recording_is_named_after_its_moment_and_cannot_be_guessed(world: World):
    office = await world.open_office()
    first, second = await office.begin(call()), await office.begin(call())
    names = {new.recording.object_name for new in (first, second)}
    assert len(names) == 2
    for name in names:
        assert name.startswith("261120080000")
        assert name.endswith(".wav")
        assert name[:-4].isdigit()
        assert len(name) == 36
    assert first.recording.bucket == bucket_of("Demo_1")
    assert first.recording.domain == "rec01.example.com"
    assert first.path == world.spool / first.recording.object_name


async def test_a_new_recording_is_noted_before_its_file_exists(world: World):
    office = await world.open_office()
    new = await office.begin(call())
    row = world.rows.rows[new.recording.object_name]
    assert row.state is RecordingState.WRITING
    assert (row.app_key, row.tenant_id, row.session_id) == ("shop", "Demo_1", "session-1")
    assert row.expires_at == NOW + timedelta(days=30)
    assert not new.path.exists()


async def test_a_busy_store_refuses_and_leaves_nothing(world: World):
    office = await world.open_office()
    world.rows.is_busy = True
    with pytest.raises(StoreBusy):
        await office.begin(call())
    assert world.rows.rows == {}


async def test_a_finished_recording_goes_into_the_storage(world: World):
    office = await world.open_office()
    world.clock.step(60)
    row = await world.kept(office, 5.0)
    assert world.files() == [f"{row.bucket}/2026-11-20/{row.object_name}"]
    assert row.state is RecordingState.KEPT
    assert row.duration_s == 5.0
    assert row.size == 40000
    assert row.expires_at == world.clock.now() + timedelta(days=30)


@pytest.mark.parametrize(("seconds", "is_kept"), [(0.0, False), (2.99, False), (3.0, True)])
async def test_calls_under_three_seconds_leave_no_file_and_no_row(world: World, seconds, is_kept):
    office = await world.open_office()
    path = await world.written(office, seconds)
    office.done(Written(str(path), seconds))
    await settled(office)
    assert bool(world.rows.rows) is is_kept
    assert bool(world.files()) is is_kept


async def test_an_abandoned_recording_leaves_no_row(world: World):
    office = await world.open_office()
    office.abandon(await office.begin(call()))
    await settled(office)
    assert world.rows.rows == {}


async def test_a_storage_that_is_down_is_tried_again_until_it_takes_the_file(world: World):
    office = await world.open_office()
    world.storage.is_down = True
    path = await world.written(office)
    office.done(Written(str(path), 5.0))
    await until(lambda: world.storage.tries >= 3)
    assert path.exists()
    assert world.rows.rows[path.name].state is RecordingState.WRITING
    world.storage.is_down = False
    await settled(office)
    assert not path.exists()
    assert world.rows.rows[path.name].state is RecordingState.KEPT


async def test_one_recording_that_fails_does_not_hold_up_the_others(world: World):
    office = await world.open_office()
    broken = [await world.written(office) for _ in range(recording_keeper.KEEPERS * 2)]
    for path in broken:
        path.write_bytes(b"no head".ljust(HEAD_SIZE))
        office.done(Written(str(path), 5.0))
    path = await world.written(office)
    office.done(Written(str(path), 5.0))
    await until(lambda: world.rows.rows[path.name].state is RecordingState.KEPT)
    assert office.waiting == len(broken)
    assert all(path.exists() for path in broken)


async def test_what_could_not_be_kept_before_a_stop_is_kept_after_the_next_start(world: World):
    office = await world.open_office()
    world.storage.is_down = True
    path = await world.written(office)
    office.done(Written(str(path), 5.0))
    await office.aclose()
    world.storage.is_down = False
    again = await world.open_office()
    await settled(again)
    assert world.rows.rows[path.name].state is RecordingState.KEPT
    assert await again.recorded_s(call()) == 0.0


async def test_a_file_whose_writer_died_is_repaired_kept_and_told_to_the_record(world: World):
    office = await world.open_office()
    path = await world.written(office, 4.0, is_whole=False)
    recording = world.rows.rows[path.name]
    again = await world.open_office()
    await settled(again)
    row = world.rows.rows[path.name]
    assert row.state is RecordingState.KEPT
    assert row.duration_s == 4.0
    assert await again.recorded_s(with_recording(recording)) == 4.0


async def test_the_length_is_waited_for_when_an_engine_died(world: World):
    office = await world.open_office()
    path = await world.written(office, 4.0)
    asked = asyncio.ensure_future(office.recorded_s(with_recording(world.rows.rows[path.name])))
    await asyncio.sleep(0)
    assert not asked.done()
    office.done(Written(str(path), 4.0))
    assert await asked == 4.0
    row = world.rows.rows[path.name]
    assert await office.recorded_s(with_recording(row)) == 4.0
    await settled(office)
    assert await office.recorded_s(with_recording(row)) == 4.0


async def test_an_engine_that_never_tells_the_length_is_not_waited_for_long(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recording_office, "FINISH_S", 0.01)
    office = await world.open_office()
    path = await world.written(office)
    assert await office.recorded_s(with_recording(world.rows.rows[path.name])) == 0.0


async def test_a_short_file_whose_writer_died_goes(world: World):
    office = await world.open_office()
    await world.written(office, 1.0, is_whole=False)
    await settled(await world.open_office())
    assert world.rows.rows == {}
    assert world.files() == []


async def test_a_recording_without_a_file_is_forgotten_at_the_next_start(world: World):
    office = await world.open_office()
    await office.begin(call())
    await settled(await world.open_office())
    assert world.rows.rows == {}


async def test_a_crash_between_storage_and_row_is_made_good(world: World):
    office = await world.open_office()
    path = await world.written(office, 6.0)
    await world.storage.keep(path, bucket_of("Demo_1"), path.name)
    await settled(await world.open_office())
    row = world.rows.rows[path.name]
    assert (row.state, row.duration_s) == (RecordingState.KEPT, 6.0)


async def test_recovering_leaves_recordings_alone_that_are_being_written(world: World, monkeypatch):
    monkeypatch.setattr(recording_keeper, "MAX_WAITING", 1)
    office = await world.open_office()
    live = await world.written(office, 4.0, is_whole=False)
    finished = [await world.written(office) for _ in range(4)]
    for path in finished:
        office.done(Written(str(path), 5.0))
    await until(lambda: not (any(path.exists() for path in finished)))
    await settled(office)
    assert live.exists()
    assert world.rows.rows[live.name].state is RecordingState.WRITING
    assert {world.rows.rows[path.name].state for path in finished} == {RecordingState.KEPT}


async def test_a_file_of_nobody_is_told_and_stays(world: World):
    office = await world.open_office()
    path = await world.written(office)
    await world.rows.remove_recording(path.name)
    with structlog.testing.capture_logs() as logs:
        await world.open_office()
    assert [(log["event"], log["name"]) for log in logs] == [
        ("a file in the spool belongs to no recording", path.name)
    ]
    assert path.exists()


async def test_what_could_not_be_repaired_is_repaired_before_it_is_kept(world: World):
    path = await world.written(await world.open_office(), 4.0, is_whole=False)
    world.seal.repair_fails = OSError("no space left on device")
    again = world.office()
    with structlog.testing.capture_logs():
        await again.recover()
        await asyncio.sleep(0.02)
        assert world.rows.rows[path.name].state is RecordingState.WRITING
        assert path.exists()
        world.seal.repair_fails = None
        await settled(again)
    row = world.rows.rows[path.name]
    assert (row.state, row.duration_s) == (RecordingState.KEPT, 4.0)


async def test_a_file_that_an_old_recorder_still_finishes_is_waited_for(world: World):
    path = await world.written(await world.open_office(), 4.0, is_whole=False)
    row = world.rows.rows[path.name]
    world.seal.repair_fails = BlockingIOError()
    again = world.office()
    await again.recover()
    asked = asyncio.ensure_future(again.recorded_s(with_recording(row)))
    await asyncio.sleep(0.02)
    assert not asked.done()
    world.seal.repair_fails = None
    assert await asked == 4.0
    await settled(again)


async def test_an_engine_that_makes_the_file_after_a_crash_is_waited_for(world: World):
    path = await world.written(await world.open_office(), 0.0, is_whole=False)
    row = world.rows.rows[path.name]
    again = world.office()
    again.expect(str(path))
    await again.recover()
    asked = asyncio.ensure_future(again.recorded_s(with_recording(row)))
    await asyncio.sleep(0.02)
    path.write_bytes(path.read_bytes() + bytes(5 * 8000))
    again.done(Written(str(path), 5.0))
    assert await asked == 5.0
    await settled(again)
    assert world.rows.rows[path.name].state is RecordingState.KEPT


async def test_a_damaged_recording_is_told_once_and_not_tried_all_day(world: World):
    office = await world.open_office()
    path = await world.written(office)
    path.write_bytes(b"no head".ljust(5000))
    with structlog.testing.capture_logs() as logs:
        office.done(Written(str(path), 5.0))
        await asyncio.sleep(0.05)
    assert [(log["log_level"], log["event"]) for log in logs] == [("error", "recording is damaged")]
    assert path.exists()


async def test_an_outage_is_explained_once(world: World):
    office = await world.open_office()
    world.storage.is_down = True
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            path = await world.written(office)
            office.done(Written(str(path), 5.0))
        await until(lambda: world.storage.tries >= 6)
    told = [log for log in logs if log["event"] == "recording not kept yet"]
    assert len([log for log in told if log["exc_info"] is not None]) == 1
    assert {log["error"] for log in told} == {"out of order"}


async def test_what_is_past_its_time_before_it_is_kept_goes(world: World):
    office = await world.open_office()
    world.storage.is_down = True
    path = await world.written(office)
    with structlog.testing.capture_logs() as logs:
        office.done(Written(str(path), 5.0))
        await until(lambda: world.storage.tries >= 1)
        world.clock.step(timedelta(days=30).total_seconds())
        world.storage.is_down = False
        await settled(office)
    assert world.rows.rows == {}
    assert world.files() == []
    assert [log["why"] for log in logs if log["event"] == "recording removed"] == ["past its time"]


async def test_an_outage_does_not_prolong_what_is_kept(world: World):
    office = await world.open_office()
    world.storage.is_down = True
    path = await world.written(office)
    with structlog.testing.capture_logs():
        office.done(Written(str(path), 5.0))
        await until(lambda: world.storage.tries >= 1)
        world.clock.step(timedelta(days=2).total_seconds())
        world.storage.is_down = False
        await settled(office)
    assert world.rows.rows[path.name].expires_at == NOW + timedelta(days=30)


async def test_a_failing_recording_does_not_hide_those_that_had_no_room(world: World, monkeypatch):
    office = await world.open_office()
    damaged = await world.written(office)
    damaged.write_bytes(b"no head".ljust(HEAD_SIZE))
    others = [await world.written(office) for _ in range(4)]
    monkeypatch.setattr(recording_keeper, "MAX_WAITING", 2)
    with structlog.testing.capture_logs():
        for path in (damaged, *others):
            office.done(Written(str(path), 5.0))
        await until(lambda: office.waiting == 1 and not any(path.exists() for path in others))
    assert {world.rows.rows[path.name].state for path in others} == {RecordingState.KEPT}


async def test_a_file_that_an_engine_forgot_is_taken_up_at_last(world: World):
    office = await world.open_office()
    path = await world.written(office, 4.0, is_whole=False)
    world.clock.step(recording_office.MAX_WRITING_S)
    await office.begin(call())
    await until(lambda: world.rows.rows[path.name].state is RecordingState.KEPT)
    assert not path.exists()


async def test_a_removed_recording_does_not_come_back(world: World):
    office = await world.open_office()
    path = await world.written(office)
    await world.rows.remove_recording(path.name)
    office.done(Written(str(path), 5.0))
    await settled(office)
    assert world.files() == []
    assert world.rows.rows == {}


@pytest.mark.parametrize(
    ("tenant_id", "bucket"),
    [
        ("demo", "sp-demo"),
        ("demo-1", "sp-demo-1"),
        ("Demo_1", "sp-demo-1-3d603dfb"),
        ("../etc", "sp-..-etc-53dac9b2"),
        ("A b/c", "sp-a-b-c-1449741d"),
        ("x" * 200, "sp-" + "x" * 100 + "-01d7de14"),
    ],
)
def test_a_bucket_is_safe_as_a_name_and_of_one_tenant(tenant_id, bucket):
    assert bucket_of(tenant_id) == bucket
