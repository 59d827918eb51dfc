import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import Area, Areas
from maskline.domain.binding import AxbBinding, CallDirection
from maskline.domain.error import (
    DuplicateRecord,
    InvalidParameter,
    MessagingNotEnabled,
    NumberNotOwned,
    NumberPoolExhausted,
    RecordingNotEnabled,
    UnknownRecord,
)
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.binding import (
    SWEEP_BATCH,
    BindingChange,
    BindingDesk,
    NewBinding,
    sweep_expired,
)
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds
from maskline.services.page import Slice
from maskline.services.prompt import FixedPrompts
from maskline.services.store import NumberChoice
from maskline.stores.memory import MemoryStore

NOW = datetime(2024, 6, 11, tzinfo=UTC)
A, B, C, X = "+8675528000001", "+8613900003003", "+8613900004004", "+8617000002001"
APP = Application(
    app_key="key", tenant_id="t", name="n", mode=Mode.AXB, secret="s", created_at=NOW
)  # fmt: skip
AREAS = Areas(
    [Area("0755", "深圳", "广东"), Area("020", "广州", "广东"), Area("010", "北京", "北京")],
    bytes(1_200_000),
)


class WatchedStore(MemoryStore):
    """Remembers how X was to be chosen."""

    choice: NumberChoice | None = None

    async def bind(self, binding, limits, now, choice):
        self.choice = choice
        return await super().bind(binding, limits, now, choice)


@pytest.fixture
def clock():
    return SteppedClock(NOW)


@pytest.fixture
async def store():
    store = WatchedStore()
    await store.add_tenant(Tenant(tenant_id="t", name="n", created_at=NOW))
    for app in (APP, replace(APP, app_key="other")):
        await store.add_application(app)
    await store.add_numbers(
        [VirtualNumber(number=X, app_key="key", area_code="0755", created_at=NOW)]
    )
    return store


@pytest.fixture
def desk(store, clock):
    return BindingDesk(store, clock, CountedIds(), AREAS, FixedPrompts([("key", "wait.wav")]))


async def test_a_binding_gets_an_id_its_times_and_an_expiry(desk):
    binding = await desk.bind_axb(APP, NewBinding(a=A, b=B, x=X, duration_s=60))

    assert binding == AxbBinding(
        binding_id="00000000-0000-0000-0000-000000000001",
        app_key="key",
        x=X,
        a=A,
        b=B,
        direction=CallDirection.BOTH,
        duration_s=60,
        expires_at=NOW + timedelta(seconds=60),
        created_at=NOW,
        modified_at=NOW,
    )


@pytest.mark.parametrize(
    ("fields", "codes", "any_area"),
    [
        ({"area_code": "010"}, ("010",), False),
        ({"area_code": "010", "is_area_loose": True}, ("010",), True),
        ({"area_code": "020", "is_area_loose": True}, ("020", "0755"), True),
        ({"area_code": "0999", "is_area_loose": True}, ("0999",), True),
        ({}, ("0755",), False),
        ({"is_area_loose": True}, ("0755", "020"), True),
        ({"a": "+8619900001001", "is_area_loose": True}, (), True),
    ],
)
async def test_without_x_the_store_is_told_where_to_look(desk, store, fields, codes, any_area):
    wanted = replace(NewBinding(a=A, b=B), **fields)
    with suppress(NumberPoolExhausted):
        await desk.bind_axb(APP, wanted)

    assert store.choice == NumberChoice(area_codes=codes, any_area=any_area)


async def test_a_bind_that_is_repeated_under_its_id_finds_its_binding(desk, store, clock):
    wanted = NewBinding(a=A, b=B, x=X, user_data="u")
    first = await desk.bind_axb(APP, wanted, "b1")
    clock.step(5)

    assert await desk.bind_axb(APP, wanted, "b1") == first
    assert (await store.number(X)).pairs == 1


async def test_an_id_of_another_application_finds_nothing(desk):
    await desk.bind_axb(APP, NewBinding(a=A, b=B, x=X), "b1")
    with pytest.raises(DuplicateRecord):
        await desk.bind_axb(replace(APP, app_key="other"), NewBinding(a=A, b=B, x=X), "b1")


