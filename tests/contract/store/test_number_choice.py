import asyncio
from dataclasses import replace
from datetime import datetime

import pytest
from tests.contract.store.making import Make

from maskline.domain.error import AlreadyBound, NumberPoolExhausted
from maskline.domain.virtual_number import NumberState
from maskline.services.store import BindLimits, NumberChoice, Store

A, B, C = "+8613900000001", "+8613800000002", "+8613700000003"
SZ1, SZ2, GZ1, BJ1 = "+8617010000001", "+8617010000002", "+8617020000001", "+8617030000001"


@pytest.fixture
async def pool(empty_store: Store, make: Make):
    """Two numbers in Shenzhen, one in Guangzhou, one in Beijing."""
    await empty_store.add_tenant(make.tenant())
    await empty_store.add_application(make.application())
    await empty_store.add_application(make.application("other"))
    areas = {SZ1: "0755", SZ2: "0755", GZ1: "020", BJ1: "010"}
    await empty_store.add_numbers([make.number(n, area_code=a) for n, a in areas.items()])
    return empty_store


def _choice(*areas: str, any_area: bool = False) -> NumberChoice:
    return NumberChoice(area_codes=areas, any_area=any_area)


async def _bind(
    pool: Store,
    make: Make,
    choice: NumberChoice,
    a: str | None = None,
    b: str | None = None,
    *,
    limit: int = 5000,
    now: datetime | None = None,
) -> str:
    wanted = make.binding(a, b, x="")
    bound = await pool.bind(wanted, BindLimits(pairs=limit), now or make.now, choice)
    assert (await pool.binding(None, wanted.binding_id)) == bound
    assert (await pool.route(bound.x, wanted.a)).binding == bound
    return bound.x


async def test_pairs_are_spread_over_the_numbers_of_a_city(pool: Store, make: Make):
    picked = [await _bind(pool, make, _choice("0755")) for _ in range(4)]
    assert picked == [SZ1, SZ2, SZ1, SZ2]


async def test_cities_are_tried_in_order(pool: Store, make: Make):
    choice = _choice("0000", "020", "0755")
    assert await _bind(pool, make, choice, limit=1) == GZ1
    assert await _bind(pool, make, choice, limit=1) == SZ1
    assert await _bind(pool, make, choice, limit=1) == SZ2
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, choice, limit=1)


async def test_any_area_follows_the_named_cities(pool: Store, make: Make):
    choice = _choice("010", any_area=True)
    picked = [await _bind(pool, make, choice, limit=1) for _ in range(4)]
    assert picked == [BJ1, SZ1, SZ2, GZ1]
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, choice, limit=1)


async def test_any_area_alone_takes_the_least_loaded(pool: Store, make: Make):
    picked = {await _bind(pool, make, _choice(any_area=True)) for _ in range(4)}
    assert picked == {SZ1, SZ2, GZ1, BJ1}


async def test_no_city_and_not_any_area_finds_nothing(pool: Store, make: Make):
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, _choice())


async def test_numbers_that_know_a_party_are_passed_over(pool: Store, make: Make):
    choice = _choice("0755")
    assert await _bind(pool, make, choice, A, B) == SZ1
    assert await _bind(pool, make, choice, C, A) == SZ2
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, choice, A)
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, choice, None, A)
    assert await _bind(pool, make, choice, None, B) == SZ2


@pytest.mark.parametrize("state", [s for s in NumberState if not s.may_bind])
async def test_numbers_that_may_not_bind_are_passed_over(
    pool: Store, make: Make, state: NumberState
):
    await pool.save_number(make.number(SZ1, state=state))
    assert await _bind(pool, make, _choice("0755")) == SZ2


async def test_numbers_of_other_applications_are_passed_over(pool: Store, make: Make):
    await pool.add_numbers([make.number("+861700", app_key="other", area_code="0755")])
    assert await _bind(pool, make, _choice("0755", any_area=True)) == SZ1


async def test_expired_bindings_do_not_hold_a_number(pool: Store, make: Make):
    for x in (SZ1, SZ2):
        binding = make.binding(A, B, x=x, duration_s=10, expires_at=make.after(10))
        await pool.bind(binding, BindLimits(pairs=1), make.now, None)
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, _choice("0755"), A, B, limit=1, now=make.after(9))
    assert await _bind(pool, make, _choice("0755"), A, B, limit=1, now=make.after(10)) == SZ1


async def test_what_expired_elsewhere_before_does_not_exhaust_a_pool(pool: Store, make: Make):
    for _ in range(11):
        elsewhere = [replace(make.expiring(5), x=BJ1) for _ in range(100)]
        await asyncio.gather(
            *(pool.bind(one, BindLimits(pairs=5_000), make.now, None) for one in elsewhere)
        )
    await pool.bind(replace(make.expiring(10), x=GZ1), BindLimits(pairs=1), make.now, None)
    assert await _bind(pool, make, _choice("020"), limit=1, now=make.after(10)) == GZ1


async def test_of_full_numbers_the_one_with_the_fewest_live_pairs_is_taken(pool: Store, make: Make):
    for x, seconds in ((SZ1, 10), (SZ1, 99), (SZ1, 99), (SZ2, 10), (SZ2, 10), (SZ2, 99)):
        await pool.bind(replace(make.expiring(seconds), x=x), BindLimits(pairs=3), make.now, None)
    assert await _bind(pool, make, _choice("0755"), limit=3, now=make.after(10)) == SZ2
    number = await pool.number(SZ2)
    assert number is not None
    assert number.pairs == 2


async def test_a_party_with_itself_is_refused(pool: Store, make: Make):
    with pytest.raises(AlreadyBound):
        await _bind(pool, make, _choice("0755"), A, A)


async def test_an_unknown_application_has_no_numbers(pool: Store, make: Make):
    with pytest.raises(NumberPoolExhausted):
        await pool.bind(
            make.binding(app_key="nobody"), BindLimits(pairs=5), make.now, _choice(any_area=True)
        )
