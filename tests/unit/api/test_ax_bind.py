"""`POST` of the AX interface (`spec/ax.md` 4)."""

import pytest
from tests.unit.api.ax_customer import AxCustomer, X

from maskline.domain.application import Mode
from maskline.domain.virtual_number import NumberState

OTHERS_X = "+8617000009009"


@pytest.fixture
def bind(ax, a):
    """Bind A to X, with the given fields on top; `...` takes one away."""

    async def send(**changes):
        return await ax.bind(**({"privateNum": X, "origNum": a} | changes))

    return send


@pytest.fixture
async def more(world, ax):
    """Four numbers more of the application, and one that is too many for one A."""
    numbers = [f"+861700000200{n}" for n in range(2, 7)]
    for number in numbers:
        await world.add_number(number, app_key=ax.app_key)
    return numbers


async def test_the_example_of_the_documentation_is_answered_as_printed(world, a):
    client = await world.add_application("key-rec", mode=Mode.AX, may_record=True, may_message=True)
    ax = AxCustomer(client)
    await world.add_number(X, app_key="key-rec")
    world.approve(*(("key-rec", f"{name}.wav") for name in ("hint", "last", "wait_a", "wait_b")))

    reply = await ax.bind(
        origNum=a,
        privateNum=X,
        recordFlag="true",
        recordHintTone="hint.wav",
        maxDuration=60,
        lastMinVoice="last.wav",
        userData="order-42",
        callDirection=0,
        privateSms="true",
        calleeNumDisplay="0",
        preVoice={"callerHintTone": "wait_a.wav", "calleeHintTone": "wait_b.wav"},
    )

    binding_id = reply.json["subscriptionId"]
    assert len(binding_id) == 36
    assert reply.status == 200
    assert list(reply.json.items()) == [
        ("resultcode", "0"),
        ("resultdesc", "Success"),
        ("origNum", a),
        ("privateNum", X),
        ("subscriptionId", binding_id),
    ]
    assert await ax.info(subscriptionId=binding_id) == {
        "origNum": a,
        "privateNum": X,
        "subscriptionId": binding_id,
        "calleeNumDisplay": "0",
        "privateSms": "true",
        "recordFlag": "true",
        "recordHintTone": "hint.wav",
        "preVoice": {"callerHintTone": "wait_a.wav", "calleeHintTone": "wait_b.wav"},
        "maxDuration": 60,
        "lastMinVoice": "last.wav",
        "callDirection": 0,
        "turnFlag": "on",
        "userData": "order-42",
    }


async def test_only_the_two_numbers_are_required(ax, bind, a):
    binding_id = (await bind()).json["subscriptionId"]

    assert await ax.info(privateNum=X) == {
        "origNum": a,
        "privateNum": X,
        "subscriptionId": binding_id,
        "recordFlag": "false",
        "maxDuration": 0,
        "callDirection": 0,
        "turnFlag": "on",
    }


async def test_a_bind_that_is_sent_again_under_its_key_is_answered_the_same(ax, a, b):
    first = await ax.bind_under("order-42", privateNum=X, origNum=a)

    again = await ax.bind_under("order-42", privateNum=X, origNum=a)

    assert first.code == "0"
    assert again.body == first.body
    assert (await ax.bind_under("order-42", privateNum=X, origNum=b)).status == 403
    assert (await ax.info(privateNum=X))["origNum"] == a


async def test_close_rules_are_kept_and_shown_only_when_they_are_used(ax, bind):
    await bind(closeAfterCalls=3, idleDuration=600)

    info = await ax.info(privateNum=X)

    assert (info["closeAfterCalls"], info["idleDuration"]) == (3, 600)


async def test_close_on_hang_up_is_one_call(ax, bind):
    await bind(closeOnHangup="true")

    assert (await ax.info(privateNum=X))["closeAfterCalls"] == 1


async def test_an_idle_binding_makes_way_for_another_a(world, bind, b):
    await bind(idleDuration=60)
    world.clock.step(59)
    assert (await bind(origNum=b)).code == "1011005"
    world.clock.step(1)
    assert (await bind(origNum=b)).code == "0"


@pytest.mark.parametrize("value", [..., None, ""])
async def test_1010002_without_a(bind, value):
    assert (await bind(origNum=value)).told == (403, "1010002", "Invalid request.origNum")


@pytest.mark.parametrize(
    "value",
    [
        "13900001001",
        " +8613900001001",
        "+86",
        "+86139\uff10",
        86139,
        [],
        X,
        "+864008001234",
        "+8695588",
    ],
)
async def test_1010002_what_cannot_be_a(bind, value):
    assert (await bind(origNum=value)).told == (403, "1010002", "Invalid request.origNum")


