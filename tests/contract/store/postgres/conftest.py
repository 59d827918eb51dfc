from collections.abc import AsyncIterator

import pytest
from tests.contract.store.making import Make
from tests.postgres import Cluster

from maskline.stores.keys import FixedKeys
from maskline.stores.postgres import PostgresLimits, PostgresStore


@pytest.fixture
def url(postgres: Cluster) -> str:
    """An empty database."""
    return postgres.socket_url(postgres.emptied())


@pytest.fixture
async def workers(url: str, make: Make) -> AsyncIterator[tuple[PostgresStore, PostgresStore]]:
    """Two processes' stores on one database with one tenant, application and virtual number."""
    limits = PostgresLimits(pool_min=8, pool_max=8)
    stores = PostgresStore(url, FixedKeys(), limits=limits), PostgresStore(url, FixedKeys())
    for store in stores:
        await store.open()
    await stores[0].add_tenant(make.tenant())
    await stores[0].add_application(make.application())
    await stores[0].add_numbers([make.number()])
    yield stores
    for store in stores:
        await store.close()
