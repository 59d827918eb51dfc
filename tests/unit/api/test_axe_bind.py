"""Bind in AXE (`spec/axe.md` 3)."""

import pytest
from tests.unit.api.axe_client import KEY, OTHERS_X, A, B, C, X, Y, make_axe_client

from maskline.domain.error import StoreFailed
from maskline.domain.virtual_number import NumberState


@pytest.fixture
async def axe(world):
    client = await make_axe_client(world)
    await world.add_number(X, app_key=KEY)
    return client


async def test_the_example_of_the_documentation_is_answered_as_printed(world, axe):
    world.approve((KEY, "callbackTone.wav"))
    reply = await axe.bind(
        callbackTone="callbackTone.wav", bindExpiredTime=0, callbackExpiredTime=0
    )
    assert reply.status == 200
    assert reply.json == {
        "resultcode": "0",
        "resultdesc": "Success",
        "subscriptionId": reply.json["subscriptionId"],
        "virtualNum": X,
        "extendNum": "001",
        "bindExpiredTime": 0,
        "callbackExpiredTime": 0,
    }
    assert list(reply.json)[:5] == [
        "resultcode", "resultdesc", "subscriptionId", "virtualNum", "extendNum",
    ]  # fmt: skip
    assert len(reply.json["subscriptionId"]) == 36


async def test_only_a_and_x_are_required_and_the_life_is_168_hours(axe):
    bound = await axe.bound()
    assert (bound["bindExpiredTime"], bound["callbackExpiredTime"]) == (168, 0)
    assert "userData" not in bound
    axe.world.clock.step(168 * 3600 - 1)
    assert (await axe.query(subscriptionId=bound["subscriptionId"])).code == "0"
    axe.world.clock.step(1)
    assert (await axe.query(subscriptionId=bound["subscriptionId"])).code == "1016001"


async def test_in_minutes_the_default_is_the_same_life(axe):
    assert (await axe.bound(timeUnit="1"))["bindExpiredTime"] == 10080


async def test_user_data_comes_back_unchanged(axe):
    assert (await axe.bound(userData="order 42"))["userData"] == "order 42"


async def test_a_landline_is_bound_as_one_that_is_only_called(axe):
    await axe.bound(bindNum="+8675528000001")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"bindNum": ...}, "bindNum"),
        ({"bindNum": ""}, "bindNum"),
        ({"bindNum": "13510001001"}, "bindNum"),
        ({"bindNum": X}, "bindNum"),
        ({"virtualNum": "17000002001"}, "virtualNum"),
        ({"callbackNum": "075528000001"}, "callbackNum"),
        ({"callbackNum": A}, "callbackNum"),
        ({"displayNumMode": "2"}, "displayNumMode"),
        ({"recordFlag": "yes"}, "recordFlag"),
        ({"timeUnit": "2"}, "timeUnit"),
        ({"timeUnit": "hour"}, "timeUnit"),
        ({"bindExpiredTime": 721}, "bindExpiredTime"),
        ({"bindExpiredTime": -1}, "bindExpiredTime"),
        ({"timeUnit": 1, "bindExpiredTime": 43201}, "bindExpiredTime"),
        ({"callbackExpiredTime": 169}, "callbackExpiredTime"),
        ({"timeUnit": 1, "callbackExpiredTime": 10081}, "callbackExpiredTime"),
        ({"bindExpiredTime": 2, "callbackExpiredTime": 3}, "bindExpiredTime"),
        ({"areaMatchMode": "2"}, "areaMatchMode"),
        ({"userData": "{}"}, "userData"),
        ({"userData": "订单"}, "userData"),
        ({"userData": "x" * 257}, "userData"),
    ],
)
async def test_1010002_names_the_parameter_that_is_wrong(axe, fields, name):
    assert (await axe.bind(**fields)).told == (403, "1010002", f"Invalid request.{name}")


