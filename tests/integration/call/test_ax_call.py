"""AX calls between three phones of the lab: one call at a time on X (`spec/ax.md` 1, 15 row 14)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from maskline.domain.application import Mode
from maskline.lab.demo.stage import Stage
from maskline.lab.leak import find_leaks, secrets_of
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallState
from maskline.lab.rest import RestClient

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

PATH = "/rest/provision/caas/privatenumber/v1.0"
A, B, C = "+8613811110001", "+8613911110002", "+8613711110003"


@dataclass
class Scene:
    """A bound to X, with a phone for each of three people."""

    stage: Stage
    x: str
    a: Phone
    b: Phone
    c: Phone

    async def dial(self, phone: Phone):
        return await phone.dial(self.x, via=self.stage.carrier.address)

    async def records(self, count: int):
        """The entries of the call records by their caller."""

        def entries(pushes):
            fees = [push.json() for push in pushes if b'"fee"' in push.body]
            return [entry for fee in fees for entry in fee["feeLst"]]

        receiver = self.stage.receiver
        pushes = await receiver.wait_for(lambda got: len(entries(got)) >= count, 8.0)
        return {entry["callerNum"]: entry for entry in entries(pushes)}


@pytest.fixture
async def scene(stage: Stage) -> AsyncIterator[Scene]:
    kept = stage.tenant.applications[Mode.AX]
    application, x = kept.application, kept.numbers[0]
    async with RestClient(stage.url, application.app_key, application.secret) as rest:
        await rest.ask("POST", PATH, body={"origNum": A, "privateNum": x})
    async with (
        await Phone.start(A) as a,
        await Phone.start(B) as b,
        await Phone.start(C) as c,
    ):
        await a.register(stage.carrier.address)
        yield Scene(stage, x, a, b, c)


async def test_a_second_caller_of_x_hears_that_it_is_busy_until_the_first_has_hung_up(scene: Scene):
    first = await scene.dial(scene.b)
    theirs = await scene.a.next_call()
    assert theirs.number == scene.x
    await theirs.answer()
    await first.wait_until(CallState.TALKING)

    second = await scene.dial(scene.c)
    await second.wait_until(CallState.ENDED)
    assert (second.end_status, second.end_cause) == (486, 17)
    assert first.state is CallState.TALKING

    await first.hang_up()
    await theirs.wait_until(CallState.ENDED)
    third = await scene.dial(scene.c)
    again = await scene.a.next_call()
    await again.answer()
    await third.wait_until(CallState.TALKING)
    await third.hang_up()

    assert find_leaks(secrets_of(first, B), theirs.messages) == []
    assert find_leaks(secrets_of(theirs, A), first.messages) == []


async def test_the_call_that_met_a_busy_x_is_told_as_8102(scene: Scene):
    first = await scene.dial(scene.b)
    theirs = await scene.a.next_call()
    await theirs.ring()
    second = await scene.dial(scene.c)
    await second.wait_until(CallState.ENDED)
    await theirs.answer()
    await first.wait_until(CallState.TALKING)
    await first.hang_up()

    records = await scene.records(2)
    assert records[B]["ulFailReason"] == 0
    assert records[C]["ulFailReason"] == 8102
    assert records[C]["direction"] == 0
    assert records[C]["subscriptionId"] == records[B]["subscriptionId"]
    assert not {"fwdDstNum", "fwdStartTime"} & set(records[C])
