"""A developer tries AXB by the management API alone: real phones, real SIP, what B sees."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from tests.integration.sandbox.rig import DeveloperAtWork, Events, Refused

from maskline.domain.application import Mode
from maskline.lab.demo.stage import Stage

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(90)]


@pytest.fixture
async def developer(stage: Stage) -> AsyncIterator[DeveloperAtWork]:
    async with aiohttp.ClientSession() as http:
        developer = DeveloperAtWork(stage, http)
        await developer.start(stage.tenant.application.app_key)
        yield developer


async def test_a_dials_x_and_b_sees_nothing_else(stage: Stage, developer: DeveloperAtWork):
    x = stage.tenant.numbers[0]
    sent = await developer.bind(x)
    assert sent["answer"]["body"]["resultcode"] == "0"
    assert "…" in sent["request"]["headers"]["X-AKSK"]
    assert stage.tenant.application.secret not in str(sent)
    await developer.use("a", "dial", number=x)
    b = await developer.wait_for_state("b", "ringing")
    assert b["shows"]["number"] == x
    assert developer.number("a")[3:] not in str(b["shows"])
    await developer.use("b", "answer")
    await developer.wait_for_state("a", "talking")
    await developer.use("a", "digits", digits="42#")
    await developer.wait_for_events(lambda events: _digits(events) == "42#")
    await developer.use("b", "hangup")
    a = await developer.wait_for_state("a", "idle")
    assert a["last_end"]["is_by_peer"]
    events = await developer.wait_for_events(lambda events: "fee" in _pushed(events))
    assert _pushed(events) == ["callin", "callout", "alerting", "answer", "disconnect", "fee"]
    pushes = [event["detail"] for event in events if event["kind"] == "push"]
    assert {push["signature"] for push in pushes} == {"valid"}
    assert {push["body_signature"] for push in pushes} == {"valid"}
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))


async def test_the_end_of_a_run_undoes_what_it_changed(stage: Stage, developer: DeveloperAtWork):
    store, x = stage.platform.store, stage.tenant.numbers[0]
    before = stage.tenant.application
    await developer.bind(x)
    during = await store.application(before.app_key)
    assert during is not None
    assert "/sandbox/receiver/" in str(during.status_url)
    await developer.ask("DELETE", developer.path)
    assert await store.application(before.app_key) == before
    with pytest.raises(Refused) as refused:
        await developer.ask("GET", developer.path)
    assert refused.value.status == 404
    await developer.start(before.app_key)
    assert (await developer.bind(x))["answer"]["body"]["resultcode"] == "0"


async def test_what_a_run_may_not_do_is_refused_with_a_next_step(
    stage: Stage, developer: DeveloperAtWork
):
    elsewhere = stage.tenant.applications[Mode.AX].numbers[0]
    for number, code in (("+8613900002011", "not_your_number"), (elsewhere, "not_your_number")):
        with pytest.raises(Refused) as refused:
            await developer.use("a", "dial", number=number)
        assert (refused.value.status, refused.value.error["code"]) == (409, code)
    with pytest.raises(Refused) as refused:
        await developer.start(stage.tenant.application.app_key)
    assert refused.value.error["code"] == "run_exists"
    assert developer.run["run_id"] in refused.value.error["hint"]


def _digits(events: Events) -> str:
    return "".join(event["detail"]["digits"] for event in events if event["kind"] == "keys")


def _pushed(events: Events) -> list[str]:
    return [event["detail"]["body"]["eventType"] for event in events if event["kind"] == "push"]
