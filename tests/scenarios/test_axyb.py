"""AXYB from the bind to the record: SIPp dials X and Y (`spec/axyb.md` 6-10)."""

from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from maskline.domain.application import Application, Mode, TenantState
from maskline.domain.virtual_number import NumberState
from maskline.lab.demo.tenant import TENANT
from maskline.lab.rest import signed_headers
from maskline.services.administration_request import (
    ApplicationChange,
    NewApplication,
    NewNumber,
    NewNumbers,
    NumberChange,
    TenantChange,
)

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

PATH = "/rest/omp/xyrelationnumber/v1.0"
A, B, C = "+8613811110001", "+8613911110002", "+8613911110003"
A_PREFIX, B_PREFIX = "+86138", "+86139"
ALL_EVENTS = ["callin", "callout", "alerting", "answer", "disconnect"]
REFUSED = ["callin", "disconnect"]


@dataclass
class Customer:
    """A customer with an AXYB application and three numbers, on a theatre."""

    theatre: Any
    application: Application

    async def ask(
        self, method: str, *, body: dict[str, Any] | None = None, **parameters: str
    ) -> dict[str, Any]:
        """One request that succeeds; its answer."""
        application = self.application
        async with (
            aiohttp.ClientSession(self.theatre.stage.url) as session,
            session.request(
                method,
                PATH,
                params={"app_key": application.app_key} | parameters,
                json=body,
                headers=signed_headers(application.app_key, application.secret),
            ) as answer,
        ):
            told = await answer.json()
        assert told["resultcode"] == "0", told
        return told

    async def bind_ax(self, **fields: object) -> tuple[str, str]:
        """Put A behind X; the id and X."""
        bound = await self.ask("POST", body={"origNum": A, "areaCode": "755"} | fields)
        return bound["subscriptionId"], bound["relationNumber"]

    async def parts(self, relation_id: str) -> dict[str, str]:
        """Every B of a relation with its Y."""
        found = await self.ask("GET", subscriptionId=relation_id)
        return {info["numB"]: info["numY"] for info in found["xyRelationNumList"]}

    async def call(self, caller: str, dialled: str) -> None:
        """A call that reaches somebody and that its caller ends."""
        self.theatre.x = dialled
        _, far = await self.theatre.play(
            "uac_talks_then_hangs_up",
            "uas_answers_then_is_hung_up_on",
            number=caller,
            partner_prefix=B_PREFIX if caller == A else A_PREFIX,
        )
        # The next call has a callee of its own; the trunk of this one would not answer any more.
        await self.theatre.stage.platform.administration.remove_trunk(f"to-{far.port}")

    async def call_in_vain(self, caller: str, dialled: str, scenario: str) -> None:
        """A call that is refused."""
        self.theatre.x = dialled
        await self.theatre.play(scenario, number=caller)


@pytest.fixture
async def customer(theatre: Any) -> Customer:
    stage = theatre.stage
    administration = stage.platform.administration
    demo = stage.tenant.application
    application = await administration.create_application(
        NewApplication(
            name="three_numbers",
            mode=Mode.AXYB,
            tenant_id=TENANT,
            status_url=demo.status_url,
            cdr_url=demo.cdr_url,
        )
    )
    numbers = tuple(NewNumber(number=f"+861700000700{n}", area_code="0755") for n in range(1, 4))
    await administration.add_numbers(NewNumbers(app_key=application.app_key, numbers=numbers))
    stage.secrets[application.app_key] = application.secret
    return Customer(theatre, application)


async def test_b_dials_x_and_a_dials_the_y_that_appeared_by_itself(customer: Customer):
    relation_id, x = await customer.bind_ax(userData="trip-7")
    await customer.call(B, x)
    parts = await customer.parts(relation_id)
    assert list(parts) == [B]
    await customer.call(A, parts[B])
    events, records = await customer.theatre.told(records=2)
    assert [event["eventType"] for event in events] == ALL_EVENTS * 2
    there, back = records
    shared = {"serviceType": "007", "subscriptionId": relation_id, "userData": "trip-7"}
    assert (shared | {
        "direction": 0, "bindNum": x, "callerNum": B, "fwdDisplayNum": parts[B], "fwdDstNum": A,
    }).items() <= there.items()  # fmt: skip
    assert (shared | {
        "direction": 1, "bindNum": parts[B], "callerNum": A, "fwdDisplayNum": x, "fwdDstNum": B,
    }).items() <= back.items()  # fmt: skip


