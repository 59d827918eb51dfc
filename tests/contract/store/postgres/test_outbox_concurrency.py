"""Several processes write, claim and settle notices beside each other on one database."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence

from tests.contract.store.making import Make

from maskline.domain.notice import (
    RECORD_PATIENCE,
    FailedTry,
    Notice,
    Purpose,
    QueuedNotice,
)
from maskline.stores.postgres import PostgresStore

Workers = tuple[PostgresStore, PostgresStore]
STREAMS = [f"s{index}" for index in range(6)]
ORIGINS = {Purpose.STATUS: "https://one.example", Purpose.RECORD: "https://two.example"}
ROUNDS = 4


class _Delivery:
    """What workers deliver, in the order they did it, and how often they had it in hand at once."""

    def __init__(self, make: Make) -> None:
        self.written: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.delivered: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._make = make
        self._in_hand: set[int] = set()
        self._chance = random.Random(1)

    async def write(self, store: PostgresStore, stream: str) -> None:
        """A call's notices, some at a time, as its worker does."""
        for _ in range(ROUNDS):
            notices = [
                self._notice(stream, self._chance.choice(list(ORIGINS)))
                for _ in range(self._chance.randint(1, 3))
            ]
            await store.save_call(self._make.call(stream), notices)

    async def deliver(self, store: PostgresStore, purpose: Purpose, end: asyncio.Event) -> None:
        """Claim and settle until nothing is left; one try in four fails."""
        endpoint, make = self._make.endpoint(purpose=purpose), self._make
        while True:
            is_over = end.is_set()
            queued: Sequence[QueuedNotice]
            if purpose is Purpose.STATUS:
                queued = await store.claim(endpoint, make.now, make.after(60), 3)
            else:
                name = f"batch-{self._chance.random()}"
                queued = await store.claim_batch(endpoint, make.now, make.after(60), 3, name)
            if queued:
                await self._settle(store, queued)
            elif is_over and await store.outbox_depth() == (0, 0):
                return
            else:
                await asyncio.sleep(0.002)

    async def _settle(self, store: PostgresStore, queued: Sequence[QueuedNotice]) -> None:
        sequences = {one.sequence for one in queued}
        assert self._in_hand.isdisjoint(sequences)
        self._in_hand |= sequences
        await asyncio.sleep(0)
        # What has failed so often as that is passed by records behind it.
        may_fail = all(one.attempts < RECORD_PATIENCE for one in queued)
        fails = may_fail and self._chance.random() < 0.25
        if not fails:
            for one in queued:
                key = one.notice.stream, one.notice.origin
                self.delivered[key].append(one.notice.notice_id)
        self._in_hand -= sequences
        failed = [FailedTry(sequence=s, due_at=self._make.now, error="500") for s in sequences]
        await store.settle([] if fails else list(sequences), failed if fails else [])

    def _notice(self, stream: str, purpose: Purpose) -> Notice:
        made = self._make.notice(stream, purpose=purpose, origin=ORIGINS[purpose])
        self.written[stream, made.origin].append(made.notice_id)
        return made


async def test_nothing_is_held_for_ever_or_overtakes_what_goes_to_the_same_receiver(
    workers: Workers, make: Make
):
    delivery, end = _Delivery(make), asyncio.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as delivering:
        for index in range(8):
            purpose = list(ORIGINS)[index // 2 % 2]
            delivering.create_task(delivery.deliver(workers[index % 2], purpose, end))
        async with asyncio.TaskGroup() as writing:
            for index, stream in enumerate(STREAMS):
                writing.create_task(delivery.write(workers[index % 2], stream))
        end.set()
    assert delivery.delivered == delivery.written
