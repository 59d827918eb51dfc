"""A database that is gone for a while, or slow: calls go on, and all is told in the end, once.

`MASKLINE_OUTAGE_S` says for how long it is gone (3 s).
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from tests.conftest import StageMaker
from tests.integration.faults.outage import Database
from tests.integration.faults.world import Story, check_stories, settled, stories

from maskline.lab.demo.stage import Stage
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallFailed, CallState, PhoneCall
from maskline.lab.rest import RestClient
from maskline.services.store import Page, RecordFilter

OUTAGE_S = float(os.environ.get("MASKLINE_OUTAGE_S", "3"))
SLOW_S = 2.0
APOLOGY = "default-service-abnormal-en.wav"

pytestmark = [
    pytest.mark.network,
    pytest.mark.enable_socket,
    pytest.mark.timeout(120 + 2 * OUTAGE_S),
]


class Callers:
    """Phones on a stage, each bound to somebody."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._phones: dict[str, Phone] = {}

    async def join(self, number: str) -> None:
        application = self.stage.tenant.application
        names = {
            "callerNum": number,
            "calleeNum": number.replace("+86138", "+86139"),
            "relationNum": self.stage.tenant.numbers[0],
        }
        async with RestClient(self.stage.url, application.app_key, application.secret) as rest:
            await rest.bind(**names, duration=3600)
        self._phones[number] = await Phone.start(number)

    async def dial(self, number: str) -> PhoneCall:
        x = self.stage.tenant.numbers[0]
        return await self._phones[number].dial(x, via=self.stage.carrier.address)

    async def talk(self, number: str) -> PhoneCall:
        call = await self.dial(number)
        await call.wait_until(CallState.TALKING, 20)
        return call

    async def close(self) -> None:
        for phone in self._phones.values():
            await phone.close()


@pytest.fixture
async def callers(make_stage: StageMaker) -> AsyncIterator[Callers]:
    stage = await make_stage()
    callers = Callers(stage)
    for last in range(6):
        await callers.join(f"+861381111001{last}")
    yield callers
    await callers.close()


@pytest.fixture
def database(callers: Callers) -> Database:
    return Database(callers.stage.platform.store)


async def told(stage: Stage, calls: int) -> dict[str, Story]:
    """What the customer was told of so many calls that are over; the store says the same."""

    def over() -> dict[str, Story]:
        found = stories(stage.receiver.received)
        return {session: story for session, story in found.items() if "fee" in story.names}

    async def is_told() -> bool:
        return len(over()) == calls

    await settled(is_told)
    found = over()
    check_stories(found)
    kept = await stage.platform.store.call_records(RecordFilter(), Page())
    assert sorted(record.call.session_id for record in kept.rows) == sorted(found)
    assert len(found) == calls
    assert len({push.push_id for push in stage.receiver.received}) == stage.receiver.total
    return found


async def apologise(stage: Stage) -> None:
    """Have the application say something when a call fails by our fault."""
    application = stage.tenant.application
    prompts = replace(application.prompts, service_abnormal=APOLOGY)
    await stage.platform.store.save_application(replace(application, prompts=prompts))
    stage.platform.directory.forget_application(application.app_key)


async def test_a_database_that_is_gone_for_a_while(callers: Callers, database: Database):
    stage = callers.stage
    await apologise(stage)
    staying, leaving = await callers.talk("+8613811110010"), await callers.talk("+8613811110011")
    ringing = await callers.dial("+8613811110012")
    await ringing.wait_until(CallState.RINGING, 20)
    with database.gone():
        await ringing.wait_until(CallState.TALKING, 20)
        await leaving.hang_up(20)
        refused = [await callers.dial("+8613811110013"), await callers.dial("+8613811110014")]
        for call in refused:
            with pytest.raises(CallFailed, match="500"):
                await call.wait_until(CallState.TALKING, 20)
            assert any(progress.status == 183 for progress in call.progress)  # the prompt
        await asyncio.sleep(OUTAGE_S)
        assert (staying.state, ringing.state) == (CallState.TALKING, CallState.TALKING)
        assert stage.platform.journal.is_failing
    found = await told(stage, 3)
    reasons = sorted(story.record["ulFailReason"] for story in found.values())
    assert reasons == [0, 8020, 8020]
    again = await callers.talk("+8613811110015")
    for call in (staying, ringing, again):
        await call.hang_up(20)
    found = await told(stage, 6)
    assert sorted(story.record["ulFailReason"] for story in found.values())[:4] == [0] * 4
    counters = stage.platform.journal.counters
    assert counters.kept == counters.written_later > 0
    assert counters.refused == 0


async def test_a_database_that_is_slow(callers: Callers, database: Database):
    stage = callers.stage
    up = await callers.talk("+8613811110010")
    with database.slow(SLOW_S):
        ringing = await callers.talk("+8613811110011")
        await up.hang_up(20)
        await ringing.hang_up(20)
        new = await callers.talk("+8613811110012")
        await new.hang_up(20)
        found = await told(stage, 3)
    assert [story.record["ulFailReason"] for story in found.values()] == [0] * 3
    assert stage.platform.journal.counters.kept > 0
