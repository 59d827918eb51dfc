from dataclasses import replace

import pytest
from tests.contract.store.making import Make
from tests.contract.store.paging import pages

from maskline.domain.binding import CallDirection, VoiceOptions
from maskline.domain.error import (
    AlreadyBound,
    DuplicateRecord,
    NumberFull,
    NumberNotOwned,
    NumberUnavailable,
    UnknownRecord,
)
from maskline.domain.virtual_number import NumberState
from maskline.services.page import Count, Slice
from maskline.services.store import BindingFilter, BindLimits, Page, Store

A, B, C, D = "+8613900000001", "+8613800000002", "+8613700000003", "+8613600000004"
LIMIT = BindLimits(pairs=5000)


async def _pairs(store: Store, x: str) -> int:
    return (await store.number(x)).pairs


async def test_a_binding_is_found_with_every_field(store: Store, make: Make):
    binding = make.binding(
        A,
        B,
        direction=CallDirection.B_TO_A,
        duration_s=60,
        expires_at=make.after(60),
        voice=VoiceOptions(
            record=True,
            record_hint_tone="hint.wav",
            max_duration_min=5,
            last_minute_voice="last.wav",
            a_waiting_tone="a.wav",
            b_waiting_tone="b.wav",
        ),
        may_message=False,
        user_data="订单 42",
    )
    assert await store.bind(binding, LIMIT, make.now, None) == binding
    assert await store.binding(make.app_key, binding.binding_id) == binding
    assert await store.binding(None, binding.binding_id) == binding
    assert await store.binding("other", binding.binding_id) is None
    assert await store.binding(None, "none") is None
    assert await _pairs(store, make.x) == 1


@pytest.mark.parametrize(
    ("second", "held"),
    [((A, C), A), ((C, A), A), ((B, C), B), ((C, B), B), ((A, B), A), ((B, A), B)],
)
async def test_no_party_is_bound_twice_on_one_number_in_any_role(
    store: Store, make: Make, second: tuple[str, str], held: str
):
    first = make.binding(A, B)
    await store.bind(first, LIMIT, make.now, None)
    with pytest.raises(AlreadyBound) as caught:
        await store.bind(make.binding(*second), LIMIT, make.now, None)
    assert caught.value.number == held
    assert await _pairs(store, make.x) == 1
    assert (await store.route(make.x, A)).binding == first


async def test_a_party_cannot_be_bound_with_itself(store: Store, make: Make):
    with pytest.raises(AlreadyBound):
        await store.bind(make.binding(A, A), LIMIT, make.now, None)
    assert await _pairs(store, make.x) == 0


async def test_other_parties_share_a_number_and_a_party_has_many_numbers(store: Store, make: Make):
    await store.add_numbers([make.number("+861702")])
    await store.bind(make.binding(A, B), LIMIT, make.now, None)
    await store.bind(make.binding(C, D), LIMIT, make.now, None)
    await store.bind(make.binding(A, C, x="+861702"), LIMIT, make.now, None)
    assert await _pairs(store, make.x) == 2
    assert await _pairs(store, "+861702") == 1


async def test_a_binding_needs_a_number_of_its_application(store: Store, make: Make):
    await store.add_application(make.application("second"))
    with pytest.raises(UnknownRecord):
        await store.bind(make.binding(x="+861709"), LIMIT, make.now, None)
    for app_key in ("second", "nobody"):
        with pytest.raises(NumberNotOwned):
            await store.bind(make.binding(app_key=app_key), LIMIT, make.now, None)
    assert await _pairs(store, make.x) == 0


@pytest.mark.parametrize("state", [s for s in NumberState if not s.may_bind])
async def test_a_number_that_may_not_bind_takes_no_pair(
    store: Store, make: Make, state: NumberState
):
    await store.save_number(make.number(state=state))
    with pytest.raises(NumberUnavailable):
        await store.bind(make.binding(), LIMIT, make.now, None)


async def test_a_full_number_takes_no_pair_until_one_goes(store: Store, make: Make):
    kept = make.binding()
    await store.bind(kept, BindLimits(pairs=2), make.now, None)
    await store.bind(make.binding(), BindLimits(pairs=2), make.now, None)
    with pytest.raises(NumberFull):
        await store.bind(make.binding(), BindLimits(pairs=2), make.now, None)
    assert await _pairs(store, make.x) == 2
    await store.unbind(make.app_key, kept.binding_id, make.now)
    await store.bind(make.binding(), BindLimits(pairs=2), make.now, None)


async def test_expired_pairs_do_not_fill_a_number(store: Store, make: Make):
    for _ in range(2):
        await store.bind(make.expiring(10), BindLimits(pairs=2), make.now, None)
    with pytest.raises(NumberFull):
        await store.bind(make.binding(), BindLimits(pairs=2), make.after(9.9), None)
    await store.bind(make.binding(), BindLimits(pairs=2), make.after(10), None)
    assert await _pairs(store, make.x) <= 2


