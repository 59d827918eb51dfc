"""The AXYB interface (`spec/axyb.md` 3-5, 10)."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from maskline.api.axyb import AxybInterface
from maskline.api.server import create_api
from maskline.domain.application import Mode
from maskline.domain.virtual_number import NumberState
from maskline.services.binding_axyb import AxybDesk

PATH = "/rest/omp/xyrelationnumber/v1.0"
A, B, C = "+8613510001001", "+8613900003003", "+8613700004004"
NUMBERS = [f"+861700000200{n}" for n in range(1, 9)]
MISSING = (403, "1016001", "The record does not exist.")
NOT_OWNED = (403, "1012001", "Resource of number is not to be applied.")
NO_NUMBER = (403, "1012008", "Insufficient number of resources.")


@dataclass
class Customer:
    """The requests of one application, with its `app_key` in the URL as documented."""

    client: object

    async def send(self, method, *, body=None, app_key=None, **parameters):
        key = self.client.app_key if app_key is None else app_key
        query = urlencode({"app_key": key} | parameters)
        return await self.client.send(method, query=query, body=body, path=PATH)

    async def bind(self, **fields):
        return await self.send("POST", body={k: v for k, v in fields.items() if v is not ...})

    async def unbind(self, **parameters):
        return await self.send("DELETE", **parameters)

    async def query(self, **parameters):
        return await self.send("GET", **parameters)

    async def found(self, **parameters):
        return (await self.query(**parameters)).json["xyRelationNumList"]


@pytest.fixture
def serve(world):
    """Put the interface at its path, after anything else of the world was changed."""

    def serve():
        desk = AxybDesk(world.store, world.clock, world.ids, world.areas, world.prompts)
        more = {PATH: AxybInterface(desk).endpoint()}
        world.api = create_api(
            None,
            world.directory,
            world.clock,
            world.limits,
            more,
            keyed_binds=world.keyed_binds,
        )

    return serve


@pytest.fixture
async def customer(world, serve):
    """Has eight numbers in Shenzhen."""
    client = await world.add_application("key-xy", mode=Mode.AXYB)
    for number in NUMBERS:
        await world.add_number(number, app_key="key-xy")
    serve()
    return Customer(client)


@pytest.fixture
def bind_ax(customer):
    async def bind(**changes):
        return await customer.bind(**({"origNum": A, "areaCode": "0755"} | changes))

    return bind


@pytest.fixture
async def ax(bind_ax):
    """The id of a relation and its X."""
    reply = await bind_ax()
    return reply.json["subscriptionId"], reply.json["relationNumber"]


@pytest.fixture
def bind_yb(customer, ax):
    async def bind(**changes):
        return await customer.bind(**({"origNum": B, "subscriptionId": ax[0]} | changes))

    return bind


class TestUrl:
    @pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
    async def test_1010002_without_the_app_key(self, customer, method):
        for query in ("", "app_key=", "subscriptionId=1"):
            reply = await customer.client.send(method, query=query, path=PATH)
            assert reply.told == (403, "1010002", "Invalid request.app_key")

    @pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
    async def test_1010003_another_app_key_than_the_one_that_signed(self, customer, method):
        reply = await customer.send(method, app_key="key-axb")
        assert reply.told == (403, "1010003", "Invalid app_key.")

    async def test_the_signature_is_checked_first(self, customer):
        reply = await customer.client.send("GET", path=PATH, headers={})
        assert reply.status == 400

    async def test_1010040_for_applications_of_other_modes(self, world, customer):
        reply = await Customer(await world.add_application()).query(subscriptionId="1")
        assert reply.code == "1010040"

    async def test_1010006_there_is_no_modify(self, customer):
        reply = await customer.send("PUT", body={})
        assert reply.told == (405, "1010006", "Invalid Rest API.")
        assert reply.headers["allow"] == "POST, GET, DELETE"


class TestBindAx:
    async def test_it_is_answered_with_the_id_and_x(self, bind_ax):
        reply = await bind_ax()
        assert reply.status == 200
        assert list(reply.json.items()) == [
            ("resultcode", "0"),
            ("resultdesc", "Success"),
            ("subscriptionId", reply.json["subscriptionId"]),
            ("relationNumber", NUMBERS[0]),
        ]
        assert len(reply.json["subscriptionId"]) == 36

    async def test_all_that_was_set_is_found_again(self, world, serve, customer):
        client = await world.add_application("key-rec", mode=Mode.AXYB, may_record=True)
        await world.add_number("+8617000009001", app_key="key-rec")
        world.approve(("key-rec", "hint.wav"), ("key-rec", "x.wav"))
        serve()
        recorder = Customer(client)
        reply = await recorder.bind(
            origNum=A,
            areaCode="755",
            areaMatchMode="1",
            callDirection=2,
            duration=3600,
            ybDuration=600,
            recordFlag="true",
            recordHintTone="hint.wav",
            preVoiceX="x.wav",
            userData="trip-7",
        )
        expected = {
            "bindId": reply.json["subscriptionId"],
            "numA": A,
            "numX": "+8617000009001",
            "recordFlag": "true",
            "recordHintTone": "hint.wav",
            "subscribeTime": "2024-06-11 02:00:00",
            "callDirection": 2,
            "duration": "3600",
            "ybDuration": "600",
            "preVoiceX": "x.wav",
            "userData": "trip-7",
        }
        assert await recorder.found(subscriptionId=expected["bindId"]) == [expected]

    async def test_durations_are_told_as_texts_and_default_to_7200_and_0(self, customer, ax):
        (info,) = await customer.found(subscriptionId=ax[0])
        assert (info["duration"], info["ybDuration"]) == ("7200", "0")
        assert info["recordFlag"] == "false"

    @pytest.mark.parametrize("parameter", ["origNum", "areaCode"])
    @pytest.mark.parametrize("value", [..., None, ""])
    async def test_1010002_without_a_or_its_city(self, bind_ax, parameter, value):
        reply = await bind_ax(**{parameter: value})
        assert reply.told == (403, "1010002", f"Invalid request.{parameter}")

    @pytest.mark.parametrize(
        ("parameter", "values"),
        [
            ("areaCode", ["0755", "755", 755]),
            ("areaMatchMode", ["0", "1", 0, None, ""]),
            ("callDirection", [0, 1, 2, "2", None, ""]),
            ("duration", [0, 60, 7_776_000, "60", 60.0, None, ""]),
            ("ybDuration", [0, 60, 7_776_000, "60", None, ""]),
            ("recordFlag", ["false", False, None, ""]),
            ("preVoiceX", ["", None]),
            ("recordHintTone", ["", None]),
            ("userData", ["x" * 256, "", None]),
            ("preVoiceY", ["lost.wav"]),
            ("subscriptionId", ["", None]),
            ("privateNum", ["+8617000009009"]),
        ],
    )
    async def test_values_are_read_as_real_clients_write_them(
        self, customer, bind_ax, parameter, values
    ):
        for value in values:
            reply = await bind_ax(**{parameter: value})
            assert reply.code == "0", value
            await customer.unbind(subscriptionId=reply.json["subscriptionId"])

    @pytest.mark.parametrize(
        ("parameter", "values"),
        [
            ("origNum", ["13510001001", " +8613510001001", 8613510001001]),
            ("areaCode", ["0" * 33, [], True]),
            ("areaMatchMode", ["2", "strict"]),
            ("callDirection", [3, "both"]),
            ("duration", [-1, 1, 59, 7_776_001, "1h"]),
            ("ybDuration", [-1, 1, 59, 7_776_001, "1h"]),
            ("recordFlag", ["yes", 1]),
            ("preVoiceX", ["x" * 129, []]),
            ("recordHintTone", ["x" * 129]),
            ("userData", ["x" * 257, "中", "{x}", "^"]),
        ],
    )
    async def test_1010002_names_the_parameter(self, bind_ax, parameter, values):
        for value in values:
            reply = await bind_ax(**{parameter: value})
            assert reply.told == (403, "1010002", f"Invalid request.{parameter}"), value

    @pytest.mark.parametrize("parameter", ["preVoiceX", "recordHintTone"])
    async def test_1010002_names_a_prompt_that_is_not_approved(self, bind_ax, parameter):
        reply = await bind_ax(**{parameter: "lost.wav"})
        assert reply.told == (403, "1010002", "Invalid request.lost.wav does not exist.")

    async def test_1012012_recording_without_the_right(self, bind_ax):
        reply = await bind_ax(recordFlag=True)
        assert reply.told == (403, "1012012", "Application does not open recording function.")

    async def test_1012008_no_number_of_the_city(self, bind_ax):
        assert (await bind_ax(areaCode="010")).told == NO_NUMBER
        assert (await bind_ax(areaCode="010", areaMatchMode="1")).code == "0"

    async def test_1012008_a_sixth_x_of_an_a(self, bind_ax):
        replies = [await bind_ax() for _ in range(6)]
        assert [reply.code for reply in replies] == ["0"] * 5 + ["1012008"]
        assert len({reply.json["relationNumber"] for reply in replies[:5]}) == 5
        assert (await bind_ax(origNum=B)).code == "0"

    @pytest.mark.parametrize("state", [NumberState.PAUSED, NumberState.BINDING_FROZEN])
    async def test_1012008_numbers_that_may_not_bind(self, world, customer, bind_ax, state):
        await world.add_number("+8617000005001", app_key="key-xy", area_code="020", state=state)
        assert (await bind_ax(areaCode="020")).told == NO_NUMBER


class TestBindYb:
    async def test_it_is_answered_with_the_id_of_the_relation_and_y(self, bind_yb, ax):
        reply = await bind_yb()
        assert reply.status == 200
        assert reply.json == {
            "resultcode": "0",
            "resultdesc": "Success",
            "subscriptionId": ax[0],
            "relationNumber": NUMBERS[1],
        }

    async def test_all_that_was_set_is_found_again(self, world, serve, customer, bind_yb, ax):
        world.approve(("key-xy", "y.wav"))
        serve()
        world.clock.step(60)
        reply = await bind_yb(areaCode="0755", ybDuration=600, preVoiceY="y.wav", userData="own")
        expected = {
            "bindId": ax[0],
            "numA": A,
            "numX": ax[1],
            "numY": reply.json["relationNumber"],
            "numB": B,
            "recordFlag": "false",
            "subscribeTime": "2024-06-11 02:01:00",
            "callDirection": 0,
            "duration": "7200",
            "ybDuration": "600",
            "preVoiceY": "y.wav",
            "userData": "own",
        }
        assert await customer.found(subscriptionId=ax[0]) == [expected]

    async def test_fields_of_the_relation_are_ignored(self, customer, bind_yb, ax):
        reply = await bind_yb(
            duration=1, callDirection=7, recordFlag="true", recordHintTone="lost", preVoiceX="lost"
        )
        assert reply.code == "0"
        (info,) = await customer.found(subscriptionId=ax[0])
        assert (info["callDirection"], info["recordFlag"]) == (0, "false")

    @pytest.mark.parametrize("value", [..., None, ""])
    async def test_1010002_without_b(self, bind_yb, value):
        assert (await bind_yb(origNum=value)).text == "Invalid request.origNum"

    @pytest.mark.parametrize(
        ("parameter", "values"),
        [
            ("origNum", ["13900003003", A, NUMBERS[0]]),
            ("areaCode", ["0" * 33]),
            ("areaMatchMode", ["2"]),
            ("ybDuration", [1, 59, 7_776_001]),
            ("preVoiceY", ["x" * 129]),
            ("userData", ["x" * 257, "中"]),
            ("subscriptionId", ["x" * 65, {}]),
        ],
    )
    async def test_1010002_names_the_parameter(self, bind_yb, parameter, values):
        for value in values:
            reply = await bind_yb(**{parameter: value})
            assert reply.told == (403, "1010002", f"Invalid request.{parameter}"), value

    async def test_1016001_an_unknown_foreign_or_expired_relation(
        self, world, customer, bind_yb, ax
    ):
        assert (await bind_yb(subscriptionId="none")).told == MISSING
        client = await world.add_application("key-2", mode=Mode.AXYB)
        reply = await Customer(client).bind(origNum=B, subscriptionId=ax[0])
        assert reply.told == MISSING
        world.clock.step(7200)
        assert (await bind_yb()).told == MISSING

    async def test_1016002_the_same_b_twice(self, bind_yb):
        await bind_yb()
        assert (await bind_yb()).told == (403, "1016002", "The record already exists.")

    async def test_a_second_b_gets_another_y_until_there_is_none_1012008(self, bind_yb):
        replies = [await bind_yb(origNum=f"+861390000300{n}") for n in range(8)]
        assert [reply.code for reply in replies] == ["0"] * 7 + ["1012008"]
        assert len({reply.json["relationNumber"] for reply in replies[:7]}) == 7

    async def test_a_b_of_another_relation_gets_the_same_y(self, customer, bind_ax, bind_yb):
        other = (await bind_ax(origNum=C)).json["subscriptionId"]
        first, second = await bind_yb(), await bind_yb(subscriptionId=other)
        assert first.json["relationNumber"] == second.json["relationNumber"]

    async def test_1012008_no_number_of_the_city_that_was_asked_for(self, world, bind_yb):
        assert (await bind_yb(areaCode="010")).told == NO_NUMBER
        await world.add_number("+8617000004001", app_key="key-xy", area_code="010")
        assert (await bind_yb(areaCode="10")).json["relationNumber"] == "+8617000004001"


class TestUnbind:
    @pytest.fixture
    async def group(self, bind_yb):
        """Two B's with their Y."""
        return [(b, (await bind_yb(origNum=b)).json["relationNumber"]) for b in (B, C)]

    @pytest.fixture
    def left(self, customer, ax):
        async def left():
            reply = await customer.query(subscriptionId=ax[0])
            return [info.get("numB") for info in reply.json.get("xyRelationNumList", ())]

        return left

    async def test_the_id_alone_removes_the_group(self, customer, ax, group, left):
        reply = await customer.unbind(subscriptionId=ax[0])
        assert (reply.status, reply.json) == (200, {"resultcode": "0", "resultdesc": "Success"})
        assert await left() == []
        assert (await customer.unbind(subscriptionId=ax[0])).told == MISSING

    async def test_keys_in_a_body_are_read_when_the_url_has_none(self, customer, ax, group, left):
        body = {"subscriptionId": ax[0], "yNum": group[0][1]}
        assert (await customer.send("DELETE", body=body)).code == "0"
        assert await left() == [C]
        reply = await customer.send("DELETE", body=body, subscriptionId=ax[0])
        assert (reply.code, await left()) == ("0", [])

    async def test_y_removes_one_part(self, customer, ax, group, left):
        assert (await customer.unbind(subscriptionId=ax[0], yNum=group[0][1])).code == "0"
        assert await left() == [C]

    async def test_b_removes_one_part(self, customer, ax, group, left):
        assert (await customer.unbind(subscriptionId=ax[0], bNum=C)).code == "0"
        assert await left() == [B]

    async def test_y_wins_over_b(self, customer, ax, group, left):
        await customer.unbind(subscriptionId=ax[0], yNum=group[0][1], bNum=C)
        assert await left() == [C]

    async def test_the_relation_stays_without_parts(self, customer, ax, group, left):
        for b, _ in group:
            await customer.unbind(subscriptionId=ax[0], bNum=b)
        assert await left() == [None]

    async def test_1016001_a_part_that_is_not_there(self, customer, ax, group):
        for parameters in ({"yNum": NUMBERS[7]}, {"bNum": A}, {"yNum": ax[1]}):
            assert (await customer.unbind(subscriptionId=ax[0], **parameters)).told == MISSING
        assert (await customer.unbind(subscriptionId="none", bNum=B)).told == MISSING

    async def test_1012001_without_parameters_and_with_an_unescaped_plus(
        self, customer, ax, group, left
    ):
        assert (await customer.unbind()).told == NOT_OWNED
        query = f"app_key=key-xy&subscriptionId={ax[0]}&yNum={group[0][1]}"
        reply = await customer.client.send("DELETE", query=query, path=PATH)
        assert reply.told == NOT_OWNED
        assert await left() == [B, C]

    @pytest.mark.parametrize("parameters", [{"yNum": NUMBERS[1]}, {"bNum": B}])
    async def test_1010002_a_part_of_no_relation(self, customer, group, parameters):
        reply = await customer.unbind(**parameters)
        assert reply.told == (403, "1010002", "Invalid request.subscriptionId")

    @pytest.mark.parametrize("parameter", ["yNum", "bNum"])
    async def test_1010002_a_number_that_is_none(self, customer, ax, group, left, parameter):
        reply = await customer.unbind(subscriptionId=ax[0], **{parameter: "8613900003003"})
        assert reply.told == (403, "1010002", f"Invalid request.{parameter}")
        assert await left() == [B, C]

    async def test_1016001_a_group_of_another_application(self, world, customer, ax, group, left):
        other = Customer(await world.add_application("key-2", mode=Mode.AXYB))
        assert (await other.unbind(subscriptionId=ax[0])).told == MISSING
        assert await left() == [B, C]


