"""`DELETE` of the AX interface (`spec/ax.md` 6)."""

import pytest
from tests.unit.api.ax_customer import PATH, AxCustomer, X

from maskline.domain.application import Mode

OTHERS_X = "+8617000009009"
NOT_APPLIED = (403, "1011004", "The number is not applied for binding application.")
NO_RECORD = (403, "1016001", "The record does not exist.")


@pytest.fixture
async def bound(ax, a):
    return await ax.bound(a)


async def test_the_example_of_the_documentation_is_answered_as_printed(ax, bound, a):
    reply = await ax.unbind(origNum=a, privateNum=X)

    assert (reply.status, reply.json) == (200, {"resultcode": "0", "resultdesc": "Success"})
    assert (await ax.query(subscriptionId=bound)).code == "1016001"


@pytest.mark.parametrize("orig_num", ["+8613700009009", "nonsense", " +86139"])
async def test_orig_num_is_not_looked_at(ax, bound, orig_num):
    assert (await ax.unbind(origNum=orig_num, privateNum=X)).code == "0"


@pytest.mark.parametrize("x", [X, OTHERS_X, "nonsense"])
async def test_the_id_wins_over_x(ax, bound, x):
    assert (await ax.unbind(subscriptionId=bound, privateNum=x)).code == "0"


async def test_keys_in_a_body_are_read_when_the_url_has_none(ax, bound):
    reply = await ax.client.send("DELETE", body={"subscriptionId": bound}, path=PATH)

    assert reply.code == "0"


async def test_x_can_be_bound_to_another_a_afterwards(ax, bound, b):
    await ax.unbind(subscriptionId=bound)

    assert (await ax.bind(origNum=b, privateNum=X)).code == "0"


async def test_1011004_numbers_that_are_not_the_applications(world, ax, bound):
    await world.add_application("key-2", mode=Mode.AX)
    await world.add_number(OTHERS_X, app_key="key-2")

    for x in (OTHERS_X, "+8617099999999", "nonsense"):
        assert (await ax.unbind(privateNum=x)).told == NOT_APPLIED


async def test_1011004_a_plus_that_was_not_escaped(ax, bound):
    reply = await ax.client.send("DELETE", query=f"privateNum={X}", path=PATH)

    assert reply.told == NOT_APPLIED


async def test_1011004_neither_key(ax, bound, a):
    assert (await ax.unbind()).told == NOT_APPLIED
    assert (await ax.unbind(origNum=a)).told == NOT_APPLIED


async def test_1016001_nothing_bound(world, ax, bound):
    other = AxCustomer(await world.add_application("key-2", mode=Mode.AX))
    assert (await other.unbind(subscriptionId=bound)).told == NO_RECORD
    await ax.unbind(subscriptionId=bound)
    assert (await ax.unbind(subscriptionId=bound)).told == NO_RECORD
    assert (await ax.unbind(privateNum=X)).told == NO_RECORD
