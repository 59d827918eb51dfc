from dataclasses import replace

import pytest
from tests.contract.store.making import Make

from maskline.domain.audit import NOBODY, AuditFilter
from maskline.domain.error import TenantFull, UnknownRecord
from maskline.services.store import Store


async def test_events_are_listed_newest_first_behind_a_place(store: Store, make: Make):
    first, second, third = (make.audit_event(at, action=f"do_{at}") for at in (0, 5, 5))
    third = replace(third, kind=NOBODY, name="", user_id=None, tenant_id=None, before=b"")
    await store.add_audit_events([first, second])
    await store.add_audit_events([third])
    listed = await store.audit_events(AuditFilter(), None, 9)
    assert [one.event for one in listed] == [third, second, first]
    place = (listed[0].event.at, listed[0].sequence)
    behind = await store.audit_events(AuditFilter(), place, 1)
    assert [one.event for one in behind] == [second]
    await store.add_audit_events([])


async def test_events_are_found_by_what_they_are_about(store: Store, make: Make):
    plain = make.audit_event()
    others = {
        "tenant_id": replace(plain, tenant_id=None),
        "user_id": replace(plain, user_id="user-2"),
        "action": replace(plain, action="stop_call"),
        "target": replace(plain, target="/applications/app-2"),
    }
    await store.add_audit_events([plain, *others.values()])
    for field, other in others.items():
        wanted = AuditFilter(**{field: getattr(other, field) or ""})
        assert [one.event for one in await store.audit_events(wanted, None, 9)] == [other]
    both = AuditFilter(user_id="user-2", tenant_id=make.tenant_id)
    assert [one.event for one in await store.audit_events(both, None, 9)] == [others["user_id"]]


async def test_events_are_found_by_time_and_go_with_it(store: Store, make: Make):
    events = [make.audit_event(at) for at in (0, 10, 20, 30)]
    await store.add_audit_events(events)
    wanted = AuditFilter(since=make.after(10), until=make.after(30))
    assert [one.event for one in await store.audit_events(wanted, None, 9)] == events[2:0:-1]
    assert [await store.remove_audit_events(make.after(20), 1) for _ in "123"] == [1, 1, 0]
    left = await store.audit_events(AuditFilter(), None, 9)
    assert [one.event for one in left] == [events[3], events[2]]


async def test_a_token_is_found_with_whose_it_is(store: Store, make: Make):
    user = make.user()
    await store.add_user(user, 9)
    own, nobodys = make.api_token(user_id=user.user_id), make.api_token(user_id=None)
    for token in (own, nobodys):
        await store.add_api_token(token, make.now, 9)
    assert await store.api_token(own.digest) == (own, user)
    assert await store.api_token(nobodys.digest) == (nobodys, None)
    assert await store.api_token(b"of nobody") is None
    await store.use_api_token(own.digest, make.after(9), "192.0.2.9")
    used = replace(own, used_at=make.after(9), address="192.0.2.9")
    assert await store.api_tokens(make.tenant_id) == (used, nobodys)


async def test_tokens_are_bounded_listed_by_tenant_and_removed(store: Store, make: Make):
    token, staff = make.api_token(), make.api_token(tenant_id=None)
    for one in (token, staff):
        await store.add_api_token(one, make.now, 1)
    assert await store.api_tokens(None) == (token, staff)
    assert await store.api_tokens("") == (staff,)
    with pytest.raises(TenantFull):
        await store.add_api_token(make.api_token(), make.now, 1)
    with pytest.raises(UnknownRecord):
        await store.add_api_token(make.api_token(tenant_id="nobody"), make.now, 1)
    later = make.api_token(created_at=make.after(3600), expires_at=make.after(9999))
    await store.add_api_token(later, make.after(3600), 1)
    assert await store.api_tokens(make.tenant_id) == (later,)
    await store.remove_api_token(later.token_id)
    with pytest.raises(UnknownRecord):
        await store.remove_api_token(later.token_id)
