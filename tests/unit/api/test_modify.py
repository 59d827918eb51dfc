import pytest

from maskline.domain.virtual_number import NumberState


@pytest.fixture
async def binding_id(client, x, a, b):
    reply = await client.bind(
        relationNum=x, callerNum=a, calleeNum=b, duration=3600, maxDuration=30, userData="trip-7"
    )
    return reply.json["subscriptionId"]


async def stored(client, binding_id):
    reply = await client.query(subscriptionId=binding_id)
    return reply.json["relationNumList"][0] if reply.code == "0" else None


async def test_a_change_is_answered_with_the_code_alone(client, binding_id, c):
    reply = await client.modify(subscriptionId=binding_id, calleeNum=c)

    assert (reply.status, reply.json) == (200, {"resultcode": "0", "resultdesc": "Success"})


async def test_absent_and_null_parameters_stay_as_they_were(client, binding_id, c):
    before = await stored(client, binding_id)

    await client.modify(subscriptionId=binding_id, calleeNum=c, duration=None, userData=None)

    assert await stored(client, binding_id) == before | {"calleeNum": c}


async def test_every_parameter_can_be_changed(world, a, b, c):
    client = await world.add_application(may_record=True, may_message=True)
    world.approve(*((client.app_key, f"{name}.wav") for name in ("hint", "last", "a", "b")))
    x = await world.add_number("+8617000002001")
    reply = await client.bind(relationNum=x, callerNum=a, calleeNum=b)
    binding_id = reply.json["subscriptionId"]
    world.clock.step(90)

    reply = await client.modify(
        subscriptionId=binding_id,
        callerNum=b,
        calleeNum=c,
        callDirection="1",
        duration=60,
        recordFlag=True,
        recordHintTone="hint.wav",
        maxDuration="10",
        lastMinVoice="last.wav",
        preVoice={"callerHintTone": "a.wav", "calleeHintTone": "b.wav"},
        privateSms="true",
        userData="new",
    )

    assert reply.code == "0"
    assert await stored(client, binding_id) == {
        "subscriptionId": binding_id,
        "relationNum": x,
        "callerNum": b,
        "calleeNum": c,
        "subscribeTime": "2024-06-11 02:01:30",
        "callDirection": 1,
        "duration": 60,
        "maxDuration": 10,
        "recordFlag": "true",
        "recordHintTone": "hint.wav",
        "preVoice": {"callerHintTone": "a.wav", "calleeHintTone": "b.wav"},
        "lastMinVoice": "last.wav",
        "privateSms": "true",
        "userData": "new",
    }


async def test_an_empty_text_removes_what_was_set(world, client, x, a, b):
    world.approve((client.app_key, "wait.wav"), (client.app_key, "last.wav"))
    reply = await client.bind(
        relationNum=x,
        callerNum=a,
        calleeNum=b,
        userData="trip",
        maxDuration=5,
        lastMinVoice="last.wav",
        preVoice={"callerHintTone": "wait.wav", "calleeHintTone": "wait.wav"},
    )
    binding_id = reply.json["subscriptionId"]

    await client.modify(
        subscriptionId=binding_id, userData="", lastMinVoice="", preVoice={"callerHintTone": ""}
    )

    info = await stored(client, binding_id)
    assert info["preVoice"] == {"calleeHintTone": "wait.wav"}
    assert not {"userData", "lastMinVoice"} & set(info)


async def test_x_cannot_be_changed(client, binding_id, x):
    reply = await client.modify(subscriptionId=binding_id, relationNum="+8617000009009")

    assert reply.code == "0"
    assert (await stored(client, binding_id))["relationNum"] == x


class TestLifeTime:
    async def test_a_duration_counts_anew_from_the_change(self, world, client, binding_id):
        world.clock.step(3000)
        await client.modify(subscriptionId=binding_id, duration=1000)

        world.clock.step(999)
        assert await stored(client, binding_id)
        world.clock.step(1)
        assert await stored(client, binding_id) is None

    async def test_without_a_duration_the_deadline_stays(self, world, client, binding_id, c):
        world.clock.step(3000)
        await client.modify(subscriptionId=binding_id, calleeNum=c)

        world.clock.step(599)
        assert await stored(client, binding_id)
        world.clock.step(1)
        assert await stored(client, binding_id) is None

    async def test_a_duration_of_zero_lasts_for_ever(self, world, client, binding_id):
        await client.modify(subscriptionId=binding_id, duration=0)

        world.clock.step(10**8)
        assert (await stored(client, binding_id))["duration"] == 0


