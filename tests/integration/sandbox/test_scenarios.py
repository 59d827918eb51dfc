"""Each way to break it, done step by step, ends as it says."""

from typing import Any

import aiohttp
import pytest
from tests.integration.sandbox.rig import DeveloperAtWork, Events

from maskline.lab.demo.stage import Stage

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(110)]


class Breaker:
    """Does what a page of the console does with a scenario."""

    def __init__(self, developer: DeveloperAtWork, x: str) -> None:
        self._developer = developer
        self._x = x
        self.sent: Any = None

    async def take(self, step: dict[str, Any]) -> None:
        phone = step["phone"]
        match step["do"]:
            case "request":
                await self._ask(step)
            case "behave":
                await self._developer.behave(phone, step["manner"])
            case "dial":
                await self._developer.use(phone, "dial", number=self._x)
            case "hangup":
                await self._developer.use(phone, "hangup")
            case "answers":
                body = {"status": step["status"]}
                await self._developer.ask("PUT", f"{self._developer.path}/receiver", body)
            case _:
                await self._developer.wait_for_state(phone, step["state"])

    async def _ask(self, step: dict[str, Any]) -> None:
        name, app_key = step["operation"], self._developer.run["app_key"]
        listed = await self._developer.ask("GET", f"/sandbox/operations?app_key={app_key}")
        (params,) = [one["params"] for one in listed["items"] if one["operation"] == name]
        more = {"signs_wrongly": step["signs_wrongly"]}
        self.sent = (await self._developer.request(name, params, **more))["answer"]


def _as_expected(expects: dict[str, Any], events: Events) -> bool:
    pushes = [event["detail"] for event in events if event["kind"] == "push"]
    if expects["push_status"]:
        return any(push["status"] == expects["push_status"] for push in pushes)
    ends = [push["body"]["statusInfo"] for push in pushes if _is_end(push["body"])]
    return any(end["stateCode"] in expects["release"] for end in ends)


def _is_end(body: dict[str, Any]) -> bool:
    return body["eventType"] == "disconnect"


async def test_scenarios_end_as_they_say(stage: Stage):
    app, x = stage.tenant.application, stage.tenant.numbers[0]
    async with aiohttp.ClientSession() as http:
        developer = DeveloperAtWork(stage, http)
        listed = await developer.ask("GET", "/sandbox/scenarios?mode=axb")
        for scenario in listed["items"]:
            if scenario["is_slow"]:
                continue
            await developer.start(app.app_key)
            breaker, expects = Breaker(developer, x), scenario["expects"]
            for step in scenario["steps"]:
                await breaker.take(step)
            if expects["result"]:
                assert breaker.sent["body"]["resultcode"] == expects["result"]
                assert breaker.sent["status"] == expects["status"]
            else:
                try:
                    await developer.wait_for_events(lambda e, w=expects: _as_expected(w, e))
                except TimeoutError:
                    events = await developer.wait_for_events(lambda _: True)
                    pytest.fail(f"{scenario['id']}: {events}")
            await developer.ask("DELETE", developer.path)
