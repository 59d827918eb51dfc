"""From sign-up to a number that is given back: what a customer and its operator do, by API only."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar
from tests.conftest import StageMaker
from tests.unit.protocols.spreadsheet.workbook import workbook

from maskline.lab.demo.stage import Stage
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallFailed, CallState
from maskline.lab.rest import RestClient, RestRefused

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

X, A, B = "+8617000009001", "+8613811119001", "+8613911119001"
LOGIN = {"login": "ann@taxi.example", "password": "a long way to go"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PAPERS = (
    "licence",
    "legal_front",
    "legal_back",
    "agent_front",
    "agent_back",
    "agent_holding",
    "authority",
)
SURVEY = {
    "nature": "direct",
    "industry": "ride_hailing",
    "bearer_kind": "app",
    "bearer_name": "Taxi",
    "scene": "drivers and passengers call each other",
    "script": "where are you",
}
ENTERPRISE = SURVEY | {
    "name": "深圳出行有限公司",
    "licence_code": "91440300MA5DA1XX0K",
    "legal_name": "王芳",
    "agent_name": "李雷",
    "agent_phone": "+8613800000001",
    "authority_from": "2020-01-01",
    "authority_until": "2099-12-31",
    "callee_source": "they ordered a ride",
}
RENT, MINUTE, PAID = 1_000, 12, 1_020


class Asker:
    """Somebody who uses the management API."""

    def __init__(self, stage: Stage, **headers: str) -> None:
        self._session = ClientSession(
            f"{stage.url}/manage/v1/", headers=headers, cookie_jar=CookieJar(unsafe=True)
        )

    async def close(self) -> None:
        await self._session.close()

    async def ask(self, method: str, path: str, **options: Any) -> Any:
        """The answer; fails with what was refused."""
        async with self._session.request(method, path.lstrip("/"), **options) as answer:
            assert answer.ok, f"{method} {path}: {answer.status} {await answer.text()}"
            return await answer.json() if answer.content_type == "application/json" else None

    async def post(self, path: str, body: object = None) -> Any:
        return await self.ask("POST", path, json=body or {})

    async def upload(self, path: str, content: bytes, **query: str) -> Any:
        return await self.ask("POST", path, data=content, params=query)

    async def get(self, path: str, **query: Any) -> Any:
        return await self.ask("GET", path, params=query)

    async def refusal(self, path: str, body: object) -> int:
        async with self._session.post(path.lstrip("/"), json=body) as answer:
            return answer.status


class Business:
    """A customer that signs up, and the operator."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.operator = Asker(stage, Authorization=f"Bearer {stage.platform.admin_token}")
        self.owner = Asker(stage, Origin=stage.url)

    async def close(self) -> None:
        await self.operator.close()
        await self.owner.close()

    async def sign_up(self) -> None:
        """A tenant of its own, activated after a review."""
        form = {"company": "Taxi", "name": "Ann"} | LOGIN
        self.tenant = (await self.owner.post("/sign-up", form))["tenant_id"]
        await self.owner.post("/session", LOGIN)
        begun = ENTERPRISE | {"accepts_statement": True}
        assert await self.owner.refusal("/enterprises", begun) == 409
        path = f"/tenants/{self.tenant}/activation"
        form = SURVEY | {"company": "Taxi", "accepts_rules": True}
        await self.owner.ask("PUT", path, json=form)
        await self.operator.post(f"{path}/approve")

    async def hand_in_an_enterprise(self) -> str:
        """One whose papers were found good."""
        begun = await self.owner.post("/enterprises", ENTERPRISE | {"accepts_statement": True})
        path = f"/enterprises/{begun['enterprise_id']}"
        for kind in PAPERS:
            await self.owner.upload(f"{path}/papers", PNG, kind=kind, name="scan.png")
        await self.owner.post(f"{path}/submit")
        await self.operator.post(f"{path}/approve")
        return begun["enterprise_id"]

    async def order_a_number(self, enterprise_id: str) -> None:
        """X, by a spreadsheet, out of the stock; its real name is registered."""
        new = {"name": "rides", "mode": "axb"}
        self.application = await self.owner.post("/applications", new)
        stock = {"number": X, "area_code": "0755", "scheme": 2}
        await self.operator.post("/stock", {"numbers": [stock]})
        sheet = workbook(["城市", "类型", "数量"], ["深圳", "虚拟运营商", 1]).getvalue()
        read = await self.owner.upload("/order-sheets", sheet)
        assert read["errors"] == []
        order = await self.owner.post(
            "/orders",
            {
                "app_key": self.application["app_key"],
                "enterprise_id": enterprise_id,
                "lines": read["lines"],
            },
        )
        path = f"/orders/{order['order_id']}"
        await self.operator.post(f"{path}/approve")
        issued = await self.operator.post(f"{path}/issue")
        assert issued["state"] == "issued"
        assert await self.state_of_x() == "awaiting_real_name"
        await self.operator.post(f"/numbers/{X}/real-name/done")
        assert await self.state_of_x() == "normal"

    async def state_of_x(self) -> str:
        return (await self.operator.get(f"/numbers/{X}"))["state"]

    async def charge(self, *kinds: str) -> None:
        for kind in kinds:
            await self.operator.post("/charge-runs", {"kind": kind})

    async def balance(self) -> int:
        return (await self.owner.get(f"/money/accounts/{self.tenant}"))["balance"]

    def rest(self) -> RestClient:
        kept = self.application
        return RestClient(self.stage.url, kept["app_key"], kept["app_secret"])

    async def call(self, phone: Phone) -> None:
        """Talk to B for a moment."""
        call = await phone.dial(X, via=self.stage.carrier.address)
        await call.wait_until(CallState.TALKING, 20)
        await call.hang_up(20)

    async def has_charged_calls(self, count: int) -> bool:
        await self.charge("calls")
        found = await self.owner.get("/postings", kind="call")
        return len(found["items"]) == count


