"""`kill -9` of workers on PostgreSQL, supervised and apart, at random under load: the count.

`MASKLINE_KILLS` and `MASKLINE_SEED` as in `test_kills`. Few kills are made under a supervisor only,
and without media.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from tests.fleet import SUPERVISOR, Apart, Supervised
from tests.integration.faults.world import World, check, talk_goes_on
from tests.postgres import Cluster

from maskline.lab.carrier import Carrier

KILLS = int(os.environ.get("MASKLINE_KILLS", "3"))
SEED = int(os.environ.get("MASKLINE_SEED", "5"))
IS_LONG = KILLS > 5
CALLING, BINDING = 4, 2
MOMENT_S = 0.8
"""From the answer to a call to the kill, at most."""

NO_MEDIA = '[media]\nengine = "none"\n'

pytestmark = [
    pytest.mark.network,
    pytest.mark.enable_socket,
    pytest.mark.timeout(300 + 40 * KILLS),
]


@pytest.fixture(params=["supervised", "apart"])
async def fleet(
    request: pytest.FixtureRequest, postgres: Cluster, tmp_path: Path
) -> AsyncIterator[Supervised | Apart]:
    if request.param == "apart" and not IS_LONG:
        pytest.skip("so many processes are for long runs: MASKLINE_KILLS=50")
    url, more = postgres.url(postgres.create()), "" if IS_LONG else NO_MEDIA
    if request.param == "supervised":
        fleet = Supervised(tmp_path, url, 2, more)
    else:
        fleet = Apart(tmp_path, url, more, api=2, manage=1, call=2, delivery=2)
    try:
        await fleet.start()
        yield fleet
    finally:
        await fleet.kill()


@pytest.fixture
async def world(fleet: Supervised | Apart) -> AsyncIterator[World]:
    # It sends no calls of its own to the platform: phones dial the call workers themselves.
    carrier = await Carrier.start()
    world = await World.open(fleet, carrier, may_record=IS_LONG)
    world.doors = fleet.doors
    yield world
    await world.close()
    await carrier.close()


def victims(chance: random.Random, names: Sequence[str]) -> Iterator[str]:
    """Everybody's turn comes, in any order; that of the supervisor in long runs."""
    among = [name for name in names if IS_LONG or name != SUPERVISOR]
    while True:
        yield from chance.sample(among, len(among))


async def test_nothing_is_lost(world: World, fleet: Supervised | Apart):
    chance = random.Random(SEED)
    load = [
        asyncio.create_task(world.keep_calling(chance, records=IS_LONG and number == 0))
        for number in range(CALLING)
    ]
    load += [asyncio.create_task(world.keep_binding(0.05)) for _ in range(BINDING)]
    kills, turns = 0, victims(chance, fleet.names)
    while kills < KILLS:
        await talk_goes_on(world)
        await asyncio.sleep(chance.uniform(0, MOMENT_S))
        kills += await fleet.kill_one(next(turns))
    await fleet.whole()
    await talk_goes_on(world)
    world.is_over = True
    await asyncio.gather(*load)
    print(await check(world, KILLS, f"seed {SEED}"))  # noqa: T201 - what a nightly run is read for
