"""What a lane claims from a receiver that answers quickly, and what becomes of it."""

import asyncio

from maskline.domain.error import StoreFailed
from maskline.planes.delivery import settler
from maskline.planes.delivery.client import PushFailed

URL = "http://app.example/status"
ONE_PLACE = {"max_in_flight": 1, "reserved_in_flight": 0}


def _noting_claims(world):
    """How much each claim asked for and got."""
    claims, claim = [], world.store.claim

    async def noted(endpoint, now, until, limit):
        claimed = await claim(endpoint, now, until, limit)
        claims.append((limit, len(claimed)))
        return claimed

    world.store.claim = noted
    return claims


async def test_on_one_place_a_quick_receiver_gets_many_pushes_by_few_claims(world, names):
    world.add_application("app")
    await world.write("app", *names("n", 100))
    claims = _noting_claims(world)
    async with world.running(**ONE_PLACE) as plane:
        await world.quiet(plane)

    assert world.receivers.ids() == names("n", 100)
    assert world.receivers.most[URL] == 1
    assert max(got for _, got in claims) == 17
    assert len(claims) <= 8


async def test_a_slow_receiver_gets_no_more_claimed_than_it_has_places(world, names):
    world.add_application("app")

    async def slow(_pushed):
        world.clock.step(2)

    world.receivers.answers[URL] = slow
    await world.write("app", *names("n", 8))
    claims = _noting_claims(world)
    async with world.running(**ONE_PLACE) as plane:
        await world.quiet(plane)

    assert {limit for limit, _ in claims[1:]} == {1}
    assert sorted(set(world.receivers.ids())) == names("n", 8)


async def test_what_waited_too_long_for_its_push_goes_back_as_if_untouched(world, names):
    world.add_application("app")
    tried = []

    async def slow_at_first(_pushed):
        tried.append(await world.store.outbox_depth())
        if len(tried) == 1:
            world.clock.step(5)

    world.receivers.answers[URL] = slow_at_first
    await world.write("app", *names("n", 3))
    attempts, claim = [], world.store.claim

    async def noted(*args):
        claimed = await claim(*args)
        attempts.extend(one.attempts for one in claimed)
        return claimed

    world.store.claim = noted
    async with world.running(**ONE_PLACE) as plane:
        await world.quiet(plane)

    assert world.receivers.ids() == names("n", 3)
    assert len(attempts) > 3
    assert set(attempts) == {1}


async def test_after_a_failure_nothing_more_is_pushed_by_what_was_known_before(world, names):
    world.add_application("app")

    async def gone(_pushed):
        raise PushFailed("HTTP 410", "4xx", status=410)

    world.receivers.answers[URL] = gone
    await world.write("app", *names("n", 3))
    async with world.running(**ONE_PLACE) as plane:
        await world.quiet(plane)

    assert world.receivers.ids() == ["n-000"]
    assert await world.store.outbox_depth() == (0, 3)


async def test_closing_hands_back_what_was_claimed_and_not_begun(world, names, endpoint):
    world.add_application("app")
    answer = asyncio.Event()

    async def hold(_pushed):
        await answer.wait()

    world.receivers.answers[URL] = hold
    await world.write("app", *names("n", 3))
    async with world.running(**ONE_PLACE) as plane:
        await world.until(lambda: plane.counters.in_flight == 1)
        closing = asyncio.create_task(plane.close())
        await asyncio.sleep(0)
        answer.set()
        await closing

    assert world.receivers.ids() == ["n-000"]
    assert plane.counters.interrupted == 0
    claimed = await world.store.claim(endpoint("app"), world.clock.now(), world.clock.now(), 9)
    assert [one.attempts for one in claimed] == [1, 1]


async def test_a_directory_that_cannot_be_read_between_two_pushes_ends_no_plane(
    world, names, monkeypatch
):
    world.add_application("app")
    lookup, looked = world._lookup, []

    async def failing(app_key):
        looked.append(app_key)
        if len(looked) == 2:
            raise StoreFailed("away")
        return await lookup(app_key)

    monkeypatch.setattr(world, "_lookup", failing)
    await world.write("app", *names("n", 3))
    async with world.running(**ONE_PLACE) as plane:
        await world.quiet(plane)

    assert sorted(world.receivers.ids()) == names("n", 3)


async def test_what_is_claimed_goes_on_once_the_results_of_others_are_written(
    world, names, monkeypatch
):
    monkeypatch.setattr(settler, "NOTICES_PER_SETTLE", 1)
    answer, settle = asyncio.Event(), world.store.settle

    async def hold(_pushed):
        await answer.wait()

    async def settle_slowly(delivered, failed, kept=None):
        await asyncio.sleep(0.002)
        return await settle(delivered, failed, kept)

    world.store.settle = settle_slowly
    for app_key in names("app", 7):
        world.add_application(app_key)
        world.receivers.answers[f"http://{app_key}.example/status"] = hold
    await world.write("app-000", "first", "second")
    for app_key in names("app", 7)[1:]:
        await world.write(app_key, f"of-{app_key}")
    async with world.running(max_in_flight_per_endpoint=1, max_unsettled=2) as plane:
        await world.until(lambda: plane.counters.in_flight == 7)
        answer.set()
        await world.quiet(plane)

    assert sorted(world.receivers.ids("http://app-000.example/status")) == ["first", "second"]


async def test_of_a_receiver_that_is_probed_nothing_is_claimed_ahead(world, names, refused):
    world.add_application("app")
    world.receivers.answers[URL] = refused
    await world.write("app", "first")
    async with world.running(failures_until_probing=1) as plane:
        await world.quiet(plane)
        claims = _noting_claims(world)
        await world.write("app", *names("n", 3))
        await world.quiet(plane)

    assert {limit for limit, _ in claims} == {1}
