from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.store.making import Make
from tests.postgres import Cluster

from maskline.services.store import Store
from maskline.stores.keys import FixedKeys
from maskline.stores.memory import MemoryStore
from maskline.stores.postgres import PostgresLimits, PostgresStore
from maskline.stores.sqlite import SqliteStore


@pytest.fixture
def make() -> Make:
    return Make()


def _postgres(cluster: Cluster) -> Store:
    limits = PostgresLimits(pool_min=1, pool_max=4)
    return PostgresStore(cluster.socket_url(cluster.emptied()), FixedKeys(), limits=limits)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    store: Store
    if request.param == "memory":
        store = MemoryStore()
    elif request.param == "sqlite":
        store = SqliteStore(tmp_path / "maskline.db", FixedKeys())
    else:
        store = _postgres(request.getfixturevalue("postgres"))
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def store(empty_store: Store, make: Make) -> Store:
    """With one tenant, one application and one virtual number."""
    await empty_store.add_tenant(make.tenant())
    await empty_store.add_application(make.application())
    await empty_store.add_numbers([make.number()])
    return empty_store
