"""AXE from the bind to the record, by SIPp: every row of `spec/axe.md` 15 that is AXE's own."""

from dataclasses import dataclass
from typing import Any

import pytest

from maskline.api.axe import PATH
from maskline.domain.application import Application, Mode, TenantState
from maskline.domain.virtual_number import NumberState
from maskline.lab.demo.tenant import TENANT
from maskline.lab.rest import RestClient
from maskline.services.administration_request import (
    ApplicationChange,
    NewApplication,
    NewNumber,
    NewNumbers,
    NumberChange,
    TenantChange,
)

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

A, B, X = "+8613811110001", "+8613911110002", "+8617000008001"
LANDLINE = "+8675588880001"
A_PREFIX, B_PREFIX = "+86138", "+86139"
KEYED = f"{B};0;4;2"
WRONG = f"{B};0;0;7"
TALKED = ("callin", "collectInfo", "callout", "alerting", "answer", "disconnect")
FORWARDED = ("callin", "collectInfo", "callout", "disconnect")
COLLECTED = ("callin", "collectInfo", "disconnect")
REFUSED = ("callin", "disconnect")


@dataclass
class Customer:
    """A customer with an AXE application and one number, on a theatre."""

    theatre: Any
    application: Application

    async def bind(self, **options: object) -> str:
        """Bind A to X and 042; the id."""
        values = {"virtualNum": X, "bindNum": A, "extendNum": "042", "userData": "parcel"}
        bound = await self.ask("POST", PATH, body=values | options)
        return bound["subscriptionId"]

    async def ask(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        key, secret = self.application.app_key, self.application.secret
        async with RestClient(self.theatre.stage.url, key, secret) as rest:
            return await rest.ask(method, path, **how)

    async def change(self, **fields: Any) -> None:
        """Have the operator change the application."""
        await self.theatre.stage.platform.administration.change_application(
            self.application.app_key, ApplicationChange(**fields)
        )

    async def call(self, caller: str, callee: str | None = None, **how: Any) -> Any:
        """One call of B to X, or of `number`; A's phone is `callee`."""
        how = {"number": B, "partner_prefix": A_PREFIX} | how
        near, _ = await self.theatre.play(caller, callee, **how)
        return near

    async def told(self, code: int, *names: str) -> dict[str, Any]:
        record = await self.theatre.expect(code, *names)
        assert record["serviceType"] == "005"
        assert record["bindNum"] == record["calleeNum"] == X
        return record


@pytest.fixture
async def customer(make_stage: Any, make_theatre: Any) -> Customer:
    settings = {"extension_first_key_s": 1.0, "ring_timeout_s": 2.0}
    theatre = make_theatre(await make_stage(calls=settings))
    administration, url = theatre.stage.platform.administration, theatre.stage.receiver.url
    application = await administration.create_application(
        NewApplication(
            name="extensions",
            mode=Mode.AXE,
            tenant_id=TENANT,
            status_url=f"{url}/extensions/status",
            cdr_url=f"{url}/extensions/record",
            extension_digits=3,
            extension_repeats=0,
        )
    )
    number = NewNumber(number=X, area_code="0755")
    await administration.add_numbers(NewNumbers(app_key=application.app_key, numbers=(number,)))
    theatre.stage.secrets[application.app_key] = application.secret
    theatre.x = X
    return Customer(theatre, application)


def last_status(near: Any) -> int:
    """The status of the last response that SIPp got."""
    return int(near.messages("received")[-1].split()[1])


async def test_0_the_extension_leads_to_a(customer: Customer):
    binding_id = await customer.bind()
    await customer.call(
        "uac_keys_an_extension_and_talks", "uas_answers_then_is_hung_up_on", number=KEYED
    )
    record = await customer.told(0, *TALKED)
    assert (record["direction"], record["extendNum"]) == (0, "042")
    assert (record["callerNum"], record["fwdDisplayNum"], record["fwdDstNum"]) == (B, X, A)
    assert (record["subscriptionId"], record["userData"]) == (binding_id, "parcel")


async def test_8022_nobody_has_the_extension(customer: Customer):
    await customer.bind()
    near = await customer.call("uac_keys_an_extension_and_is_refused", number=WRONG)
    record = await customer.told(8022, *COLLECTED)
    assert (record["direction"], last_status(near)) == (2, 404)


async def test_8022_after_the_unbind(customer: Customer):
    binding_id = await customer.bind()
    await customer.ask("DELETE", PATH, query={"subscriptionId": binding_id})
    await customer.call("uac_keys_an_extension_and_is_refused", number=KEYED)
    await customer.told(8022, *COLLECTED)


async def test_8033_nothing_is_keyed_in_however_often_it_is_asked(customer: Customer):
    await customer.bind()
    await customer.change(extension_repeats=1)
    await customer.call("uac_hears_why_before_480")
    await customer.told(8033, "callin", "collectInfo", "collectInfo", "disconnect")


async def test_7516_the_caller_quits_before_keying(customer: Customer):
    await customer.bind()
    await customer.call("uac_cancels_while_it_hears_why")
    await customer.told(7516, *REFUSED)


async def test_8024_a_is_to_see_the_real_caller(customer: Customer):
    await customer.bind(displayNumMode="1")
    near = await customer.call("uac_keys_an_extension_and_is_refused", number=KEYED)
    await customer.told(8024, *COLLECTED)
    assert last_status(near) == 403


async def test_8058_a_is_no_registered_actual_user(customer: Customer):
    await customer.bind()
    await customer.change(intercepts_unregistered=True)
    near = await customer.call("uac_keys_an_extension_and_is_refused", number=KEYED)
    await customer.told(8058, *COLLECTED)
    assert last_status(near) == 403


async def test_8023_a_landline_may_not_call(customer: Customer):
    await customer.call("uac_expects_403", number=LANDLINE)
    await customer.told(8023, *REFUSED)


async def test_8055_x_is_paused(customer: Customer):
    administration = customer.theatre.stage.platform.administration
    await administration.change_number(X, NumberChange(state=NumberState.PAUSED))
    await customer.call("uac_expects_480")
    await customer.told(8055, *REFUSED)


async def test_8008_a_caller_whose_phone_makes_no_offer_hears_nothing(customer: Customer):
    await customer.bind()
    await customer.call("uac_invites_without_sdp_and_expects_500")
    await customer.told(8008, *REFUSED)


async def test_7108_the_account_is_frozen(customer: Customer):
    frozen = TenantChange(state=TenantState.FROZEN)
    await customer.theatre.stage.platform.administration.change_tenant(TENANT, frozen)
    await customer.call("uac_expects_403")
    await customer.told(7108, *REFUSED)


async def test_7106_the_application_has_no_calls(customer: Customer):
    await customer.change(may_call=False)
    await customer.call("uac_expects_403")
    await customer.told(7106, *REFUSED)


@pytest.mark.parametrize(
    ("callee", "code", "status"),
    [
        ("uas_declines_603", 7503, 603),
        ("uas_is_busy_486", 8102, 486),
        ("uas_does_not_answer_480", 8101, 480),
        ("uas_is_switched_off_480_cause_20", 8104, 480),
        ("uas_is_unknown_404", 8100, 404),
    ],
)
async def test_the_reason_why_a_is_not_reached(
    customer: Customer, callee: str, code: int, status: int
):
    await customer.bind()
    near = await customer.call("uac_keys_an_extension_and_is_refused", callee, number=KEYED)
    await customer.told(code, *FORWARDED)
    assert last_status(near) == status


async def test_8035_a_rings_too_long(customer: Customer):
    await customer.bind()
    await customer.call(
        "uac_keys_an_extension_and_is_refused", "uas_is_cancelled_while_ringing", number=KEYED
    )
    await customer.told(8035, "callin", "collectInfo", "callout", "alerting", "disconnect")


async def test_8019_a_calls_and_there_is_nobody(customer: Customer):
    await customer.bind()
    await customer.call("uac_expects_404", number=A)
    record = await customer.told(8019, *REFUSED)
    assert record["direction"] == 1


async def test_a_calls_back_who_called_last_and_not_the_number_of_the_binding(
    customer: Customer,
):
    await customer.bind(callbackNum="+8613711110009")
    await customer.call("uac_keys_an_extension_and_is_refused", "uas_is_busy_486", number=KEYED)
    await customer.call(
        "uac_talks_then_hangs_up",
        "uas_answers_then_is_hung_up_on",
        number=A,
        partner_prefix=B_PREFIX,
    )
    _, records = await customer.theatre.told(records=2)
    there, back = records
    assert (there["direction"], there["ulFailReason"]) == (0, 8102)
    assert (back["direction"], back["ulFailReason"]) == (1, 0)
    assert (back["callerNum"], back["fwdDisplayNum"], back["fwdDstNum"]) == (A, X, B)


async def test_a_calls_and_reaches_the_number_of_the_binding(customer: Customer):
    await customer.bind(callbackNum=B)
    await customer.call(
        "uac_talks_then_hangs_up",
        "uas_answers_then_is_hung_up_on",
        number=A,
        partner_prefix=B_PREFIX,
    )
    record = await customer.told(0, "callin", "callout", "alerting", "answer", "disconnect")
    assert (record["direction"], record["extendNum"]) == (1, "042")
    assert (record["callerNum"], record["fwdDisplayNum"], record["fwdDstNum"]) == (A, X, B)
