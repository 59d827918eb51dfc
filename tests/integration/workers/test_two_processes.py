"""Two platforms on one store, as two processes would be: each hears what is done at the other."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from tests.conftest import StageMaker, lab_settings

from maskline.bootstrap.platform import Plane, Platform
from maskline.domain.error import PlatformError
from maskline.lab.demo.stage import Stage
from maskline.lab.manage import ManageClient, ManageRefused
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallState, PhoneCall
from maskline.lab.rest import RestClient, RestRefused
from maskline.services.list_filter import CallFilter
from maskline.services.store import Page
from maskline.stores.memory import MemoryStore

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

A, B = "+8613811110001", "+8613911110002"


class SharedMemory(MemoryStore):
    """What two platforms of a test have open at the same time."""

    @property
    def is_shared(self) -> bool:
        return True


@dataclass
class Two:
    """`stage` has everything; `other` serves the interfaces, and holds no calls."""

    stage: Stage
    other: Platform

    @property
    def other_url(self) -> str:
        return f"http://127.0.0.1:{self.other.settings.http.port}"

    async def talk(self, caller: Phone, callee: Phone) -> tuple[PhoneCall, PhoneCall]:
        mine = await caller.dial(self.stage.tenant.numbers[0], via=self.stage.carrier.address)
        theirs = await callee.next_call()
        await theirs.answer()
        await mine.wait_until(CallState.TALKING)
        return mine, theirs

    async def session_id(self) -> str:
        calls = await self.stage.platform.store.live_calls(CallFilter(), Page())
        return calls.rows[0].session_id


async def until(is_so, timeout_s: float = 3.0) -> None:
    async with asyncio.timeout(timeout_s):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.01)


@pytest.fixture
async def two(make_stage: StageMaker, tmp_path) -> AsyncIterator[Two]:
    store = SharedMemory()
    stage = await make_stage(store, media={"engine": "none"})
    settings = lab_settings(
        tmp_path / "other",
        calls={"host_name": "there"},
        manage={"admin_token": "operator"},
        api={"lockout_failures": 3},
        delivery={"allow_private": True},
    )
    other = Platform(settings, frozenset({Plane.API, Plane.MANAGE}), store=store)
    await other.start()
    yield Two(stage, other)
    await other.close()


async def test_a_call_is_ended_by_its_customer_and_by_an_operator_at_the_other_process(two: Two):
    app = two.stage.tenant.application
    async with (
        await Phone.start(A) as a,
        await Phone.start(B) as b,
        RestClient(two.other_url, app.app_key, app.secret) as rest,
        ManageClient(two.other_url, "operator") as manage,
    ):
        await b.register(two.stage.carrier.address)
        await rest.bind(callerNum=A, calleeNum=B, relationNum=two.stage.tenant.numbers[0])

        first, _ = await two.talk(a, b)
        session_id = await two.session_id()
        await rest.stop_call(session_id)
        await first.wait_until(CallState.ENDED)
        await until(lambda: not two.stage.platform.calls.live_calls)
        with pytest.raises(RestRefused, match="1020152"):
            await rest.stop_call(session_id)

        second, _ = await two.talk(a, b)
        await manage.stop_call(await two.session_id())
        await second.wait_until(CallState.ENDED)
        await until(lambda: not two.stage.platform.calls.live_calls)
        with pytest.raises(ManageRefused, match="404"):
            await manage.stop_call(session_id)


async def test_what_an_operator_changes_at_one_process_counts_at_the_other(two: Two):
    app_key = two.stage.tenant.application.app_key
    directory = two.stage.platform.directory
    # As it would be if nothing made it read again: only a bulletin makes it look.
    directory._max_age_s = 3600.0
    await directory.application(app_key)
    async with ManageClient(two.other_url, "operator") as manage:
        await manage.change_app(app_key, {"name": "renamed"})
    await until(lambda: directory.cached(app_key) is None)
    found = await directory.application(app_key)
    assert found is not None
    assert found[0].name == "renamed"


async def test_an_address_is_locked_out_and_let_in_everywhere(two: Two):
    app = two.stage.tenant.application
    async with RestClient(two.other_url, app.app_key, "wrong") as stranger:
        for _ in range(3):
            with pytest.raises(RestRefused):
                await stranger.bind(callerNum=A, calleeNum=B)
    here = two.stage.platform.lockout
    await until(lambda: here.is_locked("127.0.0.1"))
    async with RestClient(two.stage.url, app.app_key, app.secret) as customer:
        with pytest.raises(RestRefused, match="1020176"):
            await customer.bind(callerNum=A, calleeNum=B)
    here.release("127.0.0.1")
    await until(lambda: not two.other.lockout.is_locked("127.0.0.1"))


async def test_a_process_without_calls_is_ready_without_them(two: Two):
    async with aiohttp.ClientSession() as http, http.get(f"{two.other_url}/readyz") as answer:
        assert (await answer.json())["checks"] == {"store": True, "api": True, "manage": True}


async def test_a_second_worker_of_one_name_is_refused_before_it_ends_the_calls_of_the_first(
    two: Two, tmp_path
):
    settings = lab_settings(two.stage.settings.store.data_path)
    second = Platform(settings, frozenset({Plane.CALL}), store=two.stage.platform.store)
    with pytest.raises(PlatformError, match=r"held by process \d+: another worker is"):
        await second.start()
