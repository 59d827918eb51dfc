"""AX from the REST interface to the record: the rows of `spec/ax.md` 15 with SIPp on both sides."""

import asyncio
from typing import Any

import pytest

from maskline.domain.application import Mode, TenantState
from maskline.domain.virtual_number import NumberState
from maskline.lab.rest import RestClient
from maskline.services.administration_request import (
    ApplicationChange,
    NumberChange,
    TenantChange,
)

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

PATH = "/rest/provision/caas/privatenumber/v1.0"
CALLEE_PATH = "/rest/caas/privatenumber/calleenumber/v1.0"
A, B, LANDLINE = "+8613811110001", "+8613911110002", "+8675588880001"
A_PREFIX, B_PREFIX = "+86138", "+86139"
ALL_EVENTS = ("callin", "callout", "alerting", "answer", "disconnect")
REFUSED = ("callin", "disconnect")


class AxHouse:
    """A theatre whose X is one of AX, and the customer who binds it."""

    def __init__(self, theatre: Any) -> None:
        self.theatre = theatre
        self.stage = theatre.stage
        self.kept = self.stage.tenant.applications[Mode.AX]
        theatre.x = self.x = self.kept.numbers[0]

    async def ask(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        application = self.kept.application
        async with RestClient(self.stage.url, application.app_key, application.secret) as rest:
            return await rest.ask(method, path, **how)

    async def bind(self, **fields: object) -> str:
        """Bind A to X with `userData`; the id."""
        given = {"origNum": A, "privateNum": self.x, "userData": "order-42"}
        bound = await self.ask("POST", PATH, body=given | fields)
        return bound["subscriptionId"]

    async def set_callee(self, **fields: object) -> None:
        given = {"privateNum": self.x, "calleeNum": B}
        await self.ask("PUT", CALLEE_PATH, body=given | fields)

    async def change(self, **fields: Any) -> None:
        """Have the operator change the application."""
        change = ApplicationChange(**fields)
        administration = self.stage.platform.administration
        await administration.change_application(self.kept.application.app_key, change)

    async def refused(self, caller: str, scenario: str, code: int) -> dict[str, Any]:
        """Somebody calls X and is refused; the record."""
        await self.theatre.play(scenario, number=caller)
        return await self.theatre.expect(code, *REFUSED)


@pytest.fixture
def house(theatre: Any) -> AxHouse:
    return AxHouse(theatre)


def between(record: dict[str, Any]) -> tuple[str, str, str, str]:
    return tuple(record[name] for name in ("callerNum", "calleeNum", "fwdDisplayNum", "fwdDstNum"))


async def test_rows_13_and_24_b_reaches_a_who_sees_x(house: AxHouse):
    binding_id = await house.bind()
    _, far = await house.theatre.play(
        "uac_talks_then_hangs_up",
        "uas_answers_then_is_hung_up_on",
        number=B,
        partner_prefix=A_PREFIX,
    )
    record = await house.theatre.expect(0, *ALL_EVENTS)
    assert between(record) == (B, house.x, house.x, A)
    assert (record["direction"], record["serviceType"]) == (0, "003")
    assert (record["subscriptionId"], record["userData"]) == (binding_id, "order-42")
    assert record["bindNum"] == house.x
    invite = far.messages("received")[0]
    assert house.x.encode() in invite
    assert B.encode() not in invite


async def test_row_9_a_reaches_the_temporary_callee_who_sees_x(house: AxHouse):
    binding_id = await house.bind()
    await house.set_callee(userData="this call")
    _, far = await house.theatre.play("uac_talks_then_hangs_up", "uas_answers_then_is_hung_up_on")
    record = await house.theatre.expect(0, *ALL_EVENTS)
    assert between(record) == (A, house.x, house.x, B)
    assert (record["direction"], record["subscriptionId"]) == (1, binding_id)
    assert record["userData"] == "this call"
    events, _ = await house.theatre.told()
    assert {event["statusInfo"]["userData"] for event in events} == {"this call"}
    assert A.encode() not in far.messages("received")[0]


async def test_row_9_a_may_call_again_until_the_temporary_callee_expires(house: AxHouse):
    await house.bind()
    await house.set_callee(duration=60)
    theatre = house.theatre
    far = await theatre.sipp.callee("uas_answers_then_is_hung_up_on", calls=2)
    await theatre.route(B_PREFIX, far.port)
    for _ in range(2):
        await theatre.play("uac_talks_then_hangs_up")
    await far.finish()
    _, records = await house.theatre.told(records=2)
    assert [record["fwdDstNum"] for record in records] == [B, B]


async def test_row_10_no_temporary_callee_is_8013(house: AxHouse):
    binding_id = await house.bind()
    record = await house.refused(A, "uac_expects_403", 8013)
    assert (record["direction"], record["subscriptionId"]) == (1, binding_id)
    assert "fwdDstNum" not in record


async def test_row_10_an_expired_temporary_callee_is_8013(house: AxHouse):
    await house.bind()
    await house.set_callee(duration=1)
    await asyncio.sleep(1.1)
    await house.refused(A, "uac_expects_403", 8013)


async def test_row_11_a_calls_the_last_caller_back(house: AxHouse):
    await house.change(remembers_callers=True)
    await house.bind()
    await house.theatre.play(
        "uac_expects_486", "uas_is_busy_486", number=B, partner_prefix=A_PREFIX
    )
    await house.theatre.play("uac_talks_then_hangs_up", "uas_answers_then_is_hung_up_on")
    _, records = await house.theatre.told(records=2)
    assert [record["ulFailReason"] for record in records] == [8102, 0]
    assert between(records[1]) == (A, house.x, house.x, B)
    assert records[1]["userData"] == "order-42"


async def test_row_12_nobody_to_call_back_is_8019(house: AxHouse):
    await house.change(remembers_callers=True)
    await house.bind()
    await house.refused(A, "uac_expects_404", 8019)


async def test_row_1_an_unavailable_x_is_8055(house: AxHouse):
    await house.bind()
    paused = NumberChange(state=NumberState.PAUSED)
    await house.stage.platform.administration.change_number(house.x, paused)
    await house.refused(B, "uac_expects_480", 8055)


async def test_row_2_a_frozen_account_is_7108(house: AxHouse):
    await house.bind()
    frozen = TenantChange(state=TenantState.FROZEN)
    await house.stage.platform.administration.change_tenant("demo", frozen)
    await house.refused(B, "uac_expects_403", 7108)


async def test_row_2_an_application_that_may_not_call_is_7106(house: AxHouse):
    await house.bind()
    await house.change(may_call=False)
    await house.refused(B, "uac_expects_403", 7106)


async def test_row_3_a_landline_caller_is_8023(house: AxHouse):
    await house.bind()
    await house.refused(LANDLINE, "uac_expects_403", 8023)


async def test_row_4_an_x_without_binding_is_8018_of_direction_2(house: AxHouse):
    record = await house.refused(B, "uac_expects_403", 8018)
    assert record["direction"] == 2
    assert "subscriptionId" not in record


async def test_row_4_an_unbound_x_is_8018(house: AxHouse):
    await house.bind()
    await house.ask("DELETE", PATH, query={"privateNum": house.x})
    await house.refused(B, "uac_expects_403", 8018)


@pytest.mark.parametrize(("direction", "caller"), [(1, B), (2, A)])
async def test_rows_6_and_7_a_forbidden_direction_is_8016(
    house: AxHouse, direction: int, caller: str
):
    await house.bind(callDirection=direction)
    await house.set_callee()
    await house.refused(caller, "uac_expects_403", 8016)


async def test_row_8_a_binding_that_is_switched_off_is_8018_and_names_itself(house: AxHouse):
    binding_id = await house.bind(turnFlag="off")
    record = await house.refused(B, "uac_expects_403", 8018)
    assert (record["direction"], record["subscriptionId"]) == (0, binding_id)


async def test_row_15_a_call_that_would_show_the_caller_is_8024(house: AxHouse):
    await house.bind(calleeNumDisplay="1")
    await house.refused(B, "uac_expects_403", 8024)


@pytest.mark.parametrize("caller", [A, B])
async def test_row_25_calls_of_an_unregistered_a_are_8058(house: AxHouse, caller: str):
    await house.change(intercepts_unregistered=True)
    await house.bind()
    await house.set_callee()
    await house.refused(caller, "uac_expects_403", 8058)


async def test_a_binding_that_closes_after_one_call_leaves_x_unbound(house: AxHouse):
    await house.bind(closeOnHangup=True)
    await house.theatre.play(
        "uac_talks_then_hangs_up",
        "uas_answers_then_is_hung_up_on",
        number=B,
        partner_prefix=A_PREFIX,
    )
    await house.theatre.expect(0, *ALL_EVENTS)
    await house.theatre.play("uac_expects_403", number=B)
    _, records = await house.theatre.told(records=2)
    assert [record["ulFailReason"] for record in records] == [0, 8018]


async def test_another_a_takes_x_over_and_reaches_nobody_of_the_former_one(house: AxHouse):
    await house.bind()
    await house.set_callee()
    await house.ask("PUT", PATH, body={"privateNum": house.x, "origNum": B})
    await house.refused(B, "uac_expects_403", 8013)
