"""A developer who tries an application by the management API."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp

from maskline.lab.demo.stage import Stage

Events = list[dict[str, Any]]

PATIENCE_S = 20.0
POLL_S = 0.05


class Refused(Exception):
    """The management API said no."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(f"{status} {error}")
        self.status = status
        self.error = error


class DeveloperAtWork:
    """One run and the verbs that a console has for it."""

    def __init__(self, stage: Stage, http: aiohttp.ClientSession) -> None:
        self.http = http
        self.url = f"{stage.url}/manage/v1"
        self.headers = {"Authorization": f"Bearer {stage.platform.admin_token}"}
        self.run: dict[str, Any] = {}

    @property
    def path(self) -> str:
        return f"/sandbox/runs/{self.run['run_id']}"

    def number(self, phone: str) -> str:
        return next(one["number"] for one in self.run["phones"] if one["phone_id"] == phone)

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        async with self.http.request(
            method, self.url + path, json=body, headers=self.headers
        ) as answer:
            if answer.status == 204:
                return None
            told = await answer.json()
            if answer.status >= 400:
                raise Refused(answer.status, told["error"])
            return told

    async def start(self, app_key: str, **more: object) -> None:
        self.run = await self.ask("POST", "/sandbox/runs", {"app_key": app_key, **more})

    async def use(self, phone: str, action: str, **more: object) -> Any:
        return await self.ask("POST", f"{self.path}/phones/{phone}", {"action": action, **more})

    async def request(self, operation: str, params: dict[str, Any], **more: object) -> Any:
        body = {"app_key": self.run["app_key"], "operation": operation, "params": params, **more}
        return await self.ask("POST", "/sandbox/requests", body)

    async def bind(self, x: str) -> Any:
        """Bind A and B of the run to a number of AXB."""
        numbers = {"callerNum": self.number("a"), "calleeNum": self.number("b")}
        return await self.request("bind", {**numbers, "relationNum": x, "duration": 600})

    async def behave(self, phone: str, manner: str, after_s: float = 0.1) -> None:
        body = {"manner": manner, "after_s": after_s}
        await self.ask("PUT", f"{self.path}/phones/{phone}/behaviour", body)

    async def wait_for_state(self, phone: str, state: str) -> Any:
        """The phone's view once it is in that state. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                view = await self.ask("GET", f"{self.path}/phones/{phone}")
                if view["state"] == state:
                    return view
                await asyncio.sleep(POLL_S)

    async def wait_for_events(self, is_enough: Callable[[Events], bool]) -> Events:
        """The events once they satisfy `is_enough`. Raises TimeoutError."""
        events: Events = []
        async with asyncio.timeout(PATIENCE_S):
            while not is_enough(events):
                after = events[-1]["sequence"] if events else 0
                told = await self.ask("GET", f"{self.path}/events?after={after}&wait_s=5")
                events += told["items"]
        return events
