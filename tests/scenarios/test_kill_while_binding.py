"""`kill -9` among binds under keys: sent again, each is bound once and answered as it was."""

import asyncio
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from tests.scenarios.test_kill import Server

from maskline.lab.rest import AXB_PATH, signed_headers

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(60)]

X = "+8617000001001"
AT_ONCE = 20
KILLED_AFTER = 60


class Customer:
    """Sends a bind for every order under the key of the order, and notes the answers."""

    def __init__(self, url: str, app_key: str, secret: str) -> None:
        self._url = url
        self._app_key = app_key
        self._secret = secret
        self.answers: dict[str, bytes] = {}
        self.tried: set[int] = set()
        self.has_enough = asyncio.Event()

    async def bind(self, orders: Iterable[int]) -> None:
        """Have all of them bound. Raises a group of aiohttp.ClientError."""
        waiting = iter(orders)

        async def work(http: aiohttp.ClientSession) -> None:
            for order in waiting:
                self.tried.add(order)
                await self._bind(http, order)

        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as lanes:
            for _ in range(AT_ONCE):
                lanes.create_task(work(http))

    async def _bind(self, http: aiohttp.ClientSession, order: int) -> None:
        key = f"order-{order}"
        headers = signed_headers(self._app_key, self._secret) | {"Idempotency-Key": key}
        body = {
            "callerNum": f"+8613811{order:06}",
            "calleeNum": f"+8613911{order:06}",
            "relationNum": X,
        }
        async with http.post(
            self._url + AXB_PATH, data=msgspec.json.encode(body), headers=headers
        ) as answer:
            told = await answer.read()
        assert answer.status == 200, told
        assert self.answers.setdefault(key, told) == told
        if len(self.answers) >= KILLED_AFTER:
            self.has_enough.set()


@pytest.fixture
async def server(tmp_path: Path, new_port: Any):
    server = Server(tmp_path, new_port(), new_port())
    await server.start()
    yield server
    await server.kill()


async def test_binds_that_are_sent_again_after_a_kill_are_bound_once(server: Server):
    app = await server.manage("POST", "/applications", {"name": "shop", "mode": "axb"})
    numbers = {"app_key": app["app_key"], "numbers": [{"number": X, "area_code": "0755"}]}
    await server.manage("POST", "/numbers", numbers)
    customer = Customer(server.url, app["app_key"], app["app_secret"])
    first = asyncio.create_task(customer.bind(count()))
    async with asyncio.timeout(20):
        await customer.has_enough.wait()
    await server.kill()
    with pytest.raises(ExceptionGroup) as cut_off:
        await first
    assert all(isinstance(error, aiohttp.ClientError) for error in cut_off.value.exceptions)
    assert len(customer.answers) < len(customer.tried)

    await server.start()
    await customer.bind(sorted(customer.tried))

    assert len(customer.answers) == len(customer.tried)
    ids = {msgspec.json.decode(told)["subscriptionId"] for told in customer.answers.values()}
    found = await server.manage("GET", f"/bindings/count?app_key={app['app_key']}")
    assert found["count"] == len(ids) == len(customer.tried)
