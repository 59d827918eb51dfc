"""The rules of AXYB (`spec/axyb.md` 1, 3-5), above what the store keeps unique."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import Area, Areas
from maskline.domain.binding import CallDirection, Role, VoiceOptions, XyRelation
from maskline.domain.error import (
    AlreadyBound,
    InvalidParameter,
    NumberNotOwned,
    NumberPoolExhausted,
    RecordingNotEnabled,
    TooManyNumbers,
    UnknownRecord,
)
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.allotment import Allotment, NewPart, look_again, near
from maskline.services.binding_axyb import AxybDesk, NewRelation, NewYb
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds
from maskline.services.prompt import FixedPrompts
from maskline.stores.memory import MemoryStore

NOW = datetime(2024, 6, 11, tzinfo=UTC)
A, A2, B, C = "+8613900001001", "+8613900002002", "+8613900003003", "+8613900004004"
SZ = [f"+861700000200{n}" for n in range(8)]
GZ, BJ = "+8617000003001", "+8617000004001"
APP = Application(
    app_key="key", tenant_id="t", name="n", mode=Mode.AXYB, secret="s", created_at=NOW
)  # fmt: skip
AREAS = Areas(
    [Area("0755", "深圳", "广东"), Area("020", "广州", "广东"), Area("010", "北京", "北京")],
    bytes(1_200_000),
)
WANTED = NewRelation(a=A, area_code="0755")


@pytest.fixture
def clock():
    return SteppedClock(NOW)


@pytest.fixture
async def store():
    """Eight numbers in Shenzhen, one in Guangzhou, one in Beijing."""
    store = MemoryStore()
    await store.add_tenant(Tenant(tenant_id="t", name="n", created_at=NOW))
    for app in (APP, replace(APP, app_key="other")):
        await store.add_application(app)
    cities = dict.fromkeys(SZ, "0755") | {GZ: "020", BJ: "010"}
    await store.add_numbers(
        [
            VirtualNumber(number=number, app_key="key", area_code=city, created_at=NOW)
            for number, city in cities.items()
        ]
    )
    return store


@pytest.fixture
def ids():
    return CountedIds()


@pytest.fixture
def desk(store, clock, ids):
    prompts = FixedPrompts([("key", "x.wav"), ("key", "y.wav"), ("key", "hint.wav")])
    return AxybDesk(store, clock, ids, AREAS, prompts)


@pytest.fixture
def allotment(store, clock, ids):
    return Allotment(store, clock, ids)


def later(seconds):
    return NOW + timedelta(seconds=seconds)


async def keep_only(store, *numbers):
    """Have no numbers but these."""
    for number in [*store._tables.numbers]:
        if number not in numbers:
            del store._tables.numbers[number]


class TestRelation:
    async def test_it_lasts_two_hours_and_its_parts_as_long_unless_asked_otherwise(self, desk):
        assert await desk.bind_ax(APP, WANTED) == XyRelation(
            binding_id="00000000-0000-0000-0000-000000000001",
            app_key="key",
            x=SZ[0],
            a=A,
            direction=CallDirection.BOTH,
            duration_s=7200,
            yb_duration_s=0,
            expires_at=later(7200),
            created_at=NOW,
            modified_at=NOW,
        )

    @pytest.mark.parametrize("seconds", [60, 7_776_000])
    async def test_it_lasts_as_long_as_asked(self, desk, seconds):
        relation = await desk.bind_ax(APP, replace(WANTED, duration_s=seconds))
        assert (relation.duration_s, relation.expires_at) == (seconds, later(seconds))

    async def test_0_is_for_ever(self, desk):
        assert (await desk.bind_ax(APP, replace(WANTED, duration_s=0))).expires_at is None

    @pytest.mark.parametrize(
        ("fields", "parameter"),
        [
            ({"a": "13900001001"}, "a"),
            ({"duration_s": 59}, "duration_s"),
            ({"duration_s": -1}, "duration_s"),
            ({"duration_s": 7_776_001}, "duration_s"),
            ({"yb_duration_s": 59}, "yb_duration_s"),
            ({"yb_duration_s": 7_776_001}, "yb_duration_s"),
            ({"user_data": "{}"}, "user_data"),
            ({"a_waiting_tone": "lost.wav"}, "a_waiting_tone"),
            ({"record_hint_tone": "lost.wav"}, "record_hint_tone"),
        ],
    )
    async def test_a_wrong_value_names_its_field(self, desk, fields, parameter):
        with pytest.raises(InvalidParameter) as refused:
            await desk.bind_ax(APP, replace(WANTED, **fields))
        assert refused.value.parameter == parameter

    async def test_recording_needs_the_right_of_the_application(self, desk):
        wanted = replace(WANTED, record=True, record_hint_tone="hint.wav")
        with pytest.raises(RecordingNotEnabled):
            await desk.bind_ax(APP, wanted)
        relation = await desk.bind_ax(replace(APP, may_record=True), wanted)
        assert relation.voice == VoiceOptions(record=True, record_hint_tone="hint.wav")

    @pytest.mark.parametrize(
        ("area_code", "x"), [("0755", SZ[0]), ("755", SZ[0]), ("010", BJ), ("10", BJ), ("20", GZ)]
    )
    async def test_x_is_of_the_city_with_or_without_the_leading_0(self, desk, area_code, x):
        assert (await desk.bind_ax(APP, replace(WANTED, area_code=area_code))).x == x

    async def test_only_the_city_unless_it_is_loose(self, desk, store):
        await keep_only(store, GZ, BJ)
        with pytest.raises(NumberPoolExhausted):
            await desk.bind_ax(APP, WANTED)
        loose = replace(WANTED, is_area_loose=True)
        assert [(await desk.bind_ax(APP, loose)).x for _ in range(2)] == [GZ, BJ]

    async def test_an_a_has_up_to_five_x(self, desk):
        held = [(await desk.bind_ax(APP, WANTED)) for _ in range(5)]
        assert len({relation.x for relation in held}) == 5
        with pytest.raises(TooManyNumbers):
            await desk.bind_ax(APP, WANTED)
        await desk.bind_ax(APP, replace(WANTED, a=A2))
        await desk.unbind(APP, held[0].binding_id)
        await desk.bind_ax(APP, WANTED)

    async def test_a_number_that_was_y_of_what_has_expired_is_x_again(self, desk, store, clock):
        await keep_only(store, *SZ[:2])
        relation = await desk.bind_ax(APP, WANTED)
        part = await desk.bind_yb(APP, NewYb(binding_id=relation.binding_id, b=B))
        clock.step(7200)
        found = [(await desk.bind_ax(APP, WANTED)).x for _ in range(2)]
        assert set(found) == {relation.x, part.y}


class TestPart:
    @pytest.fixture
    async def relation(self, desk):
        return await desk.bind_ax(APP, replace(WANTED, a_waiting_tone="x.wav", user_data="trip"))

    @pytest.fixture
    def join(self, desk, relation):
        async def join(b=B, to=relation, **fields):
            return await desk.bind_yb(APP, NewYb(binding_id=to.binding_id, b=b, **fields))

        return join

    async def test_it_repeats_what_calls_need_of_its_relation(self, join, relation):
        part = await join(b_waiting_tone="y.wav")
        assert (part.relation_id, part.x, part.a) == (relation.binding_id, relation.x, A)
        assert part.y not in {relation.x, ""}
        assert part.voice == VoiceOptions(a_waiting_tone="x.wav", b_waiting_tone="y.wav")
        assert part.expires_at == relation.expires_at

    async def test_user_data_of_its_own_goes_before_that_of_the_relation(self, join):
        assert (await join(B)).user_data == "trip"
        assert (await join(C, user_data="own")).user_data == "own"

    @pytest.mark.parametrize(
        ("of_relation", "of_part", "lasts"),
        [
            (0, None, 7200),
            (600, None, 600),
            (600, 60, 60),
            (60, 600, 600),
            (600, 0, 7200),
            (9000, None, 7200),
            (0, 9000, 7200),
        ],
    )
    async def test_its_own_duration_wins_and_that_of_the_relation_bounds_it(
        self, desk, join, of_relation, of_part, lasts
    ):
        relation = await desk.bind_ax(APP, replace(WANTED, yb_duration_s=of_relation))
        part = await join(to=relation, yb_duration_s=of_part)
        assert part.expires_at == later(lasts)

    async def test_under_a_relation_without_end_it_may_end_or_not(self, desk, join):
        relation = await desk.bind_ax(APP, replace(WANTED, duration_s=0, yb_duration_s=60))
        assert (await join(B, to=relation)).expires_at == later(60)
        assert (await join(C, to=relation, yb_duration_s=0)).expires_at is None

    @pytest.mark.parametrize(
        ("fields", "parameter"),
        [
            ({"b": "13900003003"}, "b"),
            ({"b": A}, "b"),
            ({"b": SZ[0]}, "b"),
            ({"yb_duration_s": 59}, "yb_duration_s"),
            ({"yb_duration_s": 7_776_001}, "yb_duration_s"),
            ({"user_data": "^"}, "user_data"),
            ({"b_waiting_tone": "lost.wav"}, "b_waiting_tone"),
        ],
    )
    async def test_a_wrong_value_names_its_field(self, join, fields, parameter):
        with pytest.raises(InvalidParameter) as refused:
            await join(**fields)
        assert refused.value.parameter == parameter

    async def test_it_needs_a_live_relation_of_the_application(self, desk, join, relation, clock):
        with pytest.raises(UnknownRecord):
            await join(to=replace(relation, binding_id="none"))
        other = replace(APP, app_key="other")
        with pytest.raises(UnknownRecord):
            await desk.bind_yb(other, NewYb(binding_id=relation.binding_id, b=B))
        with pytest.raises(UnknownRecord):
            await join(to=await join(B))
        clock.step(7200)
        with pytest.raises(UnknownRecord):
            await join(C)

    async def test_a_b_has_one_y_of_a_relation_and_another_b_another(self, join):
        first, second = await join(B), await join(C)
        assert first.y != second.y
        with pytest.raises(AlreadyBound):
            await join(B)

    async def test_a_b_of_another_relation_may_have_the_same_y(self, desk, join):
        other = await desk.bind_ax(APP, replace(WANTED, a=A2))
        assert (await join(B)).y == (await join(C, to=other)).y

    @pytest.mark.parametrize("area_code", ["020", "20"])
    async def test_y_is_of_the_city_that_was_asked_for(self, join, area_code):
        assert (await join(area_code=area_code)).y == GZ
        with pytest.raises(NumberPoolExhausted):
            await join(C, area_code=area_code)
        assert (await join(C, area_code=area_code, is_area_loose=True)).y in SZ

    async def test_without_a_city_y_is_of_xs_and_then_of_any(self, join, store, relation):
        await keep_only(store, relation.x, SZ[5], BJ)
        assert (await join(A2)).y == SZ[5]
        with pytest.raises(NumberPoolExhausted):
            await join(B, is_area_loose=False)
        assert (await join(C)).y == BJ

    async def test_a_y_serves_no_more_relations_than_the_application_allows(self, desk, store):
        await keep_only(store, *SZ[:3])
        once = replace(APP, pairs_per_number=1)
        for a in (A, A2):
            relation = await desk.bind_ax(once, replace(WANTED, a=a))
            wanted = NewYb(binding_id=relation.binding_id, b=B)
            if a == A:
                await desk.bind_yb(once, wanted)
            else:
                with pytest.raises(NumberPoolExhausted):
                    await desk.bind_yb(once, wanted)


class TestRemovalAndSearch:
    @pytest.fixture
    async def group(self, desk):
        relation = await desk.bind_ax(APP, replace(WANTED, yb_duration_s=600))
        wanted = NewYb(binding_id=relation.binding_id, b=B)
        return [
            relation,
            await desk.bind_yb(APP, wanted),
            await desk.bind_yb(APP, replace(wanted, b=C, yb_duration_s=0)),
        ]

    async def test_a_group_is_found_by_its_id_and_by_x(self, desk, group):
        relation, *parts = group
        by_id = await desk.find(APP, relation.binding_id)
        assert by_id == await desk.find_on_number(APP, relation.x)
        assert (by_id.relation, list(by_id.parts)) == (relation, parts)

    async def test_a_y_and_the_id_of_a_part_find_nothing(self, desk, group):
        _, part, _ = group
        with pytest.raises(UnknownRecord):
            await desk.find_on_number(APP, part.y)
        with pytest.raises(UnknownRecord):
            await desk.find(APP, part.binding_id)
        with pytest.raises(UnknownRecord):
            await desk.unbind(APP, part.binding_id)

    async def test_groups_are_for_their_application(self, desk, group):
        relation, other = group[0], replace(APP, app_key="other")
        with pytest.raises(UnknownRecord):
            await desk.find(other, relation.binding_id)
        with pytest.raises(NumberNotOwned):
            await desk.find_on_number(other, relation.x)
        with pytest.raises(UnknownRecord):
            await desk.find_on_number(APP, "+8617099999999")
        for unbind in (desk.unbind(other, relation.binding_id),
                       desk.unbind_b(other, relation.binding_id, B)):  # fmt: skip
            with pytest.raises(UnknownRecord):
                await unbind

    async def test_the_group_goes_as_a_whole(self, desk, store, group):
        await desk.unbind(APP, group[0].binding_id)
        with pytest.raises(UnknownRecord):
            await desk.find(APP, group[0].binding_id)
        assert {number.pairs for number in store._tables.numbers.values()} == {0}

    async def test_one_part_goes_by_its_y_or_by_its_b(self, desk, group):
        relation, first, second = group
        await desk.unbind_y(APP, relation.binding_id, first.y)
        assert (await desk.find(APP, relation.binding_id)).parts == (second,)
        with pytest.raises(UnknownRecord):
            await desk.unbind_y(APP, relation.binding_id, first.y)
        await desk.unbind_b(APP, relation.binding_id, C)
        assert (await desk.find(APP, relation.binding_id)).parts == ()
        with pytest.raises(UnknownRecord):
            await desk.unbind_b(APP, relation.binding_id, C)

    async def test_a_part_of_another_relation_is_left_alone(self, desk, group):
        other = await desk.bind_ax(APP, replace(WANTED, a=A2))
        part = await desk.bind_yb(APP, NewYb(binding_id=other.binding_id, b=A))
        with pytest.raises(UnknownRecord):
            await desk.unbind_b(APP, group[0].binding_id, A)
        with pytest.raises(UnknownRecord):
            await desk.unbind_y(APP, other.binding_id, group[2].y)
        assert (await desk.find(APP, other.binding_id)).parts == (part,)

    async def test_a_party_of_the_relation_is_no_part_of_it(self, desk, group):
        with pytest.raises(UnknownRecord):
            await desk.unbind_b(APP, group[0].binding_id, A)
        with pytest.raises(UnknownRecord):
            await desk.unbind_y(APP, group[0].binding_id, group[0].x)
        assert len((await desk.find(APP, group[0].binding_id)).parts) == 2

    async def test_a_part_expires_before_its_relation_and_the_relation_ends_all(
        self, desk, group, clock
    ):
        relation, first, second = group
        clock.step(600)
        assert (await desk.find(APP, relation.binding_id)).parts == (second,)
        with pytest.raises(UnknownRecord):
            await desk.unbind_y(APP, relation.binding_id, first.y)
        clock.step(6600)
        with pytest.raises(UnknownRecord):
            await desk.find(APP, relation.binding_id)
        with pytest.raises(UnknownRecord):
            await desk.find_on_number(APP, relation.x)


class TestCalls:
    @pytest.fixture
    async def relation(self, desk):
        return await desk.bind_ax(APP, replace(WANTED, yb_duration_s=600))

    async def test_of_calls_that_ask_at_once_one_gets_the_y(
        self, allotment, store, relation, monkeypatch
    ):
        bind_yb = store.bind_yb

        async def bind_slowly(*arguments):
            await asyncio.sleep(0)
            return await bind_yb(*arguments)

        monkeypatch.setattr(store, "bind_yb", bind_slowly)
        part = NewPart(b=B, choice=near(await store.number(relation.x)))
        outcomes = await asyncio.gather(
            *(allotment.allot(APP, relation, part) for _ in range(3)), return_exceptions=True
        )
        assert [isinstance(outcome, AlreadyBound) for outcome in outcomes].count(True) == 2
        (allotted,) = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
        assert (allotted.duration_s, allotted.expires_at) == (600, later(600))

    async def test_a_b_whose_part_has_expired_is_a_stranger_to_the_relation(
        self, allotment, store, clock, relation
    ):
        part = NewPart(b=B, choice=near(await store.number(relation.x)))
        allotted = await allotment.allot(APP, relation, part)
        found = await store.route(relation.x, B)
        assert (await look_again(store, found, B, clock.now())).binding == allotted
        clock.step(600)
        again = await look_again(store, found, B, clock.now())
        assert (again.binding, again.role) == (relation, Role.B)
        clock.step(6600)
        again = await look_again(store, found, B, clock.now())
        assert not again.binding.is_live(clock.now())

    async def test_an_a_whose_part_has_expired_finds_nothing(
        self, allotment, store, clock, relation
    ):
        part = NewPart(b=B, choice=near(await store.number(relation.x)))
        allotted = await allotment.allot(APP, relation, part)
        clock.step(600)
        found = await store.route(allotted.y, A)
        assert await look_again(store, found, A, clock.now()) == found

    async def test_only_b_is_known_by_its_y(self, desk, store, clock, relation):
        part = await desk.bind_yb(APP, NewYb(binding_id=relation.binding_id, b=B))
        for caller, is_own in ((B, True), (C, False), ("", False)):
            found = await store.route(part.y, caller)
            again = await look_again(store, found, caller, clock.now())
            assert again.is_own_number is is_own
