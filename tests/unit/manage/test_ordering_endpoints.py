"""From an enterprise to issued numbers by the management API: who does and sees what."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.unit.manage.operating import Answer, CallerDoor, Operator
from tests.unit.services.order_world import NEEDED, PHONE, PNG, OrderWorld

from maskline.bootstrap.ordering import ordering_endpoints
from maskline.domain.access import Role
from maskline.domain.audit import AuditFilter
from maskline.manage.app import create_manage
from maskline.manage.guard import Guard
from maskline.manage.reach import Reach
from maskline.manage.record import ChangeRecorder
from maskline.services.audit import AuditLog
from maskline.services.number_token import NumberTokens

V1 = "/manage/v1"
ENTERPRISE = {
    "name": "深圳出行有限公司",
    "licence_code": "91440300MA5DA1XX0K",
    "legal_name": "王芳",
    "agent_name": "李雷",
    "agent_phone": PHONE,
    "nature": "direct",
    "bearer_kind": "app",
    "bearer_name": "出行",
    "authority_from": "2026-01-01",
    "authority_until": "2026-12-31",
    "industry": "ride_hailing",
    "scene": "drivers and passengers call each other",
    "script": "where are you",
    "callee_source": "they ordered a ride",
}
SURVEY = {
    "company": "深圳出行有限公司",
    "nature": "direct",
    "industry": "ride_hailing",
    "bearer_kind": "app",
    "bearer_name": "出行",
    "scene": "rides",
    "script": "where are you",
    "accepts_rules": True,
}


@dataclass
class Office:
    """The management API, and who uses it."""

    world: OrderWorld
    asks: Operator
    audit: AuditLog

    def __post_init__(self) -> None:
        self.owner = self.asks.admit(Role.OWNER, "left")
        self.stranger = self.asks.admit(Role.OWNER, "right")
        self.reviewer = self.asks.admit(Role.REVIEWER, None)
        self.clerk = self.asks.admit(Role.OPERATOR, None)

    async def done(self, method: str, path: str, body: Any = None, *, by: str = "") -> Any:
        answer = await self.ask(method, path, body, by=by)
        assert answer.status < 300, answer.content
        return answer.json

    async def ask(self, method: str, path: str, body: Any = None, *, by: str = "") -> Answer:
        raw = body if isinstance(body, bytes) else None
        json = None if raw is not None else body
        token = by or self.owner
        return await self.asks.ask(method, f"{V1}{path}", json, token=token, raw=raw)

    async def enterprise(self) -> dict[str, Any]:
        """One that waits for its review."""
        made = await self.done("POST", "/enterprises", {"accepts_statement": True, **ENTERPRISE})
        path = f"/enterprises/{made['enterprise_id']}"
        for kind in NEEDED:
            await self.done("POST", f"{path}/papers?kind={kind}&name=scan.png", PNG)
        return await self.done("POST", f"{path}/submit")


@pytest.fixture
async def office(tmp_path: Path) -> Office:
    world = await OrderWorld(tmp_path).open()
    door, clock = CallerDoor(), world.clock
    endpoints = ordering_endpoints(world, world.store, clock)
    audit = AuditLog(world.store, clock)

    async def tenant_of(_: str) -> str | None:
        return None

    app = create_manage(
        door=door,
        endpoints=endpoints,
        watched=(),
        version="1",
        look=Guard(Reach(world.store), NumberTokens(bytes(32), clock)).admit,
        recorder=ChangeRecorder(audit, clock, endpoints, tenant_of),
    )
    asks = Operator(app, world.store, None, clock, {}, door=door)  # type: ignore[arg-type]
    return Office(world, asks, audit)


async def test_from_an_enterprise_to_issued_numbers(office: Office):
    enterprise = await office.enterprise()
    assert (enterprise["state"], enterprise["missing"]) == ("waiting", [])
    path = f"/enterprises/{enterprise['enterprise_id']}"
    queue = "/enterprises?state=waiting&oldest_first=true"
    [waiting] = (await office.done("GET", queue, by=office.reviewer))["items"]
    assert waiting == enterprise
    seen = {"revision": waiting["revision"]}
    approved = await office.done("POST", f"{path}/approve", seen, by=office.reviewer)
    assert approved["expires_at"] == "2026-12-31T16:00:00Z"
    line = {"area_code": "0755", "kind": "virtual_operator", "quantity": 2}
    wish = {"app_key": "app-left", "enterprise_id": enterprise["enterprise_id"], "lines": [line]}
    order = await office.done("POST", "/orders", wish)
    assert (order["state"], order["expected_on"]) == ("submitted", "2026-11-27")
    its_path = f"/orders/{order['order_id']}"
    await office.done("POST", f"{its_path}/urge")
    await office.done("POST", f"{its_path}/approve", {}, by=office.clerk)
    await office.world.fill_stock(1)
    partly = await office.done("POST", f"{its_path}/issue", by=office.clerk)
    assert (partly["state"], partly["issued"], partly["quantity"]) == ("processing", 1, 2)
    by_hand = {"line": 0, "numbers": [{"number": "+8617000000009", "scheme": 3}]}
    await office.done("POST", f"{its_path}/issue-by-hand", by_hand, by=office.clerk)
    shown = await office.done("GET", its_path)
    assert (shown["state"], shown["issued"]) == ("issued", 2)
    numbers = (await office.done("GET", f"{its_path}/numbers"))["numbers"]
    assert [number["state"] for number in numbers] == ["normal", "awaiting_real_name"]


async def test_people_of_an_enterprise_are_masked_but_for_reviewers_whose_looks_are_recorded(
    office: Office,
):
    enterprise = await office.enterprise()
    assert (enterprise["agent_name"], enterprise["agent_phone"]) == ("李**", "138 **** 0001")
    path = f"/enterprises/{enterprise['enterprise_id']}"
    paper = enterprise["papers"][0]["paper_id"]
    for by in (office.owner, office.clerk):
        for hidden in (f"{path}/people", f"{path}/papers/{paper}"):
            assert (await office.ask("GET", hidden, by=by)).status == 403
    people = await office.done("GET", f"{path}/people", by=office.reviewer)
    assert (people["agent_name"], people["agent_phone"]) == ("李雷", PHONE)
    content = await office.ask("GET", f"{path}/papers/{paper}", by=office.reviewer)
    assert content.content == PNG
    await office.audit.close()
    kept = await office.world.store.audit_events(AuditFilter(), None, 100)
    looks = [one.event for one in kept if one.event.method == "GET"]
    assert {one.target for one in looks} == {f"{path}/people", f"{path}/papers/{paper}"}
    for one in kept:
        assert PHONE.encode() not in one.event.before + one.event.after
        assert "李雷".encode() not in one.event.before + one.event.after


async def test_nobody_sees_or_changes_what_is_another_tenants(office: Office):
    enterprise = await office.enterprise()
    contact = await office.done("POST", "/tenants/left/contacts", {"name": "Ann", "phone": PHONE})
    assert contact["phone"] == "138 **** 0001"
    path = f"/enterprises/{enterprise['enterprise_id']}"
    for method, where, body in (
        ("GET", path, None),
        ("PATCH", path, {"name": "mine"}),
        ("POST", f"{path}/withdraw", None),
        ("GET", "/tenants/left/contacts", None),
        ("GET", "/tenants/left/activation", None),
    ):
        assert (await office.ask(method, where, body, by=office.stranger)).status == 404
    assert (await office.done("GET", "/enterprises", by=office.stranger))["items"] == []


async def test_a_form_is_rejected_corrected_and_approved(office: Office):
    path = "/tenants/left/activation"
    assert (await office.done("GET", path))["may_order"]
    await office.world.activations.begin("left")
    statement = {"accepts_statement": True}
    refused = await office.ask("POST", "/enterprises", statement)
    assert (refused.status, refused.error["code"]) == (409, "refused")
    await office.done("PUT", path, SURVEY)
    rejection = {"reason": "the scene is not described"}
    rejected = await office.done("POST", f"{path}/reject", rejection, by=office.reviewer)
    assert (rejected["state"], rejected["reason"]) == ("rejected", rejection["reason"])
    again = await office.done("PUT", path, {**SURVEY, "scene": "drivers call passengers"})
    stale = {"revision": again["revision"] - 1}
    late = await office.ask("POST", f"{path}/approve", stale, by=office.reviewer)
    assert late.status == 409
    approved = await office.done("POST", f"{path}/approve", {}, by=office.reviewer)
    assert approved["may_order"]
    await office.done("POST", "/enterprises", statement)
