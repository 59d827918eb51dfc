"""What is told of calls to those who listen."""

from datetime import UTC, datetime

import pytest
from tests.contract.store.making import Make

from maskline.domain.error import UnknownRecord
from maskline.manage.event_topic import CallTopics
from maskline.services.clock import SteppedClock
from maskline.services.trace import TraceDesk
from maskline.stores.memory import MemoryStore


async def test_calls_are_told_to_their_tenant_with_masked_numbers():
    store, make = MemoryStore(), Make()
    await store.add_tenant(make.tenant())
    await store.add_application(make.application())
    call = make.call()
    await store.save_call(call, [])
    clock = SteppedClock(datetime(2026, 11, 20, tzinfo=UTC))
    topics = CallTopics(store, TraceDesk(store, lambda *_, **__: None, clock))
    own = await topics.live_calls(call.tenant_id, "")
    assert [one.session_id for one in own.items] == [call.session_id]
    assert call.caller not in str(own)
    assert (await topics.live_calls("another", "")).items == ()
    assert (await topics.call(None, call.session_id)).call.state == "arrived"
    with pytest.raises(UnknownRecord):
        await topics.call("another", call.session_id)
