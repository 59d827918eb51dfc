import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.trunk import Trunk
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.stores.memory import MemoryStore

NOW = datetime(2024, 6, 11, tzinfo=UTC)


class CountingStore(MemoryStore):
    """Counts reads, and holds them up while `gate` is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def application(self, app_key):
        self.reads += 1
        found = await super().application(app_key)
        await self.gate.wait()
        return found

    async def trunks(self):
        self.reads += 1
        found = await super().trunks()
        await self.gate.wait()
        return found


@pytest.fixture
def clock():
    return SteppedClock(NOW)


@pytest.fixture
async def store():
    store = CountingStore()
    for tenant_id in ("t1", "t2"):
        await store.add_tenant(Tenant(tenant_id=tenant_id, name=tenant_id, created_at=NOW))
    for number in range(4):
        await store.add_application(application(f"key-{number}", f"t{number % 2 + 1}"))
    return store


def application(app_key, tenant_id="t1"):
    return Application(
        app_key=app_key, tenant_id=tenant_id, name=app_key, mode=Mode.AXB, secret="s",
        created_at=NOW,
    )  # fmt: skip


@pytest.fixture
def directory(store, clock):
    return Directory(store, clock)


async def test_an_application_comes_with_its_tenant(directory):
    app, tenant = await directory.application("key-1")

    assert (app.app_key, tenant.tenant_id) == ("key-1", "t2")


async def test_it_is_read_once_a_second(store, directory, clock):
    assert directory.cached("key-0") is None
    for _ in range(10):
        await directory.application("key-0")
    clock.step(0.999)
    assert directory.cached("key-0") == await directory.application("key-0")
    assert store.reads == 1

    clock.step(0.001)
    assert directory.cached("key-0") is None
    await directory.application("key-0")
    assert store.reads == 2


async def test_a_tenant_is_read_once_a_second_for_all_its_applications(
    store, directory, clock, monkeypatch
):
    reads, read = [], store.tenant

    async def counted(tenant_id):
        reads.append(tenant_id)
        return await read(tenant_id)

    monkeypatch.setattr(store, "tenant", counted)
    await asyncio.gather(*(directory.application(key) for key in ("key-0", "key-0", "key-1")))
    clock.step(0.5)
    await directory.application("key-2")
    assert reads == ["t1", "t2"]
    reads.clear()

    await store.save_tenant(Tenant(tenant_id="t1", name="new", created_at=NOW))
    clock.step(0.5)
    assert directory.cached("key-2") is None
    assert (await directory.application("key-2"))[1].name == "new"
    assert reads == ["t1"]


async def test_an_application_is_read_once_for_all_who_want_it_at_the_same_moment(
    store, directory, clock
):
    await directory.application("key-0")
    clock.step(1)
    store.gate.clear()
    asking = [asyncio.create_task(directory.application("key-0")) for _ in range(3)]
    await asyncio.sleep(0)
    asking.pop(0).cancel()  # the one that had begun the read
    await asyncio.sleep(0.01)
    store.gate.set()

    assert [app.app_key for app, _ in await asyncio.gather(*asking)] == ["key-0"] * 2
    # The first, what was given up, and the one in its place.
    assert store.reads == 3


async def test_who_asks_after_a_change_does_not_get_what_was_read_before(store, directory):
    store.gate.clear()
    before = asyncio.create_task(directory.application("key-0"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await store.save_application(replace(application("key-0"), name="new"))
    directory.forget_application("key-0")
    after = asyncio.create_task(directory.application("key-0"))
    await asyncio.sleep(0)
    store.gate.set()

    assert [(await one)[0].name for one in (before, after)] == ["key-0", "new"]


async def test_a_change_by_another_process_is_seen_after_a_second(store, directory, clock):
    await directory.application("key-0")
    await store.save_application(replace(application("key-0"), name="new"))

    clock.step(1)

    assert (await directory.application("key-0"))[0].name == "new"


async def test_while_changes_are_told_it_is_read_twice_a_minute(store, directory, clock):
    for _ in range(60):
        directory.hear_all()
        await directory.application("key-0")
        clock.step(0.5)
    assert store.reads == 1

    await directory.application("key-0")
    assert store.reads == 2
    directory.forget_application("key-0")
    await directory.application("key-0")
    assert store.reads == 3


async def test_once_nothing_is_heard_any_more_it_is_read_every_second_again(
    store, directory, clock
):
    await directory.application("key-0")
    directory.hear_all()
    clock.step(0.999)
    assert directory.cached("key-0") is not None

    clock.step(0.001)
    assert directory.cached("key-0") is None


async def test_without_other_processes_every_change_is_told(store, clock):
    directory = Directory(store, clock, is_told=True)
    await directory.application("key-0")

    clock.step(29.9)
    assert directory.cached("key-0") is not None


async def test_a_change_by_this_process_is_seen_at_once(store, directory):
    await directory.application("key-0")
    await store.save_application(replace(application("key-0"), name="new"))
    directory.forget_application("key-0")

    assert (await directory.application("key-0"))[0].name == "new"


async def test_a_change_of_a_tenant_is_seen_in_all_its_applications(store, directory):
    for number in range(4):
        await directory.application(f"key-{number}")
    await store.save_tenant(Tenant(tenant_id="t1", name="new", created_at=NOW))
    directory.forget_tenant("t1")

    assert directory.cached("key-1") is not None
    assert [(await directory.application(k))[1].name for k in ("key-0", "key-2")] == ["new"] * 2


async def test_a_read_that_began_before_a_change_does_not_bring_the_old_value_back(
    store, directory
):
    store.gate.clear()
    slow = asyncio.create_task(directory.application("key-0"))
    await asyncio.sleep(0)
    await store.save_application(replace(application("key-0"), name="new"))
    directory.forget_application("key-0")
    store.gate.set()
    await slow

    assert (await directory.application("key-0"))[0].name == "new"


async def test_an_unknown_key_is_none_and_not_kept(store, directory):
    assert await directory.application("nobody") is None
    await store.add_application(application("nobody"))

    assert await directory.application("nobody") is not None


async def test_the_oldest_goes_when_the_directory_is_full(store, clock):
    directory = Directory(store, clock, max_applications=2)
    for number in (0, 1, 0, 2):
        await directory.application(f"key-{number}")

    assert directory.cached("key-0") is None
    assert directory.cached("key-1") is not None
    assert directory.cached("key-2") is not None


async def test_trunks_are_read_once_a_second_and_at_once_after_a_change(store, directory, clock):
    assert await directory.trunks() == ()
    await store.save_trunk(Trunk(name="one", host="192.0.2.1"))
    assert await directory.trunks() == ()
    assert store.reads == 1

    clock.step(1)
    assert [trunk.name for trunk in await directory.trunks()] == ["one"]

    await store.save_trunk(Trunk(name="two", host="192.0.2.2"))
    directory.forget_trunks()
    assert [trunk.name for trunk in await directory.trunks()] == ["one", "two"]


async def test_trunks_read_before_a_change_are_not_kept(store, directory):
    store.gate.clear()
    slow = asyncio.create_task(directory.trunks())
    await asyncio.sleep(0)
    await store.save_trunk(Trunk(name="one", host="192.0.2.1"))
    directory.forget_trunks()
    store.gate.set()
    await slow

    assert [trunk.name for trunk in await directory.trunks()] == ["one"]


async def test_an_application_whose_tenant_is_gone_is_none(store, directory, monkeypatch):
    async def no_tenant(_: str) -> None:
        return None

    monkeypatch.setattr(store, "tenant", no_tenant)

    assert await directory.application("key-0") is None
