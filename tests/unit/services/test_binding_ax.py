import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import Area, Areas
from maskline.domain.binding import AxBinding, CallDirection, CloseRule, Onward, VoiceOptions
from maskline.domain.error import (
    AlreadyBound,
    InvalidParameter,
    MessagingNotEnabled,
    NumberFull,
    NumberNotOwned,
    RealCallerNotAllowed,
    RecordingNotEnabled,
    TooManyNumbers,
    UnknownNumber,
    UnknownRecord,
)
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.binding_ax import AxDesk
from maskline.services.binding_ax_request import AxChange, NewAxBinding, NewCallee
from maskline.services.binding_rule import Closing
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds
from maskline.services.prompt import FixedPrompts
from maskline.services.store import NumberChoice
from maskline.stores.memory import MemoryStore

NOW = datetime(2024, 6, 11, tzinfo=UTC)
A, B, C = "+8613900001001", "+8613900003003", "+8613900004004"
NUMBERS = [f"+861700000200{n}" for n in range(1, 8)]
X, OTHERS_X = NUMBERS[0], NUMBERS[-1]
APP = Application(
    app_key="key", tenant_id="t", name="n", mode=Mode.AX, secret="s", created_at=NOW
)  # fmt: skip
OTHER = replace(APP, app_key="other")
AREAS = Areas([Area("0755", "深圳", "广东"), Area("020", "广州", "广东")], bytes(1_200_000))


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
    for app in (APP, OTHER):
        await store.add_application(app)
    await store.add_numbers(
        VirtualNumber(
            number=number,
            app_key="other" if number == OTHERS_X else "key",
            area_code="0755",
            created_at=NOW,
        )
        for number in NUMBERS
    )
    return store


@pytest.fixture
def desk(store, clock):
    return AxDesk(store, clock, CountedIds(), AREAS, FixedPrompts([("key", "wait.wav")]))


async def test_a_binding_gets_an_id_and_its_times_and_never_expires(desk):
    binding = await desk.bind(APP, NewAxBinding(a=A, x=X, user_data="order"))

    assert binding == AxBinding(
        binding_id="00000000-0000-0000-0000-000000000001",
        app_key="key",
        x=X,
        a=A,
        user_data="order",
        created_at=NOW,
        modified_at=NOW,
    )


async def test_a_bind_that_is_repeated_under_its_id_gives_what_was_bound(desk, clock):
    first = await desk.bind(APP, NewAxBinding(a=A, area_code="0755"), "id-1")
    clock.step(5)

    assert await desk.bind(APP, NewAxBinding(a=A, area_code="0755"), "id-1") == first
    assert await desk.find_of_a(APP, A) == (first,)


async def test_only_idle_time_ends_a_binding(desk):
    closing = Closing(idle_s=60, on_hang_up=True)
    binding = await desk.bind(APP, NewAxBinding(a=A, x=X, closing=closing))

    assert binding.close == CloseRule(after_calls=1, idle_s=60)
    assert binding.expires_at == NOW + timedelta(seconds=60)
    stays = await desk.modify(APP, binding.binding_id, AxChange(closing=Closing(idle_s=0)))
    assert stays.expires_at is None


async def test_the_store_is_told_where_to_look_for_x(desk, store):
    await desk.bind(APP, NewAxBinding(a=A, area_code="0755"))
    assert store.choice == NumberChoice(area_codes=("0755",), any_area=False)
    await desk.bind(APP, NewAxBinding(a=A, area_code="020", is_area_loose=True))
    assert store.choice == NumberChoice(area_codes=("020", "0755"), any_area=True)
    await desk.bind(APP, NewAxBinding(a=A, x=NUMBERS[5], area_code="020"))
    assert store.choice is None


@pytest.mark.parametrize("x", [OTHERS_X, "+8617099999999", "nonsense"])
async def test_a_number_that_is_not_the_applications_is_unknown(desk, x):
    with pytest.raises(UnknownNumber):
        await desk.bind(APP, NewAxBinding(a=A, x=x))


async def test_x_has_one_a_and_says_whether_it_is_this_one(desk):
    await desk.bind(APP, NewAxBinding(a=A, x=X))

    with pytest.raises(AlreadyBound):
        await desk.bind(APP, NewAxBinding(a=A, x=X))
    with pytest.raises(NumberFull):
        await desk.bind(APP, NewAxBinding(a=B, x=X))


