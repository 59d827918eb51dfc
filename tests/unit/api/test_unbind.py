import pytest

Y = "+8617000002002"


@pytest.fixture
async def bound(client, x, a, b, c):
    """Ids of two pairs on X."""
    first = await client.bind(relationNum=x, callerNum=a, calleeNum=b)
    second = await client.bind(relationNum=x, callerNum=c, calleeNum="+8613700005005")
    return [first.json["subscriptionId"], second.json["subscriptionId"]]


async def left(client, x="+8617000002001"):
    reply = await client.query(relationNum=x)
    return [info["subscriptionId"] for info in reply.json.get("relationNumList", [])]


async def test_a_binding_is_removed_by_its_id(client, bound):
    reply = await client.unbind(subscriptionId=bound[0])

    assert (reply.status, reply.json) == (200, {"resultcode": "0", "resultdesc": "Success"})
    assert await left(client) == bound[1:]


async def test_the_number_alone_removes_every_pair_of_it(world, client, bound, x, a, b):
    await world.add_number(Y)
    await client.bind(relationNum=Y, callerNum=a, calleeNum=b)

    assert (await client.unbind(relationNum=x)).code == "0"
    assert await left(client) == []
    assert len(await left(client, Y)) == 1


async def test_the_id_wins_over_the_number(client, bound, x):
    await client.unbind(relationNum=x, subscriptionId=bound[0])

    assert await left(client) == bound[1:]


async def test_a_body_may_stand_in_for_the_url(client, bound, x):
    assert (await client.send("DELETE", body={"subscriptionId": bound[0]})).code == "0"
    assert (await client.send("DELETE", body={"relationNum": x, "subscriptionId": None})).code == (
        "0"
    )
    assert await left(client) == []


async def test_the_url_wins_over_a_body(client, bound):
    reply = await client.send("DELETE", query=f"subscriptionId={bound[0]}", body=b"no json")

    assert reply.code == "0"
    assert await left(client) == bound[1:]


async def test_a_freed_pair_can_be_bound_again(client, bound, x, a, b):
    await client.unbind(subscriptionId=bound[0])

    assert (await client.bind(relationNum=x, callerNum=b, calleeNum=a)).code == "0"


@pytest.mark.parametrize("query", ["", "subscriptionId=", "relationNum=&x=1", "app_key=key-axb"])
async def test_1012001_without_parameters(client, query):
    assert (await client.send("DELETE", query=query)).told == (
        403,
        "1012001",
        "Resource of number is not to be applied.",
    )


async def test_1012001_plus_that_was_not_escaped(client, bound):
    assert (await client.send("DELETE", query="relationNum=+8617000002001")).code == "1012001"
    assert len(await left(client)) == 2


@pytest.mark.parametrize("value", ["8617000002001", "abc", "+86170000020011111111111111111111111"])
async def test_1010002_number_that_is_not_in_global_form(client, value):
    assert (await client.unbind(relationNum=value)).told == (
        403,
        "1010002",
        "Invalid request.relationNum",
    )


async def test_1010002_id_that_is_too_long(client):
    assert (await client.unbind(subscriptionId="x" * 65)).text == "Invalid request.subscriptionId"


async def test_1012001_number_of_another_application(world, client, bound, x):
    other = await world.add_application("key-2")

    assert (await other.unbind(relationNum=x)).code == "1012001"
    assert await left(client) == bound


async def test_1012007_binding_of_another_application(world, client, bound):
    other = await world.add_application("key-2")

    assert (await other.unbind(subscriptionId=bound[0])).told == (
        403,
        "1012007",
        "The record does not exist.",
    )
    assert await left(client) == bound


async def test_1012007_number_that_does_not_exist(client):
    assert (await client.unbind(relationNum="+8617000009009")).code == "1012007"


async def test_1012007_number_without_bindings(client, x):
    assert (await client.unbind(relationNum=x)).code == "1012007"


async def test_1012007_binding_that_is_gone(client, bound):
    await client.unbind(subscriptionId=bound[0])

    assert (await client.unbind(subscriptionId=bound[0])).code == "1012007"


async def test_1012007_binding_that_has_expired(world, client, x, a, b):
    reply = await client.bind(relationNum=x, callerNum=a, calleeNum=b, duration=60)
    world.clock.step(60)

    assert (await client.unbind(subscriptionId=reply.json["subscriptionId"])).code == "1012007"
    assert (await client.unbind(relationNum=x)).code == "1012007"
