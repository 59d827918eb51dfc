"""Bindings that close after some calls, or for want of them (`docs/extensions.md`)."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contract.store.making import Make

from maskline.domain.binding import AxbBinding, AxBinding, Binding, CloseRule
from maskline.domain.call import Call
from maskline.domain.error import UnknownRecord
from maskline.services.store import BindLimits, Store

A, B = "+8613911110001", "+8613811110002"
LIMITS = BindLimits(pairs=9)


async def bind(store: Store, make: Make, **rule: int) -> AxbBinding:
    """A pair with this close rule."""
    binding = make.binding(A, B, **closing(make, **rule))
    return await store.bind(binding, LIMITS, make.now, None)


def closing(make: Make, after_calls: int = 0, idle_s: int = 0, ends_s: int = 0) -> dict[str, Any]:
    ends_at = make.after(ends_s) if ends_s else None
    expires_at = make.after(idle_s) if idle_s else ends_at
    if ends_at is not None and expires_at is not None:
        expires_at = min(ends_at, expires_at)
    return {
        "close": CloseRule(after_calls=after_calls, idle_s=idle_s),
        "expires_at": expires_at,
        "ends_at": ends_at if idle_s else None,
    }


def call_of(make: Make, binding: Binding, *, is_answered: bool = True, **changes: Any) -> Call:
    call = make.call(binding_id=binding.binding_id, close=binding.close, **changes)
    return call.answered(make.after(1)) if is_answered else call


async def end(store: Store, make: Make, call: Call, at: float = 60) -> None:
    await store.finish_call(make.record(call, make.after(at)), [])


async def test_answered_calls_are_counted(store: Store, make: Make):
    binding = await bind(store, make, after_calls=3)
    await end(store, make, call_of(make, binding))
    kept = await store.binding(None, binding.binding_id)
    assert kept == replace(binding, close=CloseRule(after_calls=2))


async def test_calls_that_nobody_answered_are_not_counted(store: Store, make: Make):
    binding = await bind(store, make, after_calls=1)
    await end(store, make, call_of(make, binding, is_answered=False))
    assert await store.binding(None, binding.binding_id) == binding


async def test_the_last_call_takes_the_binding_with_all_that_hangs_on_it(store: Store, make: Make):
    binding = await bind(store, make, after_calls=2)
    for _ in range(2):
        await end(store, make, call_of(make, binding))
    assert await store.binding(None, binding.binding_id) is None
    for caller in (A, B):
        assert (await store.route(make.x, caller)).binding is None
    number = await store.number(make.x)
    assert number is not None
    assert number.pairs == 0
    await store.bind(make.binding(A, B), LIMITS, make.now, None)


async def test_a_second_record_of_a_call_is_not_counted_again(store: Store, make: Make):
    binding = await bind(store, make, after_calls=2)
    call = call_of(make, binding)
    await end(store, make, call)
    await end(store, make, call)
    kept = await store.binding(None, binding.binding_id)
    assert kept is not None
    assert kept.close.after_calls == 1


async def test_calls_that_were_under_way_when_the_binding_closed_do_no_harm(
    store: Store, make: Make
):
    binding = await bind(store, make, after_calls=1)
    late = call_of(make, binding)
    await end(store, make, call_of(make, binding))
    other = await bind(store, make)
    await end(store, make, late)
    assert await store.binding(None, other.binding_id) == other


async def test_other_bindings_are_not_counted(store: Store, make: Make):
    binding = await bind(store, make, after_calls=1)
    other = await store.bind(make.binding(**closing(make, after_calls=1)), LIMITS, make.now, None)
    await end(store, make, call_of(make, binding))
    assert await store.binding(None, other.binding_id) == other


async def test_a_binding_of_ax_closes_likewise(store: Store, make: Make):
    plain = AxBinding(
        binding_id="ax",
        app_key=make.app_key,
        x=make.x,
        a=A,
        created_at=make.now,
        modified_at=make.now,
        **closing(make, after_calls=1, idle_s=600),
    )
    binding = await store.bind(plain, LIMITS, make.now, None)
    await end(store, make, call_of(make, binding, is_answered=False), at=100)
    kept = await store.binding(None, "ax")
    assert kept == replace(binding, expires_at=make.after(700))
    await end(store, make, call_of(make, binding))
    assert (await store.route(make.x, B)).binding is None


@pytest.mark.parametrize("is_answered", [True, False])
async def test_the_idle_time_begins_anew_at_the_end_of_each_call(
    store: Store, make: Make, is_answered
):
    binding = await bind(store, make, idle_s=100)
    await end(store, make, call_of(make, binding, is_answered=is_answered), at=60)
    kept = await store.binding(None, binding.binding_id)
    assert kept == replace(binding, expires_at=make.after(160))
    assert await store.remove_expired(make.after(159), 9) == 0
    assert await store.remove_expired(make.after(160), 9) == 1


async def test_a_route_expires_with_the_idle_time(store: Store, make: Make):
    binding = await bind(store, make, idle_s=100)
    await end(store, make, call_of(make, binding), at=60)
    new = make.binding(A)
    with pytest.raises(Exception, match="bound on this virtual number"):
        await store.bind(new, LIMITS, make.after(159), None)
    await store.bind(new, LIMITS, make.after(160), None)
    assert await store.binding(None, binding.binding_id) is None


async def test_an_answered_call_holds_the_binding_open(store: Store, make: Make):
    binding = await bind(store, make, idle_s=100)
    call = call_of(make, binding)
    await store.save_call(call, [])
    assert await store.remove_expired(make.after(5_000), 9) == 0
    held = await store.binding(None, binding.binding_id)
    assert held == replace(binding, expires_at=None)
    await end(store, make, call, at=5_000)
    kept = await store.binding(None, binding.binding_id)
    assert kept == replace(binding, expires_at=make.after(5_100))


async def test_a_call_that_only_rings_holds_nothing_open(store: Store, make: Make):
    binding = await bind(store, make, idle_s=100)
    await store.save_call(call_of(make, binding, is_answered=False), [])
    assert await store.remove_expired(make.after(100), 9) == 1


async def test_the_deadline_wins_over_the_idle_time(store: Store, make: Make):
    binding = await bind(store, make, idle_s=100, ends_s=150)
    call = call_of(make, binding)
    await store.save_call(call, [])
    held = await store.binding(None, binding.binding_id)
    assert held is not None
    assert held.expires_at == make.after(150)
    await end(store, make, call, at=80)
    kept = await store.binding(None, binding.binding_id)
    assert kept is not None
    assert (kept.expires_at, kept.ends_at) == (make.after(150), make.after(150))


async def test_a_call_of_a_binding_that_went_meanwhile_is_ended_as_any_other(
    store: Store, make: Make
):
    binding = await bind(store, make, after_calls=1, idle_s=100)
    await store.unbind(make.app_key, binding.binding_id, make.now)
    call = call_of(make, binding)
    await store.save_call(call, [])
    await end(store, make, call)
    assert await store.live_call(call.session_id) is None


class TestModify:
    async def test_the_count_and_the_idle_time_go_on(self, store: Store, make: Make):
        binding = await bind(store, make, after_calls=3, idle_s=100)
        await end(store, make, call_of(make, binding), at=60)
        changed = replace(binding, user_data="new", expires_at=make.after(999))
        await store.modify(changed, LIMITS, make.after(70))
        kept = await store.binding(None, binding.binding_id)
        expected = CloseRule(after_calls=2, idle_s=100)
        assert kept == replace(changed, close=expected, expires_at=make.after(160))

    async def test_a_call_still_holds_it_open(self, store: Store, make: Make):
        binding = await bind(store, make, idle_s=100)
        await store.save_call(call_of(make, binding), [])
        await store.modify(replace(binding, user_data="new"), LIMITS, make.after(70))
        assert await store.remove_expired(make.after(5_000), 9) == 0

    async def test_another_deadline_counts_at_once(self, store: Store, make: Make):
        binding = await bind(store, make, idle_s=100, ends_s=150)
        changed = replace(binding, expires_at=make.after(110), ends_at=make.after(500))
        await store.modify(changed, LIMITS, make.after(10))
        kept = await store.binding(None, binding.binding_id)
        assert kept == changed

    async def test_it_counts_anew_when_asked(self, store: Store, make: Make):
        binding = await bind(store, make, after_calls=3, idle_s=100)
        await end(store, make, call_of(make, binding), at=60)
        rule = CloseRule(after_calls=5, idle_s=50)
        changed = replace(binding, close=rule, expires_at=make.after(120))
        await store.modify(changed, LIMITS, make.after(70), recounts=True)
        assert await store.binding(None, binding.binding_id) == changed

    async def test_a_rule_may_be_taken_away(self, store: Store, make: Make):
        binding = await bind(store, make, after_calls=1, idle_s=100)
        changed = replace(binding, close=CloseRule(), expires_at=None)
        await store.modify(changed, LIMITS, make.after(70), recounts=True)
        await end(store, make, call_of(make, binding))
        assert await store.binding(None, binding.binding_id) == changed

    async def test_a_binding_that_closed_cannot_be_changed(self, store: Store, make: Make):
        binding = await bind(store, make, after_calls=1)
        await end(store, make, call_of(make, binding))
        with pytest.raises(UnknownRecord):
            await store.modify(binding, LIMITS, make.now)
