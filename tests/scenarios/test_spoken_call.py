"""Calls in which the platform speaks or is told to end them, by SIPp on both sides."""

from collections.abc import Sequence
from typing import Any

import pytest
from tests.unit.services.prompt_world import tone

from maskline.lab.receiver import Push
from maskline.lab.rest import RestClient
from maskline.services.administration_request import ApplicationChange, PromptChoice

pytestmark = [pytest.mark.sipp, pytest.mark.network, pytest.mark.enable_socket]

STRANGER = "+8613811119999"
PROMPT = "default-goodbye-en.wav"
ALL_EVENTS = ("callin", "callout", "alerting", "answer", "disconnect")


async def refuse_strangers_with_a_prompt(theatre: Any) -> None:
    change = ApplicationChange(prompts=PromptChoice(no_binding=PROMPT))
    app_key = theatre.stage.tenant.application.app_key
    await theatre.stage.platform.administration.change_application(app_key, change)


async def test_a_stranger_hears_why_and_is_then_refused(theatre: Any):
    await refuse_strangers_with_a_prompt(theatre)
    await theatre.play("uac_hears_why_before_403", number=STRANGER)
    await theatre.expect(8014, "callin", "disconnect")


async def test_a_stranger_who_gives_up_meanwhile_is_7516(theatre: Any):
    await refuse_strangers_with_a_prompt(theatre)
    await theatre.play("uac_cancels_while_it_hears_why", number=STRANGER)
    await theatre.expect(7516, "callin", "disconnect")


async def test_a_caller_hears_the_waiting_tone_from_the_forwarding_on(theatre: Any):
    await theatre.bind(preVoice={"callerHintTone": PROMPT})
    await theatre.play("uac_hears_a_waiting_tone", "uas_answers_then_is_hung_up_on")
    await theatre.expect(0, *ALL_EVENTS)


async def test_a_prompt_that_was_deleted_since_the_bind_is_7507(theatre: Any):
    desk = theatre.stage.platform.prompt_desk
    app_key = theatre.stage.tenant.application.app_key
    await desk.submit(app_key, "wait.wav", tone())
    await desk.approve(app_key, "wait.wav")
    await theatre.bind(preVoice={"callerHintTone": "wait.wav"})
    await desk.remove(app_key, "wait.wav")
    await theatre.play("uac_expects_500")
    await theatre.expect(7507, "callin", "disconnect")


async def test_a_customer_ends_a_call_by_the_name_from_its_events(theatre: Any):
    await theatre.bind()
    far = await theatre.sipp.callee("uas_answers_then_is_hung_up_on")
    await theatre.route("+86139", far.port)
    near = await theatre.sipp.caller(
        "uac_talks_until_the_other_hangs_up",
        theatre.stage.sip,
        dials=theatre.x,
        numbers="+8613811110001",
    )
    pushes = await theatre.stage.receiver.wait_for(_answers, 8.0)
    [answer] = _answers(pushes)
    session_id = answer.json()["statusInfo"]["sessionId"]
    application = theatre.stage.tenant.application
    async with RestClient(theatre.stage.url, application.app_key, application.secret) as rest:
        assert (await rest.stop_call(session_id))["resultcode"] == "0"
    await near.finish()
    await far.finish()
    await theatre.expect(8017, *ALL_EVENTS)


def _answers(pushes: Sequence[Push]) -> list[Push]:
    return [push for push in pushes if b'"answer"' in push.body]
