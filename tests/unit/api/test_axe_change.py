"""Modify and unbind in AXE (`spec/axe.md` 4, 5)."""

import pytest
from tests.unit.api.axe_client import KEY, OTHERS_X, PATH, A, B, C, X, make_axe_client

from maskline.domain.application import Mode
from maskline.domain.virtual_number import NumberState, VirtualNumber


@pytest.fixture
async def axe(world):
    client = await make_axe_client(world)
    await world.add_number(X, app_key=KEY)
    world.approve((KEY, "tone.wav"), (KEY, "other.wav"))
    return client


@pytest.fixture
async def binding_id(axe):
    return (await axe.bound(extendNum="042", bindExpiredTime=2))["subscriptionId"]


@pytest.fixture
def change(axe, binding_id):
    """Modify the binding and return what the query shows then."""

    async def send(**fields):
        reply = await axe.modify(subscriptionId=binding_id, **fields)
        assert reply.json == {"resultcode": "0", "resultdesc": "Success"}
        return (await axe.query(subscriptionId=binding_id)).json

    return send


class TestModify:
    async def test_the_binding_is_named_by_x_and_extension_too(self, axe, binding_id):
        reply = await axe.modify(virtualNum=X, extendNum="042", userData="new")
        assert reply.code == "0"
        assert (await axe.query(subscriptionId=binding_id)).json["userData"] == "new"

    async def test_the_id_wins(self, axe, binding_id):
        reply = await axe.modify(
            subscriptionId=binding_id, virtualNum=OTHERS_X, extendNum="999", userData="new"
        )
        assert reply.code == "0"

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({}, "virtualNum"),
            ({"virtualNum": X}, "extendNum"),
            ({"extendNum": "042"}, "virtualNum"),
            ({"subscriptionId": "", "virtualNum": ""}, "virtualNum"),
        ],
    )
    async def test_1010002_without_either(self, axe, fields, name):
        reply = await axe.modify(**fields)
        assert reply.told == (403, "1010002", f"Invalid request.{name}")

    async def test_1016001_there_is_no_such_binding(self, axe):
        for fields in ({"subscriptionId": "none"}, {"virtualNum": X, "extendNum": "999"}):
            reply = await axe.modify(**fields)
            assert reply.told == (403, "1016001", "The record does not exist.")

    async def test_what_is_not_named_stays(self, change):
        before = await change(callbackNum=B, userData="one", displayNumMode="1")
        assert await change() == before
        assert before["displayNumMode"] == "1"

    async def test_recording_and_its_notice_may_be_changed(self, world):
        axe = await make_axe_client(world, may_record=True)
        await world.add_number(X, app_key=KEY)
        world.approve((KEY, "hint.wav"))
        bound = await axe.bound()
        key = {"subscriptionId": bound["subscriptionId"]}
        await axe.modify(**key, recordFlag="true", recordHintTone="hint.wav")
        info = (await axe.query(**key)).json
        assert (info["recordFlag"], info["recordHintTone"]) == ("true", "hint.wav")

    async def test_neither_a_nor_x_nor_the_extension_can_be_changed(self, change):
        info = await change(bindNum=C, virtualNum=OTHERS_X, extendNum="077")
        assert (info["bindNum"], info["virtualNum"], info["extendNum"]) == (A, X, "042")

    async def test_tone_and_number_together_leave_the_number(self, change):
        info = await change(callbackTone="tone.wav", callbackNum=B)
        assert info["callbackNum"] == B
        assert "callbackTone" not in info

    async def test_each_takes_the_place_of_the_other(self, change):
        await change(callbackTone="tone.wav")
        info = await change(callbackNum=B)
        assert "callbackTone" not in info
        info = await change(callbackTone="other.wav")
        assert (info["callbackTone"], info.get("callbackNum")) == ("other.wav", None)

    async def test_an_empty_text_clears_that_field(self, change):
        await change(callbackNum=B)
        assert "callbackNum" not in await change(callbackNum="")
        await change(callbackTone="tone.wav")
        assert "callbackTone" in await change(callbackNum="")
        assert "callbackTone" not in await change(callbackTone="")
        await change(userData="parcel", recordHintTone="other.wav")
        info = await change(userData="", recordHintTone="")
        assert not {"userData", "recordHintTone"} & info.keys()

    async def test_the_new_life_counts_from_the_change_but_the_bound_one_is_shown(
        self, axe, change, binding_id
    ):
        axe.world.clock.step(3600)
        info = await change(timeUnit="1", bindExpiredTime=90)
        assert (info["timeUnit"], info["bindExpiredTime"]) == ("0", 2)
        axe.world.clock.step(90 * 60 - 1)
        assert (await axe.query(subscriptionId=binding_id)).code == "0"
        axe.world.clock.step(1)
        assert (await axe.query(subscriptionId=binding_id)).code == "1016001"

    async def test_0_lasts_for_ever(self, axe, change, binding_id):
        await change(bindExpiredTime=0)
        axe.world.clock.step(10**8)
        assert (await axe.query(subscriptionId=binding_id)).code == "0"

    async def test_another_change_leaves_the_deadline_alone(self, axe, change, binding_id):
        axe.world.clock.step(3600)
        await change(userData="new")
        axe.world.clock.step(3600)
        assert (await axe.query(subscriptionId=binding_id)).code == "1016001"

    async def test_the_new_time_to_call_back_is_shown(self, change):
        assert (await change(timeUnit=1, callbackExpiredTime=90))["callbackExpiredTime"] == 90

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"bindExpiredTime": 2, "callbackExpiredTime": 3}, "bindExpiredTime"),
            ({"callbackExpiredTime": 3}, "callbackExpiredTime"),
            ({"bindExpiredTime": 721}, "bindExpiredTime"),
            ({"timeUnit": "x"}, "timeUnit"),
            ({"userData": "{}"}, "userData"),
            ({"callbackNum": "1"}, "callbackNum"),
            ({"callbackNum": A}, "callbackNum"),
        ],
    )
    async def test_1010002_names_the_parameter_that_is_wrong(self, axe, binding_id, fields, name):
        reply = await axe.modify(subscriptionId=binding_id, **fields)
        assert reply.told == (403, "1010002", f"Invalid request.{name}")

    async def test_1010002_a_life_shorter_than_the_time_to_call_back(self, axe, change, binding_id):
        await change(callbackExpiredTime=2)
        reply = await axe.modify(subscriptionId=binding_id, bindExpiredTime=1)
        assert reply.text == "Invalid request.bindExpiredTime"

    async def test_1010002_a_prompt_that_is_not_approved(self, axe, binding_id):
        reply = await axe.modify(subscriptionId=binding_id, callbackTone="gone.wav")
        assert reply.text == "Invalid request.gone.wav does not exist."

    async def test_1012012_recording_without_having_it(self, axe, binding_id):
        reply = await axe.modify(subscriptionId=binding_id, recordFlag="true")
        assert reply.code == "1012012"

    async def test_1012102_x_may_neither_bind_nor_call(self, axe, binding_id):
        number = VirtualNumber(
            number=X, app_key=KEY, area_code="0755", state=NumberState.PAUSED,
            created_at=axe.world.clock.now(),
        )  # fmt: skip
        await axe.world.store.save_number(number)
        assert (await axe.modify(subscriptionId=binding_id, userData="new")).code == "1012102"

    async def test_close_rules_may_be_changed(self, change):
        assert (await change(closeOnHangup="true"))["closeAfterCalls"] == 1
        assert "closeAfterCalls" not in await change(closeAfterCalls=0)


