from dataclasses import replace
from datetime import UTC, datetime

from maskline.domain.application import Tenant
from maskline.domain.call_rule import CallBlock, CallPlace
from maskline.services.clock import SteppedClock
from maskline.services.ids import SystemIds
from maskline.services.person_erasure import PersonEraser
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 1, 2, tzinfo=UTC)
NUMBER = "+8613900001001"


async def test_an_erasure_takes_the_tenants_own_blocks_and_leaves_the_others():
    store, clock = MemoryStore(), SteppedClock(NOW)
    await store.open()
    own = CallBlock(
        block_id="own",
        place=CallPlace(tenant_id="t"),
        number=NUMBER,
        by_tenant=True,
        created_at=NOW,
    )
    for tenant_id in ("t", "u"):
        await store.add_tenant(Tenant(tenant_id=tenant_id, name=tenant_id, created_at=NOW))
    for block in (
        own,
        replace(own, block_id="of the platform", by_tenant=False),
        replace(own, block_id="of another tenant", place=CallPlace(tenant_id="u")),
        replace(own, block_id="of another number", number="+8613900001002"),
    ):
        await store.add_call_block(block, NOW)
    await PersonEraser(store, None, clock, SystemIds(), bytes(32)).erase(NUMBER, "t")
    assert await store.call_block("own") is None
    for block_id in ("of the platform", "of another tenant", "of another number"):
        assert await store.call_block(block_id) is not None
