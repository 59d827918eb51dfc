"""A database that is gone for a while, or slow: calls go on, and all is told in the end, once.

`MASKLINE_OUTAGE_S` says for how long it is gone (3 s).
"""

import os
from collections.abc import AsyncIterator

import pytest
from tests.conftest import StageMaker
from tests.integration.faults.callers import NUMBERS, Callers, live_through_an_outage, told
from tests.integration.faults.outage import Database

from maskline.lab.demo.stage import Stage

OUTAGE_S = float(os.environ.get("MASKLINE_OUTAGE_S", "3"))
SLOW_S = 2.0

pytestmark = [
    pytest.mark.network,
    pytest.mark.enable_socket,
    pytest.mark.timeout(120 + 2 * OUTAGE_S),
]


@pytest.fixture
async def callers(make_stage: StageMaker) -> AsyncIterator[Callers]:
    stage = await make_stage()
    callers = Callers(stage)
    for number in NUMBERS:
        await callers.join(number)
    yield callers
    await callers.close()


@pytest.fixture
def database(callers: Callers) -> Database:
    return Database(callers.stage.platform.store)


async def test_a_database_that_is_gone_for_a_while(callers: Callers, database: Database):
    await live_through_an_outage(callers, database.gone(), OUTAGE_S)
    check_pushed_once(callers.stage)


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
    check_pushed_once(stage)


def check_pushed_once(stage: Stage) -> None:
    """Nothing was pushed twice: whatever failed had failed, and what was late was only late."""
    receiver = stage.receiver
    assert len({push.push_id for push in receiver.received}) == receiver.total
