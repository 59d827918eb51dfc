"""`kill -9` of a worker: everything is pushed in the end, each under its one id."""

import asyncio
import random
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from maskline.domain.notice import Purpose
from maskline.domain.retry import RetrySchedule
from maskline.lab.receiver import flapping

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

WORKER = Path(__file__).with_name("worker.py")
CALLS = 120
EVENTS = ("callin", "callout", "disconnect")
KILLS = 3


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
async def test_a_killed_worker_loses_nothing(site, tmp_path: Path):
    receiver = await site.receiver("app", flapping(5, 1))
    for number in range(CALLS):
        stream = f"s{number}"
        await site.write("app", *(f"{stream}/{event}" for event in EVENTS), stream=stream)
        await site.write("app", f"{stream}/record", stream=stream, purpose=Purpose.RECORD)
    await site.store.close()
    for _ in range(KILLS):
        worker = await asyncio.create_subprocess_exec(
            sys.executable, str(WORKER), str(tmp_path / "maskline.db")
        )
        seen = receiver.total
        await receiver.wait_for(lambda _, seen=seen: receiver.total > seen, timeout_s=20)
        await asyncio.sleep(random.uniform(0.01, 0.15))
        worker.kill()
        await worker.wait()
    await site.store.open()
    async with site.running(schedule=RetrySchedule((0.02,) * 50)):
        await site.until_depth(0, timeout_s=30)
    bodies, order = defaultdict(set), defaultdict(list)
    for push in receiver.received:
        bodies[push.push_id].add(push.body)
        if push.answered == 200:
            for name in push.body.decode().split(","):
                stream, _, event = name.partition("/")
                order[stream].append((*EVENTS, "record").index(event))
    assert all(len(seen) == 1 for seen in bodies.values())
    assert len(order) == CALLS
    assert all(sorted(set(events)) == [0, 1, 2, 3] for events in order.values())
    assert all(events == sorted(events) for events in order.values())
