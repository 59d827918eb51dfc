import json

import pytest

from maskline.domain.virtual_number import NumberState

OTHERS_X = "+8617000009009"


@pytest.fixture
def bind(client, x, a, b):
    """Bind A and B to X, with the given fields on top; None takes one away."""

    async def send(**changes):
        fields = {"relationNum": x, "callerNum": a, "calleeNum": b} | changes
        return await client.bind(**{k: v for k, v in fields.items() if v is not ...})

    return send


async def stored(client):
    reply = await client.query(relationNum="+8617000002001")
    (info,) = reply.json["relationNumList"]
    return info


async def test_the_example_of_the_documentation_is_answered_as_printed(world, a, b):
    client = await world.add_application("key-rec", may_record=True, may_message=True)
    await world.add_number("+8617000002002", app_key="key-rec")
    world.approve(*(("key-rec", f"{name}.wav") for name in ("hint", "last", "wait_a", "wait_b")))

    reply = await client.bind(
        relationNum="+8617000002002",
        callerNum=a,
        calleeNum=b,
        callDirection=0,
        duration=86400,
        recordFlag="true",
        recordHintTone="hint.wav",
        maxDuration=60,
        lastMinVoice="last.wav",
        preVoice={"callerHintTone": "wait_a.wav", "calleeHintTone": "wait_b.wav"},
        privateSms="true",
        userData="trip-7",
    )

    binding_id = reply.json["subscriptionId"]
    assert len(binding_id) == 36
    assert reply.status == 200
    assert list(reply.json) == [
        "resultcode",
        "resultdesc",
        "subscriptionId",
        "relationNum",
        "callDirection",
        "duration",
        "maxDuration",
    ]
    assert reply.json == {
        "resultcode": "0",
        "resultdesc": "Success",
        "subscriptionId": binding_id,
        "relationNum": "+8617000002002",
        "callDirection": 0,
        "duration": 86400,
        "maxDuration": 60,
    }
    found = await client.query(subscriptionId=binding_id)
    assert found.json["relationNumList"] == [
        {
            "subscriptionId": binding_id,
            "relationNum": "+8617000002002",
            "callerNum": a,
            "calleeNum": b,
            "subscribeTime": "2024-06-11 02:00:00",
            "callDirection": 0,
            "duration": 86400,
            "maxDuration": 60,
            "recordFlag": "true",
            "recordHintTone": "hint.wav",
            "preVoice": {"callerHintTone": "wait_a.wav", "calleeHintTone": "wait_b.wav"},
            "lastMinVoice": "last.wav",
            "privateSms": "true",
            "userData": "trip-7",
        }
    ]


async def test_only_the_two_numbers_are_required(client, bind):
    reply = await bind()

    assert (reply.code, reply.json["callDirection"]) == ("0", 0)
    assert (reply.json["duration"], reply.json["maxDuration"]) == (0, 0)
    info = await stored(client)
    assert info["recordFlag"] == "false"
    assert not {"preVoice", "lastMinVoice", "privateSms", "userData"} & set(info)


@pytest.mark.parametrize("parameter", ["callerNum", "calleeNum"])
@pytest.mark.parametrize("value", [..., None, ""])
async def test_1010002_without_one_of_the_two_numbers(bind, parameter, value):
    reply = await bind(**{parameter: value})

    assert reply.told == (403, "1010002", f"Invalid request.{parameter}")


@pytest.mark.parametrize("parameter", ["callerNum", "calleeNum", "relationNum"])
@pytest.mark.parametrize(
    "value",
    [
        "13900001001",
        "8613900001001",
        "008613900001001",
        " +8613900001001",
        "+8613900001001 ",
        "+86 139 0000 1001",
        "+86-13900001001",
        "+0123456789",
        "+86",
        "+86139000010011390000100113900000",
        "+８６１３９００００１００１",
        "+86139００００1001",
        "+8613900001001\n",
        8613900001001,
        ["+8613900001001"],
        {},
        True,
    ],
)
async def test_1010002_number_that_is_not_in_global_form(bind, parameter, value):
    assert (await bind(**{parameter: value})).told == (
        403,
        "1010002",
        f"Invalid request.{parameter}",
    )


