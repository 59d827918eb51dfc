"""The temporary callee of the AX interface (`spec/ax.md` 8)."""

from datetime import timedelta

import pytest
from tests.unit.api.ax_customer import CALLEE_PATH, AxCustomer, X

from maskline.domain.application import Mode
from maskline.domain.binding import Onward

OTHERS_X = "+8617000009009"


@pytest.fixture
async def bound(ax, a):
    return await ax.bound(a)


@pytest.fixture
def callee(world, a):
    """Whom A reaches through X now, and for how many seconds."""

    async def read():
        onward: Onward = (await world.store.route(X, a)).temporary_callee
        if onward is None:
            return None
        return onward.number, (onward.expires_at - world.clock.now()).total_seconds()

    return read


async def test_the_example_of_the_documentation_is_answered_as_printed(ax, bound, callee, b):
    reply = await ax.set_callee(privateNum=X, calleeNum=b, duration=120)

    assert (reply.status, reply.json) == (200, {"resultcode": "0", "resultdesc": "Success"})
    assert await callee() == (b, 120)


@pytest.mark.parametrize("duration", [..., None, ""])
async def test_without_a_duration_it_lasts_a_minute(ax, bound, callee, b, duration):
    await ax.set_callee(privateNum=X, calleeNum=b, duration=duration)

    assert await callee() == (b, 60)


@pytest.mark.parametrize("duration", [1, 259_200, "90", 90.0])
async def test_durations_are_read_as_real_clients_write_them(ax, bound, callee, b, duration):
    await ax.set_callee(privateNum=X, calleeNum=b, duration=duration)

    assert await callee() == (b, float(duration))


@pytest.mark.parametrize("duration", [0, -1, 259_201, "long", 1.5, True])
async def test_1010002_duration_out_of_range(ax, bound, callee, b, duration):
    assert (await ax.set_callee(privateNum=X, calleeNum=b, duration=duration)).told == (
        403,
        "1010002",
        "Invalid request.duration",
    )
    assert await callee() is None


@pytest.mark.parametrize(
    "number", ["+8613900003003", "+8675528000001", "+864008001234", "+8695588"]
)
async def test_mobiles_landlines_and_service_numbers_can_be_reached(ax, bound, callee, number):
    assert (await ax.set_callee(privateNum=X, calleeNum=number)).code == "0"
    assert await callee() == (number, 60)


@pytest.mark.parametrize("number", [..., None, "", "95588", "+86", X, 139])
async def test_1010002_what_cannot_be_reached(ax, bound, number):
    assert (await ax.set_callee(privateNum=X, calleeNum=number)).told == (
        403,
        "1010002",
        "Invalid request.calleeNum",
    )


async def test_1010002_a_as_its_own_callee(ax, bound, a, b):
    for fields in ({"calleeNum": a}, {"calleeNum": b, "origNum": b}):
        reply = await ax.set_callee(privateNum=X, **fields)
        assert reply.told == (403, "1010002", "Invalid request.calleeNum")


@pytest.mark.parametrize("orig_num", ["+8613700009009", "nonsense", None, 1])
async def test_orig_num_is_not_looked_at_otherwise(ax, bound, callee, b, orig_num):
    assert (await ax.set_callee(privateNum=X, origNum=orig_num, calleeNum=b)).code == "0"
    assert await callee() == (b, 60)


async def test_the_id_wins_over_x(ax, bound, callee, b):
    reply = await ax.set_callee(subscriptionId=bound, privateNum="nonsense", calleeNum=b)

    assert reply.code == "0"
    assert await callee() == (b, 60)


async def test_a_second_one_overwrites_the_first_with_all_that_it_had(world, ax, bound, a, b, c):
    await ax.set_callee(privateNum=X, calleeNum=b, duration=1000, userData="first")
    await ax.set_callee(privateNum=X, calleeNum=c)

    found = (await world.store.route(X, a)).temporary_callee
    assert found == Onward(number=c, expires_at=world.clock.now() + timedelta(seconds=60))


async def test_user_data_is_kept_with_it_and_not_shown(world, ax, bound, a, b):
    await ax.set_callee(privateNum=X, calleeNum=b, userData="a^b")

    assert (await world.store.route(X, a)).temporary_callee.user_data == "a^b"
    assert "userData" not in await ax.info(privateNum=X)


@pytest.mark.parametrize("text", ["{", "订单", "x" * 257])
async def test_1010002_user_data_with_braces_chinese_or_too_long(ax, bound, b, text):
    reply = await ax.set_callee(privateNum=X, calleeNum=b, userData=text)

    assert reply.told == (403, "1010002", "Invalid request.userData")


async def test_it_goes_with_the_binding_and_with_a_change_of_a(ax, bound, callee, a, b, c):
    await ax.set_callee(privateNum=X, calleeNum=b)
    await ax.modify(privateNum=X, origNum=c)
    await ax.modify(privateNum=X, origNum=a)
    assert await callee() is None
    await ax.set_callee(privateNum=X, calleeNum=b)
    await ax.unbind(privateNum=X)
    await ax.bound(a)
    assert await callee() is None


async def test_a_change_of_anything_else_leaves_it(ax, bound, callee, b):
    await ax.set_callee(privateNum=X, calleeNum=b)
    await ax.modify(privateNum=X, userData="new")

    assert await callee() == (b, 60)


async def test_1010002_without_id_and_x(ax, bound, b):
    assert (await ax.set_callee(calleeNum=b)).told == (
        403,
        "1010002",
        "Invalid request.privateNum",
    )


async def test_1011001_a_number_that_does_not_exist(ax, b):
    assert (await ax.set_callee(privateNum=OTHERS_X, calleeNum=b)).told == (
        403,
        "1011001",
        "The account does not exist.",
    )


async def test_1011004_a_number_of_another_application(world, ax, b):
    await world.add_application("key-2", mode=Mode.AX)
    await world.add_number(OTHERS_X, app_key="key-2")

    assert (await ax.set_callee(privateNum=OTHERS_X, calleeNum=b)).told == (
        403,
        "1011004",
        "The number is not applied for binding application.",
    )


async def test_1016001_no_such_binding(world, ax, a, b):
    told = (403, "1016001", "The record does not exist.")
    assert (await ax.set_callee(privateNum=X, calleeNum=b)).told == told
    bound = await ax.bound(a)
    other = AxCustomer(await world.add_application("key-2", mode=Mode.AX))
    assert (await other.set_callee(subscriptionId=bound, calleeNum=b)).told == told


async def test_1010040_an_application_of_another_mode(client, b):
    assert (await AxCustomer(client).set_callee(privateNum=X, calleeNum=b)).code == "1010040"


async def test_1010006_any_other_method(ax):
    reply = await ax.client.send("POST", body={}, path=CALLEE_PATH)

    assert (reply.status, reply.code, reply.headers["allow"]) == (405, "1010006", "PUT")