async def test_a_second_b_gets_another_y_and_a_third_8031(customer: Customer):
    relation_id, x = await customer.bind_ax()
    for b in (B, C, B):
        await customer.call(b, x)
    parts = await customer.parts(relation_id)
    assert len({x, *parts.values()}) == 3
    await customer.call_in_vain("+8613911110004", x, "uac_expects_480")
    _, records = await customer.theatre.told(records=4)
    assert [record["ulFailReason"] for record in records] == [0, 0, 0, 8031]
    shown = [record.get("fwdDisplayNum") for record in records]
    assert shown == [parts[B], parts[C], parts[B], None]
    assert await customer.parts(relation_id) == parts


async def test_a_b_that_was_bound_with_a_y_beforehand(customer: Customer):
    relation_id, x = await customer.bind_ax(ybDuration=600)
    bound = await customer.ask("POST", body={"origNum": B, "subscriptionId": relation_id})
    assert bound["subscriptionId"] == relation_id
    await customer.call(A, bound["relationNumber"])
    await customer.call(B, x)
    _, records = await customer.theatre.told(records=2)
    assert [record["fwdDstNum"] for record in records] == [B, A]


async def test_a_real_number_that_dials_its_own_virtual_number_is_8032(customer: Customer):
    relation_id, x = await customer.bind_ax()
    bound = await customer.ask("POST", body={"origNum": B, "subscriptionId": relation_id})
    await customer.call_in_vain(A, x, "uac_expects_403")
    await customer.call_in_vain(B, bound["relationNumber"], "uac_expects_403")
    events, records = await customer.theatre.told(records=2)
    assert [event["eventType"] for event in events] == REFUSED * 2
    assert [record["ulFailReason"] for record in records] == [8032, 8032]


async def test_numbers_that_are_bound_to_nobody_or_no_more_are_8030(customer: Customer):
    relation_id, x = await customer.bind_ax()
    bound = await customer.ask("POST", body={"origNum": B, "subscriptionId": relation_id})
    y = bound["relationNumber"]
    await customer.call_in_vain(C, y, "uac_expects_403")
    await customer.ask("DELETE", subscriptionId=relation_id)
    await customer.call_in_vain(B, x, "uac_expects_403")
    await customer.call_in_vain(A, y, "uac_expects_403")
    _, records = await customer.theatre.told(records=3)
    assert [record["ulFailReason"] for record in records] == [8030] * 3
    assert {record["direction"] for record in records} == {2}


async def test_a_direction_that_was_not_bound_is_8016_and_a_landline_8023(customer: Customer):
    _, x = await customer.bind_ax(callDirection=1)
    await customer.call_in_vain(B, x, "uac_expects_403")
    _, x = await customer.bind_ax()
    await customer.call_in_vain("+8675588880001", x, "uac_expects_403")
    _, records = await customer.theatre.told(records=2)
    assert [record["ulFailReason"] for record in records] == [8016, 8023]


async def test_an_unavailable_x_is_8055_and_an_application_without_calls_7106(customer: Customer):
    _, x = await customer.bind_ax()
    administration = customer.theatre.stage.platform.administration
    await administration.change_number(x, NumberChange(state=NumberState.PAUSED))
    await customer.call_in_vain(B, x, "uac_expects_480")
    app_key = customer.application.app_key
    await administration.change_application(app_key, ApplicationChange(may_call=False))
    await customer.call_in_vain(B, x, "uac_expects_403")
    _, records = await customer.theatre.told(records=2)
    assert [record["ulFailReason"] for record in records] == [8055, 7106]


async def test_a_frozen_account_is_7108(customer: Customer):
    _, x = await customer.bind_ax()
    frozen = TenantChange(state=TenantState.FROZEN)
    await customer.theatre.stage.platform.administration.change_tenant(TENANT, frozen)
    await customer.call_in_vain(B, x, "uac_expects_403")
    await customer.theatre.expect(7108, *REFUSED)


async def test_an_a_who_is_not_registered_is_8058(customer: Customer):
    _, x = await customer.bind_ax()
    change = ApplicationChange(intercepts_unregistered=True)
    administration = customer.theatre.stage.platform.administration
    await administration.change_application(customer.application.app_key, change)
    await customer.call_in_vain(B, x, "uac_expects_403")
    await customer.theatre.expect(8058, *REFUSED)
