"""Each plane in a process of its own on one PostgreSQL: what they do together, hear, and refuse."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.fleet import Apart
from tests.integration.faults.world import Story, World, check_stories, settled, stories
from tests.postgres import Cluster

from maskline.lab.carrier import Carrier
from maskline.lab.hearing import hears_only
from maskline.lab.manage import ManageClient
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallState, PhoneCall
from maskline.lab.rest import RestClient, RestRefused
from maskline.lab.wav import write_wav
from maskline.protocols.rtp.tone import make_tone

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(300)]

A, B, STRANGER = "+8613811110001", "+8613911110002", "+8613711110003"
X = "+8617000001001"
PROMPT = "nobody.wav"
HEARD_S = 0.6
MORE = "[api]\nlockout_failures = 3\n"


@pytest.fixture
async def fleet(postgres: Cluster, tmp_path: Path) -> AsyncIterator[Apart]:
    url = postgres.url(postgres.create())
    fleet = Apart(tmp_path, url, MORE, api=1, manage=1, call=1, delivery=1)
    try:
        await fleet.start()
        yield fleet
    finally:
        await fleet.kill()


@pytest.fixture
async def world(fleet: Apart) -> AsyncIterator[World]:
    carrier = await Carrier.start()
    world = await World.open(fleet, carrier)
    world.doors = fleet.doors
    yield world
    await world.close()
    await carrier.close()


async def test_planes_apart_carry_calls_hear_of_changes_and_stop_when_asked(
    fleet: Apart, world: World, tmp_path: Path
):
    async with world.rest() as rest, ManageClient(fleet.manage_url, "operator") as manage:
        await bind_call_and_stop(world, rest, manage)
        await change_the_application(world, rest, manage)
        await change_a_prompt(world, manage, tmp_path)
        await kill_the_call_worker(fleet, world)
        await lock_an_address_out_and_let_it_in(fleet, world, rest)
        await stop_calls_while_one_is_up(fleet, world, rest)
    assert await fleet.stop() == dict.fromkeys(fleet.members, 0)
    assert all("platform stopped" in member.log for member in fleet.members.values())


async def bind_call_and_stop(world: World, rest: RestClient, manage: ManageClient) -> None:
    """The customer ends a call at `api`, an operator at `manage`; all of it is pushed."""
    await rest.bind(callerNum=A, calleeNum=B, relationNum=X)
    for stop in (rest.stop_call, manage.stop_call):
        async with await Phone.start(A) as phone:
            call = await talk(phone, world)
            [live] = (await world.server.manage("GET", "/calls"))["items"]
            await stop(live["session_id"])
            await call.wait_until(CallState.ENDED, 3.0)
    await until_told(world, 2)


async def change_the_application(world: World, rest: RestClient, manage: ManageClient) -> None:
    """What `manage` changes counts at `api`."""
    await manage.change_app(world.app_key, {"allowed_addresses": ["203.0.113.0/24"]})
    await asyncio.sleep(1.0)
    with pytest.raises(RestRefused, match="1020166"):
        await bind_others(rest)
    await manage.change_app(world.app_key, {"allowed_addresses": []})
    await asyncio.sleep(1.0)
    await bind_others(rest)


async def change_a_prompt(world: World, manage: ManageClient, folder: Path) -> None:
    """What `manage` changes is heard from `call`: a new prompt, then another sound of that name."""
    await submit(manage, world.app_key, folder, 900.0)
    await manage.change_app(world.app_key, {"prompts": {"no_binding": PROMPT}})
    await asyncio.sleep(1.0)
    assert hears_only(await refusal(world), 900.0)
    await submit(manage, world.app_key, folder, 1790.0)
    await asyncio.sleep(1.0)
    assert hears_only(await refusal(world), 1790.0)


async def kill_the_call_worker(fleet: Apart, world: World) -> None:
    """It ends the call that it finds, whose media died with it, before it takes another."""
    worker = fleet.members["call-1"]
    async with await Phone.start(A) as phone:
        call = await talk(phone, world)
        await worker.kill()
        await asyncio.sleep(1.0)
        assert call.state is CallState.TALKING
        await worker.start()
        await call.wait_until(CallState.ENDED)
        assert (call.is_ended_by_peer, call.end_cause) == (True, 41)
    told = await until_told(world, 5)
    reasons = [story.record["ulFailReason"] for story in told.values()]
    assert reasons.count(8020) == 1
    assert (await fleet.manage("GET", "/calls"))["items"] == []


async def lock_an_address_out_and_let_it_in(fleet: Apart, world: World, rest: RestClient) -> None:
    """`manage` lists whom `api` has locked out, and lets them in."""

    async def is_listed() -> bool:
        return bool((await fleet.manage("GET", "/lockouts"))["items"])

    async with RestClient(fleet.url, world.app_key, "wrong") as stranger:
        for _ in range(3):
            with pytest.raises(RestRefused):
                await stranger.bind(callerNum=A, calleeNum=B)
    assert await settled(is_listed, 3.0)
    with pytest.raises(RestRefused, match="1020176"):
        await bind_others(rest)
    await fleet.manage("DELETE", "/lockouts/127.0.0.1")
    await asyncio.sleep(1.0)
    await bind_others(rest)


async def stop_calls_while_one_is_up(fleet: Apart, world: World, rest: RestClient) -> None:
    """A call that is up may end by itself; new ones are told to try again; the rest goes on."""
    async with await Phone.start(A) as phone, await Phone.start(A) as late:
        call = await talk(phone, world)
        stopping = asyncio.create_task(fleet.members["call-1"].stop())
        await asyncio.sleep(0.5)
        refused = await late.dial(X, via=fleet.doors[0])
        await refused.wait_until(CallState.ENDED, 3.0)
        assert refused.end_status == 503
        assert call.state is CallState.TALKING
        await call.hang_up()
        assert await stopping == 0
    await bind_others(rest)
    await until_told(world, 6)


async def bind_others(rest: RestClient) -> None:
    """Two who never call, for as long as it takes to see that it works."""
    parties = {"callerNum": "+8613811110009", "calleeNum": "+8613911110009"}
    bound = await rest.bind(**parties, relationNum=X)
    await rest.unbind(subscriptionId=bound["subscriptionId"])


async def talk(phone: Phone, world: World) -> PhoneCall:
    call = await phone.dial(X, via=world.doors[0])
    await call.wait_until(CallState.TALKING)
    return call


async def refusal(world: World) -> list:
    """What somebody hears who is bound to nobody."""
    async with await Phone.start(STRANGER) as phone:
        call = await phone.dial(X, via=world.doors[0])
        heard = await call.heard(HEARD_S)
        await call.wait_until(CallState.ENDED)
        return heard


async def submit(manage: ManageClient, app_key: str, folder: Path, pitch_hz: float) -> None:
    path = folder / PROMPT
    write_wav(path, make_tone(pitch_hz, 1.5))
    await manage.add_prompt(app_key, PROMPT, path.read_bytes())
    await manage.approve_prompt(app_key, PROMPT)


async def until_told(world: World, calls: int) -> dict[str, Story]:
    """So many calls, and no more, have their record at the customer, after their events."""

    async def are_told() -> bool:
        found = stories(world.receiver.received)
        return len(found) == calls and all("fee" in story.names for story in found.values())

    assert await settled(are_told), world.receiver.received
    found = stories(world.receiver.received)
    check_stories(found)
    return found
