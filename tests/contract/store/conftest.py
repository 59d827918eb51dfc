from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.store.making import Make

from maskline.services.store import Store
from maskline.stores.keys import FixedKeys
from maskline.stores.memory import MemoryStore
from maskline.stores.sqlite import SqliteStore


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture(params=["memory", "sqlite"])
async def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    store: Store = (
        MemoryStore()
        if request.param == "memory"
        else SqliteStore(tmp_path / "maskline.db", FixedKeys())
    )
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
