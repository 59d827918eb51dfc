import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.contract.store.making import NOW, Make

from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.domain.number_life import LifeStep, NumberEvent, NumberLife, RealName, StockNumber
from maskline.domain.virtual_number import NumberKind, NumberState, VirtualNumber
from maskline.services.number_life_store import (
    LifeChange,
    StockCount,
    StockFilter,
    StockWish,
    UnnamedFilter,
)
from maskline.services.page import Page
from maskline.services.store import BindLimits, Store

X, DAY = Make.x, timedelta(days=1)
FIRST, SECOND, THIRD = "+8617000000011", "+8617000000012", "+8617000000013"
CARRIER = NumberKind.CARRIER
WISH = StockWish(quantity=2, kind=CARRIER, area_code="0755", reference="order-1:1")
PAGE = Page(limit=50)


def _stock(number: str = FIRST, **changes: Any) -> StockNumber:
    plain = StockNumber(
        number=number,
        area_code="0755",
        kind=CARRIER,
        supplier="north",
        cost=500,
        note="shelf 3",
        free_from=NOW,
        added_at=NOW,
    )
    return replace(plain, **changes)


def _event(make: Make, step: LifeStep, number: str = X, **changes: Any) -> NumberEvent:
    plain = NumberEvent(number=number, at=NOW, step=step, app_key=make.app_key, by="ann")
    return replace(plain, **changes)


def _change(make: Make, before: VirtualNumber, **changes: Any) -> LifeChange:
    after = replace(before, **changes)
    event = _event(make, LifeStep.STATE_CHANGED, was=before.state, now=after.state)
    return LifeChange(before=before, after=after, life=NumberLife(number=X), event=event)


def _return(make: Make, before: VirtualNumber) -> LifeChange:
    change = _change(make, before, state=NumberState.RETURNED)
    life = NumberLife(number=X, rent_until=NOW + 30 * DAY)
    stock = _stock(X, free_from=NOW + 90 * DAY)
    return replace(change, life=life, stock=stock)


async def test_the_stock_is_kept_changed_listed_and_forgotten(store: Store):
    numbers = [_stock(FIRST), _stock(SECOND, scheme=3), _stock(THIRD, area_code="010")]
    await store.add_stock(numbers)
    changed = replace(numbers[0], note="", cost=0, scheme=1, free_from=NOW + DAY)
    await store.save_stock(replace(changed, added_at=NOW + DAY))
    assert await store.stock_number(FIRST) == changed
    assert await store.stock_named([THIRD, X, FIRST]) == (changed, numbers[2])
    listed = await store.stock(StockFilter(), Page(limit=2))
    assert listed.rows == (changed, numbers[1])
    rest = await store.stock(StockFilter(), Page(after=listed.next, limit=2))
    assert rest.rows == (numbers[2],)
    found = await store.stock(StockFilter(area_code="010", kind=CARRIER, prefix=THIRD[:-1]), PAGE)
    assert found.rows == (numbers[2],)
    await store.remove_stock(FIRST)
    assert await store.stock_number(FIRST) is None
    for gone in (store.remove_stock(FIRST), store.save_stock(changed)):
        with pytest.raises(UnknownRecord):
            await gone


async def test_a_number_is_in_stock_or_serves_and_never_both(store: Store, make: Make):
    for again in ([_stock(X)], [_stock(FIRST), _stock(FIRST)]):
        with pytest.raises(DuplicateRecord):
            await store.add_stock(again)
    assert await store.stock_number(FIRST) is None
    await store.add_stock([_stock()])
    with pytest.raises(DuplicateRecord):
        await store.add_numbers([make.number(SECOND), make.number(FIRST)])
    assert await store.number(SECOND) is None


async def test_the_stock_is_counted_by_sort(store: Store):
    later = NOW + DAY
    await store.add_stock(
        [_stock(FIRST), _stock(SECOND, free_from=later), _stock(THIRD, may_message=False)]
    )
    silent = StockCount(area_code="0755", kind=CARRIER, may_message=False, free=1, resting=0)
    speaking = replace(silent, may_message=True, resting=1)
    assert await store.stock_counts(NOW) == (silent, speaking)
    assert await store.stock_counts(later) == (silent, replace(speaking, free=2, resting=0))


