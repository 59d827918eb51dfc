"""`PUT` of the AX interface (`spec/ax.md` 5)."""

from dataclasses import replace

import pytest
from tests.unit.api.ax_customer import AxCustomer, X

from maskline.domain.application import Mode
from maskline.domain.virtual_number import NumberState

OTHERS_X = "+8617000009009"


@pytest.fixture
async def bound(ax, a):
    return await ax.bound(a, userData="order", maxDuration=5)


async def test_the_example_of_the_documentation_is_answered_as_printed(ax, bound):
    reply = await ax.modify(subscriptionId=bound, maxDuration=30)

    assert reply.status == 200
    assert reply.json == {"resultcode": "0", "resultdesc": "Success"}
    info = await ax.info(privateNum=X)
    assert (info["maxDuration"], info["userData"]) == (30, "order")


async def test_every_field_can_be_changed(world, a, b):
    client = await world.add_application("key-2", mode=Mode.AX, may_record=True, may_message=True)
    world.approve(*(("key-2", f"{name}.wav") for name in ("hint", "last", "one", "two")))
    await world.add_number(OTHERS_X, app_key="key-2")
    ax = AxCustomer(client)
    binding_id = await ax.bound(a, OTHERS_X)
    changes = {
        "origNum": b,
        "privateSms": "false",
        "recordFlag": "true",
        "recordHintTone": "hint.wav",
        "maxDuration": 7,
        "lastMinVoice": "last.wav",
        "calleeNumDisplay": "1",
        "preVoice": {"callerHintTone": "one.wav", "calleeHintTone": "two.wav"},
        "userData": "new",
        "turnFlag": "off",
        "callDirection": 2,
        "closeAfterCalls": 2,
    }

    assert (await ax.modify(subscriptionId=binding_id, **changes)).code == "0"

    expected = {"privateNum": OTHERS_X, "subscriptionId": binding_id} | changes
    assert await ax.info(subscriptionId=binding_id) == expected


@pytest.mark.parametrize("value", ["", None])
async def test_an_empty_text_removes_and_null_keeps(ax, bound, value):
    await ax.modify(subscriptionId=bound, userData=value)

    assert ("userData" in await ax.info(privateNum=X)) == (value is None)


async def test_x_locates_the_binding_and_stays(ax, bound):
    assert (await ax.modify(privateNum=X, callDirection=1)).code == "0"

    info = await ax.info(subscriptionId=bound)
    assert (info["callDirection"], info["privateNum"]) == (1, X)


async def test_the_id_wins_over_x(world, ax, bound, b):
    await world.add_number(OTHERS_X, app_key=ax.app_key)
    other = await ax.bound(b, OTHERS_X)

    await ax.modify(subscriptionId=bound, privateNum=OTHERS_X, userData="this")

    assert (await ax.info(subscriptionId=bound))["userData"] == "this"
    assert "userData" not in await ax.info(subscriptionId=other)


async def test_a_client_of_an_older_edition_names_the_pair_as_key(ax, bound, a):
    assert (await ax.modify(origNum=a, privateNum=X, privateSms="false")).code == "0"

    info = await ax.info(subscriptionId=bound)
    assert (info["origNum"], info["privateSms"]) == (a, "false")


async def test_another_a_gets_x_under_the_same_id(ax, bound, a, b):
    assert (await ax.modify(privateNum=X, origNum=b)).code == "0"

    assert (await ax.info(privateNum=X))["subscriptionId"] == bound
    assert (await ax.info(origNum=b))["privateNum"] == X
    assert (await ax.query(origNum=a)).code == "1016001"


async def test_1011003_another_a_who_has_five_numbers(world, ax, bound, b):
    for n in range(2, 7):
        x = await world.add_number(f"+861700000200{n}", app_key=ax.app_key)
        await ax.bound(b, x)

    assert (await ax.modify(subscriptionId=bound, origNum=b)).told == (
        403,
        "1011003",
        "Exceeded the upper limit of resources that can be applied for.",
    )


@pytest.mark.parametrize("value", ["139", X, "+864008001234"])
async def test_1010002_what_cannot_be_a(ax, bound, value):
    assert (await ax.modify(subscriptionId=bound, origNum=value)).told == (
        403,
        "1010002",
        "Invalid request.origNum",
    )


async def test_1010002_without_id_and_x(ax, bound, a):
    assert (await ax.modify(origNum=a)).told == (403, "1010002", "Invalid request.privateNum")


async def test_1011001_a_number_that_does_not_exist(ax):
    assert (await ax.modify(privateNum=OTHERS_X)).told == (
        403,
        "1011001",
        "The account does not exist.",
    )


async def test_1011004_a_number_of_another_application(world, ax):
    await world.add_application("key-2", mode=Mode.AX)
    await world.add_number(OTHERS_X, app_key="key-2")

    assert (await ax.modify(privateNum=OTHERS_X)).told == (
        403,
        "1011004",
        "The number is not applied for binding application.",
    )


@pytest.mark.parametrize("keys", [{"privateNum": X}, {"subscriptionId": "none"}])
async def test_1016001_no_such_binding(ax, keys):
    assert (await ax.modify(**keys, userData="x")).told == (
        403,
        "1016001",
        "The record does not exist.",
    )


async def test_1016001_a_binding_of_another_application(world, bound):
    client = await world.add_application("key-2", mode=Mode.AX)

    assert (await AxCustomer(client).modify(subscriptionId=bound)).code == "1016001"


@pytest.mark.parametrize("state", [NumberState.PAUSED, NumberState.BLACKLISTED])
async def test_1012102_a_number_in_an_abnormal_state(world, ax, bound, state):
    number = await world.store.number(X)
    await world.store.save_number(replace(number, state=state))

    assert (await ax.modify(subscriptionId=bound, userData="x")).code == "1012102"


async def test_1012012_recording_without_having_it(ax, bound):
    assert (await ax.modify(subscriptionId=bound, recordFlag=True)).code == "1012012"


async def test_1020178_the_real_caller_where_the_application_may_not(world, a):
    client = await world.add_application("key-2", mode=Mode.AX, may_show_caller=False)
    await world.add_number(OTHERS_X, app_key="key-2")
    ax = AxCustomer(client)
    binding_id = await ax.bound(a, OTHERS_X)

    assert (await ax.modify(subscriptionId=binding_id, calleeNumDisplay="1")).code == "1020178"
