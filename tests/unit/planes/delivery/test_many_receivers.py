"""A thousand receivers, fifty of them dead: told by what is pushed, not by how long it takes."""

import asyncio

from maskline.planes.delivery.client import PushFailed

LIVE, DEAD, BACKLOG = 950, 50, 20
LONG_S = 60.0  # on a busy machine


async def test_fifty_dead_receivers_of_a_thousand_hold_up_none_of_the_others(world, names):
    let_go = asyncio.Event()

    async def hang(_pushed):
        await let_go.wait()
        raise PushFailed("no answer within 10 s")

    for number in range(DEAD):
        world.add_application(f"dead{number}")
        world.receivers.answers[f"http://dead{number}.example/status"] = hang
        await world.write(f"dead{number}", *names(f"dead{number}", BACKLOG))  # first in the queue
    for number in range(LIVE):
        world.add_application(f"live{number}")
        await world.write(f"live{number}", *names(f"live{number}", 3))
    claims = {"live": 0, "dead": 0}
    claim = world.store.claim

    async def counted(endpoint, *args):
        claims[endpoint.app_key[:4]] += 1
        return await claim(endpoint, *args)

    world.store.claim = counted
    async with world.running(max_in_flight=512, reserved_in_flight=128) as plane:
        # Not one of the dead has answered when all of the others have everything.
        await world.until(lambda: plane.counters.delivered == 3 * LIVE, LONG_S)
        assert plane.counters.failed == 0
        assert plane.counters.in_flight <= 512 - 64
        # Claiming does not grow with the dead: at most once a notice, and once after each of them.
        assert claims["live"] <= LIVE * (3 + 3)
        let_go.set()
        await world.quiet(plane, LONG_S)

        # From now on they are probed: one place each, whatever waits for them.
        let_go.clear()
        world.receivers.most.clear()
        world.clock.step(60)
        await world.until(lambda: plane.counters.in_flight == DEAD, LONG_S)
        for number in range(LIVE):
            await world.write(f"live{number}", f"again{number}")
        await world.until(lambda: plane.counters.delivered == 4 * LIVE, LONG_S)
        dead = {url: most for url, most in world.receivers.most.items() if "dead" in url}
        assert set(dead.values()) == {1}
        let_go.set()
