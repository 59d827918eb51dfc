"""`closeAfterCalls`, `closeOnHangup`, `idleDuration` (`docs/extensions.md`)."""

import pytest

from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.release import ReleaseCode


@pytest.fixture
def bind(client, x, a, b):
    async def bind(**fields):
        return await client.bind(relationNum=x, callerNum=a, calleeNum=b, **fields)

    return bind


@pytest.fixture
def talk(world, client, x, a):
    """Have a call through the binding that lasts a minute and was answered, or not."""
    talked = 0

    async def talk(binding_id, *, is_answered=True):
        nonlocal talked
        talked += 1
        binding = await world.store.binding(client.app_key, binding_id)
        assert binding is not None
        call = Call(
            session_id=f"s{talked}", icid="i", host="h", app_key=client.app_key, tenant_id="t",
            mode=Mode.AXB, x=x, caller=a, role=Role.A, binding_id=binding_id, close=binding.close,
            arrived_at=world.clock.now(), answered_at=world.clock.now() if is_answered else None,
        )  # fmt: skip
        await world.store.save_call(call, [])
        world.clock.step(60)
        end = CallEnd(at=world.clock.now(), release=ReleaseCode.NORMAL)
        await world.store.finish_call(CallRecord(call=call, end=end), [])

    return talk


async def shown(client, binding_id):
    reply = await client.query(subscriptionId=binding_id)
    return reply.json["relationNumList"][0] if reply.code == "0" else None


async def test_what_was_not_used_is_never_sent_back(client, bind):
    reply = await bind()
    info = await shown(client, reply.json["subscriptionId"])

    assert not {"closeAfterCalls", "closeOnHangup", "idleDuration"} & {*reply.json, *info}


async def test_a_binding_goes_with_the_last_of_its_calls(client, bind, talk):
    binding_id = (await bind(closeAfterCalls=2)).json["subscriptionId"]
    assert (await shown(client, binding_id))["closeAfterCalls"] == 2

    await talk(binding_id, is_answered=False)
    assert (await shown(client, binding_id))["closeAfterCalls"] == 2
    await talk(binding_id)
    assert (await shown(client, binding_id))["closeAfterCalls"] == 1
    await talk(binding_id)
    assert (await client.query(subscriptionId=binding_id)).code == "1012007"
    assert (await bind()).code == "0"


@pytest.mark.parametrize("flag", [True, "true"])
async def test_close_on_hangup_is_one_call(client, bind, talk, flag):
    binding_id = (await bind(closeOnHangup=flag)).json["subscriptionId"]
    assert (await shown(client, binding_id))["closeAfterCalls"] == 1

    await talk(binding_id)
    assert await shown(client, binding_id) is None


async def test_the_idle_time_begins_anew_with_each_call(world, client, bind, talk):
    binding_id = (await bind(idleDuration="600")).json["subscriptionId"]
    world.clock.step(500)
    await talk(binding_id)
    world.clock.step(599)
    assert (await shown(client, binding_id))["idleDuration"] == 600

    world.clock.step(1)
    assert await shown(client, binding_id) is None


async def test_the_duration_ends_a_binding_that_is_not_idle(world, client, bind, talk):
    binding_id = (await bind(duration=700, idleDuration=600)).json["subscriptionId"]
    world.clock.step(500)
    await talk(binding_id)
    world.clock.step(139)
    assert await shown(client, binding_id) is not None
    world.clock.step(1)
    assert await shown(client, binding_id) is None


async def test_another_change_leaves_the_rules_as_they_are(world, client, bind, talk):
    binding_id = (await bind(closeAfterCalls=3, idleDuration=600)).json["subscriptionId"]
    await talk(binding_id)
    world.clock.step(500)
    await client.modify(subscriptionId=binding_id, userData="x")

    assert (await shown(client, binding_id))["closeAfterCalls"] == 2
    world.clock.step(100)
    assert await shown(client, binding_id) is None


async def test_a_change_of_the_rules_counts_anew(world, client, bind, talk):
    binding_id = (await bind(closeAfterCalls=3, idleDuration=600)).json["subscriptionId"]
    await talk(binding_id)
    world.clock.step(500)
    await client.modify(subscriptionId=binding_id, closeAfterCalls=7)
    world.clock.step(599)

    assert (await shown(client, binding_id))["closeAfterCalls"] == 7
    await client.modify(subscriptionId=binding_id, closeAfterCalls=0, idleDuration=0)
    world.clock.step(10_000)
    info = await shown(client, binding_id)
    assert not {"closeAfterCalls", "idleDuration"} & info.keys()


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"closeAfterCalls": -1}, "closeAfterCalls"),
        ({"closeAfterCalls": 1001}, "closeAfterCalls"),
        ({"closeAfterCalls": "two"}, "closeAfterCalls"),
        ({"closeAfterCalls": True}, "closeAfterCalls"),
        ({"closeAfterCalls": 2, "closeOnHangup": True}, "closeAfterCalls"),
        ({"closeOnHangup": "yes"}, "closeOnHangup"),
        ({"closeOnHangup": 1}, "closeOnHangup"),
        ({"idleDuration": -1}, "idleDuration"),
        ({"idleDuration": 7_776_001}, "idleDuration"),
        ({"idleDuration": 0.5}, "idleDuration"),
    ],
)
async def test_1010002_a_rule_that_is_none(client, bind, fields, parameter):
    assert (await bind(**fields)).text == f"Invalid request.{parameter}"

    binding_id = (await bind()).json["subscriptionId"]
    changed = await client.modify(subscriptionId=binding_id, **fields)
    assert changed.text == f"Invalid request.{parameter}"


@pytest.mark.parametrize("x", ["+86700123456789012", "+8670012345678901234"])
async def test_virtual_numbers_of_up_to_20_characters(world, client, a, b, x):
    await world.add_number(x)
    bound = await client.bind(relationNum=x, callerNum=a, calleeNum=b)
    assert bound.json["relationNum"] == x
    found = await client.query(relationNum=x)
    assert found.json["relationNumList"][0]["relationNum"] == x
    assert (await client.unbind(relationNum=x)).code == "0"