@pytest.mark.parametrize("number", ["+862", "+8675528000001", "+86170" + "0" * 14, "+85212345678"])
async def test_numbers_of_4_to_31_characters_in_global_form_are_bound(bind, number):
    expected = "1010002" if len(number) < 4 else "0"

    assert (await bind(callerNum=number)).code == expected


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("callDirection", [0, 1, 2, "0", "1", "2", 1.0, None, ""]),
        ("duration", [0, 1, 7_776_000, "86400", 86400.0, None, ""]),
        ("maxDuration", [0, 1440, "60", 60.0, None, ""]),
        ("recordFlag", ["false", False, "FALSE", None, ""]),
        ("privateSms", ["false", False, None, ""]),
        ("areaMatchMode", ["0", "1", 0, 1, None, ""]),
        ("areaCode", ["0755", "010", "", None, "9" * 32, 10]),
        ("userData", ["x", "x" * 256, "", None, 42, "naïve 😀", "a\x00b", '"quoted"\\']),
        ("recordHintTone", ["", None]),
        ("lastMinVoice", ["", None]),
        ("preVoice", [{}, [], [{}], None, "", {"callerHintTone": ""}, {"other": 1}]),
        ("unknownParameter", [1, "x", {}, None]),
    ],
)
async def test_values_are_read_as_real_clients_write_them(world, bind, client, parameter, values):
    for value in values:
        reply = await bind(**{parameter: value})
        assert reply.code == "0", value
        await client.unbind(subscriptionId=reply.json["subscriptionId"])


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("callDirection", [3, -1, "3", "both", 0.5, True, {}, [1], "1.0", " 1", "٢"]),
        ("duration", [-1, 7_776_001, "-1", "1d", 1.5, False, 10**30, 1e300, "9" * 5000]),
        ("maxDuration", [-1, 1441, "1441", "abc", 60.5, True]),
        ("recordFlag", ["yes", 1, 0, "1", [], {}]),
        ("privateSms", ["no", 1, "2"]),
        ("areaMatchMode", ["2", 2, -1, True, "strict", {}]),
        ("areaCode", ["9" * 33, True, 1.5, []]),
        ("recordHintTone", ["x" * 129, True, {}]),
        ("lastMinVoice", ["x" * 129, []]),
        ("preVoice", ["wait.wav", 1, [{}, {}], [1]]),
    ],
)
async def test_1010002_names_the_parameter_that_cannot_be_read(bind, parameter, values):
    for value in values:
        reply = await bind(**{parameter: value})
        assert reply.told == (403, "1010002", f"Invalid request.{parameter}"), value


@pytest.mark.parametrize("tone", ["callerHintTone", "calleeHintTone"])
async def test_1010002_names_the_tone_inside_pre_voice(bind, tone):
    assert (await bind(preVoice={tone: "x" * 129})).text == f"Invalid request.{tone}"


@pytest.mark.parametrize(
    "text", ["{", "}", "^", '{"a":1}', "订单", "x。", "ｘ", "日本", "𠀀", "x" * 257, True]
)
async def test_1010002_user_data_with_braces_caret_chinese_or_too_long(bind, text):
    assert (await bind(userData=text)).told == (403, "1010002", "Invalid request.userData")


async def test_answers_are_ascii_whatever_user_data_holds(client, bind):
    await bind(userData="naïve 😀")

    reply = await client.query(relationNum="+8617000002001")

    assert reply.body.isascii()
    assert reply.json["relationNumList"][0]["userData"] == "naïve 😀"


@pytest.mark.parametrize(
    ("caller", "callee", "parameter"),
    [("a", "a", "calleeNum"), ("x", "b", "callerNum"), ("a", "x", "calleeNum")],
)
async def test_1010002_when_two_of_a_b_and_x_are_the_same(request, bind, caller, callee, parameter):
    reply = await bind(
        callerNum=request.getfixturevalue(caller), calleeNum=request.getfixturevalue(callee)
    )

    assert reply.told == (403, "1010002", f"Invalid request.{parameter}")