class TestRefusals:
    @pytest.mark.parametrize("value", [None, "", ..., "x" * 65, {}])
    async def test_1010002_without_a_subscription_id(self, client, value):
        fields = {} if value is ... else {"subscriptionId": value}

        assert (await client.modify(**fields)).told == (
            403,
            "1010002",
            "Invalid request.subscriptionId",
        )

    async def test_1012007_unknown_binding(self, client):
        assert (await client.modify(subscriptionId="none")).told == (
            403,
            "1012007",
            "The record does not exist.",
        )

    async def test_1012007_binding_of_another_application(self, world, binding_id, c):
        other = await world.add_application("key-2")

        assert (await other.modify(subscriptionId=binding_id, calleeNum=c)).code == "1012007"

    async def test_1012007_expired_binding(self, world, client, binding_id, c):
        world.clock.step(3600)

        assert (await client.modify(subscriptionId=binding_id, calleeNum=c)).code == "1012007"

    async def test_1012010_new_party_is_bound_on_the_number(self, client, binding_id, x, b, c):
        await client.bind(relationNum=x, callerNum=c, calleeNum="+8613700005005")

        for parameter in ("callerNum", "calleeNum"):
            reply = await client.modify(**{"subscriptionId": binding_id, parameter: c})
            assert reply.told == (403, "1012010", f"The number {c} has been bound.")
        assert (await stored(client, binding_id))["calleeNum"] == b

    async def test_a_and_b_may_change_places(self, client, binding_id, a, b):
        reply = await client.modify(subscriptionId=binding_id, callerNum=b, calleeNum=a)

        assert reply.code == "0"
        info = await stored(client, binding_id)
        assert (info["callerNum"], info["calleeNum"]) == (b, a)

    async def test_1010002_both_parties_become_the_same(self, client, binding_id, a):
        reply = await client.modify(subscriptionId=binding_id, calleeNum=a)

        assert reply.text == "Invalid request.calleeNum"

    async def test_1010002_a_party_becomes_x(self, client, binding_id, x):
        reply = await client.modify(subscriptionId=binding_id, callerNum=x)

        assert reply.text == "Invalid request.callerNum"

    @pytest.mark.parametrize(
        ("fields", "parameter"),
        [
            ({"callerNum": "13900001001"}, "callerNum"),
            ({"callDirection": 3}, "callDirection"),
            ({"duration": 7_776_001}, "duration"),
            ({"maxDuration": 1441}, "maxDuration"),
            ({"userData": "{}"}, "userData"),
            ({"preVoice": "a.wav"}, "preVoice"),
            ({"privateSms": True}, "privateSms"),
            ({"lastMinVoice": "lost.wav"}, "lost.wav does not exist."),
        ],
    )
    async def test_1010002_names_what_is_wrong(self, client, binding_id, fields, parameter):
        reply = await client.modify(subscriptionId=binding_id, **fields)

        assert reply.told == (403, "1010002", f"Invalid request.{parameter}")

    async def test_1012012_recording_without_having_it(self, client, binding_id):
        assert (await client.modify(subscriptionId=binding_id, recordFlag="true")).code == "1012012"

    @pytest.mark.parametrize("state", [NumberState.PAUSED, NumberState.BLACKLISTED])
    async def test_1012102_number_in_an_abnormal_state(self, world, client, binding_id, x, state):
        number = await world.store.number(x)
        await world.store.save_number(
            type(number)(
                number=x, app_key=number.app_key, area_code="0755", state=state,
                created_at=number.created_at,
            )
        )  # fmt: skip

        assert (await client.modify(subscriptionId=binding_id, userData="n")).code == "1012102"