async def test_a_has_five_numbers_in_one_application(desk):
    for number in NUMBERS[:5]:
        await desk.bind(APP, NewAxBinding(a=A, x=number))

    with pytest.raises(TooManyNumbers):
        await desk.bind(APP, NewAxBinding(a=A, x=NUMBERS[5]))
    with pytest.raises(TooManyNumbers):
        await desk.bind(APP, NewAxBinding(a=A, area_code="0755"))
    assert (await desk.bind(OTHER, NewAxBinding(a=A, x=OTHERS_X))).x == OTHERS_X
    assert [binding.x for binding in await desk.find_of_a(APP, A)] == NUMBERS[:5]


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"a": "139"}, "a"),
        ({"a": X}, "a"),
        ({"a": "+864008001234"}, "a"),
        ({"max_duration_min": 1441}, "max_duration_min"),
        ({"user_data": "{"}, "user_data"),
        ({"closing": Closing(idle_s=-1)}, "idle_s"),
        ({"a_waiting_tone": "lost.wav"}, "a_waiting_tone"),
    ],
)
async def test_what_cannot_be_bound_is_named(desk, fields, parameter):
    with pytest.raises(InvalidParameter) as caught:
        await desk.bind(APP, replace(NewAxBinding(a=A, x=X), **fields))
    assert caught.value.parameter == parameter


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"record": True}, RecordingNotEnabled),
        ({"may_message": True}, MessagingNotEnabled),
        ({"shows_caller": True}, RealCallerNotAllowed),
    ],
)
async def test_what_the_application_may_not_have_is_refused_but_stays_where_it_is(
    desk, fields, error
):
    poor = replace(APP, may_show_caller=False)
    rich = replace(APP, may_record=True, may_message=True)
    with pytest.raises(error):
        await desk.bind(poor, replace(NewAxBinding(a=A, x=X), **fields))
    binding = await desk.bind(rich, replace(NewAxBinding(a=A, x=X), **fields))
    changed = await desk.modify(poor, binding.binding_id, AxChange(user_data="new", **fields))
    assert changed.user_data == "new"


async def test_a_change_leaves_what_it_does_not_name(desk):
    before = await desk.bind(
        APP, NewAxBinding(a=A, x=X, user_data="order", max_duration_min=5, is_on=True)
    )
    change = AxChange(direction=CallDirection.A_TO_B, a_waiting_tone="wait.wav", is_on=False)

    after = await desk.modify(APP, before.binding_id, change)

    assert after == replace(
        before,
        direction=CallDirection.A_TO_B,
        is_on=False,
        voice=VoiceOptions(max_duration_min=5, a_waiting_tone="wait.wav"),
    )
    assert await desk.find(APP, before.binding_id) == after


async def test_changes_at_once_do_not_undo_each_other(desk):
    binding = await desk.bind(APP, NewAxBinding(a=A, x=X))

    await asyncio.gather(
        desk.modify(APP, binding.binding_id, AxChange(user_data="order")),
        desk.modify(APP, binding.binding_id, AxChange(max_duration_min=5)),
        desk.modify(APP, binding.binding_id, AxChange(is_on=False)),
    )

    found = await desk.find(APP, binding.binding_id)
    assert (found.user_data, found.voice.max_duration_min, found.is_on) == ("order", 5, False)


async def test_a_callee_is_set_for_a_minute_unless_said_otherwise(desk, store):
    binding = await desk.bind(APP, NewAxBinding(a=A, x=X))

    await desk.set_callee(APP, binding.binding_id, NewCallee(number=B, duration_s=9, user_data="u"))
    await desk.set_callee(APP, binding.binding_id, NewCallee(number=C))

    found = (await store.route(X, A)).temporary_callee
    assert found == Onward(number=C, expires_at=NOW + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"number": "139"}, "number"),
        ({"number": A}, "number"),
        ({"number": X}, "number"),
        ({"duration_s": 0}, "duration_s"),
        ({"duration_s": 259_201}, "duration_s"),
        ({"user_data": "}"}, "user_data"),
    ],
)
async def test_a_callee_that_cannot_be_set_is_named(desk, fields, parameter):
    binding = await desk.bind(APP, NewAxBinding(a=A, x=X))

    with pytest.raises(InvalidParameter) as caught:
        await desk.set_callee(APP, binding.binding_id, replace(NewCallee(number=B), **fields))
    assert caught.value.parameter == parameter


async def test_a_binding_of_another_application_is_unknown_to_every_verb(desk):
    binding_id = (await desk.bind(APP, NewAxBinding(a=A, x=X))).binding_id

    for verb in (
        desk.modify(OTHER, binding_id, AxChange()),
        desk.set_callee(OTHER, binding_id, NewCallee(number=B)),
        desk.unbind(OTHER, binding_id),
        desk.find(OTHER, binding_id),
        desk.find_of_a(OTHER, A),
        desk.find_on_number(OTHER, OTHERS_X),
    ):
        with pytest.raises(UnknownRecord):
            await verb


async def test_a_number_says_why_it_has_no_binding(desk):
    for app, x, error in (
        (APP, "+8617099999999", UnknownNumber),
        (APP, OTHERS_X, NumberNotOwned),
        (APP, X, UnknownRecord),
    ):
        with pytest.raises(error):
            await desk.find_on_number(app, x)
