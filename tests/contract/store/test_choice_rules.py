import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from tests.contract.store.making import Make

from maskline.domain.binding import AxBinding
from maskline.domain.error import NumberPoolExhausted
from maskline.domain.number_choice import ChoiceRules, Repeat
from maskline.domain.virtual_number import LOCKED
from maskline.services.store import BindLimits, NumberChoice, Store

A, B, C = "+8613900000001", "+8613800000002", "+8613700000003"
SZ1, SZ2, SZ3, GZ1 = "+8617010000001", "+8617010000002", "+8617010000003", "+8617020000001"
HOUR = 3600


@pytest.fixture
async def pool(empty_store: Store, make: Make):
    """Three numbers in Shenzhen, one in Guangzhou."""
    await empty_store.add_tenant(make.tenant())
    await empty_store.add_application(make.application())
    areas = {SZ1: "0755", SZ2: "0755", SZ3: "0755", GZ1: "020"}
    await empty_store.add_numbers([make.number(n, area_code=a) for n, a in areas.items()])
    return empty_store


def _choice(*areas: str, any_area: bool = False, **rules: Any) -> NumberChoice:
    return NumberChoice(area_codes=areas, any_area=any_area, rules=ChoiceRules(**rules))


async def _bind(
    pool: Store,
    make: Make,
    choice: NumberChoice,
    a: str | None = None,
    b: str | None = None,
    *,
    at: float = 0,
    lives_s: int = 0,
    limit: int = 5000,
) -> tuple[str, str]:
    """The number that was chosen, and the id of the binding."""
    wanted = make.binding(a, b, x="")
    if lives_s:
        wanted = replace(wanted, duration_s=lives_s, expires_at=make.after(at + lives_s))
    bound = await pool.bind(wanted, BindLimits(pairs=limit), make.after(at), choice)
    assert (await pool.route(bound.x, wanted.a)).binding == bound
    return bound.x, bound.binding_id


async def _had(pool: Store, make: Make, x: str, a: str, b: str, until: float) -> None:
    """A pair that was bound on X until then."""
    binding = make.binding(a, b, x=x)
    await pool.bind(binding, BindLimits(pairs=5000), make.now, None)
    await pool.unbind(make.app_key, binding.binding_id, make.after(until))


async def _hold(pool: Store, make: Make, x: str, until: datetime) -> None:
    await pool.save_number(make.number(x, held_until=until))


@pytest.mark.parametrize("rules", [{}, {"cool_off_h": 1}], ids=["plain", "by rule"])
async def test_a_reserved_number_is_chosen_when_its_time_is_over_and_a_locked_one_never(
    pool: Store, make: Make, rules: dict[str, Any]
):
    await _hold(pool, make, SZ1, make.after(60))
    await _hold(pool, make, SZ2, LOCKED)
    choice = _choice("0755", **rules)
    assert (await _bind(pool, make, choice, at=59.9))[0] == SZ3
    assert (await _bind(pool, make, choice, at=60))[0] == SZ1
    await _hold(pool, make, SZ3, LOCKED)
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, choice, at=61, limit=1)
    held = await pool.number(SZ2)
    assert held is not None
    assert held.held_until == LOCKED
    # Who names it gets it.
    await pool.bind(make.binding(x=SZ2), BindLimits(pairs=1), make.now, None)


async def test_a_number_that_moves_is_held_no_more(pool: Store, make: Make):
    await pool.add_application(make.application("other"))
    await _hold(pool, make, GZ1, LOCKED)
    await pool.move_number(GZ1, make.app_key, "other")
    moved = await pool.number(GZ1)
    assert moved is not None
    assert moved.held_until is None


async def test_only_numbers_of_the_pool_are_chosen(pool: Store, make: Make):
    await pool.save_number(make.number(SZ2, tags=("east", 'a "vip" pool')))
    await pool.save_number(make.number(SZ3, tags=("vip",)))
    vip = _choice("0755", pool="vip")
    picked = [(await _bind(pool, make, vip))[0] for _ in range(2)]
    assert picked == [SZ3, SZ3]
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, _choice("0755", pool="vi"))
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, vip, limit=2)
    assert (await _bind(pool, make, _choice("0755", pool='a "vip" pool')))[0] == SZ2


async def test_cities_are_tried_in_order_and_the_least_used_number_is_taken_in_each(
    pool: Store, make: Make
):
    choice = _choice("010", "0755", "020", repeat=Repeat.STICKY)
    picked = [(await _bind(pool, make, choice, limit=1))[0] for _ in range(4)]
    assert picked == [SZ1, SZ2, SZ3, GZ1]
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, choice, limit=1)


@pytest.mark.parametrize("ends", ["unbound", "expired"])
async def test_a_sticky_pair_gets_the_number_that_it_had(pool: Store, make: Make, ends: str):
    sticky = _choice("0755", repeat=Repeat.STICKY)
    await pool.bind(make.binding(x=SZ1), BindLimits(pairs=9), make.now, None)
    if ends == "unbound":
        await _had(pool, make, SZ3, A, B, 10)
    else:
        expiring = replace(make.expiring(10, A, B), x=SZ3)
        await pool.bind(expiring, BindLimits(pairs=9), make.now, None)
    # Neither with another, nor as a pair of the other application's.
    assert (await _bind(pool, make, sticky, A, C, at=20))[0] == SZ2
    assert (await _bind(pool, make, sticky, A, B, at=20))[0] == SZ3


