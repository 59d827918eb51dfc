"""`kill -9` of whoever carries messages, at random moments under load: the count.

`MASKLINE_KILLS` and `MASKLINE_SEED` as in `test_kills`. The whole platform is killed on SQLite, on
PostgreSQL the process of the message plane.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.fleet import Apart
from tests.integration.faults.world import settled
from tests.integration.faults.writers import BookedCentre, Writers
from tests.scenarios.test_kill import Server

KILLS = int(os.environ.get("MASKLINE_KILLS", "3"))
SEED = int(os.environ.get("MASKLINE_SEED", "5"))
WRITING = 24
PAUSE_S = 0.6
LETTERS = 100
"""How many may be written from one kill to the next."""

MOMENT_S = 0.8
"""From the first messages after a start to the next kill, at most."""

TWICE = 0.3
"""How often a kill comes while the messages of the last one are taken up again."""

pytestmark = [
    pytest.mark.network,
    pytest.mark.enable_socket,
    pytest.mark.timeout(120 + 15 * KILLS),
]


@pytest.fixture
async def platform(request: pytest.FixtureRequest, tmp_path: Path, new_port: Any):
    if request.param == "embedded":
        server = Server(tmp_path, new_port(), new_port())
        await server.start()
        yield server
        await server.kill()
        return
    postgres = request.getfixturevalue("postgres")
    fleet = Apart(
        tmp_path, postgres.url(postgres.create()), api=1, manage=1, messages=1, delivery=1
    )
    try:
        await fleet.start()
        yield fleet
    finally:
        await fleet.kill()


@pytest.fixture
async def writers(platform: Server | Apart) -> AsyncIterator[Writers]:
    centre = BookedCentre()
    await centre.start()
    writers = await Writers.open(platform, centre, LETTERS * KILLS)
    yield writers
    await writers.close()
    await centre.close()


async def kill(platform: Server | Apart) -> None:
    """End it without warning, and start it again."""
    if isinstance(platform, Apart):
        await platform.kill_one("messages-1")
        await platform.whole()
        return
    await platform.kill()
    await platform.start()


async def goes_on(writers: Writers) -> None:
    """Wait until messages pass again."""
    begun = writers.answered

    async def do_pass() -> bool:
        return writers.answered > begun

    assert await settled(do_pass)


@pytest.mark.parametrize("platform", ["embedded", "postgres"], indirect=True)
async def test_nothing_is_lost(platform: Server | Apart, writers: Writers):
    chance = random.Random(SEED)
    load = [
        asyncio.create_task(writers.keep_writing(chance, PAUSE_S, LETTERS * KILLS))
        for _ in range(WRITING)
    ]
    for _ in range(KILLS):
        if chance.random() > TWICE:
            await goes_on(writers)
        await asyncio.sleep(chance.uniform(0, MOMENT_S))
        await kill(platform)
    writers.is_over = True
    await asyncio.gather(*load)
    print(await writers.check(KILLS))  # noqa: T201 - what a nightly run is read for