async def test_a_binding_id_is_used_once(store: Store, make: Make):
    first = make.binding(A, B)
    await store.bind(first, LIMIT, make.now, None)
    with pytest.raises(DuplicateRecord) as caught:
        await store.bind(make.binding(C, D, binding_id=first.binding_id), LIMIT, make.now, None)
    assert caught.value.key == first.binding_id
    assert await _pairs(store, make.x) == 1
    assert (await store.route(make.x, C)).binding is None


async def test_an_expired_binding_makes_way_at_its_very_moment(store: Store, make: Make):
    old = make.expiring(10, A, B)
    await store.bind(old, LIMIT, make.now, None)
    with pytest.raises(AlreadyBound):
        await store.bind(make.binding(A, C), LIMIT, make.after(9.999), None)
    new = make.binding(A, C)
    await store.bind(new, LIMIT, make.after(10), None)
    assert await store.binding(None, old.binding_id) is None
    assert (await store.route(make.x, A)).binding == new
    assert (await store.route(make.x, B)).binding is None
    assert await _pairs(store, make.x) == 1


async def test_two_expired_bindings_make_way_for_one(store: Store, make: Make):
    await store.bind(make.expiring(10, A, C), LIMIT, make.now, None)
    await store.bind(make.expiring(10, D, B), LIMIT, make.now, None)
    await store.bind(make.binding(A, B), LIMIT, make.after(11), None)
    assert await _pairs(store, make.x) == 1
    assert (await store.route(make.x, C)).binding is None


async def test_a_live_holder_saves_the_expired_one_beside_it(store: Store, make: Make):
    expired = make.expiring(10, A, C)
    await store.bind(expired, LIMIT, make.now, None)
    await store.bind(make.binding(B, D), LIMIT, make.now, None)
    with pytest.raises(AlreadyBound) as caught:
        await store.bind(make.binding(A, B), LIMIT, make.after(11), None)
    assert caught.value.number == B
    assert await store.binding(None, expired.binding_id) == expired
    assert await _pairs(store, make.x) == 2


async def test_modify_replaces_the_parties_and_everything_else(store: Store, make: Make):
    old = make.binding(A, B)
    await store.bind(old, LIMIT, make.now, None)
    new = replace(
        old,
        a=C,
        b=A,
        x="ignored",
        user_data="new",
        duration_s=5,
        expires_at=make.after(5),
        modified_at=make.after(1),
    )
    await store.modify(new, LIMIT, make.after(1))
    new = replace(new, x=make.x)
    assert await store.binding(None, old.binding_id) == new
    assert (await store.route(make.x, B)).binding is None
    found = await store.route(make.x, A)
    assert (found.binding, found.role) == (new, "B")
    assert await _pairs(store, make.x) == 1


async def test_modify_may_swap_the_parties(store: Store, make: Make):
    old = make.binding(A, B)
    await store.bind(old, LIMIT, make.now, None)
    await store.modify(replace(old, a=B, b=A), LIMIT, make.now)
    assert (await store.route(make.x, A)).role == "B"


async def test_modify_refuses_a_party_that_another_binding_holds(store: Store, make: Make):
    first, second = make.binding(A, B), make.expiring(10, C, D)
    await store.bind(first, LIMIT, make.now, None)
    await store.bind(second, LIMIT, make.now, None)
    with pytest.raises(AlreadyBound) as caught:
        await store.modify(replace(first, b=C), LIMIT, make.now)
    assert caught.value.number == C
    assert await store.binding(None, first.binding_id) == first
    await store.modify(replace(first, b=C), LIMIT, make.after(10))
    assert await store.binding(None, second.binding_id) is None
    assert await _pairs(store, make.x) == 1


async def test_modify_needs_a_live_binding_of_the_application(store: Store, make: Make):
    binding = make.expiring(10, A, B)
    await store.bind(binding, LIMIT, make.now, None)
    for wrong, now in (
        (replace(binding, binding_id="none"), make.now),
        (replace(binding, app_key="other"), make.now),
        (replace(binding, expires_at=None), make.after(10)),
    ):
        with pytest.raises(UnknownRecord):
            await store.modify(wrong, LIMIT, now)
    assert await store.binding(None, binding.binding_id) == binding


async def test_modify_needs_a_number_that_may_bind_or_call(store: Store, make: Make):
    binding = make.binding(A, B)
    await store.bind(binding, LIMIT, make.now, None)
    for state in NumberState:
        await store.save_number(make.number(state=state))
        if state.may_bind or state.may_call:
            await store.modify(replace(binding, user_data=state), LIMIT, make.now)
        else:
            with pytest.raises(NumberUnavailable):
                await store.modify(binding, LIMIT, make.now)


async def test_unbind_frees_both_parties(store: Store, make: Make):
    binding = make.binding(A, B)
    await store.bind(binding, LIMIT, make.now, None)
    await store.unbind(make.app_key, binding.binding_id, make.now)
    assert await store.binding(None, binding.binding_id) is None
    assert (await store.route(make.x, A)).binding is None
    assert await _pairs(store, make.x) == 0
    with pytest.raises(UnknownRecord):
        await store.unbind(make.app_key, binding.binding_id, make.now)


