"""What is kept of bindings that have ended: everything but the routes."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contract.store.making import Make
from tests.contract.store.paging import pages

from maskline.domain.binding import AxBinding, AxeBinding, Binding, CloseRule
from maskline.domain.ended_binding import EndCause, EndedBinding
from maskline.domain.error import AlreadyBound, UnknownRecord
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.page import Count
from maskline.services.store import BindLimits, NumberChoice, Page, Store

ROOMY, ALONE = BindLimits(pairs=99), BindLimits(pairs=1)
ANYWHERE = NumberChoice(area_codes=(), any_area=True)
Y = "+8617000000002"


async def _ended(store: Store, **wanted: Any) -> tuple[EndedBinding, ...]:
    return (await store.ended_bindings(EndedFilter(**wanted), Page())).rows


def _entry(binding: Binding, at: Any, cause: EndCause) -> EndedBinding:
    return EndedBinding(binding=binding, ended_at=at, cause=cause)


async def test_an_unbound_binding_is_kept_as_it_was(store: Store, make: Make):
    binding = make.binding(user_data="order 7")
    await store.bind(binding, ROOMY, make.now, None)
    assert await _ended(store) == ()
    await store.unbind(make.app_key, binding.binding_id, make.after(5))
    assert await _ended(store) == (_entry(binding, make.after(5), EndCause.UNBOUND),)


async def test_every_mode_is_kept_with_its_extension_and_its_parts(
    store: Store, make: Make, monkeypatch: pytest.MonkeyPatch
):
    made: list[Binding] = []
    monkeypatch.setattr(store, "on_bound", made.append)
    await store.add_numbers([make.number(f"+861700000001{digit}") for digit in range(3)])
    ax = AxBinding(**make.shared(x="+8617000000010"))
    axe = AxeBinding(**make.shared(x="+8617000000011"))
    await store.bind(ax, ALONE, make.now, None)
    axe = await store.bind(axe, replace(ROOMY, extension_digits=4), make.now, None)
    relation = await store.bind(make.relation(), ALONE, make.now, ANYWHERE)
    part = await store.bind_yb(make.part(relation), ROOMY, make.now, ANYWHERE)
    assert made == [ax, axe, relation, part]
    for one in (ax, axe, relation):
        await store.unbind(make.app_key, one.binding_id, make.after(1))
    found = await _ended(store)
    assert set(found) == {
        _entry(ax, make.after(1), EndCause.UNBOUND),
        _entry(axe, make.after(1), EndCause.UNBOUND),
        _entry(relation, make.after(1), EndCause.UNBOUND),
        _entry(part, make.after(1), EndCause.RELATION_ENDED),
    }
    assert (await _ended(store, mode="axe"))[0].binding == axe
    assert (await _ended(store, y=part.y))[0].binding == part
    assert await _ended(store, y=part.x) == ()


async def test_what_has_expired_ended_then_whatever_removed_it(store: Store, make: Make):
    swept, unbound, pushed_aside = (make.expiring(seconds) for seconds in (10, 20, 30))
    for binding in (swept, unbound, pushed_aside):
        await store.bind(binding, ROOMY, make.now, None)
    assert await store.remove_expired(make.after(15), 9) == 1
    again = make.binding(pushed_aside.a, pushed_aside.b)
    await store.bind(again, ROOMY, make.after(40), None)
    await store.unbind_number(make.app_key, make.x, make.after(50))
    assert await _ended(store) == (
        _entry(again, make.after(50), EndCause.NUMBER_UNBOUND),
        _entry(pushed_aside, make.after(30), EndCause.EXPIRED),
        _entry(unbound, make.after(20), EndCause.EXPIRED),
        _entry(swept, make.after(10), EndCause.EXPIRED),
    )


async def test_ends_are_counted_by_application_and_cause(store: Store, make: Make):
    expired, *others = make.expiring(10), make.binding(), make.binding(), make.binding()
    for binding in (expired, *others):
        await store.bind(binding, ROOMY, make.now, None)
    for seconds, binding in zip((11, 12, 20), others, strict=True):
        await store.unbind(make.app_key, binding.binding_id, make.after(seconds))
    await store.remove_expired(make.after(30), 9)
    counted = await store.count_ends(make.after(10), make.after(20))
    assert {(one.app_key, one.cause, one.count) for one in counted} == {
        (make.app_key, EndCause.EXPIRED, 1), (make.app_key, EndCause.UNBOUND, 2)
    }  # fmt: skip


async def test_an_unbound_number_ends_all_of_it_once(store: Store, make: Make):
    await store.add_numbers([make.number(Y)])
    relation = await store.bind(make.relation(), ALONE, make.now, ANYWHERE)
    part = await store.bind_yb(make.part(relation), ROOMY, make.now, ANYWHERE)
    assert await store.unbind_number(make.app_key, relation.x, make.after(1)) == 2
    found = await _ended(store, x=relation.x)
    assert {one.binding for one in found} == {relation, part}
    assert {one.cause for one in found} == {EndCause.NUMBER_UNBOUND}
    assert len(found) == 2


async def test_the_last_call_of_a_binding_ends_it(store: Store, make: Make):
    binding = make.binding(close=CloseRule(after_calls=1))
    await store.bind(binding, ROOMY, make.now, None)
    call = make.call(binding_id=binding.binding_id, close=binding.close, answered_at=make.now)
    await store.finish_call(make.record(call, make.after(7)), [])
    [entry] = await _ended(store)
    assert (entry.ended_at, entry.cause) == (make.after(7), EndCause.CALLS_USED_UP)
    assert entry.binding.binding_id == binding.binding_id


async def test_a_party_that_is_taken_out_is_kept_and_nothing_else_of_a_change(
    store: Store, make: Make
):
    binding = make.binding()
    await store.bind(binding, ROOMY, make.now, None)
    longer = replace(binding, duration_s=90, expires_at=make.after(90))
    await store.modify(longer, ROOMY, make.after(1))
    assert await _ended(store) == ()
    other = replace(longer, b="+8613811112222")
    await store.modify(other, ROOMY, make.after(2))
    assert await _ended(store) == (_entry(longer, make.after(2), EndCause.REPLACED),)
    await store.unbind(make.app_key, binding.binding_id, make.after(3))
    found = await _ended(store, binding_id=binding.binding_id)
    assert [(one.binding, one.cause) for one in found] == [
        (other, EndCause.UNBOUND),
        (longer, EndCause.REPLACED),
    ]
    assert len(await _ended(store, party=binding.b)) == 1
    assert len(await _ended(store, party=binding.a)) == 2


async def test_it_is_found_by_number_application_and_time(store: Store, make: Make):
    await store.add_application(make.application("app-2"))
    await store.add_numbers([make.number(Y, app_key="app-2")])
    own, foreign = make.binding(), make.binding(app_key="app-2", x=Y)
    for seconds, binding in enumerate((own, foreign), 1):
        await store.bind(binding, ROOMY, make.now, None)
        await store.unbind(binding.app_key, binding.binding_id, make.after(seconds))
    first, second = (make.after(seconds) for seconds in (1, 2))
    for wanted, expected in (
        ({"app_key": "app-2"}, [foreign]),
        ({"x": make.x}, [own]),
        ({"x": Y, "app_key": make.app_key}, []),
        ({"party": own.a}, [own]),
        ({"party": foreign.b, "x": Y, "app_key": "app-2"}, [foreign]),
        ({"party": foreign.b, "app_key": make.app_key}, []),
        ({"binding_id": own.binding_id, "party": own.b, "mode": "axb"}, [own]),
        ({"since": second}, [foreign]),
        ({"until": second}, [own]),
        ({"since": first, "until": first}, []),
        ({"mode": "ax"}, []),
    ):
        assert [one.binding for one in await _ended(store, **wanted)] == expected
    found = await pages(lambda page: store.ended_bindings(EndedFilter(), page), 1)
    assert [[one.binding for one in page] for page in found] == [[foreign], [own]]
    assert await store.count_ended_bindings(EndedFilter(mode="ax")) == Count(0)


async def test_old_ones_go_in_portions_the_oldest_first(store: Store, make: Make):
    for seconds in range(4):
        binding = make.binding()
        await store.bind(binding, ROOMY, make.now, None)
        await store.unbind(make.app_key, binding.binding_id, make.after(seconds))
    assert await store.remove_old_bindings("app-2", make.after(99), 9) == 0
    assert await store.remove_old_bindings(make.app_key, make.after(3), 2) == 2
    left = await _ended(store)
    assert [one.ended_at for one in left] == [make.after(3), make.after(2)]
    assert await store.remove_old_bindings(make.app_key, make.after(3), 2) == 1


async def test_a_persons_go_and_those_of_others_stay(store: Store, make: Make):
    person = "+8613811112222"
    for a, b in ((person, None), (None, person), (None, None)):
        binding = make.binding(a, b)
        await store.bind(binding, ROOMY, make.now, None)
        await store.unbind(make.app_key, binding.binding_id, make.now)
    ids = [one.binding.binding_id for one in await _ended(store)]
    assert await store.remove_ended_of("app-2", person, ids) == 0
    assert await store.remove_ended_of(make.app_key, person, []) == 0
    assert await store.remove_ended_of(make.app_key, person, ids) == 2
    assert [one.binding for one in await _ended(store)] == [binding]


async def test_what_cannot_be_done_leaves_nothing(store: Store, make: Make):
    taken = make.binding()
    await store.bind(taken, ROOMY, make.now, None)
    binding = make.binding()
    await store.bind(binding, ROOMY, make.now, None)
    with pytest.raises(AlreadyBound):
        await store.modify(replace(binding, a=taken.a), ROOMY, make.now)
    with pytest.raises(UnknownRecord):
        await store.unbind("app-2", binding.binding_id, make.now)
    assert await _ended(store) == ()