async def test_numbers_are_issued_once_for_a_reference(store: Store, make: Make):
    await store.add_stock([_stock(FIRST, scheme=2), _stock(SECOND), _stock(THIRD)])
    numbers = await store.issue(WISH, make.app_key, NOW, "ann")
    assert [(one.number, one.state) for one in numbers] == [
        (FIRST, NumberState.AWAITING_REAL_NAME),
        (SECOND, NumberState.NORMAL),
    ]
    assert await store.number(FIRST) == numbers[0]
    assert await store.issue(WISH, make.app_key, NOW, "ann") == numbers
    assert [one.number for one in (await store.stock(StockFilter(), PAGE)).rows] == [THIRD]
    named, plain = await store.number_lives([SECOND, FIRST, "+8617000000099"])
    assert named.real_name == RealName(scheme=2)
    assert plain == NumberLife(number=SECOND, reference="order-1:1", supplier="north", cost=500)
    (event,) = (await store.number_events(FIRST, None, PAGE)).rows
    assert (event.step, event.by, event.note) == (LifeStep.ISSUED, "ann", "order-1:1")


async def test_what_the_stock_lacks_is_issued_later(store: Store, make: Make):
    await store.add_stock([_stock(FIRST), _stock(SECOND, free_from=NOW + DAY)])
    assert len(await store.issue(WISH, make.app_key, NOW, "")) == 1
    assert len(await store.issue(WISH, make.app_key, NOW + DAY, "")) == 2
    with pytest.raises(UnknownRecord):
        await store.issue(WISH, "nobody", NOW, "")


async def test_numbers_that_carry_messages_are_kept_for_those_who_want_them(
    store: Store, make: Make
):
    await store.add_stock([_stock(FIRST), _stock(SECOND, may_message=False)])
    one = replace(WISH, quantity=1)
    (plain,) = await store.issue(one, make.app_key, NOW, "")
    assert plain.number == SECOND
    sms = replace(one, may_message=True, reference="order-1:2", area_code=None)
    (speaking,) = await store.issue(sms, make.app_key, NOW, "")
    assert speaking.number == FIRST


async def test_no_number_is_issued_to_two(store: Store, make: Make):
    await store.add_stock([_stock(FIRST), _stock(SECOND), _stock(THIRD)])
    wishes = [replace(WISH, reference=f"order-{which}") for which in range(3)]
    issued = await asyncio.gather(
        *(store.issue(wish, make.app_key, NOW, "") for wish in wishes),
        store.issue(wishes[0], make.app_key, NOW, ""),
    )
    numbers = [one.number for part in issued[:3] for one in part]
    assert len(numbers) == len(set(numbers))
    assert len((await store.stock(StockFilter(), PAGE)).rows) == 3 - len(numbers)


async def test_a_returned_number_rests_in_stock_and_is_issued_again(store: Store, make: Make):
    before = make.number()
    await store.change_life(_return(make, before))
    found = await store.number(X)
    assert found == replace(before, state=NumberState.RETURNED)
    assert await store.returned_in_rent(NOW + 30 * DAY, "", 9) == ()
    assert await store.returned_in_rent(NOW + 29 * DAY, "", 9) == (found,)
    assert await store.returned_in_rent(NOW, X, 9) == ()
    await store.add_application(make.application("second"))
    wish = replace(WISH, quantity=1)
    assert await store.issue(wish, "second", NOW + 89 * DAY, "") == ()
    (again,) = await store.issue(wish, "second", NOW + 90 * DAY, "")
    assert (again.number, again.app_key, again.state) == (X, "second", NumberState.NORMAL)
    assert again.created_at == NOW + 90 * DAY
    mine = await store.number_events(X, (make.app_key,), PAGE)
    assert [one.step for one in mine.rows] == [LifeStep.STATE_CHANGED]
    both = await store.number_events(X, None, Page(limit=1))
    assert both.rows[0].step is LifeStep.ISSUED
    older = await store.number_events(X, None, Page(after=both.next, limit=1))
    assert older.rows == mine.rows


async def test_a_number_with_bindings_neither_goes_back_nor_changes_hands(store: Store, make: Make):
    await store.add_application(make.application("second"))
    await store.bind(make.binding(), BindLimits(pairs=9), NOW, None)
    before = make.number(pairs=1)
    for change in (_return(make, before), _change(make, before, app_key="second")):
        with pytest.raises(UnknownRecord):
            await store.change_life(change)
    assert await store.stock_number(X) is None
    assert (await store.number_events(X, None, PAGE)).rows == ()
    await store.change_life(_change(make, before, state=NumberState.PAUSED))
    await store.unbind_number(make.app_key, X, NOW)
    paused = replace(before, state=NumberState.PAUSED)
    await store.change_life(_change(make, paused, app_key="second"))
    found = await store.number(X)
    assert found is not None
    assert (found.app_key, found.state) == ("second", NumberState.PAUSED)