@pytest.mark.parametrize("number", ["+8675528000001", "+8619900001001", "+85212345678"])
async def test_landlines_and_numbers_from_elsewhere_can_be_a(bind, number):
    assert (await bind(origNum=number)).json["origNum"] == number


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("callDirection", [0, 1, 2, "0", "1", "2", 1.0, None, ""]),
        ("maxDuration", [0, 1440, "60", 60.0, None, ""]),
        ("recordFlag", ["false", False, "FALSE", None, ""]),
        ("privateSms", ["false", False, None, ""]),
        ("calleeNumDisplay", ["0", 0, "1", None, ""]),
        ("turnFlag", ["on", "off", "ON", None, ""]),
        ("areaMatchMode", ["0", "1", 0, 1, None, ""]),
        ("privateNumType", ["mobile-virtual", "", None]),
        ("userData", ["x", "x" * 256, "", None, 42, "a^b", '"quoted"\\']),
        ("recordHintTone", ["", None]),
        ("preVoice", [{}, [], [{}], None, "", {"callerHintTone": ""}, {"other": 1}]),
        ("unknownParameter", [1, "x", {}, None]),
    ],
)
async def test_values_are_read_as_real_clients_write_them(ax, bind, parameter, values):
    for value in values:
        reply = await bind(**{parameter: value})
        assert reply.code == "0", value
        await ax.unbind(subscriptionId=reply.json["subscriptionId"])


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("callDirection", [3, -1, "3", "both", True, {}]),
        ("maxDuration", [-1, 1441, "abc", 60.5]),
        ("recordFlag", ["yes", 1, []]),
        ("privateSms", ["no", 1]),
        ("calleeNumDisplay", ["2", 2, True, "x", {}]),
        ("turnFlag", ["yes", True, 1]),
        ("recordHintTone", ["x" * 129, {}]),
        ("lastMinVoice", ["x" * 129]),
        ("preVoice", ["wait.wav", [{}, {}]]),
        ("privateNum", [[], {}, True, "x" * 65]),
        ("closeAfterCalls", [-1, 1001, "x"]),
        ("userData", ["{", "}", "订单", "x" * 257, True]),
    ],
)
async def test_1010002_names_the_parameter_that_cannot_be_read(bind, parameter, values):
    for value in values:
        reply = await bind(**{parameter: value})
        assert reply.told == (403, "1010002", f"Invalid request.{parameter}"), value


async def test_1010002_prompt_that_does_not_exist(bind):
    assert (await bind(lastMinVoice="lost.wav")).text == "Invalid request.lost.wav does not exist."


class TestSwitches:
    async def test_1012012_recording_without_having_it(self, bind):
        assert (await bind(recordFlag="true")).told == (
            403,
            "1012012",
            "Application does not open recording function.",
        )

    async def test_1010002_messages_without_having_them(self, bind):
        assert (await bind(privateSms="true")).text == "Invalid request.privateSms"

    async def test_the_real_caller_may_be_asked_for_and_is_shown_in_the_query(self, ax, bind):
        await bind(calleeNumDisplay="1")

        assert (await ax.info(privateNum=X))["calleeNumDisplay"] == "1"

    async def test_1020178_the_real_caller_where_the_application_may_not(self, world, a):
        client = await world.add_application("key-2", mode=Mode.AX, may_show_caller=False)
        await world.add_number(OTHERS_X, app_key="key-2")
        fields = {"origNum": a, "privateNum": OTHERS_X}

        reply = await AxCustomer(client).bind(**fields, calleeNumDisplay="1")

        assert reply.told == (403, "1020178", "The transparent mode is not allowed.")
        assert (await AxCustomer(client).bind(**fields, calleeNumDisplay="0")).code == "0"

    async def test_1010040_an_application_of_another_mode(self, client, a):
        assert (await AxCustomer(client).bind(origNum=a, privateNum=X)).told == (
            403,
            "1010040",
            "The app_key is not allowed to invoke the API.",
        )


