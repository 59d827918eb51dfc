"""Random histories of notices: both stores lease, hold back and release alike."""

import asyncio
import tempfile
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.contract.store.making import Make

from maskline.domain.notice import Endpoint, FailedTry, Purpose, QueuedNotice
from maskline.services.store import Store
from maskline.stores.keys import FixedKeys
from maskline.stores.memory import MemoryStore
from maskline.stores.sqlite import SqliteStore

STREAMS = ["s1", "s2", "s3"]
ORIGINS = ["https://one.example", "https://two.example"]
APPLICATIONS = ["app-1", "app-2"]
LEASE_S = 10
purposes = st.sampled_from(list(Purpose))
applications = st.sampled_from(APPLICATIONS)
notices = st.tuples(applications, purposes, st.sampled_from(ORIGINS))


class Outbox(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "maskline.db"
        self.stores: list[Store] = [MemoryStore(), SqliteStore(path, FixedKeys())]
        self.make = Make()
        self.seconds = 0.0
        self.batches = 0
        self.leased: dict[int, QueuedNotice] = {}
        for store in self.stores:
            self.runner.run(self._prepare(store))

    async def _prepare(self, store: Store) -> None:
        await store.open()
        await store.add_tenant(self.make.tenant())
        for app_key in APPLICATIONS:
            await store.add_application(self.make.application(app_key))

    def teardown(self) -> None:
        for store in self.stores:
            self.runner.run(store.close())
        self.runner.close()
        self.folder.cleanup()

    @property
    def now(self):
        return self.make.after(self.seconds)

    def both(self, operation: str, *arguments: Any) -> Any:
        """What both stores answer, which must be the same."""

        async def outcome(store: Store) -> Any:
            work: Awaitable[Any] = getattr(store, operation)(*arguments)
            return await work

        first, second = (self.runner.run(outcome(store)) for store in self.stores)
        assert first == second
        return first

    @rule(stream=st.sampled_from(STREAMS), wanted=st.lists(notices, min_size=1, max_size=3))
    def write(self, stream: str, wanted: list[tuple[str, Purpose, str]]):
        made = [
            self.make.notice(
                stream, app_key=app_key, purpose=purpose, origin=origin, created_at=self.now
            )
            for app_key, purpose, origin in wanted
        ]
        self.both("save_call", self.make.call(stream), made)

    @rule(app_key=applications, limit=st.integers(1, 4))
    def claim(self, app_key: str, limit: int):
        endpoint = Endpoint(app_key=app_key, purpose=Purpose.STATUS)
        self.remember(self.both("claim", endpoint, self.now, self.lease_end, limit))

    @rule(app_key=applications, limit=st.integers(1, 4))
    def claim_batch(self, app_key: str, limit: int):
        self.batches += 1
        endpoint = Endpoint(app_key=app_key, purpose=Purpose.RECORD)
        batch_id = f"batch-{self.batches}"
        queued = self.both("claim_batch", endpoint, self.now, self.lease_end, limit, batch_id)
        assert len({one.batch_id for one in queued}) <= 1
        self.remember(queued)

    @property
    def lease_end(self):
        return self.make.after(self.seconds + LEASE_S)

    def remember(self, queued: tuple[QueuedNotice, ...]) -> None:
        self.leased.update((one.sequence, one) for one in queued)

    @precondition(lambda self: self.leased)
    @rule(data=st.data())
    def settle(self, data: st.DataObject):
        chosen = data.draw(st.lists(st.sampled_from(sorted(self.leased)), unique=True))
        fates = [
            (one, data.draw(st.sampled_from(["delivered", "later", "dead"]))) for one in chosen
        ]
        delivered = [one for one, fate in fates if fate == "delivered"]
        later = self.make.after(self.seconds + 20)
        failed = [
            FailedTry(sequence=one, due_at=later if fate == "later" else None, error="HTTP 500")
            for one, fate in fates
            if fate != "delivered"
        ]
        self.both("settle", delivered, failed)
        for one in chosen:
            del self.leased[one]

    @rule(seconds=st.sampled_from([1, 5, 10, 20]))
    def wait(self, seconds: int):
        self.seconds += seconds

    @invariant()
    def both_tell_the_same(self):
        self.both("outbox_depth")
        self.both("next_due", self.now)
        for limit in (1, 10):
            self.both("due_endpoints", self.now, limit)


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
