"""Callers on a stage, and what they live through while its database is gone."""

import asyncio
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from tests.integration.faults.world import Story, check_stories, settled, stories

from maskline.lab.demo.stage import Stage
from maskline.lab.phone import Phone
from maskline.lab.phone_call import CallFailed, CallState, PhoneCall
from maskline.lab.rest import RestClient
from maskline.services.store import Page, RecordFilter

APOLOGY = "default-service-abnormal-en.wav"
NUMBERS = tuple(f"+861381111001{last}" for last in range(6))


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
        """Hang up everything."""
        for phone in self._phones.values():
            await phone.close()


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
    return found


async def apologise(stage: Stage) -> None:
    """Have the application say something when a call fails by our fault."""
    application = stage.tenant.application
    prompts = replace(application.prompts, service_abnormal=APOLOGY)
    await stage.platform.store.save_application(replace(application, prompts=prompts))
    stage.platform.directory.forget_application(application.app_key)


async def live_through_an_outage(
    callers: Callers, outage: AbstractContextManager[None], seconds: float
) -> None:
    """Calls of every stage meet an outage; all of them, and no others, are told of once."""
    stage = callers.stage
    await apologise(stage)
    staying, leaving = await callers.talk("+8613811110010"), await callers.talk("+8613811110011")
    ringing = await callers.dial("+8613811110012")
    await ringing.wait_until(CallState.RINGING, 20)
    with outage:
        over_at = asyncio.get_running_loop().time() + seconds
        await ringing.wait_until(CallState.TALKING, 20)
        await leaving.hang_up(20)
        refused = [await callers.dial("+8613811110013"), await callers.dial("+8613811110014")]
        for call in refused:
            with pytest.raises(CallFailed, match="500"):
                await call.wait_until(CallState.TALKING, 20)
            assert any(progress.status == 183 for progress in call.progress)  # the prompt
        await asyncio.sleep(over_at - asyncio.get_running_loop().time())
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