class TestQuery:
    async def test_by_x_and_by_id(self, customer, ax, bind_yb):
        await bind_yb()
        by_id = await customer.query(subscriptionId=ax[0])
        by_x = await customer.query(relationNum=ax[1])
        assert by_id.status == 200
        assert by_id.json == by_x.json
        assert list(by_id.json) == ["resultcode", "resultdesc", "xyRelationNumList"]

    async def test_the_id_wins_over_x(self, customer, ax):
        reply = await customer.query(subscriptionId="none", relationNum=ax[1])
        assert reply.told == MISSING

    async def test_every_part_is_told_oldest_first(self, customer, ax, bind_yb):
        given = [f"+861390000300{n}" for n in range(7)]
        for b in given:
            await bind_yb(origNum=b)
        assert [info["numB"] for info in await customer.found(relationNum=ax[1])] == given

    async def test_a_part_that_has_expired_leaves_the_relation(self, world, customer, ax, bind_yb):
        await bind_yb(ybDuration=60)
        world.clock.step(60)
        (info,) = await customer.found(subscriptionId=ax[0])
        assert not {"numY", "numB"} & set(info)
        world.clock.step(7140)
        assert (await customer.query(subscriptionId=ax[0])).told == MISSING

    async def test_1010002_without_id_and_x(self, customer):
        assert (await customer.query(bNum=B)).text == "Invalid request.relationNum"

    async def test_1016001_a_y_an_unknown_number_and_one_without_relation(self, customer, bind_yb):
        y = (await bind_yb()).json["relationNumber"]
        for number in (y, "+8617099999999", NUMBERS[7]):
            assert (await customer.query(relationNum=number)).told == MISSING

    async def test_1012001_a_number_of_another_application(self, world, customer, ax):
        other = Customer(await world.add_application("key-2", mode=Mode.AXYB))
        assert (await other.query(relationNum=ax[1])).told == NOT_OWNED
        assert (await other.query(subscriptionId=ax[0])).told == MISSING

    async def test_1012001_an_unescaped_plus(self, customer, ax):
        query = f"app_key=key-xy&relationNum={ax[1]}"
        reply = await customer.client.send("GET", query=query, path=PATH)
        assert reply.told == NOT_OWNED

    async def test_1010002_a_number_that_is_none(self, customer):
        assert (await customer.query(relationNum="8617")).text == "Invalid request.relationNum"


