from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.contract.store.making import Make
from tests.unit.manage.job_world import NOW, JobWorld

from maskline.domain.access import CallerKind
from maskline.domain.notice import Endpoint, FailedTry, Notice, Purpose, Trouble
from maskline.services import push_replay
from maskline.services.notification import receiver_mark

PATH = "/manage/v1/replay-jobs"
PREVIEW = f"{PATH}/preview"
URL = "https://one.example/in"


@pytest.fixture
async def world(tmp_path: Path) -> JobWorld:
    world = JobWorld(tmp_path)
    await world.fill()
    for app_key in ("app-1", "app-2", "app-3"):
        application = await world.store.application(app_key)
        assert application is not None
        await world.store.save_application(replace(application, status_url=URL, cdr_url=URL))
    for app_key, count in (("app-1", 5), ("app-2", 2), ("app-3", 1)):
        for number in range(count):
            await _kill(world, app_key, f"{app_key} s{number // 2}")
    world.clock.step(10)
    return world


async def _kill(
    world: JobWorld, app_key: str, stream: str, purpose: Purpose = Purpose.STATUS
) -> Notice:
    make = Make()
    notice = make.notice(stream, app_key=app_key, purpose=purpose, created_at=world.clock.now())
    await world.store.save_call(make.call(stream, app_key=app_key), [notice])
    endpoint = Endpoint(app_key=app_key, purpose=purpose)
    later = world.clock.now() + timedelta(seconds=15)
    [queued] = await world.store.claim(endpoint, world.clock.now(), later, 10)
    await world.store.settle(
        [], [FailedTry(sequence=queued.sequence, due_at=None, error="HTTP 500")]
    )
    return notice


async def _disable(world: JobWorld, app_key: str) -> None:
    trouble = Trouble(
        endpoint=Endpoint(app_key=app_key, purpose=Purpose.STATUS),
        receiver=receiver_mark(URL),
        since=NOW,
        error="HTTP 500",
        disabled_at=NOW,
    )
    await world.store.save_trouble(trouble)


async def test_a_preview_says_how_many_of_whom_and_how_long_it_takes(world: JobWorld):
    await _disable(world, "app-2")
    told = (await world.operator.ask("POST", PREVIEW, {"per_second": 2})).json
    assert told == {
        "pushes": 5,
        "is_bounded": False,
        "applications": 2,
        "endpoints": [
            {"app_key": "app-1", "purpose": "status", "pushes": 5, "is_disabled": False},
            {"app_key": "app-2", "purpose": "status", "pushes": 2, "is_disabled": True},
        ],
        "oldest_at": "2026-11-20T08:00:00Z",
        "takes_s": 3,
    }
    assert await world.store.outbox_depth() == (0, 8)


async def test_all_dead_pushes_of_a_tenant_wait_again_at_a_rate_but_those_of_disabled_receivers(
    world: JobWorld, monkeypatch: pytest.MonkeyPatch
):
    await _disable(world, "app-2")
    pauses: list[float] = []
    depths: list[tuple[int, int]] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        depths.append(await world.store.outbox_depth())

    monkeypatch.setattr(world.jobs.replays, "_pause", pause)
    async with world.running():
        begun = await world.operator.ask("POST", PATH, {"per_second": 2})
        assert begun.status == 202, begun.content
        job = f"/manage/v1/jobs/{begun.json['job_id']}"
        done = await world.until(job, "done", "failed")
    assert (done["error"], done["done"], done["failed"], done["total"]) == (None, 5, 2, 7)
    assert pauses == [1.0, 1.0, 0.5]
    assert depths == [(2, 6), (4, 4), (5, 3)]
    rows = (await world.operator.ask("GET", f"{job}/rows")).json["items"]
    assert [(row["cells"], row["state"], row["code"]) for row in rows] == [
        (["app-1", "status", "5"], "done", ""),
        (["app-2", "status", "0"], "failed", "disabled"),
    ]


async def test_what_dies_again_meanwhile_and_what_died_later_stays_dead(
    world: JobWorld, monkeypatch: pytest.MonkeyPatch
):
    endpoint = Endpoint(app_key="app-1", purpose=Purpose.STATUS)

    async def die_again(_seconds: float) -> None:
        now = world.clock.now()
        for one in await world.store.claim(endpoint, now, now + timedelta(seconds=15), 10):
            failed = FailedTry(sequence=one.sequence, due_at=None, error="HTTP 500")
            await world.store.settle([], [failed])

    monkeypatch.setattr(world.jobs.replays, "_pause", die_again)
    begun = await world.operator.ask("POST", PATH, {"app_key": "app-1", "per_second": 1})
    world.clock.step(1)
    await _kill(world, "app-1", "later")
    async with world.running():
        done = await world.until(f"/manage/v1/jobs/{begun.json['job_id']}", "done", "failed")
    assert (done["done"], done["total"]) == (5, 5)
    assert await world.store.outbox_depth() == (0, 9)


async def test_more_than_a_thousand_need_a_password_shown_just_now(
    world: JobWorld, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(push_replay, "PROVED_ABOVE", 4)
    world.door.caller = replace(world.door.caller, is_stepped_up=False, kind=CallerKind.USER)
    assert (await world.operator.ask("POST", PATH, {"app_key": "app-1"})).status == 403
    assert (await world.operator.ask("POST", PATH, {"app_key": "app-2"})).status == 202


async def test_what_matches_nothing_of_ones_own_is_refused(world: JobWorld):
    for order in ({"session_id": "app-3 s0"}, {"purpose": "record"}):
        assert (await world.operator.ask("POST", PATH, order)).status == 404
    strange = await world.operator.ask("POST", PATH, {"since": "2026-11-20T00:00:00"})
    assert strange.error["field"] == "since"
