"""A call that must be recorded on a platform that cannot: it ends with 8015 in every mode."""

from typing import Any

import pytest
from tests.scenarios.outcome.house import AWAITED_S, House
from tests.scenarios.outcome.way import Axb, AxeBack, AxOut, Axyb, Way, X

from maskline.domain.application import Mode
from maskline.lab.phone_call import CallState

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

HINT = "default-record-hint-en.wav"


async def test_8015_there_is_nothing_that_could_record(make_stage: Any):
    house = House(await make_stage(media={"engine": "none"}))
    ways: list[Way] = [Axb(), AxOut(), AxeBack(), Axyb(), X()]
    for way in ways:
        people = await house.people(way.mode)
        is_boolean = way.mode in {Mode.AXB, Mode.AX}
        flag = True if is_boolean else "true"
        bound = await way.bind(house, people, recordFlag=flag, recordHintTone=HINT)
        async with house.phone(bound.caller) as phone:
            call = await way.call(house, phone, bound)
            await call.wait_until(CallState.ENDED, AWAITED_S)
        told = await house.told(bound.caller)
        told.assert_code(8015)
        assert told.names == ["callin", "disconnect"]
        assert (call.end_status, call.end_cause) == (500, 41)