class TestNumber:
    @pytest.mark.parametrize("number", [OTHERS_X, "+8617099999999", "17000002001", " +86170"])
    async def test_1011001_what_is_no_number_of_the_application(self, world, bind, number):
        await world.add_application("key-2", mode=Mode.AX)
        await world.add_number(OTHERS_X, app_key="key-2")

        assert (await bind(privateNum=number)).told == (
            403,
            "1011001",
            "The account does not exist.",
        )

    @pytest.mark.parametrize("state", [s for s in NumberState if not s.may_bind])
    async def test_1012102_number_in_an_abnormal_state(self, world, ax, bind, state):
        await world.add_number(OTHERS_X, app_key=ax.app_key, state=state)

        assert (await bind(privateNum=OTHERS_X)).told == (
            403,
            "1012102",
            "The number status is abnormal.",
        )

    async def test_1011005_number_of_another_a(self, bind, b):
        await bind()

        assert (await bind(origNum=b)).told == (403, "1011005", "Resources have been allocated.")

    async def test_1016002_the_same_pair_again(self, bind):
        await bind()

        assert (await bind()).told == (403, "1016002", "The record already exists.")

    async def test_1011003_a_sixth_number_for_one_a(self, bind, more):
        for number in [X, *more[:4]]:
            assert (await bind(privateNum=number)).code == "0"

        assert (await bind(privateNum=more[4])).told == (
            403,
            "1011003",
            "Exceeded the upper limit of resources that can be applied for.",
        )
        assert (await bind(privateNum=more[0])).code == "1016002"

    async def test_an_unbound_number_counts_no_more(self, ax, bind, more):
        for number in [X, *more[:4]]:
            await bind(privateNum=number)
        await ax.unbind(privateNum=X)

        assert (await bind(privateNum=more[4])).code == "0"

    async def test_1020182_a_number_that_was_bound_too_often_today(self, world, a):
        client = AxCustomer(await world.add_application("key-2", mode=Mode.AX, binds_per_day=1))
        await world.add_number(OTHERS_X, app_key="key-2")
        await client.unbind(subscriptionId=await client.bound(a, OTHERS_X))

        assert (await client.bind(origNum=a, privateNum=OTHERS_X)).code == "1020182"


class TestSelection:
    BEIJING, GUANGZHOU = "+8617000010001", "+8617000020001"

    @pytest.fixture
    async def choose(self, world, ax, a):
        await world.add_number(self.BEIJING, app_key=ax.app_key, area_code="010")
        await world.add_number(self.GUANGZHOU, app_key=ax.app_key, area_code="020")

        async def bind(**fields):
            reply = await ax.bind(**({"origNum": a, "privateNumType": "mobile-virtual"} | fields))
            return reply.json.get("privateNum", reply.code)

        return bind

    async def test_a_number_of_the_city_is_taken_and_told(self, choose):
        assert await choose(areaCode="010") == self.BEIJING

    async def test_1011002_strict_without_an_idle_number_in_the_city(self, choose, ax, a):
        await choose(areaCode="010")
        reply = await ax.bind(origNum=a, areaCode="010", privateNumType="mobile-virtual")
        assert reply.told == (403, "1011002", "Insufficient number resources.")
        assert await choose(areaCode="021") == "1011002"

    async def test_loose_prefers_the_province_and_takes_any_number_in_the_end(self, choose):
        assert await choose(areaCode="0756", areaMatchMode="1") in {X, self.GUANGZHOU}
        assert await choose(areaCode="0756", areaMatchMode="1") in {X, self.GUANGZHOU}
        assert await choose(areaCode="0756", areaMatchMode="1") == self.BEIJING
        assert await choose(areaCode="0756", areaMatchMode="1") == "1011002"

    async def test_a_number_that_is_bound_is_never_chosen(self, choose, b):
        await choose(areaCode="010")

        assert await choose(origNum=b, areaCode="010") == "1011002"

    async def test_private_num_wins_over_area_code(self, choose):
        assert await choose(privateNum=X, areaCode="010") == X

    @pytest.mark.parametrize(
        ("fields", "parameter"),
        [
            ({"areaCode": "010", "privateNumType": None}, "privateNumType"),
            ({"areaCode": "010", "privateNumType": "fixed"}, "privateNumType"),
            ({"areaCode": "010", "privateNumType": 1}, "privateNumType"),
            ({"areaCode": None}, "areaCode"),
            ({"privateNumType": None}, "privateNum"),
            ({"areaCode": "9" * 33}, "areaCode"),
            ({"areaCode": "010", "areaMatchMode": "2"}, "areaMatchMode"),
        ],
    )
    async def test_1010002_what_a_choice_needs(self, ax, a, fields, parameter):
        given = {"origNum": a, "privateNumType": "mobile-virtual"} | fields

        assert (await ax.bind(**given)).told == (403, "1010002", f"Invalid request.{parameter}")
