"""Complaints, violations and their measures by the management API."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.unit.manage.operating import NOW, A, CallerDoor, Operator, X

from maskline.domain.access import Role
from maskline.domain.activation import ActivationState
from maskline.domain.application import Application, ApplicationState, Mode, Tenant, TenantState
from maskline.domain.tally import Tally, padded, slot_of
from maskline.domain.virtual_number import VirtualNumber
from maskline.manage.app import create_manage
from maskline.manage.complaint import ComplaintEndpoints
from maskline.manage.guard import Guard
from maskline.manage.reach import Reach
from maskline.services.activation import ActivationDesk
from maskline.services.administration import Administration
from maskline.services.clock import SteppedClock
from maskline.services.complaint import ComplaintDesk
from maskline.services.count_subject import CALLS
from maskline.services.directory import Directory
from maskline.services.ids import CountedIds
from maskline.services.number_token import NumberTokens
from maskline.services.problem_desk import ProblemDesk
from maskline.stores.memory import MemoryStore

V1 = "/manage/v1"
COMPLAINT = {"cause": "harassment", "x": X, "complainant": A, "evidence": "case 12"}


@dataclass
class Court:
    store: MemoryStore
    clock: SteppedClock
    asks: Operator

    def __post_init__(self) -> None:
        self.clerk = self.asks.admit(Role.OPERATOR, None)
        self.owner = self.asks.admit(Role.OWNER, "left")
        self.stranger = self.asks.admit(Role.OWNER, "right")

    async def ask(self, method: str, path: str, body: Any = None, *, by: str = "") -> Any:
        return await self.asks.ask(method, f"{V1}{path}", body, token=by or self.clerk)

    async def done(self, method: str, path: str, body: Any = None, *, by: str = "") -> Any:
        answer = await self.ask(method, path, body, by=by)
        assert answer.status < 300, answer.content
        return answer.json

    async def upheld(self) -> str:
        complaint_id: str = (await self.done("POST", "/complaints", COMPLAINT))["complaint_id"]
        decision = {"is_upheld": True, "reason": "the recording shows it"}
        await self.done("POST", f"/complaints/{complaint_id}/decision", decision)
        return complaint_id

    async def violation(self, measure: str, **fields: Any) -> str:
        form = {"rule": "harassment", "measure": measure, "reason": "it was", **fields}
        return (await self.done("POST", "/violations", form))["violation_id"]

    async def state(self) -> TenantState:
        tenant = await self.store.tenant("left")
        assert tenant is not None
        return tenant.state


@pytest.fixture
async def court() -> Court:
    store, clock, ids = MemoryStore(), SteppedClock(NOW), CountedIds()
    for tenant_id in ("left", "right"):
        await store.add_tenant(Tenant(tenant_id=tenant_id, name="T", created_at=NOW))
        await store.add_application(
            Application(
                app_key=f"app-{tenant_id}",
                tenant_id=tenant_id,
                name="rides",
                mode=Mode.AXB,
                secret="s",
                created_at=NOW,
            )
        )
    number = VirtualNumber(number=X, app_key="app-left", area_code="0755", created_at=NOW)
    await store.add_numbers([number])
    desk = ComplaintDesk(
        store,
        Administration(store, Directory(store, clock), clock, ids),
        ActivationDesk(store, clock),
        clock=clock,
        ids=ids,
        zone=ZoneInfo("Asia/Shanghai"),
        per_10k=100,
    )
    door = CallerDoor()
    app = create_manage(
        door=door,
        endpoints=ComplaintEndpoints(store, desk).endpoints(),
        watched=(),
        version="1",
        look=Guard(Reach(store), NumberTokens(bytes(32), clock)).admit,
    )
    return Court(store, clock, Operator(app, store, None, clock, {}, door=door))  # type: ignore[arg-type]


async def test_a_complaint_is_taken_in_and_decided_once(court: Court):
    made = await court.done("POST", "/complaints", COMPLAINT)
    assert (made["tenant_id"], made["app_key"], made["state"]) == ("left", "app-left", "open")
    assert A not in str(made)
    path = f"/complaints/{made['complaint_id']}"
    assert len((await court.done("GET", "/complaints?state=open&oldest_first=true"))["items"]) == 1
    decision = {"is_upheld": False, "reason": "nobody called then"}
    decided = await court.done("POST", f"{path}/decision", decision)
    assert (decided["state"], decided["reason"]) == ("dismissed", "nobody called then")
    assert (await court.ask("POST", f"{path}/decision", decision)).status == 409


async def test_a_tenant_reads_what_is_complained_of_it_without_the_evidence(court: Court):
    made = await court.done("POST", "/complaints", COMPLAINT)
    path = f"/complaints/{made['complaint_id']}"
    own = await court.done("GET", path, by=court.owner)
    assert (own["cause"], own["evidence"], own["made_by"]) == ("harassment", "", "")
    assert (await court.ask("GET", path, by=court.stranger)).status == 404
    assert (await court.done("GET", "/complaints", by=court.stranger))["items"] == []
    assert (await court.ask("POST", "/complaints", COMPLAINT, by=court.owner)).status == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"x": "+8617099999999"}, "x"),
        ({"x": "", "session_id": "none"}, "session_id"),
        ({"complainant": "139"}, "complainant"),
    ],
)
async def test_a_complaint_of_nothing_known_is_refused(
    court: Court, changes: dict[str, str], field: str
):
    answer = await court.ask("POST", "/complaints", COMPLAINT | changes)
    assert (answer.status, answer.error["field"]) == (400, field)


async def test_a_measure_is_taken_and_lifted(court: Court):
    warned = await court.violation("warn", complaint_id=await court.upheld())
    shown = await court.done("GET", f"/violations/{warned}", by=court.owner)
    assert (shown["grade"], shown["app_key"], shown["state"]) == ("serious", "app-left", "active")

    paused = await court.violation("pause_application", app_key="app-left")
    application = await court.store.application("app-left")
    assert application is not None
    assert application.state is ApplicationState.SUSPENDED
    await court.done("POST", f"/violations/{paused}/lift")
    application = await court.store.application("app-left")
    assert application is not None
    assert application.state is ApplicationState.NORMAL
    assert (await court.ask("POST", f"/violations/{paused}/lift")).status == 409


async def test_a_frozen_tenant_stays_so_until_the_last_violation_is_lifted(court: Court):
    first = await court.violation("freeze_tenant", tenant_id="left")
    second = await court.violation("freeze_tenant", tenant_id="left", rule="fraud")
    await court.done("POST", f"/violations/{first}/lift")
    assert await court.state() is TenantState.FROZEN
    await court.done("POST", f"/violations/{second}/lift")
    assert await court.state() is TenantState.NORMAL


async def test_a_restricted_tenant_may_not_order(court: Court):
    activations = ActivationDesk(court.store, court.clock)
    restricted = await court.violation(
        "restrict", tenant_id="left", rule="prohibited_business", business="loans"
    )
    assert (await activations.find("left")).state is ActivationState.RESTRICTED
    await court.done("POST", f"/violations/{restricted}/lift")
    assert (await activations.find("left")).state is ActivationState.REJECTED


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"measure": "pause_application", "tenant_id": "left"}, "app_key"),
        ({"measure": "warn", "tenant_id": "nobody"}, "tenant_id"),
        ({"measure": "warn", "tenant_id": "right", "app_key": "app-left"}, "app_key"),
        ({"measure": "warn", "tenant_id": "left", "business": "loans"}, "business"),
        ({"measure": "warn", "rule": "prohibited_business", "tenant_id": "left"}, "business"),
        ({"measure": "warn", "complaint_id": "none"}, "complaint_id"),
    ],
)
async def test_a_violation_that_fits_nobody_is_refused(
    court: Court, form: dict[str, str], field: str
):
    answer = await court.ask("POST", "/violations", {"rule": "fraud", "reason": "r", **form})
    assert (answer.status, answer.error["field"]) == (400, field)


async def test_complaints_beyond_a_rate_of_the_day_are_a_problem(court: Court):
    slot = slot_of(NOW)
    calls = Tally(
        subject=CALLS.time, slot=slot, app_key="app-left", name="", sums=padded(200),
        first_at=NOW, last_at=NOW,
    )  # fmt: skip
    await court.store.add_tallies([calls])
    problems = ProblemDesk(court.store, court.clock)
    await court.done("POST", "/complaints", COMPLAINT)
    assert await problems.problems(None, NOW, "complaint") == ()
    await court.done("POST", "/complaints", COMPLAINT)
    [problem] = await problems.problems(None, NOW, "complaint")
    assert (problem.app_key, problem.cause, problem.count) == ("app-left", "rate", 1)


async def test_prohibited_business_is_listed(court: Court):
    items = (await court.done("GET", "/prohibited-business", by=court.owner))["items"]
    loans = next(one for one in items if one["code"] == "loans")
    assert (loans["group"], loans["en"]) == ("finance", "Loans and usury")
    assert len({one["code"] for one in items}) == len(items)
