"""Mode X, by SIPp on both sides and a customer's server that decides (`spec/x.md` 7)."""

import asyncio
from typing import Any

import pytest

from maskline.domain.application import ApplicationState, Mode, TenantState
from maskline.domain.virtual_number import NumberState
from maskline.lab.decision import close, connect, deciding
from maskline.lab.demo.tenant import TENANT
from maskline.lab.receiver import Answer, Behaviour, Push, failing, silent
from maskline.services.administration_request import (
    ApplicationChange,
    NewApplication,
    NewNumber,
    NewNumbers,
    NumberChange,
    TenantChange,
)

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

A, B, X = "+8613811110001", "+8613911110002", "+8617000009001"
LANDLINE = "+8675588880001"
TONE = "default-goodbye-en.wav"
ALL_EVENTS = ("callin", "callout", "alerting", "answer", "disconnect")
SETTINGS: dict[str, Any] = {
    "calls": {"ask_timeout_s": 1.0},
    "delivery": {"retry_minutes": (0.002, 0.002, 0.002)},
}


@pytest.fixture
async def theatre(make_stage: Any, make_theatre: Any) -> Any:
    theatre = make_theatre(await make_stage(**SETTINGS))
    stage = theatre.stage
    administration, url = stage.platform.administration, stage.receiver.url
    application = await administration.create_application(
        NewApplication(
            name="asked",
            mode=Mode.X,
            tenant_id=TENANT,
            status_url=f"{url}/x/status",
            cdr_url=f"{url}/x/record",
        )
    )
    number = NewNumber(number=X, area_code="0755")
    await administration.add_numbers(NewNumbers(app_key=application.app_key, numbers=(number,)))
    stage.secrets[application.app_key] = application.secret
    theatre.x = X
    return theatre


async def talk(theatre: Any) -> None:
    await theatre.play("uac_talks_then_hangs_up", "uas_answers_then_is_hung_up_on")


INFO = {"calleeNum": B, "userData": "u1"}


@pytest.mark.parametrize("info", [INFO, [INFO]])
async def test_connect_as_object_and_as_array_reaches_the_callee(theatre: Any, info: object):
    decision = {"operation": "connect", "connectInfo": info}
    theatre.stage.receiver.behaviour = deciding(lambda _: decision)
    await talk(theatre)
    record = await theatre.expect(0, *ALL_EVENTS)
    assert (record["notifyMode"], record["userData"]) == ("Block", "u1")
    assert (record["direction"], record["fwdDstNum"]) == (1, B)
    assert "subscriptionId" not in record


async def test_without_a_number_to_show_x_is_shown(theatre: Any):
    theatre.stage.receiver.behaviour = deciding(lambda _: connect(B))
    far = await theatre.sipp.callee("uas_answers_then_is_hung_up_on")
    await theatre.route("+86139", far.port)
    near = await theatre.sipp.caller(
        "uac_talks_then_hangs_up", theatre.stage.sip, dials=X, numbers=A
    )
    await near.finish()
    await far.finish()
    invite = next(data for data in far.messages("received") if data.startswith(b"INVITE"))
    assert b"sip:+8617000009001@" in invite
    assert A.encode() not in invite
    assert (await theatre.expect(0, *ALL_EVENTS))["fwdDisplayNum"] == X


async def test_user_data_is_in_all_events_but_callin(theatre: Any):
    theatre.stage.receiver.behaviour = deciding(lambda _: connect(B, userData="u1"))
    await talk(theatre)
    events, _ = await theatre.told()
    found = {event["eventType"]: event["statusInfo"].get("userData") for event in events}
    assert found == {name: None if name == "callin" else "u1" for name in ALL_EVENTS}
    modes = {event["eventType"]: event["statusInfo"].get("notifyMode") for event in events}
    assert modes == {name: "Block" if name == "callin" else None for name in ALL_EVENTS}


@pytest.mark.parametrize("minutes", [0, 1440])
async def test_no_limit_and_the_longest_duration_are_accepted(theatre: Any, minutes: int):
    decision = connect(B, maxDuration=minutes, lastMinVoice=TONE if minutes else "gone.wav")
    theatre.stage.receiver.behaviour = deciding(lambda _: decision)
    await talk(theatre)
    await theatre.expect(0, *ALL_EVENTS)


async def test_close_without_a_tone_is_8017(theatre: Any):
    theatre.stage.receiver.behaviour = deciding(lambda _: close(userData="u1"))
    await theatre.play("uac_expects_480")
    record = await theatre.expect(8017, "callin", "disconnect")
    assert (record["userData"], record["sipStatusCode"]) == ("u1", 0)


async def test_close_with_a_tone_is_heard_and_then_8017(theatre: Any):
    theatre.stage.receiver.behaviour = deciding(lambda _: close(closeHintTone=TONE))
    await theatre.play("uac_hears_why_before_480")
    await theatre.expect(8017, "callin", "disconnect")


