from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.application import Tenant
from maskline.domain.error import InvalidParameter, TenantFull, UnknownRecord
from maskline.domain.tenant_token import MAX_TOKENS
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds, SystemIds
from maskline.services.tenant_token import TenantTokens
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 7, 29, 8, 0, tzinfo=UTC)
TENANT = Tenant(tenant_id="shop", name="Shop", created_at=NOW)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOW)


@pytest.fixture
async def store() -> MemoryStore:
    store = MemoryStore()
    await store.add_tenant(TENANT)
    return store


@pytest.fixture
def tokens(store: MemoryStore, clock: SteppedClock) -> TenantTokens:
    return TenantTokens(store, clock, SystemIds())


async def test_a_token_names_its_tenant_for_a_day(tokens: TenantTokens, clock: SteppedClock):
    token, secret = await tokens.issue("shop")
    assert token.expires_at == NOW + timedelta(hours=24)
    assert len(secret) == 43
    clock.step(24 * 3600 - 1)
    assert await tokens.tenant_of(secret) == TENANT
    assert await tokens.tokens("shop") == (token,)
    clock.step(1)
    assert await tokens.tenant_of(secret) is None
    assert await tokens.tokens("shop") == ()


async def test_only_the_hash_of_a_token_is_kept(tokens: TenantTokens, store: MemoryStore):
    token, secret = await tokens.issue("shop", hours=1)
    assert secret not in repr(await store.tenant_tokens("shop"))
    assert secret.encode() not in token.digest
    assert await tokens.tenant_of(token.token_id) is None


@pytest.mark.parametrize("secret", ["", "no token", "\udcff", "x" * 5000])
async def test_another_text_names_nobody(tokens: TenantTokens, secret: str):
    await tokens.issue("shop")
    assert await tokens.tenant_of(secret) is None


async def test_a_removed_token_is_good_no_more(tokens: TenantTokens):
    token, secret = await tokens.issue("shop")
    with pytest.raises(UnknownRecord):
        await tokens.remove("other", token.token_id)
    await tokens.remove("shop", token.token_id)
    assert await tokens.tenant_of(secret) is None
    with pytest.raises(UnknownRecord):
        await tokens.remove("shop", token.token_id)


async def test_tokens_are_bounded_in_time_and_number(store: MemoryStore, clock: SteppedClock):
    tokens = TenantTokens(store, clock, CountedIds())
    for hours in (0, -1, 87_601):
        with pytest.raises(InvalidParameter):
            await tokens.issue("shop", hours)
    for _ in range(MAX_TOKENS):
        await tokens.issue("shop", 1)
    with pytest.raises(TenantFull):
        await tokens.issue("shop", 1)
    clock.step(3600)
    await tokens.issue("shop", 1)


async def test_a_tenant_that_is_not_there_has_no_tokens(tokens: TenantTokens):
    with pytest.raises(UnknownRecord):
        await tokens.issue("nobody")
    with pytest.raises(UnknownRecord):
        await tokens.tokens("nobody")