@pytest.mark.parametrize(
    "fields",
    [
        {"displayNumMode": 0},
        {"displayNumMode": "0"},
        {"recordFlag": False},
        {"recordFlag": "false"},
        {"timeUnit": 0, "bindExpiredTime": "720"},
        {"timeUnit": "1", "bindExpiredTime": 43200, "callbackExpiredTime": 10080},
        {"bindExpiredTime": 0, "callbackExpiredTime": 168},
        {"bindExpiredTime": 24, "callbackExpiredTime": 0},
        {"bindExpiredTime": 24, "callbackExpiredTime": 24},
        {"extendNum": "", "callbackTone": "", "callbackNum": "", "userData": ""},
        {"areaCode": "010", "areaMatchMode": "0"},
        {"extendNum": 123},
    ],
)
async def test_values_are_read_as_real_clients_write_them(axe, fields):
    await axe.bound(**fields)


class TestExtension:
    async def test_is_allotted_one_after_the_other_with_leading_zeros(self, axe):
        given = [(await axe.bound(bindNum=a))["extendNum"] for a in (A, B, C)]
        assert given == ["001", "002", "003"]

    async def test_is_the_one_that_was_asked_for(self, axe):
        assert (await axe.bound(extendNum="042"))["extendNum"] == "042"

    @pytest.mark.parametrize(
        "extension", ["1", "12", "1234", "12345", "000", "12a", "-12", "１２３"]
    )
    async def test_1010002_wrong_length_or_no_digits_or_all_zeros(self, axe, extension):
        reply = await axe.bind(extendNum=extension)
        assert reply.told == (403, "1010002", "Invalid request.extendNum")

    async def test_1020167_taken(self, axe):
        await axe.bound(extendNum="042")
        reply = await axe.bind(extendNum="042", bindNum=B)
        assert reply.told == (403, "1020167", "No idle extend Number.")

    async def test_an_expired_one_is_free(self, axe):
        await axe.bound(extendNum="042", bindExpiredTime=1)
        axe.world.clock.step(3600)
        assert (await axe.bound(extendNum="042", bindNum=B))["extendNum"] == "042"

    async def test_the_same_one_on_another_number_is_free(self, world, axe):
        await world.add_number(Y, app_key=KEY)
        await axe.bound(extendNum="042")
        await axe.bound(extendNum="042", virtualNum=Y, bindNum=B)


@pytest.mark.parametrize("extension", ["", "5"])
async def test_1020167_x_is_full(world, extension):
    axe = await make_axe_client(world, extension_digits=1)
    await world.add_number(X, app_key=KEY)
    given = [(await axe.bound(bindNum=f"+861351000100{n}"))["extendNum"] for n in range(9)]
    assert given == list("123456789")
    assert (await axe.bind(bindNum=B, extendNum=extension)).code == "1020167"


class TestNumber:
    async def test_1012001_of_another_application(self, world, axe):
        await world.add_application("other")
        await world.add_number(OTHERS_X, app_key="other")
        reply = await axe.bind(virtualNum=OTHERS_X)
        assert reply.told == (403, "1012001", "Resource of number is not to be applied.")

    async def test_1012001_that_does_not_exist(self, axe):
        assert (await axe.bind(virtualNum="+8617000000000")).code == "1012001"

    @pytest.mark.parametrize("state", [one for one in NumberState if not one.may_bind])
    async def test_1012102_in_an_abnormal_state(self, world, axe, state):
        await world.add_number(Y, app_key=KEY, state=state)
        assert (await axe.bind(virtualNum=Y)).code == "1012102"

    async def test_1012008_the_same_a_again(self, axe):
        await axe.bound()
        for extension in ("", "042"):
            reply = await axe.bind(extendNum=extension)
            assert reply.told == (403, "1012008", "Insufficient number of resources.")

    async def test_the_same_a_on_another_number_has_another_extension(self, world, axe):
        await world.add_number(Y, app_key=KEY)
        await axe.bound()
        await axe.bound(virtualNum=Y)

    async def test_is_chosen_in_the_city(self, world, axe):
        await world.add_number(Y, app_key=KEY, area_code="010")
        assert (await axe.bound(virtualNum=..., areaCode="010"))["virtualNum"] == Y

    @pytest.mark.parametrize(
        ("a", "x"), [("+8613510001001", X), ("+8613800100500", Y), ("+861064000000", Y)]
    )
    async def test_is_chosen_at_the_home_of_a_where_nothing_else_is_said(self, world, axe, a, x):
        await world.add_number(Y, app_key=KEY, area_code="010")
        assert (await axe.bound(virtualNum=..., bindNum=a))["virtualNum"] == x

    async def test_1012008_none_in_the_city(self, axe):
        assert (await axe.bind(virtualNum=..., areaCode="021")).code == "1012008"

    async def test_is_any_of_the_application_when_the_city_is_not_strict(self, axe):
        bound = await axe.bound(virtualNum=..., areaCode="021", areaMatchMode="1")
        assert bound["virtualNum"] == X

    async def test_is_chosen_where_the_wanted_extension_is_free(self, world, axe):
        await world.add_number(Y, app_key=KEY)
        await axe.bound(extendNum="042")
        bound = await axe.bound(virtualNum=..., areaCode="0755", extendNum="042", bindNum=B)
        assert bound["virtualNum"] == Y

    async def test_virtual_num_wins_over_area_code(self, axe):
        assert (await axe.bound(areaCode="010"))["virtualNum"] == X


