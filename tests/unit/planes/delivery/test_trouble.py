"""Receivers that are gone, or accept nothing for days, are disabled; nothing of theirs is lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from maskline.domain.error import StoreFailed
from maskline.domain.notice import NoticeState, Purpose, Trouble
from maskline.domain.retry import RetrySchedule
from maskline.planes.delivery.client import PushFailed
from maskline.services.notice_store import NoticeFilter
from maskline.services.notification import receiver_mark
from maskline.services.page import Page

STATUS = "http://app.example/status"
ONE_RETRY = {"schedule": RetrySchedule((60.0,)), "failures_until_probing": 2}


async def gone(_pushed):
    raise PushFailed("HTTP 410", status=410)


async def kept(world, state: NoticeState = NoticeState.DEAD):
    """(id, error) of notices, oldest first."""
    rows = (await world.store.notices(NoticeFilter(state=state), Page())).rows
    return [(row.notice.notice_id, row.error) for row in reversed(rows)]


async def troubles(world) -> list[Trouble]:
    return list(await world.store.troubles(10))


async def until_troubles(world, wanted) -> None:
    async with asyncio.timeout(5):
        while not wanted(await troubles(world)):  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.001)


async def test_a_receiver_that_is_gone_for_good_is_disabled_and_its_notices_are_kept(world):
    world.add_application("app")
    world.receivers.answers[STATUS] = gone
    await world.write("app", "n1", "n2", stream="s")
    with structlog.testing.capture_logs() as logged:
        async with world.running() as plane:
            await world.quiet(plane)
            await until_troubles(world, len)
            await world.write("app", "n3")
            await world.quiet(plane)
    assert world.receivers.ids() == ["n1"]
    disabled = "the receiver is disabled"
    assert await kept(world) == [("n1", "HTTP 410"), ("n2", disabled), ("n3", disabled)]
    (trouble,) = await troubles(world)
    assert (trouble.error, trouble.disabled_at) == ("HTTP 410", world.clock.now())
    (notice,) = [entry for entry in logged if entry["event"] == "receiver disabled"]
    assert (notice["log_level"], notice["app_key"]) == ("warning", "app")


async def test_other_receivers_of_the_application_go_on(world):
    world.add_application("app")
    world.receivers.answers[STATUS] = gone
    await world.write("app", "n1")
    async with world.running() as plane:
        await world.quiet(plane)
        await world.write("app", "r1", purpose=Purpose.RECORD)
        await world.quiet(plane)
    assert world.receivers.ids("http://app.example/cdr") != []


async def test_a_new_url_is_a_new_receiver(world):
    world.add_application("app")
    world.receivers.answers[STATUS] = gone
    await world.write("app", "n1")
    async with world.running() as plane:
        await world.quiet(plane)
        world.add_application("app", status_url="http://new.example/")
        await world.write("app", "n2")
        await world.quiet(plane)
        await until_troubles(world, lambda found: not found)
    assert world.receivers.ids("http://new.example/") == ["n2"]


async def test_an_operator_lets_it_be_pushed_to_again_and_replays_what_was_kept(world, endpoint):
    world.add_application("app")
    world.receivers.answers[STATUS] = gone
    await world.write("app", "n1", "n2", stream="s")
    async with world.running() as plane:
        await world.quiet(plane)
        await until_troubles(world, len)
        world.receivers.answers.clear()
        await world.store.forget_trouble(endpoint("app"))
        await asyncio.sleep(0.05)  # the plane looks at the board
        revived = await world.store.revive(NoticeFilter(app_key="app"), world.clock.now(), 10)
        assert len(revived) == 2
        await world.quiet(plane)
    assert world.receivers.ids() == ["n1", "n1", "n2"]
    assert await world.store.outbox_depth() == (0, 0)


async def test_a_disabled_receiver_stays_so_after_a_restart(world):
    world.add_application("app")
    world.receivers.answers[STATUS] = gone
    await world.write("app", "n1")
    async with world.running() as plane:
        await world.quiet(plane)
        await until_troubles(world, len)
    await world.write("app", "n2")
    async with world.running() as successor:
        await world.quiet(successor)
    assert world.receivers.ids() == ["n1"]


async def test_a_receiver_that_accepts_nothing_for_days_is_disabled_when_a_notice_is_given_up(
    world, refused
):
    world.add_application("app")
    world.receivers.answers[STATUS] = refused
    await world.write("app", "n1", "n2")
    async with world.running(**ONE_RETRY, disable_after=timedelta(days=5)) as plane:
        await world.quiet(plane)
        world.clock.step(60)
        await world.quiet(plane)
        assert [trouble.disabled_at for trouble in await troubles(world)] == [None]
        world.clock.step(5 * 86_400)
        await world.write("app", "n3")
        await world.quiet(plane)
        assert [trouble.disabled_at for trouble in await troubles(world)] == [None]
        world.clock.step(60)
        await world.quiet(plane)
        await until_troubles(world, lambda found: found[0].disabled_at)
    assert [name for name, _ in await kept(world)] == ["n1", "n2", "n3"]


async def test_one_success_ends_the_trouble(world, refused):
    world.add_application("app")
    world.receivers.answers[STATUS] = refused
    await world.write("app", "n1", "n2")
    async with world.running(**ONE_RETRY) as plane:
        await world.quiet(plane)
        await until_troubles(world, len)
        del world.receivers.answers[STATUS]
        world.clock.step(60)
        await world.quiet(plane)
        await until_troubles(world, lambda found: not found)


async def test_a_receiver_in_trouble_is_probed_one_at_a_time_by_a_new_worker_too(
    world, names, endpoint
):
    world.add_application("app")

    async def slow(_pushed):
        await asyncio.sleep(0.002)

    world.receivers.answers[STATUS] = slow
    trouble = Trouble(
        endpoint=endpoint("app"),
        receiver=receiver_mark(STATUS),
        since=world.clock.now(),
        error="HTTP 500",
    )
    await world.store.save_trouble(trouble)
    await world.write("app", *names("n", 20))
    async with world.running(max_in_flight_per_endpoint=4) as plane:
        await world.until(lambda: world.receivers.pushed)
        assert world.receivers.most[STATUS] == 1
        await world.quiet(plane)
    assert world.receivers.most[STATUS] == 4


async def test_without_a_limit_no_receiver_is_disabled_for_failing(world, refused):
    world.add_application("app")
    world.receivers.answers[STATUS] = refused
    async with world.running(**ONE_RETRY, disable_after=None) as plane:
        for name in ("n1", "n2"):
            await world.write("app", name)
            await world.quiet(plane)
            world.clock.step(400 * 86_400)
            await world.quiet(plane)
        await until_troubles(world, len)
    assert (await troubles(world))[0].disabled_at is None


async def test_a_store_that_keeps_no_troubles_does_not_stop_the_pushes(world, monkeypatch):
    world.add_application("app")

    async def fail(*_):
        raise StoreFailed

    monkeypatch.setattr(world.store, "troubles", fail)
    await world.write("app", "n1")
    async with world.running() as plane:
        await world.quiet(plane)
    assert world.receivers.ids() == ["n1"]


async def test_dead_notices_are_forgotten_after_their_time_and_counted(world):
    world.add_application("app")
    world.receivers.answers[STATUS] = gone
    await world.write("app", "n1", "n2", "n3")
    async with world.running() as plane:
        await world.quiet(plane)
    world.clock.step(29 * 86_400)
    await world.write("app", "young")
    async with world.running() as plane:
        await world.quiet(plane)
    world.clock.step(2 * 86_400)
    with structlog.testing.capture_logs() as logged:
        async with world.running():
            async with asyncio.timeout(5):
                while await world.store.outbox_depth() != (0, 1):  # noqa: ASYNC110 - no event
                    await asyncio.sleep(0.001)
    assert [name for name, _ in await kept(world)] == ["young"]
    (entry,) = [entry for entry in logged if entry["event"] == "dead notices forgotten"]
    assert (entry["notices"], entry["after_days"]) == (3, 30)


@pytest.mark.parametrize("days", [None])
async def test_dead_notices_stay_for_ever_where_no_time_is_set(world, days):
    world.add_application("app")
    world.receivers.answers[STATUS] = gone
    await world.write("app", "n1")
    world.settings = replace(world.settings, dead_retention=days)
    async with world.running() as plane:
        await world.quiet(plane)
        world.clock.step(4000 * 86_400)
        await asyncio.sleep(0.02)
    assert await world.store.outbox_depth() == (0, 1)
