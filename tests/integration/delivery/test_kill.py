"""`kill -9` of a worker: everything is pushed in the end, each under its one id."""

import asyncio
import random
import sys
from collections import Counter, defaultdict
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
    bodies, order, failures = defaultdict(set), defaultdict(list), Counter()
    for push in receiver.received:
        bodies[push.push_id].add(push.body)
        for name in push.body.decode().split(","):
            stream, _, event = name.partition("/")
            if push.answered != 200:
                failures[name] += 1
            elif event not in order[stream]:
                order[stream].append(event)
    assert all(len(seen) == 1 for seen in bodies.values())
    assert len(order) == CALLS
    for stream, told in order.items():
        assert [event for event in told if event != "record"] == list(EVENTS)
        # A record gives up waiting after some tries of an event; those cut off by kills count.
        has_failed = any(failures[f"{stream}/{event}"] for event in EVENTS)
        assert told[-1] == "record" or has_failed
