"""`kill -9` of any process of a running platform, at random moments under load: the count.

`MASKLINE_KILLS` says how often (5), `MASKLINE_SEED` which moments and which processes. Longer runs
do the same on rtpengine, whose converter is then killed as well.
"""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.faults.world import World, check, children, talk_goes_on
from tests.integration.media.rtpengine.daemon import WHY_NOT, Daemon
from tests.scenarios import test_kill
from tests.scenarios.test_kill import Server
from tests.scenarios.test_kill_while_recording import RTPENGINE

from maskline.lab.carrier import Carrier

KILLS = int(os.environ.get("MASKLINE_KILLS", "5"))
SEED = int(os.environ.get("MASKLINE_SEED", "5"))
VICTIMS = {
    "embedded": ("platform", "media.worker", "recorder_process"),
    "rtpengine": ("platform", "converter"),
}
CALLING, BINDING = 3, 2
MOMENT_S = 0.8
"""From the answer to a call to the kill, at most."""

pytestmark = [
    pytest.mark.network,
    pytest.mark.enable_socket,
    pytest.mark.timeout(90 + 15 * KILLS),
]


@pytest.fixture(params=list(VICTIMS))
def engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    if request.param == "embedded":
        yield request.param
        return
    if KILLS <= 5:
        pytest.skip("kills of the converter are for long runs: MASKLINE_KILLS=50")
    if WHY_NOT is not None:
        pytest.skip(WHY_NOT)
    folder = tmp_path / "rtpengine"
    folder.mkdir()
    daemon = Daemon(folder)
    daemon.start()
    monkeypatch.setattr(test_kill, "CONFIG", test_kill.CONFIG + RTPENGINE.format(daemon=daemon))
    yield request.param
    daemon.stop()


@pytest.fixture
async def world(engine: str, tmp_path: Path, new_port: Any) -> AsyncIterator[World]:
    server = Server(tmp_path, new_port(), new_port())
    await server.start()
    carrier = await Carrier.start(platform=server.sip)
    world = await World.open(server, carrier, may_record=True)
    yield world
    await world.close()
    await carrier.close()
    await server.kill()


async def kill(world: World, victim: str) -> None:
    """End a process without warning; whoever looks after it starts another."""
    server = world.server
    assert server._process is not None
    if victim == "platform":
        await server.kill()
        await server.start()
        return
    pid = children(server._process.pid).get(victim)
    if pid is not None:  # else it is being replaced, from the last time
        os.kill(pid, signal.SIGKILL)


def victims(chance: random.Random, engine: str) -> list[str]:
    """Everybody's turn comes, in any order."""
    among = VICTIMS[engine]
    turns = [chance.sample(among, len(among)) for _ in range(-(-KILLS // len(among)))]
    return [victim for turn in turns for victim in turn][:KILLS]


async def test_nothing_is_lost(world: World, engine: str):
    chance = random.Random(SEED)
    load = [
        asyncio.create_task(world.keep_calling(chance, records=number == 0))
        for number in range(CALLING)
    ]
    load += [asyncio.create_task(world.keep_binding(0.05)) for _ in range(BINDING)]
    for victim in victims(chance, engine):
        await talk_goes_on(world, 15)
        await asyncio.sleep(chance.uniform(0, MOMENT_S))
        await kill(world, victim)
    await asyncio.sleep(1.0)
    world.is_over = True
    await asyncio.gather(*load)
    print(await check(world, KILLS, f"seed {SEED}"))  # noqa: T201 - what a nightly run is read for