class TestIdempotencyKey:
    @pytest.fixture
    def bind_under(self, customer):
        async def bind(key, **fields):
            headers = customer.client.headers() | {"Idempotency-Key": key}
            query = urlencode({"app_key": customer.client.app_key})
            return await customer.client.send(
                "POST", query=query, body=fields, headers=headers, path=PATH
            )

        return bind

    @pytest.fixture
    def crash_after(self, world, monkeypatch):
        """The platform goes down when the next such bind is in the store."""

        def crash_after(name):
            real = getattr(world.store, name)

            async def bind(*arguments):
                monkeypatch.setattr(world.store, name, real)
                await real(*arguments)
                raise asyncio.CancelledError

            monkeypatch.setattr(world.store, name, bind)

        return crash_after

    async def test_a_relation_is_bound_once(self, customer, bind_under):
        wanted = {"origNum": A, "areaCode": "0755"}
        first = await bind_under("k", **wanted)
        assert (await bind_under("k", **wanted)).body == first.body
        other = await bind_under("k", **(wanted | {"duration": 600}))
        assert other.told == (403, "1010002", "Invalid request.Idempotency-Key")
        assert len(await customer.found(relationNum=first.json["relationNumber"])) == 1

    async def test_a_part_is_bound_once(self, customer, bind_under, ax):
        wanted = {"origNum": B, "subscriptionId": ax[0]}
        first = await bind_under("k", **wanted)
        assert (await bind_under("k", **wanted)).body == first.body
        assert (await bind_under("l", **wanted)).code == "1016002"
        assert len(await customer.found(subscriptionId=ax[0])) == 1

    async def test_a_crash_is_made_good_by_the_repeat(
        self, world, customer, bind_under, crash_after
    ):
        wanted = {"origNum": A, "areaCode": "0755"}
        crash_after("bind")
        with pytest.raises(asyncio.CancelledError):
            await bind_under("k", **wanted)
        relation = (await bind_under("k", **wanted)).json
        part = {"origNum": B, "subscriptionId": relation["subscriptionId"]}
        crash_after("bind_yb")
        with pytest.raises(asyncio.CancelledError):
            await bind_under("l", **part)
        bound = (await bind_under("l", **part)).json

        (info,) = await customer.found(relationNum=relation["relationNumber"])
        assert (info["numA"], info["numB"], info["numY"]) == (A, B, bound["relationNumber"])
