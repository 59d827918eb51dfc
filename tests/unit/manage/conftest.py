from collections.abc import AsyncIterator

import pytest
from tests.unit.manage.operating import NOW, TOKEN, Calls, Operator

from maskline.manage.app import create_manage
from maskline.services.administration import Administration
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.stores.memory import MemoryStore


@pytest.fixture
async def operator() -> AsyncIterator[Operator]:
    store, clock, calls = MemoryStore(), SteppedClock(NOW), Calls()
    planes = {"call": True}
    await store.open()
    app = create_manage(
        store=store,
        administration=Administration(store, Directory(store, clock), clock, SystemIds()),
        calls=calls,
        clock=clock,
        token=TOKEN,
        version="1.2.3",
        checks=lambda: planes,
        max_body_bytes=5000,
    )
    yield Operator(app, store, calls, clock, planes)
    await store.close()
