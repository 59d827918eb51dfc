"""Query v1, query v2 and the count of bindings in AXE (`spec/axe.md` 6-8)."""

import re

import pytest
from tests.unit.api.axe_client import KEY, OTHERS_X, A, B, X, Y, make_axe_client

CURSOR = re.compile(r"\d{13}_\d{1,20}")


@pytest.fixture
async def axe(world):
    client = await make_axe_client(world)
    await world.add_number(X, app_key=KEY)
    return client


async def fill(axe, count, x=X):
    """So many bindings on X, a second apart; their extensions."""
    extensions = []
    for index in range(count):
        bound = await axe.bound(virtualNum=x, bindNum=f"+86135{index:08}", bindExpiredTime=0)
        extensions.append(bound["extendNum"])
        axe.world.clock.step(1)
    return extensions


class TestV1:
    async def test_one_binding_is_a_flat_object_with_all_that_was_bound(self, world, axe):
        world.approve((KEY, "hint.wav"))
        bound = await axe.bound(
            extendNum="042",
            displayNumMode="0",
            recordHintTone="hint.wav",
            callbackNum=B,
            timeUnit="1",
            bindExpiredTime=120,
            callbackExpiredTime=60,
            userData="order 42",
        )
        for key in (
            {"subscriptionId": bound["subscriptionId"]},
            {"virtualNum": X, "extendNum": "042"},
            {"subscriptionId": bound["subscriptionId"], "virtualNum": Y, "extendNum": "1"},
        ):
            assert (await axe.query(**key)).json == {
                "resultcode": "0",
                "resultdesc": "Success",
                "subscriptionId": bound["subscriptionId"],
                "virtualNum": X,
                "extendNum": "042",
                "bindNum": A,
                "displayNumMode": "0",
                "recordFlag": "false",
                "callbackNum": B,
                "timeUnit": "1",
                "bindExpiredTime": 120,
                "callbackExpiredTime": 60,
                "userData": "order 42",
            }

    async def test_the_result_comes_first(self, axe):
        bound = await axe.bound()
        reply = await axe.query(subscriptionId=bound["subscriptionId"])
        assert list(reply.json)[:2] == ["resultcode", "resultdesc"]

    @pytest.mark.parametrize("parameters", [{}, {"virtualNum": X}, {"extendNum": "001"}])
    async def test_1010002_without_a_key(self, axe, parameters):
        assert (await axe.query(**parameters)).code == "1010002"

    async def test_1016001_and_1012001(self, axe):
        assert (await axe.query(subscriptionId="none")).code == "1016001"
        assert (await axe.query(virtualNum=X, extendNum="999")).code == "1016001"
        assert (await axe.query(virtualNum=OTHERS_X, extendNum="999")).code == "1012001"


