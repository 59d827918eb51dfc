"""A network that repeats SIP messages and turns their order around: one record, each event once."""

import asyncio
import random

import pytest
from tests.conftest import StageMaker
from tests.integration.faults.world import check_stories, settled, stories

from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallState
from maskline.lab.rest import RestClient
from maskline.services.store import Page, RecordFilter

pytestmark = [pytest.mark.network, pytest.mark.enable_socket, pytest.mark.timeout(120)]

CALLS = 12
REPEATED, LATE = 0.5, 0.4
LATE_S = 0.08
"""More than the messages of a call lie apart here, less than T1: nothing looks lost."""


class Mangler:
    """A datagram transport that sends some twice and some later than the next."""

    def __init__(self, transport: asyncio.DatagramTransport, chance: random.Random) -> None:
        self._transport = transport
        self._chance = chance
        self.mangled = 0

    def sendto(self, data: bytes, address: tuple[str, int]) -> None:
        for _ in range(2 if self._chance.random() < REPEATED else 1):
            delay_s = self._chance.uniform(0, LATE_S) if self._chance.random() < LATE else 0.0
            self.mangled += delay_s > 0
            asyncio.get_running_loop().call_later(delay_s, self._send, data, address)

    def close(self) -> None:
        self._transport.close()

    def _send(self, data: bytes, address: tuple[str, int]) -> None:
        if not self._transport.is_closing():
            self._transport.sendto(data, address)


async def test_every_call_has_one_record_and_each_event_once(make_stage: StageMaker):
    stage = await make_stage()
    application, x = stage.tenant.application, stage.tenant.numbers[0]
    mangler = Mangler(stage.carrier._transport, random.Random(7))
    stage.carrier._transport = mangler
    callers = [f"+86138111120{number:02}" for number in range(CALLS)]
    async with RestClient(stage.url, application.app_key, application.secret) as rest:
        for caller in callers:
            callee = caller.replace("+86138", "+86139")
            await rest.bind(callerNum=caller, calleeNum=callee, relationNum=x, duration=3600)

    async def one_call(caller: str) -> None:
        async with await Phone.start(caller) as phone:
            call = await phone.dial(x, via=stage.carrier.address)
            await call.wait_until(CallState.TALKING, 20)
            await asyncio.sleep(0.1)
            await call.hang_up(20)

    await asyncio.gather(*map(one_call, callers))

    async def is_told() -> bool:
        told = stories(stage.receiver.received)
        return len(told) >= CALLS and all("fee" in story.names for story in told.values())

    await settled(is_told)
    await asyncio.sleep(0.5)  # for what should not come
    told = stories(stage.receiver.received)
    check_stories(told)
    assert mangler.mangled > 10 * CALLS / 2
    assert sorted(story.record["callerNum"] for story in told.values()) == callers
    assert {tuple(story.names) for story in told.values()} == {
        ("callin", "callout", "alerting", "answer", "disconnect", "fee")
    }
    kept = await stage.platform.store.call_records(RecordFilter(), Page())
    assert len(kept.rows) == CALLS
    assert stage.platform.calls.live_calls == 0
    assert len({push.push_id for push in stage.receiver.received}) == stage.receiver.total
