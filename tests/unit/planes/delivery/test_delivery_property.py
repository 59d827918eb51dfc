"""Whatever receivers and workers do, nothing is lost, renamed or put out of order."""

import asyncio
from collections import Counter, defaultdict
from enum import Enum

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maskline.domain.notice import RECORD_PATIENCE, Purpose
from maskline.domain.retry import RetrySchedule
from maskline.planes.delivery.client import PushFailed


class Fate(Enum):
    """What becomes of one try; a crash is of our worker, after the receiver took the push."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    BREAK = "break"
    CRASH = "crash"


FATES = st.lists(st.sampled_from(Fate), max_size=30)
CALLS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5), st.booleans()), max_size=8)


class Play:
    """Plays one script of fates and notes what the receivers accepted."""

    def __init__(self, world, fates: list[Fate]) -> None:
        self.world = world
        self.accepted: list[str] = []
        self.bodies: dict[str, set[bytes]] = defaultdict(set)
        self.tries = Counter[str]()
        self._fates = iter(fates)
        self._crash = asyncio.Event()

    async def answer(self, pushed) -> None:
        fate = next(self._fates, Fate.ACCEPT)
        self.bodies[pushed.push_id].add(pushed.body)
        self.tries[pushed.push_id] += 1
        if fate is Fate.REFUSE:
            raise PushFailed("HTTP 500")
        if fate is Fate.BREAK:
            raise RuntimeError
        self.accepted += pushed.names
        if fate is Fate.CRASH:
            self._crash.set()
            await asyncio.Event().wait()

    async def until_all_is_delivered(self) -> None:
        world = self.world
        while (await world.store.outbox_depth())[0]:
            self._crash.clear()
            plane = world.plane()
            running = asyncio.create_task(plane.run())
            crashed = asyncio.create_task(self._crash.wait())
            quiet = asyncio.create_task(world.quiet(plane))
            await asyncio.wait({crashed, quiet}, return_when=asyncio.FIRST_COMPLETED)
            if not crashed.done():
                await plane.close()
            for task in (crashed, quiet, running):
                task.cancel()
            await asyncio.gather(crashed, quiet, running, return_exceptions=True)
            world.clock.step(60.0)


async def play(world, calls: list[tuple[int, int, bool]], fates: list[Fate]) -> Play:
    world.settings = type(world.settings)(
        schedule=RetrySchedule((60.0,) * 50),
        poll_interval_s=0.002,
        hint_gap_s=0.0001,
        merge_window_s=0.0,
        failures_until_probing=3,
        records_per_message=3,
        max_in_flight=6,
        reserved_in_flight=2,
        max_in_flight_per_endpoint=3,
    )
    script = Play(world, fates)
    for number in range(3):
        application = world.add_application(f"app{number}")
        world.receivers.answers[application.status_url] = script.answer
        world.receivers.answers[application.cdr_url] = script.answer
    for number, (app, events, has_record) in enumerate(calls):
        stream = f"s{number}"
        names = [f"{stream}/{event}" for event in range(events)]
        await world.write(f"app{app}", *names, stream=stream)
        if has_record:
            record = f"{stream}/{events}"
            await world.write(f"app{app}", record, stream=stream, purpose=Purpose.RECORD)
    await script.until_all_is_delivered()
    return script


@given(calls=CALLS, fates=FATES)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_notice_arrives_under_one_id_and_in_the_order_of_its_call(new_world, calls, fates):
    script = asyncio.run(play(new_world(), calls, fates))
    written = {
        f"s{number}/{event}"
        for number, (_, events, has_record) in enumerate(calls)
        for event in range(events + has_record)
    }
    assert set(script.accepted) == written
    assert all(len(bodies) == 1 for bodies in script.bodies.values())
    for number, (_, events, _) in enumerate(calls):
        stream = f"s{number}"
        order = [int(name[3:]) for name in script.accepted if name.startswith(f"{stream}/")]
        # a record does not wait for an event that fails time after time
        if any(script.tries[f"{stream}/{event}"] >= RECORD_PATIENCE for event in range(events)):
            order = [place for place in order if place < events]
        assert order == sorted(order)
