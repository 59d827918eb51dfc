import pytest
from tests.contract.store.making import Make

from maskline.domain.error import DuplicateRecord, TenantFull, UnknownRecord
from maskline.services.store import Store


async def test_a_token_is_found_by_its_hash(store: Store, make: Make):
    token = make.tenant_token()
    await store.add_tenant_token(token, make.now, 9)
    assert await store.tenant_token(token.digest) == token
    assert await store.tenant_token(b"of nobody") is None


async def test_tokens_are_listed_by_tenant_oldest_first(store: Store, make: Make):
    await store.add_tenant(make.tenant("second"))
    late = make.tenant_token(created_at=make.after(5))
    early, foreign = make.tenant_token(), make.tenant_token(tenant_id="second")
    for token in (late, early, foreign):
        await store.add_tenant_token(token, make.now, 9)
    assert await store.tenant_tokens(make.tenant_id) == (early, late)
    assert await store.tenant_tokens("second") == (foreign,)
    assert await store.tenant_tokens("third") == ()


async def test_a_token_can_be_removed_by_its_tenant_only(store: Store, make: Make):
    await store.add_tenant(make.tenant("second"))
    token = make.tenant_token()
    await store.add_tenant_token(token, make.now, 9)
    with pytest.raises(UnknownRecord):
        await store.remove_tenant_token("second", token.token_id)
    await store.remove_tenant_token(make.tenant_id, token.token_id)
    assert await store.tenant_token(token.digest) is None
    with pytest.raises(UnknownRecord):
        await store.remove_tenant_token(make.tenant_id, token.token_id)


async def test_a_tenant_has_room_for_so_many_tokens_that_have_not_expired(store: Store, make: Make):
    first, second = make.tenant_token(), make.tenant_token(expires_at=make.after(7200))
    for token in (first, second):
        await store.add_tenant_token(token, make.now, 2)
    third = make.tenant_token(expires_at=make.after(7200))
    with pytest.raises(TenantFull):
        await store.add_tenant_token(third, make.after(3599), 2)
    assert len(await store.tenant_tokens(make.tenant_id)) == 2
    await store.add_tenant_token(third, make.after(3600), 2)
    assert await store.tenant_tokens(make.tenant_id) == (second, third)


async def test_a_token_of_nobody_or_a_second_of_one_hash_is_refused(store: Store, make: Make):
    with pytest.raises(UnknownRecord):
        await store.add_tenant_token(make.tenant_token(tenant_id="nobody"), make.now, 9)
    token = make.tenant_token()
    await store.add_tenant_token(token, make.now, 9)
    with pytest.raises(DuplicateRecord):
        await store.add_tenant_token(make.tenant_token(digest=token.digest), make.now, 9)
    with pytest.raises(DuplicateRecord):
        await store.add_tenant_token(make.tenant_token(token_id=token.token_id), make.now, 9)
