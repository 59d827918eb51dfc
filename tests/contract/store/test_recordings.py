import asyncio
from dataclasses import replace
from typing import Any

import pytest
from tests.contract.store.making import Make
from tests.contract.store.paging import pages

from maskline.domain.recording import Recording, RecordingState
from maskline.services.store import Page, RecordingFilter, Store


def _kept(recording: Recording, **changes: Any) -> Recording:
    kept = replace(recording, state=RecordingState.KEPT, duration_s=61.234, size=489_930)
    return replace(kept, **changes)


async def test_a_recording_is_its_last_state(store: Store, make: Make):
    recording = make.recording("one.wav")
    told = [store.save_recording(recording), store.save_recording(_kept(recording))]
    await asyncio.gather(*told)
    assert await store.recording("one.wav") == _kept(recording)
    assert await store.recording("two.wav") is None
    assert len((await store.recordings(RecordingFilter(), Page())).rows) == 1


async def test_recordings_are_listed_newest_first_by_any_filter(store: Store, make: Make):
    one = make.recording(started_at=make.after(1))
    two = _kept(make.recording(started_at=make.after(2), app_key="second"))
    three = _kept(make.recording(started_at=make.after(3), session_id=one.session_id))
    for recording in (two, one, three):
        await store.save_recording(recording)

    async def found(**wanted: Any) -> list[Recording]:
        return list((await store.recordings(RecordingFilter(**wanted), Page())).rows)

    assert await found() == [three, two, one]
    assert await found(app_key=make.app_key) == [three, one]
    assert await found(session_id=one.session_id) == [three, one]
    assert await found(session_id=one.session_id, app_key="second") == []
    assert await found(session_id=one.session_id, state=RecordingState.KEPT) == [three]
    assert await found(state=RecordingState.WRITING) == [one]
    assert await found(state=RecordingState.WRITING, app_key="second") == []
    assert await found(state=RecordingState.WRITING, since=make.after(2)) == []
    assert await found(state=RecordingState.KEPT) == [three, two]
    assert await found(state=RecordingState.KEPT, app_key="second") == [two]
    assert await found(since=make.after(2)) == [three, two]
    assert await found(until=make.after(2)) == [one]
    assert await found(app_key=make.app_key, since=make.after(1), until=make.after(3)) == [one]
    assert await pages(lambda page: store.recordings(RecordingFilter(), page), 2) == [
        [three, two],
        [one],
    ]
    assert await found(app_keys=("second",), state=RecordingState.KEPT) == [two]
    assert await found(app_keys=()) == []


async def test_what_is_past_its_time_is_told_longest_first(store: Store, make: Make):
    late, early, live = (
        _kept(make.recording(expires_at=make.after(after))) for after in (10, 5, 11)
    )
    for recording in (late, live, early, make.recording(expires_at=make.after(1))):
        await store.save_recording(recording)
    assert await store.expired_recordings(make.after(10), 9) == (early, late)
    assert await store.expired_recordings(make.after(10), 1) == (early,)
    assert await store.expired_recordings(make.after(10), 9, 1) == (late,)
    assert await store.expired_recordings(make.after(10), 9, 2) == ()
    assert await store.expired_recordings(make.after(4), 9) == ()
    assert await store.recording(early.object_name) == early


async def test_a_recording_is_forgotten_and_an_unknown_one_ignored(store: Store, make: Make):
    recording = make.recording()
    await store.save_recording(recording)
    for _ in range(2):
        await store.remove_recording(recording.object_name)
    assert await store.recording(recording.object_name) is None


@pytest.mark.parametrize("duration_s", [0.0, 0.02, 3.000001, 3599.98])
async def test_lengths_come_back_as_they_were(store: Store, make: Make, duration_s: float):
    recording = _kept(make.recording("one.wav"), duration_s=duration_s)
    await store.save_recording(recording)
    assert await store.recording("one.wav") == recording