class TestUnbind:
    async def test_by_id_the_others_are_ignored(self, axe, binding_id):
        reply = await axe.unbind(subscriptionId=binding_id, virtualNum=OTHERS_X, extendNum="9")
        assert reply.json == {"resultcode": "0", "resultdesc": "Success"}
        assert (await axe.query(subscriptionId=binding_id)).code == "1016001"

    async def test_by_x_and_extension_with_the_unused_key_empty(self, axe, binding_id):
        reply = await axe.unbind(subscriptionId="", virtualNum=X, extendNum="042")
        assert reply.code == "0"
        assert (await axe.unbind(subscriptionId=binding_id)).code == "1016001"

    async def test_keys_in_a_body_are_read_when_the_url_has_none(self, axe, binding_id):
        body = {"virtualNum": X, "extendNum": "042", "subscriptionId": None}
        reply = await axe.client.send("DELETE", body=body, path=PATH)
        assert reply.code == "0"
        assert (await axe.query(subscriptionId=binding_id)).code == "1016001"

    @pytest.mark.parametrize("parameters", [{}, {"virtualNum": X}, {"extendNum": "042"}])
    async def test_1010002_one_without_the_other(self, axe, parameters):
        assert (await axe.unbind(**parameters)).code == "1010002"

    async def test_1016001_nothing_matches(self, axe, binding_id):
        assert (await axe.unbind(virtualNum=X, extendNum="043")).code == "1016001"
        axe.world.clock.step(7200)
        assert (await axe.unbind(virtualNum=X, extendNum="042")).code == "1016001"
        assert (await axe.unbind(subscriptionId=binding_id)).code == "1016001"

    async def test_1016001_a_binding_of_another_application(self, world, axe, binding_id):
        other = await world.add_application("other", mode=Mode.AXE)
        stranger = type(axe)(world, other)
        assert (await stranger.unbind(subscriptionId=binding_id)).code == "1016001"
        assert (await stranger.unbind(virtualNum=X, extendNum="042")).code == "1012001"

    async def test_1012001_x_is_not_of_this_application(self, axe):
        assert (await axe.unbind(virtualNum=OTHERS_X, extendNum="042")).code == "1012001"

    async def test_1012001_a_plus_that_was_not_escaped(self, axe):
        reply = await axe.client.send(
            "DELETE", query=f"virtualNum={X}&extendNum=042", path="/rest/caas/extendnumber/v1.0"
        )
        assert reply.code == "1012001"

    async def test_a_freed_extension_is_allotted_last(self, axe, binding_id):
        await axe.unbind(subscriptionId=binding_id)
        assert (await axe.bound(bindNum=B))["extendNum"] == "001"