async def test_nothing_becomes_of_a_number_that_is_not_as_it_was_found(store: Store, make: Make):
    before = make.number(state=NumberState.PAUSED)
    with pytest.raises(UnknownRecord):
        await store.change_life(_change(make, before, state=NumberState.NORMAL))
    with pytest.raises(UnknownRecord):
        await store.save_life(NumberLife(number=FIRST), _event(make, LifeStep.ADDED))
    assert await store.number_lives([X, FIRST]) == ()


async def test_what_is_told_of_a_number_goes_with_its_change(store: Store, make: Make):
    change = _change(make, make.number(), state=NumberState.BINDING_FROZEN)
    notice = make.notice(stream=f"number {X}")
    await store.change_life(replace(change, notices=(notice,)))
    assert await store.outbox_depth() == (1, 0)


async def test_late_numbers_are_those_that_still_serve(store: Store, make: Make):
    name = RealName(scheme=1, due_at=NOW)
    asked = _event(make, LifeStep.REAL_NAME_ASKED)
    await store.save_life(NumberLife(number=X, real_name=name), asked)
    assert await store.late_numbers(NOW - DAY, 9) == ()
    assert await store.late_numbers(NOW, 9) == (make.number(),)
    done = replace(name, done_at=NOW)
    await store.save_life(NumberLife(number=X, real_name=done), asked)
    assert await store.late_numbers(NOW, 9) == ()
    frozen = replace(name, frozen_at=NOW)
    change = _change(make, make.number(), state=NumberState.BINDING_FROZEN)
    life = NumberLife(number=X, real_name=frozen, state_before=NumberState.PAUSED)
    await store.change_life(replace(change, life=life))
    assert await store.late_numbers(NOW, 9) == ()
    assert await store.number_lives([X]) == (life,)


async def test_numbers_without_a_real_name_are_listed_until_they_have_one(store: Store, make: Make):
    asked = _event(make, LifeStep.REAL_NAME_ASKED)
    await store.add_stock([_stock(FIRST, scheme=2), _stock(SECOND, scheme=2), _stock(THIRD)])
    await store.issue(replace(WISH, quantity=3), make.app_key, NOW, "ann")
    due = RealName(scheme=4, due_at=NOW + DAY, frozen_at=NOW)
    await store.save_life(NumberLife(number=FIRST, real_name=due), asked)

    async def listed(page: Page = PAGE, **wanted: Any) -> list[tuple[str, RealName]]:
        found = await store.unnamed_numbers(UnnamedFilter(**wanted), page)
        return [(one.number.number, one.real_name) for one in found.rows]

    first, second = (FIRST, due), (SECOND, RealName(scheme=2))
    assert await listed() == [first, second]
    assert await listed(app_keys=(make.app_key,)) == [first, second]
    assert await listed(app_keys=()) == await listed(app_key="other") == []
    assert await listed(due_before=NOW + DAY) == []
    assert await listed(due_before=NOW + 2 * DAY) == [first]
    assert await listed(state=NumberState.NORMAL) == []
    page = await store.unnamed_numbers(UnnamedFilter(), Page(limit=1))
    assert await listed(Page(limit=1, after=page.next)) == [second]
    done = replace(due, done_at=NOW)
    await store.save_life(NumberLife(number=FIRST, real_name=done), asked)
    assert await listed() == [second]


async def test_the_history_has_what_the_other_verbs_do(store: Store, make: Make):
    await store.add_application(make.application("second"))
    added = _event(make, LifeStep.ADDED, FIRST, now=NumberState.NORMAL)
    await store.add_numbers([make.number(FIRST)], [added])
    changed = _event(make, LifeStep.STATE_CHANGED, FIRST, was=NumberState.NORMAL, note="why")
    await store.save_number(make.number(FIRST, state=NumberState.PAUSED), (), [changed])
    moved = _event(make, LifeStep.ASSIGNED, FIRST, to="second")
    await store.move_number(FIRST, make.app_key, "second", [moved])
    listed = await store.number_events(FIRST, None, PAGE)
    assert listed.rows == (moved, changed, added)
    assert (await store.number_events(FIRST, (), PAGE)).rows == ()