@pytest.mark.parametrize(
    "decision",
    [
        connect(B, maxDuration=7200),
        connect(B, waitVoice="gone.wav"),
        connect("13911110002"),
        {"operation": "forward"},
        None,
    ],
)
async def test_an_answer_that_cannot_be_followed_is_8014(theatre: Any, decision: object):
    theatre.stage.receiver.behaviour = deciding(lambda _: decision)
    await theatre.play("uac_expects_403")
    await theatre.expect(8014, "callin", "disconnect")


def only_questions(behaviour: Behaviour) -> Behaviour:
    """What asks is treated so; everything else is accepted."""
    return lambda push: behaviour(push) if b'"Block"' in push.body else Answer()


@pytest.mark.parametrize(
    "behaviour", [silent(), failing(500), deciding(lambda _: connect(B), delay_s=2.0)]
)
async def test_no_answer_and_a_late_one_are_8014(theatre: Any, behaviour: Behaviour):
    theatre.stage.receiver.behaviour = only_questions(behaviour)
    await theatre.play("uac_expects_403")
    await theatre.expect(8014, "callin", "disconnect")


async def test_showing_the_real_caller_is_8024(theatre: Any):
    theatre.stage.receiver.behaviour = deciding(lambda _: connect(B, displayCalleeNum=A))
    await theatre.play("uac_expects_403")
    await theatre.expect(8024, "callin", "disconnect")


async def test_a_landline_is_8023_and_nobody_is_asked(theatre: Any):
    theatre.stage.receiver.behaviour = deciding(lambda _: connect(B))
    await theatre.play("uac_expects_403", number=LANDLINE)
    await theatre.expect(8023, "disconnect")


async def test_a_frozen_account_is_7108_and_nobody_is_asked(theatre: Any):
    frozen = TenantChange(state=TenantState.FROZEN)
    await theatre.stage.platform.administration.change_tenant(TENANT, frozen)
    await theatre.play("uac_expects_403")
    await theatre.expect(7108, "disconnect")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (ApplicationChange(state=ApplicationState.SUSPENDED), 8018),
        (ApplicationChange(may_call=False), 7106),
    ],
)
async def test_an_application_without_permission_is_8018_or_7106_and_nobody_is_asked(
    theatre: Any, change: ApplicationChange, code: int
):
    platform = theatre.stage.platform
    number = await platform.store.number(X)
    await platform.administration.change_application(number.app_key, change)
    await theatre.play("uac_expects_403")
    await theatre.expect(code, "disconnect")


async def test_a_number_that_is_unavailable_is_8055_and_nobody_is_asked(theatre: Any):
    paused = NumberChange(state=NumberState.PAUSED)
    await theatre.stage.platform.administration.change_number(X, paused)
    await theatre.play("uac_expects_480")
    await theatre.expect(8055, "disconnect")


async def test_a_callee_of_the_answer_that_is_busy_is_8102(theatre: Any):
    theatre.stage.receiver.behaviour = deciding(lambda _: connect(B))
    await theatre.play("uac_expects_486", "uas_is_busy_486")
    await theatre.expect(8102, "callin", "callout", "disconnect")


async def test_a_caller_who_gives_up_while_the_customer_thinks_is_7516(theatre: Any):
    theatre.stage.receiver.behaviour = deciding(lambda _: connect(B), delay_s=0.9)
    await theatre.play("uac_cancels_before_ringing")
    await theatre.expect(7516, "callin", "disconnect")


async def test_callin_is_never_repeated_and_disconnect_is(theatre: Any):
    refused: list[str] = []

    def answer(push: Push) -> Answer:
        if b'"Block"' in push.body:
            return Answer(status=500)
        if b'"disconnect"' in push.body and len(refused) < 2:
            refused.append("disconnect")
            return Answer(status=500)
        return Answer()

    theatre.stage.receiver.behaviour = answer
    await theatre.play("uac_expects_403")
    receiver = theatre.stage.receiver
    await receiver.wait_for(lambda got: sum(b'"disconnect"' in push.body for push in got) == 3, 8.0)
    await asyncio.sleep(0.3)
    assert sum(b'"callin"' in push.body for push in receiver.received) == 1


async def test_another_callee_for_each_caller(theatre: Any):
    """What the customer is asked says who calls."""
    asked: list[str] = []

    def decide(call: dict[str, Any]) -> object:
        asked.append(call["caller"])
        return connect(B) if call["caller"] == A else close()

    theatre.stage.receiver.behaviour = deciding(decide)
    await talk(theatre)
    await theatre.play("uac_expects_480", number="+8613811110009")
    assert asked == [A, "+8613811110009"]
    _, records = await theatre.told(records=2)
    assert [record["ulFailReason"] for record in records] == [0, 8017]
