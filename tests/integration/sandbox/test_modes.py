"""Every mode is tried as AXB is: phones call and write, and the receiver is told and asked."""

from typing import Any

import aiohttp
import pytest
from tests.integration.sandbox.rig import DeveloperAtWork, Events

from maskline.domain.application import Mode
from maskline.lab.demo.stage import Stage

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(90)]

# Who dials, who is called, and the name of the dialled number in what a bind asks or answers.
CALLS = {
    Mode.X: ("a", "b", None),
    Mode.AX: ("b", "a", "privateNum"),
    Mode.AXYB: ("b", "a", "relationNumber"),
    Mode.AXE: ("b", "a", "virtualNum"),
}


async def test_phones_call_and_write_in_every_mode(stage: Stage):
    async with aiohttp.ClientSession() as http:
        for mode in CALLS:
            developer = DeveloperAtWork(stage, http)
            owned = stage.tenant.applications[mode]
            await developer.start(owned.application.app_key)
            bound = await _bind(developer)
            name = CALLS[mode][2]
            x = bound[name] if name else owned.numbers[0]
            await _call(developer, mode, x, bound.get("extendNum"))
            if mode in {Mode.X, Mode.AX}:
                await _write(developer, mode, x)
            await developer.ask("DELETE", developer.path)


async def _bind(developer: DeveloperAtWork) -> dict[str, Any]:
    """What was asked and answered, in one; nothing where the customer is asked about each call."""
    listed = await developer.ask("GET", f"/sandbox/operations?app_key={developer.run['app_key']}")
    for one in listed["items"]:
        if one["operation"] == "bind":
            sent = await developer.request("bind", one["params"])
            return {**one["params"], **sent["answer"]["body"]}
    return {}


async def _call(developer: DeveloperAtWork, mode: Mode, x: str, extension: str | None) -> None:
    caller, callee, _ = CALLS[mode]
    await developer.use(caller, "dial", number=x)
    if extension is not None:
        await developer.wait_for_state(caller, "alerting")
        await developer.use(caller, "digits", digits=extension)
    rung = await developer.wait_for_state(callee, "ringing")
    # In AXYB each of the two numbers is seen by the other side.
    assert (rung["shows"]["number"] == x) is (mode is not Mode.AXYB), mode
    assert developer.number(caller)[3:] not in str(rung["shows"])
    await developer.use(callee, "answer")
    await developer.wait_for_events(lambda events: "answer" in _told(events))
    await developer.use(callee, "hangup")
    events = await developer.wait_for_events(lambda events: "fee" in _told(events))
    if mode is Mode.X:
        (asked,) = [event["detail"] for event in events if "callin" in _told([event])]
        assert asked["body"]["statusInfo"]["notifyMode"] == "Block"
        assert asked["answer"]["connectInfo"]["calleeNum"] == developer.number(callee)


async def _write(developer: DeveloperAtWork, mode: Mode, x: str) -> None:
    """A writes, and where the receiver sends it, B reads it."""
    await developer.use("a", "text", to=x, text="在楼下 downstairs")
    events = await developer.wait_for_events(lambda events: len(_texts(events)) >= 2)
    sent, came = _texts(events)[:2]
    assert (sent["to"], came["sender"]) == (x, x)
    assert came["text"] == "在楼下 downstairs", mode
    inbox = (await developer.ask("GET", f"{developer.path}/phones/b"))["inbox"]
    assert [one["sender"] for one in inbox] == [x]
    events = await developer.wait_for_events(lambda events: "Notify" in _asked_how(events))
    assert "Block" in _asked_how(events), mode


def _told(events: Events) -> list[str]:
    """The call events and records that the receiver got."""
    pushes = [event["detail"]["body"] for event in events if event["kind"] == "push"]
    return [body["eventType"] for body in pushes if "eventType" in body]


def _texts(events: Events) -> list[dict[str, Any]]:
    return [event["detail"] for event in events if event["kind"] == "text"]


def _asked_how(events: Events) -> list[str]:
    pushes = [event["detail"]["body"] for event in events if event["kind"] == "push"]
    return [body["smsEvent"]["notificationMode"] for body in pushes if "smsEvent" in body]