async def test_a_customer_signs_up_is_reviewed_orders_calls_owes_pays_and_leaves(
    make_stage: StageMaker,
):
    stage = await make_stage(business={"is_charging": True}, ordering={"has_sign_up": True})
    business, phone = Business(stage), await Phone.start(A)
    try:
        await _play(business, phone)
    finally:
        await phone.close()
        await business.close()


async def _play(business: Business, phone: Phone) -> None:
    operator, owner = business.operator, business.owner
    await business.sign_up()
    prices = {"virtual_operator_rent": RENT, "call_minute": MINUTE}
    await operator.post("/tariffs", prices | {"tenant_id": business.tenant})
    payment = {"tenant_id": business.tenant, "amount": PAID, "reference": "bank-1"}
    await operator.post("/top-ups", payment)
    await business.order_a_number(await business.hand_in_an_enterprise())
    await business.charge("issued")
    assert await business.balance() == PAID - RENT

    async with business.rest() as rest:
        await rest.bind(callerNum=A, calleeNum=B, relationNum=X)
    for count in (1, 2):
        await business.call(phone)
        assert await _settled(lambda count=count: business.has_charged_calls(count))
    assert await business.balance() == PAID - RENT - 2 * MINUTE

    await business.charge("arrears")
    assert (await operator.get(f"/tenants/{business.tenant}"))["state"] == "in_arrears"
    assert await business.state_of_x() == "paused"
    async with business.rest() as rest:
        with pytest.raises(RestRefused, match="1010029"):
            await rest.bind(callerNum="+8613811119002", calleeNum=B, relationNum=X)
    refused = await phone.dial(X, via=business.stage.carrier.address)
    with pytest.raises(CallFailed, match="403"):
        await refused.wait_until(CallState.TALKING, 20)

    await operator.post("/top-ups", payment | {"amount": 100, "reference": "bank-2"})
    assert await business.state_of_x() == "normal"
    await business.call(phone)

    job = await owner.post("/number-returns", {"numbers": [X]})
    assert await _settled(lambda: _is_over(owner, job["job_id"]))
    assert (await operator.get(f"/stock/{X}"))["free_from"] > job["created_at"]
    await business.charge("calls", "issued", "rent")

    assert await business.balance() == PAID + 100 - RENT - 3 * MINUTE
    lines = (await owner.get("/postings", limit=100))["items"]
    assert sum(line["amount"] for line in lines) == await business.balance()
    assert (await operator.get("/ledger-sums"))["total"] == 0


async def _is_over(owner: Asker, job_id: str) -> bool:
    job = await owner.get(f"/jobs/{job_id}")
    assert job["task"] not in {"partly_done", "check_failed", "failed"}, job
    return job["task"] == "done"


async def _settled(condition: Callable[[], Awaitable[bool]]) -> bool:
    for _ in range(100):
        if await condition():
            return True
        await asyncio.sleep(0.1)
    return await condition()
