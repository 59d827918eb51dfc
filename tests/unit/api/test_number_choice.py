"""`numberChoice` (`docs/extensions.md`)."""

from dataclasses import replace

import pytest
from tests.unit.api.axe_client import make_axe_client

from maskline.domain.number_choice import ChoiceRules

SHENZHEN, GUANGZHOU, BEIJING = "+8617000002001", "+8617000020001", "+8617000010001"
A_OF_BEIJING, B = "+8613800100500", "+8613700005005"


@pytest.fixture
async def choose(world, client):
    await world.add_number(GUANGZHOU, area_code="020")
    await world.add_number(BEIJING, area_code="010")

    async def bind(choice=None, a=A_OF_BEIJING, **fields):
        fields = fields if choice is None else {**fields, "numberChoice": choice}
        reply = await client.bind(callerNum=a, calleeNum=B, **fields)
        return reply.json.get("relationNum", reply.json["resultdesc"])

    return bind


@pytest.fixture
async def rules(world, client):
    async def set_rules(**rules):
        application = await world.store.application(client.app_key)
        changed = replace(application, number_choice=ChoiceRules(**rules))
        await world.store.save_application(changed)

    return set_rules


@pytest.mark.parametrize(
    ("choice", "number"),
    [
        ({"homeCityFirst": True}, BEIJING),
        ([{"homeCityFirst": "true"}], BEIJING),
        ({}, SHENZHEN),
        (None, SHENZHEN),
    ],
)
async def test_the_home_of_a_comes_before_the_city_where_that_is_asked(choose, choice, number):
    assert await choose(choice, areaCode="0755") == number


@pytest.mark.parametrize("codes", [["0571", "020"], "0571,020"])
async def test_fall_back_cities_follow_in_their_order(choose, codes):
    assert await choose({"fallbackAreaCodes": codes}, areaCode="021") == GUANGZHOU


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("homeCityFirst", 7),
        ("fallbackAreaCodes", {"0": "020"}),
        ("fallbackAreaCodes", ["20"]),
        ("fallbackAreaCodes", ["020"] * 21),
        ("pool", "x" * 33),
        ("repeat", "always"),
        ("coolOffHours", -1),
        ("coolOffHours", 2161),
        ("numberChoice", "sticky"),
    ],
)
async def test_1010002_names_what_is_wrong(choose, parameter, value):
    choice = value if parameter == "numberChoice" else {parameter: value}
    assert await choose(choice, areaCode="0755") == f"Invalid request.{parameter}"


async def test_the_rules_of_the_application_count_where_a_bind_says_nothing(choose, rules):
    await rules(home_city_first=True, fallback_area_codes=("020",))
    assert await choose(areaCode="0755") == BEIJING
    assert await choose({"homeCityFirst": False}, areaCode="0755") == SHENZHEN
    assert await choose(areaCode="021") == GUANGZHOU


async def test_a_pool_and_what_a_pair_had(choose, rules, world, client):
    number = await world.store.number(GUANGZHOU)
    await world.store.save_number(replace(number, tags=("vip",)))
    await rules(pool="vip")
    assert await choose(areaCode="0755", areaMatchMode=1) == GUANGZHOU
    reply = await client.query(relationNum=GUANGZHOU)
    binding_id = reply.json["relationNumList"][0]["subscriptionId"]
    await client.unbind(subscriptionId=binding_id)
    sticky = {"pool": "", "repeat": "sticky"}
    assert await choose(sticky, areaCode="0755", areaMatchMode=1) == GUANGZHOU


async def test_numbers_of_ax_and_axe_are_chosen_by_the_same_rules(world, ax):
    choice = {"fallbackAreaCodes": "0755", "repeat": "sticky"}
    asked = {"areaCode": "021", "numberChoice": choice}
    reply = await ax.bind(origNum=A_OF_BEIJING, privateNumType="mobile-virtual", **asked)
    assert reply.code == "0"

    axe = await make_axe_client(world)
    await world.add_number(GUANGZHOU, app_key=axe.client.app_key)
    assert (await axe.bind(bindNum=A_OF_BEIJING, virtualNum="", **asked)).code == "0"
    reply = await axe.bind(bindNum=A_OF_BEIJING, areaCode="021", numberChoice={"repeat": 1})
    assert reply.json["resultdesc"] == "Invalid request.repeat"
