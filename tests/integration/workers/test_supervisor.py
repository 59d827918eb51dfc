"""The supervisor over processes that do nothing but what a worker owes it."""

import asyncio
import os
import signal
import sys

import pytest

from maskline.bootstrap.supervisor import Supervisor, SupervisorLimits, WorkerPlan
from maskline.domain.error import PlatformError

LIMITS = SupervisorLimits(stop_s=5.0, first_pause_s=0.05, max_pause_s=0.2, start_tries=3)

OBEDIENT = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("ready", flush=True)
sys.stdin.read()
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""
HOPELESS = "raise SystemExit(1)"


def plan(name: str, program: str) -> WorkerPlan:
    return WorkerPlan(name, (sys.executable, "-S", "-E", "-c", program))


class Watched:
    """A supervisor that runs, and the handle to stop it."""

    def __init__(self, *plans: WorkerPlan, limits: SupervisorLimits = LIMITS) -> None:
        self.supervisor = Supervisor(plans, limits)
        self.stop = asyncio.get_running_loop().create_future()
        self.running = asyncio.create_task(self.supervisor.run(self.stop))

    async def ready(self) -> list[int]:
        async with asyncio.timeout(20):
            for worker in self.supervisor.workers:
                await worker.is_ready.wait()
        return self.pids()

    def pids(self) -> list[int]:
        return [worker.pid for worker in self.supervisor.workers]

    async def end(self) -> None:
        self.stop.set_result(None)
        async with asyncio.timeout(20):
            await self.running


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_worker_that_is_killed_is_started_again_and_the_others_go_on():
    watched = Watched(plan("one", OBEDIENT), plan("two", OBEDIENT))
    first, second = await watched.ready()
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(20):
        while True:
            if watched.pids()[0] not in {first, None}:
                break
            await asyncio.sleep(0.02)
    assert watched.pids()[1] == second
    pids = watched.pids()
    await watched.end()
    assert not any(is_alive(pid) for pid in pids)


async def test_a_worker_that_does_not_stop_in_time_is_killed():
    limits = SupervisorLimits(stop_s=0.3)
    watched = Watched(plan("one", OBEDIENT), plan("deaf", DEAF), limits=limits)
    pids = await watched.ready()
    await watched.end()
    assert not any(is_alive(pid) for pid in pids)


async def test_when_a_worker_never_starts_the_others_are_stopped_and_it_is_named():
    watched = Watched(plan("one", OBEDIENT), plan("hopeless", HOPELESS))
    with pytest.raises(PlatformError, match="hopeless does not start"):
        async with asyncio.timeout(20):
            await watched.running
    assert watched.pids() == [None, None]
