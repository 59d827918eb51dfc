"""`maskline serve --workers 2` as operators run it: real processes on one PostgreSQL."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator

import pytest
from tests.conftest import free_port
from tests.postgres import Cluster

from maskline.bootstrap.platform import Platform
from maskline.domain.application import Mode
from maskline.lab.carrier import Carrier
from maskline.lab.demo.tenant import DemoTenant, keep_tenant
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallState
from maskline.lab.receiver import Receiver
from maskline.lab.rest import RestClient, RestRefused
from maskline.services.list_filter import CallFilter
from maskline.services.store import Page
from maskline.settings import Settings

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(180)]

HOST = "127.0.0.1"
A, B, C = "+8613811110001", "+8613911110002", "+8613711110003"
AX_PATH = "/rest/provision/caas/privatenumber/v1.0"
START_S = 90.0
FILE = """
[media]
engine = "none"
[http]
port = {http}
tls_port = 0
[sip]
port = {sip}
[calls]
host_name = "test"
drain_s = 0.5
[delivery]
allow_private = true
merge_window_s = 0.05
poll_interval_s = 0.2
[store]
data = "{data}"
url = "{url}"
pool_min = 1
[log]
format = "json"
"""


class Running:
    """The supervisor and what it logs: the log is the only thing that operators have too."""

    def __init__(self, process, settings: Settings) -> None:
        self.process = process
        self.settings = settings
        self.pids: dict[str, int] = {}
        self.events: list[str] = []
        self.lines: list[str] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while line := await self.process.stderr.readline():
            self.lines.append(line.decode())
            told = json.loads(line)
            if told["event"] == "worker ready":
                self.pids[told["worker"]] = told["pid"]
            self.events.append(told["event"])

    async def until(self, is_so, timeout_s: float = 20.0) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    if is_so():
                        return
                    await asyncio.sleep(0.02)
        except TimeoutError:
            pytest.fail("".join(self.lines[-40:]))

    async def stop(self) -> float:
        """How long it took."""
        began = time.monotonic()
        self.process.terminate()
        async with asyncio.timeout(30):
            assert await self.process.wait() == 0
        await self._reading
        return time.monotonic() - began


@pytest.fixture
async def running(postgres: Cluster, tmp_path) -> AsyncIterator[Running]:
    path = tmp_path / "maskline.toml"
    url = postgres.socket_url(postgres.create())
    path.write_text(FILE.format(http=free_port(), sip=free_port(), data=tmp_path / "var", url=url))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "maskline", "serve", "--workers", "2",
        stderr=PIPE, env=os.environ | {"MASKLINE_CONFIG": str(path)},
    )  # fmt: skip
    one = Running(process, Settings.load({}, path))
    await one.until(lambda: "all workers ready" in one.events, START_S)
    yield one
    if process.returncode is None:
        await one.stop()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver({})
    await one.start(HOST, free_port())
    yield one
    await one.close()


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    one = await Carrier.start(HOST, free_port())
    yield one
    await one.close()


@pytest.fixture
async def operator(running: Running) -> AsyncIterator[Platform]:
    """One process more, which serves nothing: what an operator changes in it, others hear."""
    platform = Platform(running.settings, frozenset())
    await platform.start()
    yield platform
    await platform.close()


@pytest.fixture
async def tenant(operator: Platform, receiver: Receiver, carrier: Carrier) -> DemoTenant:
    return await keep_tenant(
        operator.administration, operator.store, receiver_url=receiver.url, carrier=carrier.address
    )


def rest_of(running: Running, tenant: DemoTenant, mode: Mode) -> RestClient:
    application = tenant.applications[mode].application
    url = f"http://{HOST}:{running.settings.http.port}"
    return RestClient(url, application.app_key, application.secret)


async def test_calls_of_two_workers_are_carried_stopped_told_and_survive_the_others_death(
    running: Running, operator: Platform, tenant: DemoTenant, carrier: Carrier, receiver: Receiver
):
    sip = running.settings.sip.port
    first, second = (HOST, sip), (HOST, sip + 1)
    x = tenant.applications[Mode.AX].numbers[0]
    async with (
        rest_of(running, tenant, Mode.AX) as rest,
        await Phone.start(A) as a,
        await Phone.start(B) as b,
        await Phone.start(C) as c,
    ):
        await a.register(carrier.address)
        await rest.ask("POST", AX_PATH, body={"origNum": A, "privateNum": x})
        # The trunk has to reach the call workers too.
        await asyncio.sleep(1.0)

        async def dial(phone, worker):
            carrier.platform = worker
            return await phone.dial(x, via=carrier.address)

        # X carries one call at a time, whichever worker the second one comes to.
        call = await dial(b, second)
        theirs = await a.next_call()
        await theirs.answer()
        await call.wait_until(CallState.TALKING)
        refused = await dial(c, first)
        await refused.wait_until(CallState.ENDED)
        assert (refused.end_status, refused.end_cause) == (486, 17)

        died = running.pids["worker-1"]  # and comes back; the other's call does not notice
        os.kill(died, signal.SIGKILL)
        await running.until(lambda: running.pids["worker-1"] != died, START_S)
        assert call.state is CallState.TALKING

        # Any API worker ends a call of any call worker, within a second.
        live = (await operator.store.live_calls(CallFilter(), Page())).rows
        (session_id,) = [one.session_id for one in live if one.answered_at is not None]
        assert session_id.endswith("@test-2")
        carrier.platform = second
        await rest.stop_call(session_id)
        await call.wait_until(CallState.ENDED)
        await theirs.wait_until(CallState.ENDED)

        # The record is there and X free again at the worker that came back.
        parts = (b'"fee"', session_id.encode())
        assert await receiver.wait_for(
            lambda got: any(all(part in push.body for part in parts) for push in got), 20.0
        )
        with pytest.raises(RestRefused, match="1020152"):
            await rest.stop_call(session_id)
        call = await dial(c, first)
        theirs = await a.next_call()
        await theirs.answer()
        await call.wait_until(CallState.TALKING)

        # All are gone in time, calls with them.
        assert await running.stop() < running.settings.calls.drain_s + 15.0
        await call.wait_until(CallState.ENDED)
    assert "supervisor stopped" in running.events