class TestPrompts:
    @pytest.mark.parametrize(
        "fields",
        [
            {"lastMinVoice": "lost.wav", "maxDuration": 5},
            {"lastMinVoice": "lost.wav"},
            {"recordHintTone": "lost.wav"},
            {"preVoice": {"callerHintTone": "lost.wav"}},
            {"preVoice": [{"calleeHintTone": "lost.wav"}]},
        ],
    )
    async def test_1010002_prompt_that_does_not_exist(self, bind, fields):
        assert (await bind(**fields)).told == (
            403,
            "1010002",
            "Invalid request.lost.wav does not exist.",
        )

    async def test_a_prompt_of_another_application_does_not_exist(self, world, bind):
        world.approve(("key-2", "wait.wav"))

        assert (await bind(recordHintTone="wait.wav")).code == "1010002"

    async def test_a_last_minute_voice_without_a_limit_is_kept_for_later(self, world, bind, client):
        world.approve((client.app_key, "last.wav"))
        await bind(lastMinVoice="last.wav")

        info = await stored(client)

        assert (info["maxDuration"], info["lastMinVoice"]) == (0, "last.wav")


class TestSwitches:
    @pytest.mark.parametrize("flag", ["true", True, "True"])
    async def test_1012012_recording_without_having_it(self, bind, flag):
        assert (await bind(recordFlag=flag)).told == (
            403,
            "1012012",
            "Application does not open recording function.",
        )

    async def test_1010002_messages_without_having_them(self, bind):
        assert (await bind(privateSms="true")).text == "Invalid request.privateSms"

    async def test_messages_may_be_switched_off_without_having_them(self, bind, client):
        await bind(privateSms=False)

        assert (await stored(client))["privateSms"] == "false"


class TestNumber:
    async def test_1012001_number_of_another_application(self, world, bind):
        await world.add_application("key-2")
        await world.add_number(OTHERS_X, app_key="key-2")

        assert (await bind(relationNum=OTHERS_X)).told == (
            403,
            "1012001",
            "Resource of number is not to be applied.",
        )

    async def test_1012007_number_that_does_not_exist(self, bind):
        assert (await bind(relationNum=OTHERS_X)).told == (
            403,
            "1012007",
            "The record does not exist.",
        )

    @pytest.mark.parametrize("state", [s for s in NumberState if s is not NumberState.NORMAL])
    async def test_1012102_number_in_an_abnormal_state(self, world, bind, state):
        await world.add_number(OTHERS_X, state=state)

        assert (await bind(relationNum=OTHERS_X)).told == (
            403,
            "1012102",
            "The number status is abnormal.",
        )

    async def test_1012008_number_that_is_full(self, world, a, b, c):
        client = await world.add_application(pairs_per_number=1)
        x = await world.add_number("+8617000002001")
        await client.bind(relationNum=x, callerNum=a, calleeNum=b)

        reply = await client.bind(relationNum=x, callerNum=c, calleeNum="+8613700005005")

        assert reply.told == (403, "1012008", "Insufficient number of resources.")

    async def test_relation_num_wins_over_area_code(self, bind, x):
        assert (await bind(areaCode="010")).json["relationNum"] == x

    async def test_1012010_same_pair_again(self, bind, a):
        await bind()

        assert (await bind()).told == (403, "1012010", f"The number {a} has been bound.")

    @pytest.mark.parametrize("second", ["bc", "cb", "ca", "ac", "ba"])
    async def test_1012010_a_number_may_not_be_reused_on_an_x_in_any_role(
        self, request, client, bind, x, second
    ):
        await bind()
        caller, callee = (request.getfixturevalue(name) for name in second)

        reply = await client.bind(relationNum=x, callerNum=caller, calleeNum=callee)

        assert reply.code == "1012010"

    async def test_another_virtual_number_may_be_a_party(self, world, bind):
        await world.add_number(OTHERS_X)

        assert (await bind(callerNum=OTHERS_X)).code == "0"

    async def test_two_pairs_share_one_number(self, client, bind, x, c):
        await bind()

        assert (
            await client.bind(relationNum=x, callerNum=c, calleeNum="+8613700005005")
        ).code == "0"

    async def test_an_expired_binding_is_in_nobodys_way(self, world, bind):
        await bind(duration=60)
        world.clock.step(59)
        assert (await bind()).code == "1012010"
        world.clock.step(1)
        assert (await bind()).code == "0"