async def test_a_sticky_pair_is_known_in_both_orders_and_keeps_to_the_cities_and_pool_asked_for(
    pool: Store, make: Make
):
    await _had(pool, make, GZ1, A, B, 10)
    sticky: dict[str, Any] = {"repeat": Repeat.STICKY}
    assert (await _bind(pool, make, _choice("0755", **sticky), B, A, at=20, lives_s=1))[0] == SZ1
    await _had(pool, make, GZ1, A, B, 30)
    anywhere = _choice("0755", any_area=True, **sticky)
    assert (await _bind(pool, make, anywhere, B, A, at=40, lives_s=1))[0] == GZ1
    await pool.save_number(make.number(SZ2, tags=("vip",)))
    of_pool = _choice(any_area=True, pool="vip", **sticky)
    assert (await _bind(pool, make, of_pool, B, A, at=50))[0] == SZ2


async def test_a_sticky_pair_whose_number_is_taken_gets_another(pool: Store, make: Make):
    await _had(pool, make, SZ2, A, B, 10)
    await pool.bind(make.binding(C, A, x=SZ2), BindLimits(pairs=9), make.now, None)
    choice = _choice("0755", repeat=Repeat.STICKY)
    assert (await _bind(pool, make, choice, A, B, at=20))[0] == SZ1


async def test_a_pair_that_avoids_its_last_number_gets_it_only_where_there_is_no_other(
    pool: Store, make: Make
):
    await _had(pool, make, SZ1, A, B, 10)
    avoid: dict[str, Any] = {"repeat": Repeat.AVOID}
    x, binding_id = await _bind(pool, make, _choice("0755", **avoid), A, B, at=20)
    assert x == SZ2
    await pool.unbind(make.app_key, binding_id, make.after(21))
    assert (await _bind(pool, make, _choice("0755", **avoid), A, B, at=30, lives_s=1))[0] == SZ1
    await _had(pool, make, GZ1, A, B, 40)
    assert (await _bind(pool, make, _choice("020", **avoid), A, B, at=50))[0] == GZ1


async def test_a_number_rests_for_either_party_until_the_edge_of_its_hours(pool: Store, make: Make):
    await _had(pool, make, SZ1, A, B, 10)
    choice = _choice("0755", cool_off_h=2)
    early, late = 10 + 2 * HOUR - 0.001, 10 + 2 * HOUR
    assert (await _bind(pool, make, choice, C, A, at=early, lives_s=1))[0] == SZ2
    assert (await _bind(pool, make, choice, B, C, at=early, lives_s=1))[0] == SZ3
    assert (await _bind(pool, make, choice, at=early, lives_s=1))[0] == SZ1
    # What B and C had, now rests for both.
    assert (await _bind(pool, make, choice, B, make.binding().a, at=late))[0] == SZ1


async def test_what_has_expired_and_was_not_swept_rests_as_well(pool: Store, make: Make):
    expiring = replace(make.expiring(10, A, B), x=SZ1)
    await pool.bind(expiring, BindLimits(pairs=9), make.now, None)
    choice = _choice("0755", cool_off_h=1)
    assert (await _bind(pool, make, choice, A, B, at=20))[0] == SZ2


async def test_a_sticky_pair_gets_its_number_though_it_rests(pool: Store, make: Make):
    await _had(pool, make, SZ2, A, B, 10)
    choice = _choice("0755", repeat=Repeat.STICKY, cool_off_h=1)
    assert (await _bind(pool, make, choice, A, C, at=15))[0] == SZ1
    assert (await _bind(pool, make, choice, A, B, at=20))[0] == SZ2


async def test_a_pool_that_rests_as_a_whole_is_exhausted(pool: Store, make: Make):
    await _had(pool, make, GZ1, A, B, 10)
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, _choice("020", cool_off_h=1), A, at=20)


async def test_expired_bindings_make_room_by_rule_as_well(pool: Store, make: Make):
    await pool.bind(replace(make.expiring(10), x=GZ1), BindLimits(pairs=1), make.now, None)
    choice = _choice("020", cool_off_h=1)
    with pytest.raises(NumberPoolExhausted):
        await _bind(pool, make, choice, at=9, limit=1)
    assert (await _bind(pool, make, choice, at=10, limit=1))[0] == GZ1


async def test_an_a_of_ax_is_sticky_and_rests_alone(pool: Store, make: Make):
    limits = BindLimits(pairs=1, numbers_of_a=5)

    async def bound(a: str, choice: NumberChoice | None, at: float, x: str = "") -> AxBinding:
        wanted = AxBinding(**make.shared(a, x=x))
        return await pool.bind(wanted, limits, make.after(at), choice)

    had = await bound(A, None, 0, SZ2)
    await pool.unbind(make.app_key, had.binding_id, make.after(10))
    resting = _choice("0755", cool_off_h=1)
    assert (await bound(B, resting, 20)).x == SZ1
    assert (await bound(A, resting, 20)).x == SZ3
    assert (await bound(A, _choice("0755", repeat=Repeat.STICKY), 30)).x == SZ2


async def test_many_binds_at_once_by_rule_are_all_made(pool: Store, make: Make):
    choice = _choice("0755", any_area=True, repeat=Repeat.STICKY, cool_off_h=1)
    picked = await asyncio.gather(*(_bind(pool, make, choice, limit=5) for _ in range(20)))
    numbers = [x for x, _ in picked]
    assert {x: numbers.count(x) for x in set(numbers)} == dict.fromkeys((SZ1, SZ2, SZ3, GZ1), 5)
