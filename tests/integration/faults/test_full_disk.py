"""A full disk under database, journal and recordings: calls go on, and all is told in the end."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.integration.faults.disk import Disk, LimitedFiles, small_disk
from tests.integration.faults.world import (
    World,
    check_stories,
    children,
    listed,
    settled,
    stories,
)
from tests.scenarios import test_kill
from tests.scenarios.test_kill import Server

from maskline.lab.carrier import Carrier
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallFailed, CallState
from maskline.lab.rest import RestRefused

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(150)]

CALLERS = ["+8613811110011", "+8613811110012", "+8613811110013"]
NEW = "+8613811110014"

SETTINGS = """
[journal]
reserve_mb = 1
[recording]
when_failing = "continue"
"""


@pytest.fixture(params=["full file system", "files at their limit"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "var"
    if request.param == "files at their limit":
        yield LimitedFiles(folder)
        return
    with ExitStack() as stack:
        small = stack.enter_context(small_disk(folder))
        if small is None:
            pytest.skip("only root may mount a small file system")
        yield small


@pytest.fixture
async def server(tmp_path: Path, disk: Disk, new_port: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(test_kill, "CONFIG", test_kill.CONFIG + SETTINGS)
    server = Server(tmp_path, new_port(), new_port())
    await server.start()
    yield server
    await server.kill()


async def test_calls_go_on_and_are_told_of_later(server: Server, disk: Disk):
    carrier = await Carrier.start(platform=server.sip)
    world = await World.open(server, carrier, may_record=True)
    phones = [await Phone.start(number) for number in [*CALLERS, NEW]]
    assert server._process is not None
    pids = [server._process.pid, *children(server._process.pid).values()]
    try:
        for number in [*CALLERS, NEW]:
            more = {"recordFlag": "true"} if number == CALLERS[0] else {}
            await world.bind(number, number.replace("+86138", "+86139"), **more)
        calls = [await phone.dial(world.x, via=carrier.address) for phone in phones[:-1]]
        for call in calls:
            await call.wait_until(CallState.TALKING, 20)

        for pid in pids:
            disk.fill(pid)
        await calls[-1].hang_up(20)  # the first fact that finds no room
        await _bind_until_refused(world)
        assert await settled(lambda: _has_said(server, "the store fails"))
        refused = await phones[-1].dial(world.x, via=carrier.address)
        with pytest.raises(CallFailed, match="500"):
            await refused.wait_until(CallState.TALKING, 20)
        assert [call.state for call in calls[:-1]] == [CallState.TALKING] * 2
        await calls[0].hang_up(20)
        await asyncio.sleep(0.5)
        assert world.receiver.about('"fee"') == []

        for pid in pids:
            disk.free(pid)

        async def are_told() -> bool:
            return sum("fee" in s.names for s in stories(world.receiver.received).values()) == 3

        await settled(are_told)
        await calls[1].hang_up(20)

        async def are_all_told() -> bool:
            return sum("fee" in s.names for s in stories(world.receiver.received).values()) == 4

        await settled(are_all_told)
        told = stories(world.receiver.received)
        check_stories(told)
        kept = await listed(server, "/records")
        assert sorted(record["session_id"] for record in kept) == sorted(told)
        ends = {s.record["callerNum"]: s.record["ulFailReason"] for s in told.values()}
        assert ends == dict.fromkeys(CALLERS, 0) | {NEW: 8020}
        assert await _has_said(server, "the store answers again")
        assert not await _has_said(server, "facts of calls are in memory only")
    finally:
        for phone in phones:
            await phone.close()
        await world.close()
        await carrier.close()


async def _bind_until_refused(world: World) -> None:
    """A log that has just begun anew has room left; this uses it up."""

    async def bind_many() -> None:
        async with world.rest() as rest:
            for ending in range(1_000, 2_000):
                await rest.bind(callerNum=f"+861381112{ending}", calleeNum=f"+861391112{ending}")

    with pytest.raises(RestRefused):
        await bind_many()


async def _has_said(server: Server, words: str) -> bool:
    return words in server._log.read_text(errors="replace")