class TestSelection:
    """`spec/axb.md` 4.1: X is chosen when the customer names none."""

    SHENZHEN = "+8617000002001"  # the number of `client`, 0755
    GUANGZHOU, BEIJING = "+8617000020001", "+8617000010001"
    SHENZHEN_MOBILE, BEIJING_MOBILE = "+8613510001001", "+8613800100500"
    UNKNOWN_MOBILE = "+8619900001001"

    @pytest.fixture
    async def choose(self, world, client):
        await world.add_number(self.GUANGZHOU, area_code="020")
        await world.add_number(self.BEIJING, area_code="010")

        async def bind(caller, **fields):
            reply = await client.bind(callerNum=caller, calleeNum="+8613700005005", **fields)
            return reply.json.get("relationNum", reply.code)

        return bind

    @pytest.mark.parametrize("mode", ["0", "1", 0, 1, None])
    async def test_a_number_of_the_city_is_taken(self, choose, mode):
        assert await choose("+8613900000001", areaCode="010", areaMatchMode=mode) == self.BEIJING

    @pytest.mark.parametrize("mode", [None, "0", ""])
    @pytest.mark.parametrize("city", ["021", "755", "nowhere"])
    async def test_1012008_strict_without_a_number_in_the_city(self, choose, city, mode):
        assert await choose("+8613900000001", areaCode=city, areaMatchMode=mode) == "1012008"

    async def test_loose_prefers_the_province(self, choose):
        found = await choose("+8613900000001", areaCode="0756", areaMatchMode="1")

        assert found in {self.SHENZHEN, self.GUANGZHOU}

    async def test_loose_takes_any_number_in_the_end(self, choose):
        found = await choose("+8613900000001", areaCode="021", areaMatchMode="1")

        assert found in {self.SHENZHEN, self.GUANGZHOU, self.BEIJING}

    @pytest.mark.parametrize(
        ("caller", "number"),
        [
            (SHENZHEN_MOBILE, SHENZHEN),
            (BEIJING_MOBILE, BEIJING),
            ("+8675528000001", SHENZHEN),
            ("+861064000000", BEIJING),
            ("+862038000000", GUANGZHOU),
        ],
    )
    async def test_without_a_city_the_home_of_the_caller_is_taken(self, choose, caller, number):
        assert await choose(caller) == number

    @pytest.mark.parametrize("caller", [UNKNOWN_MOBILE, "+85212345678", "+8657128000000"])
    async def test_1012008_strict_when_the_home_is_unknown_or_has_no_number(self, choose, caller):
        assert await choose(caller) == "1012008"

    async def test_area_match_mode_acts_without_a_city_too(self, choose):
        assert await choose(self.UNKNOWN_MOBILE, areaMatchMode="1") != "1012008"
        assert await choose("+8675628000000", areaMatchMode=1) in {self.SHENZHEN, self.GUANGZHOU}

    async def test_repeated_binds_move_on_until_no_number_is_left(self, choose):
        found = {await choose(self.SHENZHEN_MOBILE, areaMatchMode="1") for _ in range(3)}

        assert found == {self.SHENZHEN, self.GUANGZHOU, self.BEIJING}
        assert await choose(self.SHENZHEN_MOBILE, areaMatchMode="1") == "1012008"


async def test_the_body_may_be_sent_as_a_php_client_does(client, x, a, b):
    body = {
        "relationNum": x,
        "areaCode": "",
        "callerNum": a,
        "calleeNum": b,
        "callDirection": "0",
        "duration": "3600",
        "recordFlag": False,
        "recordHintTone": None,
        "maxDuration": 60.0,
        "lastMinVoice": "",
        "privateSms": None,
        "preVoice": [{"callerHintTone": "", "calleeHintTone": None}],
        "userData": None,
        "app_key": client.app_key,
    }

    reply = await client.send("POST", body=json.dumps(body, indent=4).encode())

    assert (reply.code, reply.json["duration"], reply.json["maxDuration"]) == ("0", 3600, 60)


async def test_1020182_number_with_as_many_bindings_today_as_one_may_have(world, a, b, c):
    client = await world.add_application(binds_per_day=2)
    x = await world.add_number("+8617000002001")
    for party in (b, c):
        bound = await client.bind(relationNum=x, callerNum=a, calleeNum=party)
        assert bound.code == "0"
        await client.unbind(subscriptionId=bound.json["subscriptionId"])

    asked = {"relationNum": x, "callerNum": a, "calleeNum": b}
    refused = await client.bind(**asked)
    assert (refused.status, refused.code) == (403, "1020182")
    chosen = await client.bind(callerNum=a, calleeNum=b, areaCode="0755")
    assert chosen.code == "1012008"

    world.clock.step(86_400)
    assert (await client.bind(**asked)).code == "0"