class TestRights:
    async def test_1010040_an_application_of_another_mode(self, world, axe):
        other = type(axe)(world, await world.add_application())
        assert (await other.bind()).code == "1010040"

    async def test_1012012_recording_without_having_it(self, axe):
        assert (await axe.bind(recordFlag="true")).code == "1012012"

    async def test_1020182_the_day_has_had_its_binds(self, world):
        axe = await make_axe_client(world, binds_per_day=1)
        await world.add_number(X, app_key=KEY)
        await axe.bound()
        assert (await axe.bind(bindNum=B)).code == "1020182"


class TestCallback:
    async def test_1010002_tone_and_number_exclude_each_other(self, world, axe):
        world.approve((KEY, "tone.wav"))
        reply = await axe.bind(callbackTone="tone.wav", callbackNum=B)
        assert reply.told == (403, "1010002", "Invalid request.callbackNum")

    @pytest.mark.parametrize("parameter", ["callbackTone", "recordHintTone"])
    async def test_1010002_a_prompt_that_is_not_approved(self, axe, parameter):
        reply = await axe.bind(**{parameter: "gone.wav"})
        assert reply.told == (403, "1010002", "Invalid request.gone.wav does not exist.")

    async def test_either_alone_is_kept(self, world, axe):
        world.approve((KEY, "tone.wav"))
        one = await axe.bound(callbackTone="tone.wav")
        other = await axe.bound(callbackNum="+8675528000001", bindNum=B)
        found = [
            (await axe.query(subscriptionId=bound["subscriptionId"])).json for bound in (one, other)
        ]
        assert [info.get("callbackTone") for info in found] == ["tone.wav", None]
        assert [info.get("callbackNum") for info in found] == [None, "+8675528000001"]


class TestClosing:
    async def test_rules_are_shown_where_they_are_used(self, axe):
        bound = await axe.bound(closeAfterCalls=3, idleDuration=600)
        info = (await axe.query(subscriptionId=bound["subscriptionId"])).json
        assert (info["closeAfterCalls"], info["idleDuration"]) == (3, 600)
        plain = await axe.bound(bindNum=B)
        info = (await axe.query(subscriptionId=plain["subscriptionId"])).json
        assert not {"closeAfterCalls", "idleDuration", "closeOnHangup"} & info.keys()

    async def test_a_binding_without_calls_ends_with_its_idle_time(self, axe):
        bound = await axe.bound(idleDuration=600)
        axe.world.clock.step(600)
        assert (await axe.query(subscriptionId=bound["subscriptionId"])).code == "1016001"


class TestIdempotencyKey:
    async def test_a_bind_that_is_sent_again_has_the_same_extension(self, axe):
        first = await axe.bind_under("one")
        again = await axe.bind_under("one")
        assert (again.status, again.body) == (first.status, first.body)
        assert (await axe.count(number=X)).json["virtualNumList"][0]["bindCount"] == 1

    async def test_also_where_its_answer_was_lost(self, axe, monkeypatch):
        async def fail(_):
            raise StoreFailed

        monkeypatch.setattr(axe.world.store, "keep_answer", fail)
        first = await axe.bind_under("one", extendNum="042", userData="parcel")
        monkeypatch.undo()
        assert (await axe.bind_under("one", extendNum="042", userData="parcel")).json == first.json

    async def test_1010002_the_key_of_another_bind(self, axe):
        await axe.bind_under("one")
        reply = await axe.bind_under("one", bindNum=B)
        assert reply.told == (403, "1010002", "Invalid request.Idempotency-Key")
