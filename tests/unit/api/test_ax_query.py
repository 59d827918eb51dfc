"""`GET` of the AX interface (`spec/ax.md` 7)."""

import pytest
from tests.unit.api.ax_customer import PATH, AxCustomer, X

from maskline.domain.application import Mode

X2, OTHERS_X = "+8617000002002", "+8617000009009"
NOT_APPLIED = (403, "1011004", "The number is not applied for binding application.")
NO_RECORD = (403, "1016001", "The record does not exist.")


@pytest.fixture
async def bound(world, ax, a, b):
    """The ids of A on X and of B on X2."""
    await world.add_number(X2, app_key=ax.app_key)
    return await ax.bound(a), await ax.bound(b, X2)


def ids(reply):
    return [info["subscriptionId"] for info in reply.json["privateNumList"]]


async def test_each_key_finds_the_binding(ax, bound, a):
    for keys in ({"subscriptionId": bound[0]}, {"origNum": a}, {"privateNum": X}):
        reply = await ax.query(**keys)
        assert list(reply.json) == ["resultcode", "resultdesc", "privateNumList"]
        assert ids(reply) == [bound[0]]


async def test_the_id_wins_over_a_and_a_over_x(ax, bound, a, b):
    assert ids(await ax.query(subscriptionId=bound[0], origNum=b, privateNum=X2)) == [bound[0]]
    assert ids(await ax.query(origNum=b, privateNum=X)) == [bound[1]]


async def test_all_numbers_of_an_a_are_listed(world, ax, bound, a):
    more = []
    for n in range(3, 7):
        x = await world.add_number(f"+861700000200{n}", app_key=ax.app_key)
        more.append(await ax.bound(a, x))

    assert ids(await ax.query(origNum=a)) == [bound[0], *more]


async def test_1010002_no_key(ax):
    assert (await ax.query()).told == (403, "1010002", "Invalid request.subscriptionId")


@pytest.mark.parametrize("parameter", ["origNum", "privateNum"])
async def test_1011004_a_plus_that_was_not_escaped(ax, bound, parameter):
    reply = await ax.client.send("GET", query=f"{parameter}={X}", path=PATH)

    assert reply.told == NOT_APPLIED


async def test_1010002_an_a_that_is_no_number(ax):
    assert (await ax.query(origNum="139")).told == (403, "1010002", "Invalid request.origNum")


async def test_1011004_numbers_that_are_not_the_applications(world, ax):
    await world.add_application("key-2", mode=Mode.AX)
    await world.add_number(OTHERS_X, app_key="key-2")

    for x in (OTHERS_X, "+8617099999999"):
        assert (await ax.query(privateNum=x)).told == NOT_APPLIED


async def test_1016001_nothing_found(world, ax, a):
    assert (await ax.query(privateNum=X)).told == NO_RECORD
    assert (await ax.query(origNum=a)).told == NO_RECORD
    binding_id = await ax.bound(a)
    other = AxCustomer(await world.add_application("key-2", mode=Mode.AX))
    assert (await other.query(subscriptionId=binding_id)).told == NO_RECORD
    assert (await other.query(origNum=a)).told == NO_RECORD
