"""What AX asks of a store: one A on X, a route for everybody, onward numbers (`spec/ax.md` 1)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.contract.store.making import Make

from maskline.domain.binding import (
    AxBinding,
    CallDirection,
    CloseRule,
    Onward,
    OnwardKind,
    Role,
    VoiceOptions,
)
from maskline.domain.error import (
    AlreadyBound,
    NumberFull,
    NumberPoolExhausted,
    TooManyNumbers,
    UnknownRecord,
)
from maskline.services.store import BindingFilter, BindLimits, NumberChoice, Page, Store

A, B, C = "+8613900000001", "+8613800000002", "+8613700000003"
LIMITS = BindLimits(pairs=1, numbers_of_a=5)
ANYWHERE = NumberChoice(area_codes=(), any_area=True)
CALLEE, LAST = OnwardKind.TEMPORARY_CALLEE, OnwardKind.LAST_CALLER

MakeAx = Callable[..., AxBinding]


@pytest.fixture
def ax(make: Make) -> MakeAx:
    """An AX binding on X, with a new id each time."""

    def build(a: str = A, seconds: float | None = None, **changes: object) -> AxBinding:
        plain = make.binding()
        binding = AxBinding(
            binding_id=plain.binding_id,
            app_key=make.app_key,
            x=make.x,
            a=a,
            expires_at=None if seconds is None else make.after(seconds),
            created_at=make.now,
            modified_at=make.now,
        )
        return replace(binding, **changes)

    return build


@pytest.fixture
async def numbers(store: Store, make: Make) -> list[str]:
    """Six numbers of the application."""
    more = [f"+861700000000{n}" for n in range(2, 7)]
    await store.add_numbers([make.number(number) for number in more])
    return [make.x, *more]


async def test_a_binding_is_found_with_every_field(store: Store, make: Make, ax: MakeAx):
    binding = ax(
        seconds=60,
        ends_at=None,
        direction=CallDirection.A_TO_B,
        voice=VoiceOptions(record=True, record_hint_tone="hint.wav", a_waiting_tone="a.wav"),
        close=CloseRule(after_calls=3, idle_s=60),
        may_message=False,
        shows_caller=True,
        is_on=False,
        user_data="订单 42",
    )
    assert await store.bind(binding, LIMITS, make.now, None) == binding
    assert await store.binding(make.app_key, binding.binding_id) == binding
    listed = await store.bindings(BindingFilter(a=A, app_key=make.app_key), make.now, Page())
    assert listed.rows == (binding,)


async def test_everybody_finds_the_binding_and_only_a_is_a(store: Store, make: Make, ax: MakeAx):
    binding = ax()
    await store.bind(binding, LIMITS, make.now, None)
    for caller, role in ((A, Role.A), (B, Role.B), (C, Role.B), ("", Role.B)):
        found = await store.route(make.x, caller)
        assert (found.binding, found.role) == (binding, role)


async def test_a_number_has_one_a_until_it_is_unbound(store: Store, make: Make, ax: MakeAx):
    first = ax()
    await store.bind(first, LIMITS, make.now, None)
    for a in (A, B):
        with pytest.raises(NumberFull):
            await store.bind(ax(a), LIMITS, make.now, None)
        with pytest.raises(AlreadyBound):
            await store.bind(ax(a), replace(LIMITS, pairs=2), make.now, None)
    assert (await store.number(make.x)).pairs == 1
    await store.unbind(make.app_key, first.binding_id, make.now)
    assert (await store.route(make.x, B)).binding is None
    second = ax(B)
    await store.bind(second, LIMITS, make.now, None)
    assert (await store.route(make.x, A)).role is Role.B


async def test_an_expired_a_makes_way(store: Store, make: Make, ax: MakeAx):
    await store.bind(ax(seconds=10), LIMITS, make.now, None)
    with pytest.raises(NumberFull):
        await store.bind(ax(B), LIMITS, make.after(9.9), None)
    new = ax(B)
    await store.bind(new, LIMITS, make.after(10), None)
    assert (await store.route(make.x, A)).binding == new
    assert (await store.number(make.x)).pairs == 1


async def test_one_a_has_five_numbers(store: Store, make: Make, ax: MakeAx, numbers: list[str]):
    for x in numbers[:5]:
        await store.bind(ax(x=x), LIMITS, make.now, None)
    for choice in (None, ANYWHERE):
        with pytest.raises(TooManyNumbers):
            await store.bind(ax(x=numbers[5]), LIMITS, make.now, choice)
    await store.bind(ax(B, x=numbers[5]), LIMITS, make.now, None)


async def test_numbers_that_were_unbound_or_have_expired_do_not_count(
    store: Store, make: Make, ax: MakeAx, numbers: list[str]
):
    for x in numbers[:3]:
        await store.bind(ax(x=x), LIMITS, make.now, None)
    unbound = ax(x=numbers[3])
    await store.bind(unbound, LIMITS, make.now, None)
    await store.bind(ax(x=numbers[4], seconds=10), LIMITS, make.now, None)
    with pytest.raises(TooManyNumbers):
        await store.bind(ax(x=numbers[5]), LIMITS, make.now, None)
    await store.unbind(make.app_key, unbound.binding_id, make.now)
    await store.bind(ax(x=numbers[5]), LIMITS, make.now, None)
    with pytest.raises(TooManyNumbers):
        await store.bind(ax(x=numbers[3]), LIMITS, make.after(9.9), None)
    await store.bind(ax(x=numbers[3]), LIMITS, make.after(10), None)


async def test_numbers_in_another_application_do_not_count(store: Store, make: Make, ax: MakeAx):
    await store.add_application(make.application("second"))
    theirs = [f"+861701000000{n}" for n in range(1, 6)]
    await store.add_numbers([make.number(number, app_key="second") for number in theirs])
    for x in theirs:
        await store.bind(ax(x=x, app_key="second"), LIMITS, make.now, None)
    await store.bind(ax(), LIMITS, make.now, None)


async def test_only_an_idle_number_is_chosen(
    store: Store, make: Make, ax: MakeAx, numbers: list[str]
):
    chosen: set[str] = set()
    for n in range(6):
        bound = await store.bind(ax(f"+861390000001{n}", x=""), LIMITS, make.now, ANYWHERE)
        chosen.add(bound.x)
    assert chosen == set(numbers)
    with pytest.raises(NumberPoolExhausted):
        await store.bind(ax(B, x=""), LIMITS, make.now, ANYWHERE)


async def test_another_a_takes_over_the_number(store: Store, make: Make, ax: MakeAx):
    old = ax()
    await store.bind(old, LIMITS, make.now, None)
    new = replace(old, a=B)
    await store.modify(new, LIMITS, make.now)
    for caller, role in ((A, Role.B), (B, Role.A), (C, Role.B)):
        found = await store.route(make.x, caller)
        assert (found.binding, found.role) == (new, role)
    assert len((await store.bindings(BindingFilter(a=A), make.now, Page())).rows) == 0
    assert (await store.number(make.x)).pairs == 1


async def test_no_a_takes_over_a_sixth_number(
    store: Store, make: Make, ax: MakeAx, numbers: list[str]
):
    for x in numbers[1:]:
        await store.bind(ax(B, x=x), LIMITS, make.now, None)
    old = ax()
    await store.bind(old, LIMITS, make.now, None)
    with pytest.raises(TooManyNumbers):
        await store.modify(replace(old, a=B), LIMITS, make.now)
    assert (await store.route(make.x, A)).binding == old


class TestOnward:
    @pytest.fixture
    async def bound(self, store: Store, make: Make, ax: MakeAx) -> AxBinding:
        binding = ax()
        await store.bind(binding, LIMITS, make.now, None)
        return binding

    @pytest.fixture
    def onward(self, store: Store, make: Make):
        """The temporary callee and the last caller that A's route has."""

        async def read(a: str = A) -> tuple[Onward | None, Onward | None]:
            found = await store.route(make.x, a)
            return found.temporary_callee, found.last_caller

        return read

    async def test_each_kind_is_set_and_overwritten_by_itself(
        self, store: Store, make: Make, bound: AxBinding, onward
    ):
        assert await onward() == (None, None)
        first = Onward(number=B, expires_at=make.after(60), user_data="first")
        await store.set_onward(make.app_key, bound.binding_id, CALLEE, first, make.now)
        assert await onward() == (first, None)
        last = Onward(number=C)
        await store.set_onward(make.app_key, bound.binding_id, LAST, last, make.now)
        second = Onward(number=C, expires_at=make.after(1))
        await store.set_onward(make.app_key, bound.binding_id, CALLEE, second, make.now)
        assert await onward() == (second, last)

    async def test_one_that_has_expired_is_still_told_for_the_plan_to_judge(
        self, store: Store, make: Make, bound: AxBinding, onward
    ):
        callee = Onward(number=B, expires_at=make.after(-1))
        await store.set_onward(make.app_key, bound.binding_id, CALLEE, callee, make.now)
        assert await onward() == (callee, None)

    async def test_it_is_a_who_goes_on_to_it(
        self, store: Store, make: Make, bound: AxBinding, onward
    ):
        callee = Onward(number=B)
        await store.set_onward(make.app_key, bound.binding_id, CALLEE, callee, make.now)
        assert await onward(B) == (None, None)

    @pytest.mark.parametrize("how", ["unbind", "unbind_number", "expiry", "sweep", "change of A"])
    async def test_all_of_it_goes_with_the_binding_and_with_its_a(
        self, store: Store, make: Make, ax: MakeAx, onward, how: str
    ):
        binding = ax(seconds=10)
        await store.bind(binding, LIMITS, make.now, None)
        for kind in OnwardKind:
            await store.set_onward(
                make.app_key, binding.binding_id, kind, Onward(number=B), make.now
            )
        later = make.after(10)
        if how == "unbind":
            await store.unbind(make.app_key, binding.binding_id, make.now)
        elif how == "unbind_number":
            await store.unbind_number(make.app_key, make.x, make.now)
        elif how == "sweep":
            assert await store.remove_expired(later, 9) == 1
        elif how == "change of A":
            await store.modify(replace(binding, a=C), LIMITS, make.now)
            assert await onward(C) == (None, None)
            await store.modify(binding, LIMITS, make.now)
        if how != "change of A":
            # Under the same id where that is free: nothing may be left under it.
            again = ax() if how == "expiry" else replace(binding, expires_at=None)
            await store.bind(again, LIMITS, later, None)
        assert await onward() == (None, None)

    async def test_a_change_of_anything_else_leaves_it(
        self, store: Store, make: Make, bound: AxBinding, onward
    ):
        callee = Onward(number=B)
        await store.set_onward(make.app_key, bound.binding_id, CALLEE, callee, make.now)
        await store.modify(replace(bound, user_data="new", is_on=False), LIMITS, make.now)
        assert await onward() == (callee, None)

    async def test_it_needs_a_live_binding_of_the_application(
        self, store: Store, make: Make, ax: MakeAx
    ):
        binding = ax(seconds=10)
        await store.bind(binding, LIMITS, make.now, None)
        for app_key, binding_id, now in (
            ("other", binding.binding_id, make.now),
            (make.app_key, "none", make.now),
            (make.app_key, binding.binding_id, make.after(10)),
        ):
            with pytest.raises(UnknownRecord):
                await store.set_onward(app_key, binding_id, LAST, Onward(number=B), now)
        assert (await store.route(make.x, A)).last_caller is None