async def test_unbind_knows_neither_foreign_nor_expired_bindings(store: Store, make: Make):
    binding = make.expiring(10)
    await store.bind(binding, LIMIT, make.now, None)
    with pytest.raises(UnknownRecord):
        await store.unbind("other", binding.binding_id, make.now)
    with pytest.raises(UnknownRecord):
        await store.unbind(make.app_key, binding.binding_id, make.after(10))


async def test_unbinding_a_number_removes_all_and_counts_the_live(store: Store, make: Make):
    await store.add_application(make.application("second"))
    await store.add_numbers([make.number("+861702")])
    elsewhere = make.binding(A, B, x="+861702")
    await store.bind(elsewhere, LIMIT, make.now, None)
    for binding in (make.binding(), make.binding(), make.expiring(10)):
        await store.bind(binding, LIMIT, make.now, None)
    with pytest.raises(UnknownRecord):
        await store.unbind_number(make.app_key, "+861709", make.now)
    with pytest.raises(NumberNotOwned):
        await store.unbind_number("second", make.x, make.now)
    assert await store.unbind_number(make.app_key, make.x, make.after(11)) == 2
    assert await _pairs(store, make.x) == 0
    assert await store.unbind_number(make.app_key, make.x, make.after(11)) == 0
    assert await store.binding(None, elsewhere.binding_id) == elsewhere


async def test_the_sweep_takes_the_expired_up_to_its_limit(store: Store, make: Make):
    kept = [make.binding(), make.expiring(20)]
    for binding in [*kept, make.expiring(10), make.expiring(11), make.expiring(12)]:
        await store.bind(binding, LIMIT, make.now, None)
    assert await store.remove_expired(make.after(9), 10) == 0
    assert await store.remove_expired(make.after(12), 2) == 2
    assert await store.remove_expired(make.after(12), 2) == 1
    assert await store.remove_expired(make.after(12), 2) == 0
    listed = await store.bindings(BindingFilter(), make.now, Page())
    assert list(listed.rows) == kept
    assert await _pairs(store, make.x) == 2


async def test_an_expired_binding_is_found_by_id_but_not_listed(store: Store, make: Make):
    binding = make.expiring(10)
    await store.bind(binding, LIMIT, make.now, None)
    assert await store.binding(make.app_key, binding.binding_id) == binding
    assert len((await store.bindings(BindingFilter(), make.after(9), Page())).rows) == 1
    assert len((await store.bindings(BindingFilter(), make.after(10), Page())).rows) == 0


async def test_bindings_are_listed_oldest_first_by_any_filter(store: Store, make: Make):
    await store.add_application(make.application("second"))
    await store.add_numbers([make.number("+861702"), make.number("+861703", app_key="second")])
    one = make.binding(A, B)
    two = make.binding(C, A, x="+861702")
    three = make.binding(A, C, x="+861703", app_key="second")
    four = make.binding(C, D)
    for binding in (one, two, three, four):
        await store.bind(binding, LIMIT, make.now, None)

    async def found(**wanted: str):
        return list((await store.bindings(BindingFilter(**wanted), make.now, Page())).rows)

    assert await found() == [one, two, three, four]
    assert await found(app_key=make.app_key) == [one, two, four]
    assert await found(x=make.x) == [one, four]
    assert await found(a=A) == [one, three]
    assert await found(b=A) == [two]
    assert await found(party=A) == [one, two, three]
    assert await found(party=A, app_key=make.app_key, x=make.x) == [one]
    assert await found(party=A, b=C) == [three]
    assert await found(a=A, b=B, x=make.x) == [one]
    assert await found(a=B) == []
    assert await found(x=make.x, app_key="second") == []
    assert await found(app_key="none") == []


async def test_binding_lists_come_in_pages(store: Store, make: Make):
    made = [make.binding() for _ in range(5)]
    for binding in made:
        await store.bind(binding, LIMIT, make.now, None)
    for wanted in (BindingFilter(), BindingFilter(x=make.x), BindingFilter(app_key=make.app_key)):
        assert await pages(lambda page, by=wanted: store.bindings(by, make.now, page), 2) == [
            made[:2],
            made[2:4],
            made[4:],
        ]
        assert await store.count_bindings(wanted, make.now) == Count(5)
    newest = BindingFilter(app_keys=("none", make.app_key), newest_first=True)
    assert await pages(lambda page: store.bindings(newest, make.now, page), 4) == [
        made[:0:-1],
        made[:1],
    ]
    found = await store.bindings_of_number(
        BindingFilter(x=make.x), make.now, Slice(offset=1, limit=2)
    )
    assert (list(found.rows), found.total) == (made[1:3], 5)
    party = BindingFilter(x=make.x, a=made[0].a)
    found = await store.bindings_of_number(party, make.now, Slice(offset=1, limit=2))
    assert (found.rows, found.total) == ((), 1)