class TestV2:
    async def test_all_of_x_are_read_page_by_page(self, axe):
        extensions = await fill(axe, 5)
        cursor, seen = "0000000000000_0", []
        for size in (2, 2, 1):
            reply = (await axe.list(virtualNum=X, cursor=cursor, limit=2)).json
            assert len(reply["extendNumList"]) == size
            seen += [info["extendNum"] for info in reply["extendNumList"]]
            cursor = reply.get("nextCursor")
            assert reply.get("nextCusor") == cursor
            assert cursor is None or CURSOR.fullmatch(cursor)
        assert seen == extensions
        assert cursor is None

    async def test_the_first_page_needs_no_cursor_and_holds_50(self, axe):
        await fill(axe, 51)
        reply = (await axe.list(virtualNum=X)).json
        assert len(reply["extendNumList"]) == 50
        rest = (await axe.list(virtualNum=X, cursor=reply["nextCursor"])).json
        assert len(rest["extendNumList"]) == 1

    async def test_unbinding_what_was_read_does_not_shift_the_next_page(self, axe):
        await fill(axe, 4)
        first = (await axe.list(virtualNum=X, limit=2)).json
        for info in first["extendNumList"]:
            await axe.unbind(subscriptionId=info["subscriptionId"])
        second = (await axe.list(virtualNum=X, limit=2, cursor=first["nextCursor"])).json
        assert [info["extendNum"] for info in second["extendNumList"]] == ["003", "004"]

    async def test_without_bindings_the_list_is_empty(self, axe):
        assert (await axe.list(virtualNum=X)).json == {
            "resultcode": "0",
            "resultdesc": "Success",
            "extendNumList": [],
        }

    async def test_other_numbers_and_expired_bindings_are_not_listed(self, world, axe):
        await world.add_number(Y, app_key=KEY)
        await fill(axe, 2, Y)
        await axe.bound(bindExpiredTime=1)
        await axe.bound(bindNum=B, bindExpiredTime=2)
        world.clock.step(3600)
        reply = (await axe.list(virtualNum=X)).json
        assert [info["bindNum"] for info in reply["extendNumList"]] == [B]

    async def test_a_single_binding_is_a_list_of_one_whatever_the_cursor(self, axe):
        extensions = await fill(axe, 3)
        by_extension = {"virtualNum": X, "extendNum": extensions[1]}
        found = (await axe.query(**by_extension)).json
        by_id = {"subscriptionId": found["subscriptionId"], "virtualNum": Y}
        for key in (by_extension, by_id):
            reply = (await axe.list(**key, cursor="nonsense", limit="nonsense")).json
            assert [info["extendNum"] for info in reply["extendNumList"]] == [extensions[1]]
            assert "nextCursor" not in reply

    @pytest.mark.parametrize(
        ("parameters", "name"),
        [
            ({}, "virtualNum"),
            ({"extendNum": "001"}, "virtualNum"),
            ({"virtualNum": X, "cursor": "1"}, "cursor"),
            ({"virtualNum": X, "cursor": "0000000000000_123456789012345678901"}, "cursor"),
            ({"virtualNum": X, "limit": "0"}, "limit"),
            ({"virtualNum": X, "limit": "101"}, "limit"),
        ],
    )
    async def test_1010002_names_the_parameter_that_is_wrong(self, axe, parameters, name):
        reply = await axe.list(**parameters)
        assert reply.told == (403, "1010002", f"Invalid request.{name}")

    async def test_the_farthest_cursor_is_past_the_end(self, axe):
        await fill(axe, 1)
        reply = await axe.list(virtualNum=X, cursor="9" * 13 + "_" + "9" * 20)
        assert reply.json["extendNumList"] == []

    async def test_1016001_and_1012001(self, axe):
        assert (await axe.list(subscriptionId="none")).code == "1016001"
        assert (await axe.list(virtualNum=OTHERS_X)).code == "1012001"

    async def test_1010006_nothing_is_bound_there(self, axe):
        reply = await axe.client.send("POST", body={}, path="/rest/caas/extendnumber/v2.0")
        assert (reply.status, reply.code) == (405, "1010006")


class TestCount:
    async def test_of_one_number(self, axe):
        await fill(axe, 3)
        assert (await axe.count(number=X, cursor="x", limit="x")).json == {
            "resultcode": "0",
            "resultdesc": "Success",
            "virtualNumList": [{"number": X, "bindCount": 3}],
        }

    async def test_expired_bindings_count_until_they_are_swept(self, world, axe):
        await axe.bound(bindExpiredTime=1)
        world.clock.step(3600)
        counts = [(await axe.count(number=X)).json["virtualNumList"][0]["bindCount"]]
        await world.store.remove_expired(world.clock.now(), 10)
        counts.append((await axe.count(number=X)).json["virtualNumList"][0]["bindCount"])
        assert counts == [1, 0]

    async def test_of_all_numbers_page_by_page(self, world, axe):
        for x in (Y, "+8617000002003"):
            await world.add_number(x, app_key=KEY)
        await fill(axe, 2, Y)
        first = (await axe.count(cursor="0", limit=2)).json
        assert first["virtualNumList"] == [
            {"number": X, "bindCount": 0},
            {"number": Y, "bindCount": 2},
        ]
        assert re.fullmatch(r"\d{1,20}", first["nextCursor"])
        second = (await axe.count(cursor=first["nextCursor"], limit=2)).json
        assert second == {
            "resultcode": "0",
            "resultdesc": "Success",
            "virtualNumList": [{"number": "+8617000002003", "bindCount": 0}],
        }

    @pytest.mark.parametrize(
        ("parameters", "name"),
        [
            ({"cursor": "-1"}, "cursor"),
            ({"cursor": "1" * 21}, "cursor"),
            ({"limit": "0"}, "limit"),
            ({"limit": "101"}, "limit"),
            ({"number": "17000002001"}, "number"),
        ],
    )
    async def test_1010002_names_the_parameter_that_is_wrong(self, axe, parameters, name):
        reply = await axe.count(**parameters)
        assert reply.told == (403, "1010002", f"Invalid request.{name}")

    async def test_1012001_a_number_of_somebody_else(self, axe):
        assert (await axe.count(number=OTHERS_X)).code == "1012001"
