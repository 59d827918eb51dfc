import pytest

PAIRS = 120


@pytest.fixture
async def pairs(client, x):
    """Ids of many pairs on X, oldest first."""
    ids = []
    for number in range(PAIRS):
        reply = await client.bind(
            relationNum=x,
            callerNum=f"+86139{number:08}",
            calleeNum=f"+86138{number:08}",
            userData=str(number),
        )
        ids.append(reply.json["subscriptionId"])
    return ids


def ids(reply):
    return [info["subscriptionId"] for info in reply.json["relationNumList"]]


async def test_one_binding_is_found_by_its_id(client, pairs, x):
    reply = await client.query(subscriptionId=pairs[7])

    assert reply.json == {
        "resultcode": "0",
        "resultdesc": "Success",
        "totalCount": 1,
        "pageIndex": 1,
        "pageSize": 50,
        "relationNumList": [
            {
                "subscriptionId": pairs[7],
                "relationNum": x,
                "callerNum": "+8613900000007",
                "calleeNum": "+8613800000007",
                "subscribeTime": "2024-06-11 02:00:00",
                "callDirection": 0,
                "duration": 0,
                "maxDuration": 0,
                "recordFlag": "false",
                "userData": "7",
            }
        ],
    }


async def test_the_id_wins_over_everything_else(client, pairs):
    reply = await client.query(
        subscriptionId=pairs[7], relationNum="+8617000009009", callerNum="bad", pageIndex=9
    )

    assert ids(reply) == [pairs[7]]


async def test_a_number_lists_its_pairs_page_by_page(client, pairs, x):
    pages = [await client.query(relationNum=x, pageIndex=i) for i in (1, 2, 3)]

    assert [reply.json["pageIndex"] for reply in pages] == [1, 2, 3]
    assert {reply.json["totalCount"] for reply in pages} == {PAIRS}
    assert [found for reply in pages for found in ids(reply)] == pairs


async def test_a_page_past_the_end_is_empty(client, pairs, x):
    reply = await client.query(relationNum=x, pageIndex=1_000_000)

    assert (reply.code, reply.json["totalCount"], ids(reply)) == ("0", PAIRS, [])


@pytest.mark.parametrize(
    ("asked", "used"),
    [(10, 10), (99, 99), (100, 100), (5, 50), (500, 50), (0, 50), (-1, 50), ("x", 50), ("", 50)],
)
async def test_a_page_size_out_of_range_is_silently_50(client, pairs, x, asked, used):
    reply = await client.query(relationNum=x, pageSize=asked)

    assert reply.code == "0"
    assert (reply.json["pageSize"], len(ids(reply))) == (used, used)


@pytest.mark.parametrize("asked", [0, -3, "x", "", 10**30])
async def test_a_page_index_out_of_range_is_silently_1(client, pairs, x, asked):
    reply = await client.query(relationNum=x, pageIndex=asked)

    assert (reply.json["pageIndex"], ids(reply)) == (1, pairs[:50])


@pytest.mark.parametrize(
    "parties",
    [
        {"callerNum": "+8613900000007"},
        {"calleeNum": "+8613800000007"},
        {"callerNum": "+8613900000007", "calleeNum": "+8613800000007"},
    ],
)
async def test_a_party_on_the_number_finds_its_one_binding(client, pairs, x, parties):
    reply = await client.query(relationNum=x, pageIndex=3, **parties)

    assert (reply.json["totalCount"], ids(reply)) == (1, [pairs[7]])


@pytest.mark.parametrize(
    "parties",
    [
        {"callerNum": "+8613800000007"},
        {"calleeNum": "+8613900000007"},
        {"callerNum": "+8613900000007", "calleeNum": "+8613800000008"},
    ],
)
async def test_1012007_party_in_another_role_or_pair(client, pairs, x, parties):
    assert (await client.query(relationNum=x, **parties)).code == "1012007"


async def test_1012007_number_without_bindings(client, x):
    assert (await client.query(relationNum=x)).told == (
        403,
        "1012007",
        "The record does not exist.",
    )


async def test_1012007_number_that_does_not_exist(client):
    assert (await client.query(relationNum="+8617000009009")).code == "1012007"


async def test_1012007_unknown_id(client):
    assert (await client.query(subscriptionId="none")).code == "1012007"


async def test_expired_bindings_are_not_found(world, client, x, a, b):
    reply = await client.bind(relationNum=x, callerNum=a, calleeNum=b, duration=60)
    world.clock.step(60)

    assert (await client.query(subscriptionId=reply.json["subscriptionId"])).code == "1012007"
    assert (await client.query(relationNum=x)).code == "1012007"


async def test_nothing_of_another_application_is_found(world, client, pairs, x):
    other = await world.add_application("key-2")

    assert (await other.query(subscriptionId=pairs[0])).code == "1012007"
    assert (await other.query(relationNum=x)).told == (
        403,
        "1012001",
        "Resource of number is not to be applied.",
    )


@pytest.mark.parametrize("parameters", [{}, {"callerNum": "+8613900000007"}, {"pageIndex": 1}])
async def test_1010002_without_id_and_number(client, parameters):
    assert (await client.query(**parameters)).told == (
        403,
        "1010002",
        "Invalid request.relationNum",
    )


@pytest.mark.parametrize("parameter", ["callerNum", "calleeNum"])
async def test_1010002_party_that_is_not_in_global_form(client, x, parameter):
    reply = await client.query(**{"relationNum": x, parameter: "13900000007"})

    assert reply.text == f"Invalid request.{parameter}"


async def test_a_plus_that_was_not_escaped_is_told_by_its_own_code(client, pairs):
    assert (await client.send("GET", query="relationNum=+8617000002001")).code == "1012001"
    assert (
        await client.send("GET", query="relationNum=%2B8617000002001&callerNum=+8613900000007")
    ).text == "Invalid request.callerNum"


async def test_a_hint_tone_is_shown_only_while_recording(world, client, x, a, b):
    world.approve((client.app_key, "hint.wav"))
    await client.bind(relationNum=x, callerNum=a, calleeNum=b, recordHintTone="hint.wav")

    reply = await client.query(relationNum=x)

    assert "recordHintTone" not in reply.json["relationNumList"][0]


async def test_the_time_told_is_that_of_the_latest_change(world, client, x, a, b):
    reply = await client.bind(relationNum=x, callerNum=a, calleeNum=b)
    world.clock.step(3661)
    await client.modify(subscriptionId=reply.json["subscriptionId"], userData="n")

    found = await client.query(relationNum=x)

    assert found.json["relationNumList"][0]["subscribeTime"] == "2024-06-11 03:01:01"
