"""AXYB in the store: relations (AX) and their YB parts (`spec/axyb.md` 1)."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest
from tests.contract.store.making import Make

from maskline.domain.binding import CallDirection, Role, VoiceOptions, XyRelation, YbBinding
from maskline.domain.error import (
    AlreadyBound,
    DuplicateRecord,
    NumberPoolExhausted,
    TooManyNumbers,
    UnknownRecord,
)
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import NumberState
from maskline.services.list_filter import NumberFilter
from maskline.services.store import BindingFilter, BindLimits, NumberChoice, Page, Store

A, A2, B, B2, C = (f"+861390000000{index}" for index in range(5))
SZ1, SZ2, SZ3, GZ1 = "+8617010000001", "+8617010000002", "+8617010000003", "+8617020000001"
AREAS = {SZ1: "0755", SZ2: "0755", SZ3: "0755", GZ1: "020"}
SHENZHEN = NumberChoice(area_codes=("0755",), any_area=False)
ANYWHERE = NumberChoice(area_codes=("0755",), any_area=True)
OF_X, OF_Y = BindLimits(pairs=1), BindLimits(pairs=1000)


@pytest.fixture
async def pool(empty_store: Store, make: Make):
    """Three numbers in Shenzhen, one in Guangzhou."""
    await empty_store.add_tenant(make.tenant())
    await empty_store.add_application(make.application())
    await empty_store.add_application(make.application("other"))
    await empty_store.add_numbers([make.number(n, area_code=a) for n, a in AREAS.items()])
    return empty_store


async def _relate(
    pool: Store, make: Make, a: str = A, *, life: int = 0, limits: BindLimits = OF_X
) -> XyRelation:
    return await pool.bind(make.relation(a, life=life), limits, make.now, ANYWHERE)


async def _join(
    pool: Store,
    make: Make,
    relation: XyRelation,
    b: str = B,
    *,
    life: int = 0,
    limits: BindLimits = OF_Y,
    now: datetime | None = None,
    choice: NumberChoice = ANYWHERE,
) -> YbBinding:
    return await pool.bind_yb(make.part(relation, b, life=life), limits, now or make.now, choice)


async def _pairs(pool: Store) -> dict[str, int]:
    return {
        row.number: row.pairs
        for row in (await pool.numbers(NumberFilter(), Page())).rows
        if row.pairs
    }


async def test_a_relation_and_a_part_are_found_with_every_field(pool: Store, make: Make):
    relation = replace(
        make.relation(A, life=600),
        direction=CallDirection.B_TO_A,
        yb_duration_s=300,
        voice=VoiceOptions(record=True, record_hint_tone="hint.wav", a_waiting_tone="x.wav"),
        user_data="订单 42",
    )
    relation = await pool.bind(relation, OF_X, make.now, SHENZHEN)
    part = replace(
        make.part(relation, B, life=300),
        direction=CallDirection.B_TO_A,
        voice=replace(relation.voice, b_waiting_tone="y.wav"),
        user_data="B's own",
    )
    part = await pool.bind_yb(part, OF_Y, make.now, SHENZHEN)
    assert (relation.x, part.y) == (SZ1, SZ2)
    assert await pool.binding(make.app_key, relation.binding_id) == relation
    assert await pool.binding(None, part.binding_id) == part
    assert await pool.binding("other", part.binding_id) is None
    assert await _pairs(pool) == {SZ1: 1, SZ2: 1}


async def test_calls_find_the_part_of_their_caller_or_the_relation(pool: Store, make: Make):
    relation = await _relate(pool, make)
    part = await _join(pool, make, relation)

    async def found(number: str, caller: str):
        route = await pool.route(number, caller)
        return route.binding, route.role

    assert await found(part.x, B) == (part, Role.B)
    assert await found(part.y, A) == (part, Role.A)
    assert await found(part.x, A) == (relation, Role.A)
    assert await found(part.x, C) == (relation, Role.B)
    assert await found(part.y, B) == (None, None)
    assert await found(part.y, C) == (None, None)


async def test_a_b_behind_a_y_is_known_by_it(pool: Store, make: Make):
    part = await _join(pool, make, await _relate(pool, make), life=10)
    assert await pool.holds_y(part.y, B, make.after(9))
    assert not await pool.holds_y(part.y, B, make.after(10))
    assert not await pool.holds_y(part.y, A, make.now)
    assert not await pool.holds_y(part.y, C, make.now)
    assert not await pool.holds_y(part.x, B, make.now)


async def test_an_x_belongs_to_one_a(pool: Store, make: Make):
    relations = [await _relate(pool, make, a) for a in (A, A2, B, C)]
    assert {relation.x for relation in relations} == set(AREAS)
    with pytest.raises(NumberPoolExhausted):
        await _relate(pool, make, B2)


async def test_an_a_has_as_many_x_as_one_may(pool: Store, make: Make):
    two = replace(OF_X, numbers_of_a=2)
    first = await _relate(pool, make, limits=two)
    second = await _relate(pool, make, limits=two)
    assert first.x != second.x
    with pytest.raises(TooManyNumbers):
        await _relate(pool, make, limits=two)
    await _join(pool, make, await _relate(pool, make, A2, limits=two), A)
    await pool.unbind(make.app_key, first.binding_id, make.now)
    await _relate(pool, make, limits=two)


async def test_a_y_serves_one_b_of_a_relation(pool: Store, make: Make):
    relation = await _relate(pool, make)
    parts = [await _join(pool, make, relation, b) for b in (B, B2, C)]
    assert {relation.x, *(part.y for part in parts)} == set(AREAS)
    with pytest.raises(NumberPoolExhausted):
        await _join(pool, make, relation, A2)


async def test_a_y_serves_many_relations_and_is_taken_again_first(pool: Store, make: Make):
    one, two = await _relate(pool, make, A), await _relate(pool, make, A2)
    first, second = await _join(pool, make, one, B), await _join(pool, make, two, B2)
    assert first.y == second.y
    assert (await pool.route(first.y, A)).binding == first
    assert (await pool.route(first.y, A2)).binding == second
    assert (await _pairs(pool))[first.y] == 2


async def test_two_relations_of_one_a_have_different_ys(pool: Store, make: Make):
    """Else A could not say which of the two it dials."""
    one, two = await _relate(pool, make, A), await _relate(pool, make, A)
    assert (await _join(pool, make, one)).y != (await _join(pool, make, two)).y


async def test_a_y_is_full_at_its_capacity(pool: Store, make: Make):
    once = BindLimits(pairs=1)
    one, two = await _relate(pool, make, A), await _relate(pool, make, A2)
    first = await _join(pool, make, one, limits=once)
    second = await _join(pool, make, two, limits=once)
    assert first.y != second.y
    with pytest.raises(NumberPoolExhausted):
        await _join(pool, make, one, B2, limits=once)


async def test_an_x_is_never_chosen_as_y_nor_a_y_as_x(pool: Store, make: Make):
    relation = await _relate(pool, make)
    part = await _join(pool, make, relation)
    others = [await _relate(pool, make, a) for a in (A2, C)]
    taken = {relation.x, *(other.x for other in others)}
    assert part.y not in taken
    with pytest.raises(NumberPoolExhausted):
        await _relate(pool, make, B)
    joined = [await _join(pool, make, other, B) for other in others]
    assert {other.y for other in joined} == {part.y}


async def test_a_b_has_one_y_in_a_relation_however_many_calls_ask_at_once(pool: Store, make: Make):
    relation = await _relate(pool, make)
    outcomes = await asyncio.gather(
        *(_join(pool, make, relation) for _ in range(20)), return_exceptions=True
    )
    won = [outcome for outcome in outcomes if isinstance(outcome, YbBinding)]
    assert len(won) == 1
    assert sum(isinstance(outcome, AlreadyBound) for outcome in outcomes) == 19
    assert (await pool.route(relation.x, B)).binding == won[0]
    assert await _pairs(pool) == {relation.x: 1, won[0].y: 1}


async def test_a_is_no_b_of_its_own_relation(pool: Store, make: Make):
    relation = await _relate(pool, make)
    with pytest.raises(AlreadyBound):
        await _join(pool, make, relation, A)


@pytest.mark.parametrize("state", [s for s in NumberState if not s.may_bind])
async def test_numbers_that_may_not_bind_serve_as_no_y(pool: Store, make: Make, state: NumberState):
    relation = await _relate(pool, make)
    await pool.save_number(make.number(SZ2, area_code="0755", state=state))
    assert (await _join(pool, make, relation, choice=SHENZHEN)).y == SZ3


async def test_a_y_is_of_the_city_that_was_asked_for(pool: Store, make: Make):
    relation = await _relate(pool, make)
    guangzhou = NumberChoice(area_codes=("020",), any_area=False)
    assert (await _join(pool, make, relation, choice=guangzhou)).y == GZ1
    with pytest.raises(NumberPoolExhausted):
        await _join(pool, make, relation, B2, choice=guangzhou)
    assert (await _join(pool, make, relation, B2, choice=SHENZHEN)).y == SZ2


async def test_a_y_takes_no_more_parts_in_a_day_than_it_may(pool: Store, make: Make):
    once = replace(OF_Y, binds_a_day=1)
    one, two = await _relate(pool, make, A), await _relate(pool, make, A2)
    first = await _join(pool, make, one, limits=once)
    assert (await _join(pool, make, two, limits=once)).y != first.y
    tomorrow = make.after(86_400)
    assert (await _join(pool, make, two, B2, limits=once, now=tomorrow)).y == first.y


async def test_a_part_needs_a_live_relation_of_its_application(pool: Store, make: Make):
    relation = await _relate(pool, make, life=10)
    with pytest.raises(UnknownRecord):
        await _join(pool, make, replace(relation, binding_id="none"))
    with pytest.raises(UnknownRecord):
        await _join(pool, make, replace(relation, app_key="other"))
    with pytest.raises(UnknownRecord):
        await _join(pool, make, relation, now=make.after(10))
    assert await _pairs(pool) == {relation.x: 1}


async def test_a_part_has_an_id_of_its_own(pool: Store, make: Make):
    relation = await _relate(pool, make)
    part = replace(make.part(relation, B), binding_id=relation.binding_id)
    with pytest.raises(DuplicateRecord):
        await pool.bind_yb(part, OF_Y, make.now, ANYWHERE)
    assert await _pairs(pool) == {relation.x: 1}
    assert (await pool.route(relation.x, B)).binding == relation


async def test_a_part_can_go_alone(pool: Store, make: Make):
    relation = await _relate(pool, make)
    part, other = await _join(pool, make, relation, B), await _join(pool, make, relation, B2)
    await pool.unbind(make.app_key, part.binding_id, make.now)
    assert (await pool.route(part.x, B)).binding == relation
    assert (await pool.route(part.y, A)).binding is None
    assert (await pool.route(other.y, A)).binding == other
    assert await _pairs(pool) == {relation.x: 1, other.y: 1}
    again = await _join(pool, make, relation, B)
    assert again.y == part.y


async def test_a_relation_takes_its_parts_with_it(pool: Store, make: Make):
    relation, kept = await _relate(pool, make, A), await _relate(pool, make, A2)
    parts = [await _join(pool, make, relation, b) for b in (B, B2)]
    other = await _join(pool, make, kept, B)
    await pool.unbind(make.app_key, relation.binding_id, make.now)
    for binding in (relation, *parts):
        assert await pool.binding(None, binding.binding_id) is None
    for number, caller in ((relation.x, A), (relation.x, B), (relation.x, C), (parts[0].y, A)):
        assert (await pool.route(number, caller)).binding is None
    assert (await pool.route(other.x, B)).binding == other
    assert await _pairs(pool) == {kept.x: 1, other.y: 1}
    await pool.unbind(make.app_key, kept.binding_id, make.now)
    assert await _pairs(pool) == {}


async def test_numbers_that_were_x_and_y_may_change_parts_afterwards(pool: Store, make: Make):
    relation = await _relate(pool, make)
    part = await _join(pool, make, relation, choice=SHENZHEN)
    await pool.unbind(make.app_key, relation.binding_id, make.now)
    taken = [(await _relate(pool, make, a)).x for a in (A2, C, B)]
    assert part.y in taken
    last = await _relate(pool, make, B2)
    await pool.unbind(make.app_key, last.binding_id, make.now)
    one = (await pool.bindings(BindingFilter(), make.now, Page())).rows[0]
    assert (await _join(pool, make, one, C)).y == last.x


async def test_all_of_an_x_can_be_removed_at_once(pool: Store, make: Make):
    relation = await _relate(pool, make)
    await _join(pool, make, relation)
    assert await pool.unbind_number(make.app_key, relation.x, make.now) == 2
    assert await _pairs(pool) == {}


async def test_a_part_that_expires_leaves_its_relation(pool: Store, make: Make):
    relation = await _relate(pool, make)
    part = await _join(pool, make, relation, life=10)
    found = await pool.route(part.x, B)
    assert (found.binding, found.role) == (part, Role.B)
    assert await pool.remove_expired(make.after(10), 9) == 1
    assert (await pool.route(part.x, B)).binding == relation
    assert (await pool.route(part.y, A)).binding is None
    assert await _pairs(pool) == {relation.x: 1}


async def test_an_expired_part_makes_way_for_a_new_one_of_the_same_b(pool: Store, make: Make):
    relation = await _relate(pool, make)
    old = await _join(pool, make, relation, life=10)
    with pytest.raises(AlreadyBound):
        await _join(pool, make, relation, now=make.after(9))
    new = await _join(pool, make, relation, now=make.after(10))
    assert await pool.binding(None, old.binding_id) is None
    assert (await pool.route(new.y, A)).binding == new
    assert await _pairs(pool) == {relation.x: 1, new.y: 1}


async def test_an_expired_part_does_not_keep_its_y_from_another_b(pool: Store, make: Make):
    relation = await _relate(pool, make)
    old = await _join(pool, make, relation, B, life=10, choice=SHENZHEN)
    new = await _join(pool, make, relation, B2, now=make.after(10), choice=SHENZHEN)
    assert new.y == old.y
    assert await pool.binding(None, old.binding_id) is None
    assert (await pool.route(relation.x, B)).binding == relation
    assert await _pairs(pool) == {relation.x: 1, new.y: 1}


async def test_a_relation_that_expires_ends_all(pool: Store, make: Make):
    relation = await _relate(pool, make, life=10)
    part = await _join(pool, make, relation, life=10)
    longer = await _join(pool, make, relation, B2)
    found = await pool.bindings(BindingFilter(relation_id=relation.binding_id), make.now, Page())
    assert found.rows == (part, longer)
    await pool.remove_expired(make.after(10), 1)
    await pool.remove_expired(make.after(10), 9)
    assert len((await pool.bindings(BindingFilter(), make.now, Page())).rows) == 0
    assert await _pairs(pool) == {}
    number = await pool.number(relation.x)
    assert await pool.route(relation.x, B) == RouteFound(number=number)


async def test_an_expired_relation_does_not_keep_its_x(pool: Store, make: Make):
    for a in (A, A2, B, C):
        await _relate(pool, make, a, life=10)
    with pytest.raises(NumberPoolExhausted):
        await pool.bind(make.relation(B2), OF_X, make.after(9), SHENZHEN)
    assert (await pool.bind(make.relation(B2), OF_X, make.after(10), SHENZHEN)).x == SZ1


async def test_parts_are_listed_by_relation_and_by_x(pool: Store, make: Make):
    relation, other = await _relate(pool, make, A), await _relate(pool, make, A2)
    parts = [await _join(pool, make, relation, b) for b in (B, B2)]
    elsewhere = await _join(pool, make, other, B)

    async def found(**wanted: str):
        return list((await pool.bindings(BindingFilter(**wanted), make.now, Page())).rows)

    assert await found(relation_id=relation.binding_id) == parts
    assert await found(relation_id=other.binding_id) == [elsewhere]
    assert await found(relation_id="none") == []
    assert await found(app_key="other", relation_id=relation.binding_id) == []
    assert await found(x=relation.x) == [relation, *parts]
    assert await found(b=B) == [parts[0], elsewhere]
    assert await found(x=other.x, b=B) == [elsewhere]
