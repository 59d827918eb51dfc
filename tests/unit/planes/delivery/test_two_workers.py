"""Two workers on one queue, each with its share of the buckets."""

import asyncio

import pytest

from maskline.domain.notice import BUCKETS, bucket_of
from maskline.planes.delivery.share import LEASE_S, RENEW_S, BucketShare

APPS = [f"app-{n}" for n in range(12)]


class Worker:
    def __init__(self, world, name):
        self.plane = world.plane()
        self.share = self.plane._share = BucketShare(world.store, name, world.clock)
        self.running = asyncio.create_task(self.plane.run())

    async def stop(self):
        await self.plane.close()
        await self.running

    async def die(self):
        self.running.cancel()
        await asyncio.wait([self.running])

    @property
    def buckets(self):
        return self.share._buckets


@pytest.fixture
async def workers(world):
    for app_key in APPS:
        world.add_application(app_key)
    both = [Worker(world, "one"), Worker(world, "two")]
    await world.until(lambda: both[0].buckets and len(both[1].plane._lanes) == 0)
    # The first to come has all; its next renewal leaves room, the second's takes it.
    for _ in range(3):
        world.clock.step(RENEW_S)
        await asyncio.sleep(0.02)
    yield both
    for worker in both:
        if not worker.running.done():
            await worker.stop()


async def written(world, suffix):
    for app_key in APPS:
        await world.write(app_key, f"{app_key}-{suffix}")


async def test_every_bucket_has_one_worker_and_every_notice_is_pushed_once(world, workers):
    one, two = workers
    assert one.buckets.isdisjoint(two.buckets)
    assert len(one.buckets | two.buckets) == BUCKETS
    await written(world, "a")
    await world.until(lambda: len(world.receivers.pushed) >= len(APPS))
    assert sorted(world.receivers.ids()) == sorted(f"{app_key}-a" for app_key in APPS)
    served = {bucket_of(app_key) for app_key in APPS}
    assert served & one.buckets
    assert served & two.buckets
    assert one.plane.counters.delivered + two.plane.counters.delivered == len(APPS)


async def test_a_worker_that_stops_leaves_its_share_to_the_other_at_once(world, workers):
    one, two = workers
    await one.stop()
    world.clock.step(RENEW_S)
    await written(world, "a")
    await world.until(lambda: len(world.receivers.pushed) == len(APPS))
    assert len(two.buckets) == BUCKETS


async def test_the_share_of_a_worker_that_died_is_taken_over_in_time(world, workers):
    one, two = workers
    await one.die()
    await written(world, "a")
    # Its lease has run out, and the other has looked since.
    world.clock.step(LEASE_S)
    await world.until(lambda: len(world.receivers.pushed) == len(APPS))
    assert len(two.buckets) == BUCKETS


async def test_a_lane_whose_bucket_went_to_another_worker_takes_nothing_new(world, workers):
    one, two = workers
    app_key = next(key for key in APPS if bucket_of(key) in one.buckets)
    under_way = asyncio.Event()
    may_answer = asyncio.Event()

    async def slow(_pushed):
        under_way.set()
        await may_answer.wait()

    world.receivers.answers[f"http://{app_key}.example/status"] = slow
    await world.write(app_key, "held", stream="s")
    await under_way.wait()
    one.share._renew_at = float("inf")
    await one.share.give_back()
    world.clock.step(RENEW_S)
    await world.until(lambda: not any(lane.is_ours for lane in one.plane._lanes.values()))
    await world.write(app_key, "next", stream="s")
    may_answer.set()
    await world.until(lambda: len(world.receivers.pushed) == 2)
    assert world.receivers.ids() == ["held", "next"]
    assert (one.plane.counters.delivered, two.plane.counters.pushes) == (1, 1)