async def test_with_x_nothing_is_chosen(desk, store):
    await desk.bind_axb(APP, NewBinding(a=A, b=B, x=X, area_code="010"))

    assert store.choice is None


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"a": "13900001001"}, "a"),
        ({"b": "+86"}, "b"),
        ({"x": "X"}, "x"),
        ({"b": A}, "b"),
        ({"a": X}, "a"),
        ({"b": X}, "b"),
        ({"duration_s": -1}, "duration_s"),
        ({"duration_s": 7_776_001}, "duration_s"),
        ({"duration_s": 10**30}, "duration_s"),
        ({"max_duration_min": 1441}, "max_duration_min"),
        ({"max_duration_min": -1}, "max_duration_min"),
        ({"user_data": "x" * 257}, "user_data"),
        ({"user_data": "中"}, "user_data"),
        ({"a_waiting_tone": "x" * 129}, "a_waiting_tone"),
        ({"b_waiting_tone": "lost.wav"}, "b_waiting_tone"),
    ],
)
async def test_a_wrong_value_names_its_field(desk, fields, parameter):
    with pytest.raises(InvalidParameter) as refused:
        await desk.bind_axb(APP, replace(NewBinding(a=A, b=B, x=X), **fields))

    assert refused.value.parameter == parameter


async def test_switches_of_the_application_are_needed(desk):
    wanted = NewBinding(a=A, b=B, x=X)
    with pytest.raises(RecordingNotEnabled):
        await desk.bind_axb(APP, replace(wanted, record=True))
    with pytest.raises(MessagingNotEnabled):
        await desk.bind_axb(APP, replace(wanted, may_message=True))

    able = replace(APP, may_record=True, may_message=True)
    binding = await desk.bind_axb(able, replace(wanted, record=True, may_message=True))
    assert (binding.voice.record, binding.may_message) == (True, True)


async def test_what_a_binding_has_already_is_not_questioned_by_a_change(store, clock, desk):
    able = replace(APP, may_record=True, may_message=True)
    wanted = NewBinding(a=A, b=B, x=X, record=True, may_message=True, a_waiting_tone="wait.wav")
    binding = await desk.bind_axb(able, wanted)
    later = BindingDesk(store, clock, CountedIds(), AREAS, FixedPrompts())

    changed = await later.modify_axb(APP, binding.binding_id, BindingChange(b=C))

    assert (changed.b, changed.voice) == (C, binding.voice)


async def test_a_change_leaves_what_it_does_not_name(desk, clock):
    binding = await desk.bind_axb(APP, NewBinding(a=A, b=B, x=X, duration_s=60, user_data="u"))
    clock.step(10)

    changed = await desk.modify_axb(APP, binding.binding_id, BindingChange())

    assert changed == replace(binding, modified_at=NOW + timedelta(seconds=10))


async def test_removing_all_of_a_number_needs_something_there(desk):
    with pytest.raises(UnknownRecord):
        await desk.unbind_number(APP, X)
    await desk.bind_axb(APP, NewBinding(a=A, b=B, x=X))

    assert await desk.unbind_number(APP, X) == 1


async def test_bindings_of_a_number_are_for_its_owner(desk):
    await desk.bind_axb(APP, NewBinding(a=A, b=B, x=X))

    assert len((await desk.find_on_number(APP, X, Slice(), a=A)).rows) == 1
    with pytest.raises(NumberNotOwned):
        await desk.find_on_number(replace(APP, app_key="other"), X, Slice())


async def test_the_sweep_removes_all_that_expired_in_small_units(desk, store, clock):
    for number in range(SWEEP_BATCH + 10):
        wanted = NewBinding(
            a=f"+86139{number:08}", b=f"+86138{number:08}", x=X, duration_s=60 + number % 2
        )
        await desk.bind_axb(APP, wanted)
    clock.step(60)

    assert await sweep_expired(store, clock) == SWEEP_BATCH // 2 + 5
    clock.step(1)
    assert await sweep_expired(store, clock) == SWEEP_BATCH // 2 + 5
    assert await sweep_expired(store, clock) == 0


async def test_two_changes_of_a_binding_at_once_both_count(store, desk, monkeypatch):
    binding = await desk.bind_axb(APP, NewBinding(a=A, b=B, x=X))
    modify = store.modify

    async def modify_slowly(changed, limits, now, **how):
        await asyncio.sleep(0)
        await modify(changed, limits, now, **how)

    monkeypatch.setattr(store, "modify", modify_slowly)
    await asyncio.gather(
        desk.modify_axb(APP, binding.binding_id, BindingChange(b=C)),
        desk.modify_axb(APP, binding.binding_id, BindingChange(user_data="trip-7")),
    )

    found = await desk.find(APP, binding.binding_id)
    assert (found.b, found.user_data) == (C, "trip-7")
