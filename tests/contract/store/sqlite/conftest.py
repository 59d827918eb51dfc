from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.contract.store.making import Make

from maskline.stores.keys import FixedKeys
from maskline.stores.sqlite import SqliteStore
from maskline.stores.sqlite.database import SqliteLimits

Opened = Callable[..., "SqliteStore"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "maskline.db"


@pytest.fixture
async def filled(path: Path, make: Make) -> AsyncIterator[SqliteStore]:
    """With one tenant, one application and one virtual number."""
    store = SqliteStore(path, FixedKeys(), limits=SqliteLimits(write_queue=2_000))
    await store.open()
    await store.add_tenant(make.tenant())
    await store.add_application(make.application())
    await store.add_numbers([make.number()])
    yield store
    await store.close()
