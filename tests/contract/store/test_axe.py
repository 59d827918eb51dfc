"""AXE bindings: extensions, their routes, who called last, reading on where a page ended."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from tests.contract.store.making import Make

from maskline.domain.binding import AxeBinding, CloseRule, Onward, OnwardKind, Role, TimeUnit
from maskline.domain.error import (
    AlreadyBound,
    DailyLimitReached,
    ExtensionTaken,
    NumberFull,
    NumberPoolExhausted,
    UnknownRecord,
)
from maskline.services.store import BindLimits, NumberChoice, Store

A, B, C = "+8613900000001", "+8613800000002", "+8613700000003"
Y = "+8617000000002"
LIMIT = BindLimits(pairs=9, extension_digits=1)
WIDE = BindLimits(pairs=9999, extension_digits=4)

MakeAxe = Callable[..., AxeBinding]


@pytest.fixture
def axe(make: Make) -> MakeAxe:
    numbers = count(1)

    def made(a: str | None = None, **changes: Any) -> AxeBinding:
        this = next(numbers)
        plain = AxeBinding(
            binding_id=f"axe-{this}",
            app_key=make.app_key,
            x=make.x,
            a=a or f"+86135{this:08}",
            created_at=make.now,
            modified_at=make.now,
        )
        return replace(plain, **changes)

    return made


async def _bind(
    store: Store, binding: AxeBinding, limits: BindLimits = LIMIT, after: float = 0.0
) -> AxeBinding:
    return await store.bind(binding, limits, Make().after(after), None)


async def _fill(store: Store, axe: MakeAxe, number: int = 9) -> list[AxeBinding]:
    return [await _bind(store, axe()) for _ in range(number)]


async def test_a_binding_is_found_with_every_field(store: Store, make: Make, axe: MakeAxe):
    binding = axe(
        A,
        extension="7",
        shows_caller=False,
        callback_number=B,
        time_unit=TimeUnit.MINUTE,
        bound_for=90,
        callback_for=60,
        callback_s=3600,
        expires_at=make.after(5400),
        user_data="parcel",
        close=CloseRule(after_calls=3),
    )
    assert await _bind(store, binding) == binding
    assert await store.binding(make.app_key, binding.binding_id) == binding
    assert await store.extension(make.app_key, make.x, "7") == binding
    assert await store.extension("other", make.x, "7") is None
    assert await store.extension(make.app_key, make.x, "8") is None
    assert await store.extension(make.app_key, Y, "7") is None


class TestAllotment:
    async def test_never_used_ones_come_first_and_all_zeros_never(self, store: Store, axe: MakeAxe):
        given = [binding.extension for binding in await _fill(store, axe)]
        assert given == list("123456789")

    async def test_leading_zeros_are_kept(self, store: Store, axe: MakeAxe):
        assert (await _bind(store, axe(), WIDE)).extension == "0001"
        assert (await _bind(store, axe(extension="0042"), WIDE)).extension == "0042"

    async def test_freed_ones_come_last_the_longest_free_first(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        bound = await _fill(store, axe, 8)
        for index, after in ((4, 10), (1, 20), (6, 15)):
            await store.unbind(make.app_key, bound[index].binding_id, make.after(after))
        given = [(await _bind(store, axe(), after=30)).extension for _ in range(4)]
        assert given == ["9", "5", "7", "2"]

    async def test_a_chosen_one_is_left_out_afterwards(self, store: Store, axe: MakeAxe):
        await _bind(store, axe(extension="2"))
        assert [(await _bind(store, axe())).extension for _ in range(2)] == ["1", "3"]

    async def test_a_taken_one_cannot_be_chosen(self, store: Store, make: Make, axe: MakeAxe):
        first = await _bind(store, axe(extension="2"))
        with pytest.raises(ExtensionTaken):
            await _bind(store, axe(extension="2"))
        assert (await store.number(make.x)).pairs == 1
        await store.unbind(make.app_key, first.binding_id, make.now)
        await _bind(store, axe(extension="2"))

    @pytest.mark.parametrize("extension", ["", "5"])
    async def test_a_number_that_is_full_takes_none(
        self, store: Store, axe: MakeAxe, extension: str
    ):
        await _fill(store, axe)
        with pytest.raises((NumberFull, ExtensionTaken)):
            await _bind(store, axe(extension=extension))

    async def test_an_expired_one_comes_back_when_it_is_chosen(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        await _bind(store, axe(extension="2", expires_at=make.after(10)))
        with pytest.raises(ExtensionTaken):
            await _bind(store, axe(extension="2"), after=9.9)
        await _bind(store, axe(extension="2"), after=10)

    async def test_expired_ones_come_back_when_nothing_else_is_free(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        for index in range(9):
            expires_at = make.after(10) if index == 4 else None
            await _bind(store, axe(expires_at=expires_at))
        assert (await _bind(store, axe(), after=10)).extension == "5"

    async def test_swept_ones_come_back(self, store: Store, make: Make, axe: MakeAxe):
        for _ in range(9):
            await _bind(store, axe(expires_at=make.after(10)))
        assert await store.remove_expired(make.after(11), 100) == 9
        given = {(await _bind(store, axe(), after=12)).extension for _ in range(9)}
        assert given == set("123456789")

    async def test_each_number_has_its_own(self, store: Store, make: Make, axe: MakeAxe):
        await store.add_numbers([make.number(Y)])
        await _fill(store, axe)
        assert (await _bind(store, axe(x=Y))).extension == "1"

    async def test_a_number_is_chosen_where_a_wanted_one_is_free(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        await store.add_numbers([make.number(Y)])
        await _bind(store, axe(extension="2"))
        choice = NumberChoice(area_codes=("0755",), any_area=False)
        found = await store.bind(axe(extension="2"), LIMIT, make.now, choice)
        assert found.x == Y
        with pytest.raises(NumberPoolExhausted):
            await store.bind(axe(extension="2"), LIMIT, make.now, choice)

    async def test_a_number_that_is_full_is_not_chosen(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        await store.add_numbers([make.number(Y)])
        await _fill(store, axe)
        choice = NumberChoice(area_codes=("0755",), any_area=False)
        assert (await store.bind(axe(), LIMIT, make.now, choice)).x == Y

    async def test_a_refused_bind_uses_none_up(self, store: Store, axe: MakeAxe):
        await _bind(store, axe(A))
        with pytest.raises(AlreadyBound):
            await _bind(store, axe(A))
        assert (await _bind(store, axe())).extension == "2"

    async def test_the_days_limit_counts(self, store: Store, axe: MakeAxe):
        limits = replace(LIMIT, binds_a_day=1)
        await _bind(store, axe(), limits)
        with pytest.raises(DailyLimitReached):
            await _bind(store, axe(), limits)
        await _bind(store, axe(), limits, after=86_400)


class TestA:
    async def test_has_one_extension_on_a_number(self, store: Store, axe: MakeAxe):
        await _bind(store, axe(A, extension="2"))
        for extension in ("", "3"):
            with pytest.raises(AlreadyBound) as caught:
                await _bind(store, axe(A, extension=extension))
            assert caught.value.number == A

    async def test_may_have_one_on_each(self, store: Store, make: Make, axe: MakeAxe):
        await store.add_numbers([make.number(Y)])
        await _bind(store, axe(A))
        await _bind(store, axe(A, x=Y))

    async def test_is_free_again_once_the_binding_has_expired(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        await _bind(store, axe(A, expires_at=make.after(10)))
        await _bind(store, axe(A), after=10)


class TestRoutes:
    async def test_the_extension_leads_to_the_binding(self, store: Store, make: Make, axe: MakeAxe):
        binding = await _bind(store, axe(A))
        found = await store.route_extension(make.x, binding.extension)
        assert (found.number.number, found.binding, found.role) == (make.x, binding, Role.B)

    async def test_another_leads_to_the_number_alone(self, store: Store, make: Make, axe: MakeAxe):
        await _bind(store, axe(A))
        for extension in ("2", "", "01", "*", "1#", "+8613900000001"):
            found = await store.route_extension(make.x, extension)
            assert found.number is not None
            assert found.binding is None

    async def test_a_finds_its_own_binding_and_others_none(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        binding = await _bind(store, axe(A))
        found = await store.route(make.x, A)
        assert (found.binding, found.role) == (binding, Role.A)
        for stranger in (B, "1"):
            assert (await store.route(make.x, stranger)).binding is None

    async def test_both_are_gone_with_the_binding(self, store: Store, make: Make, axe: MakeAxe):
        binding = await _bind(store, axe(A))
        await store.unbind(make.app_key, binding.binding_id, make.now)
        assert (await store.route(make.x, A)).binding is None
        assert (await store.route_extension(make.x, binding.extension)).binding is None

    async def test_an_expired_binding_is_still_found_for_the_plan_to_judge(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        binding = await _bind(store, axe(A, expires_at=make.after(10)))
        assert (await store.route_extension(make.x, "1")).binding == binding


class TestLastCaller:
    async def test_the_most_recent_one_is_found_by_a_alone(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        first, second = await _bind(store, axe(A)), await _bind(store, axe())
        for number in (B, C):
            onward = Onward(number=number, expires_at=make.after(60))
            await store.set_onward(
                make.app_key, first.binding_id, OnwardKind.LAST_CALLER, onward, make.now
            )
        assert (await store.route(make.x, A)).last_caller == onward
        assert (await store.route(make.x, second.a)).last_caller is None

    async def test_is_forgotten_with_the_binding(self, store: Store, make: Make, axe: MakeAxe):
        binding = await _bind(store, axe(A))
        await store.set_onward(
            make.app_key, binding.binding_id, OnwardKind.LAST_CALLER, Onward(number=B), make.now
        )
        await store.unbind(make.app_key, binding.binding_id, make.now)
        await _bind(store, axe(A))
        assert (await store.route(make.x, A)).last_caller is None

    async def test_of_a_binding_that_is_gone_is_not_kept(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        binding = await _bind(store, axe(A, expires_at=make.after(10)))
        with pytest.raises(UnknownRecord):
            await store.set_onward(
                make.app_key,
                binding.binding_id,
                OnwardKind.LAST_CALLER,
                Onward(number=B),
                make.after(10),
            )


async def test_a_change_keeps_number_and_extension(store: Store, make: Make, axe: MakeAxe):
    binding = await _bind(store, axe(A, extension="7"))
    changed = replace(binding, callback_number=B, expires_at=make.after(10))
    await store.modify(changed, LIMIT, make.now)
    assert await store.extension(make.app_key, make.x, "7") == changed
    assert (await store.route(make.x, A)).binding == changed


class TestReadingOn:
    async def test_pages_follow_the_order_of_binding(self, store: Store, make: Make, axe: MakeAxe):
        bound = await _fill(store, axe, 5)
        after, seen = 0, []
        while page := await store.bindings_after(make.app_key, make.x, after, make.now, 2):
            seen += [binding for _, binding in page]
            after = page[-1][0]
        assert seen == bound

    async def test_what_is_unbound_or_bound_meanwhile_shifts_nothing(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        bound = await _fill(store, axe, 4)
        page = await store.bindings_after(make.app_key, make.x, 0, make.now, 2)
        await store.unbind(make.app_key, bound[0].binding_id, make.now)
        new = await _bind(store, axe())
        rest = await store.bindings_after(make.app_key, make.x, page[-1][0], make.now, 9)
        assert [binding for _, binding in rest] == [bound[2], bound[3], new]

    async def test_expired_ones_other_numbers_and_other_applications_are_left_out(
        self, store: Store, make: Make, axe: MakeAxe
    ):
        await store.add_numbers([make.number(Y)])
        await _bind(store, axe(expires_at=make.after(10)))
        await _bind(store, axe(x=Y))
        live = await _bind(store, axe())
        found = await store.bindings_after(make.app_key, make.x, 0, make.after(10), 9)
        assert [binding for _, binding in found] == [live]
        assert not await store.bindings_after("other", make.x, 0, make.now, 9)

    async def test_numbers_are_read_on_too(self, store: Store, make: Make):
        await store.add_application(make.application("other"))
        await store.add_numbers([make.number(Y), make.number("+8617000000003", app_key="other")])
        assert [n.number for n in await store.numbers_after(make.app_key, "", 1)] == [make.x]
        assert [n.number for n in await store.numbers_after(make.app_key, make.x, 9)] == [Y]
        assert not await store.numbers_after(make.app_key, Y, 9)


async def test_extensions_of_a_number_that_fills_and_empties_are_never_given_twice(
    store: Store, make: Make, axe: MakeAxe
):
    """A long run of binds and unbinds on one number, all of which are accounted for."""
    live: dict[str, AxeBinding] = {}
    for step in range(300):
        if len(live) == 9 or (live and step * 7 % 5 == 0):
            gone = live.pop(sorted(live)[step * 13 % len(live)])
            await store.unbind(make.app_key, gone.binding_id, make.after(step))
        else:
            binding = await _bind(store, axe(), after=step)
            assert binding.extension not in live
            live[binding.extension] = binding
    found = await store.bindings_after(make.app_key, make.x, 0, make.after(300), 99)
    assert {binding.extension for _, binding in found} == live.keys()
    assert (await store.number(make.x)).pairs == len(live)
