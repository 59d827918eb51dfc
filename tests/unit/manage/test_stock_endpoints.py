from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.manage.job_world import JobWorld

from maskline.domain.access import OPERATOR
from maskline.domain.application import ApplicationState

STOCK = "/manage/v1/stock"
X, Y, Z = "+8617000000011", "+8617000000012", "+8617000000013"


@pytest.fixture
async def world(tmp_path: Path) -> JobWorld:
    world = JobWorld(tmp_path)
    await world.fill()
    world.door.caller = OPERATOR
    numbers = [
        {"number": X, "area_code": "0755", "supplier": "north", "cost": 350, "scheme": 2},
        {"number": Y, "area_code": "0755", "may_message": False},
        {"number": Z, "area_code": "010", "free_from": "2027-02-01T00:00:00Z"},
    ]
    answer = await world.operator.ask("POST", STOCK, {"numbers": numbers})
    assert answer.status == 201, answer.content
    return world


async def _listed(world: JobWorld, query: str = "") -> list[str]:
    answer = await world.operator.ask("GET", f"{STOCK}{query}")
    return [one["number"] for one in answer.json["items"]]


async def test_the_stock_is_listed_and_counted_by_city_and_kind(world: JobWorld):
    assert await _listed(world) == [X, Y, Z]
    assert await _listed(world, "?area_code=010") == [Z]
    assert await _listed(world, "?prefix=%2B8617000000012&kind=virtual_operator") == [Y]
    counts = (await world.operator.ask("GET", f"{STOCK}/counts")).json["items"]
    assert [
        (one["city"], one["kind"], one["may_message"], one["free"], one["resting"])
        for one in counts
    ] == [
        ("北京", "virtual_operator", True, 0, 1),
        ("深圳", "virtual_operator", False, 1, 0),
        ("深圳", "virtual_operator", True, 1, 0),
    ]


async def test_a_number_is_in_stock_once_and_says_what_it_is(world: JobWorld):
    again = {"numbers": [{"number": X, "area_code": "0755"}]}
    assert (await world.operator.ask("POST", STOCK, again)).status == 409
    one = f"{STOCK}/{X}"
    changed = await world.operator.ask("PATCH", one, {"note": "shelf 3", "scheme": None})
    assert (changed.json["note"], changed.json["scheme"], changed.json["cost"]) == (
        "shelf 3",
        None,
        350,
    )
    assert (await world.operator.ask("GET", one)).json == changed.json
    assert (await world.operator.ask("DELETE", one)).status == 204
    assert (await world.operator.ask("GET", one)).status == 404


async def _issue(world: JobWorld, **changes: Any) -> Any:
    form = {"app_key": "app-1", "quantity": 3, "kind": "virtual_operator", "reference": "order 7"}
    return await world.operator.ask("POST", f"{STOCK}/issues", {**form, **changes})


async def test_numbers_are_issued_as_far_as_there_are_any(world: JobWorld):
    issued = (await _issue(world)).json
    assert issued["missing"] == 1
    assert [(one["number"], one["state"]) for one in issued["numbers"]] == [
        (X, "awaiting_real_name"),
        (Y, "normal"),
    ]
    assert await _listed(world) == [Z]
    assert (await _issue(world)).json == issued
    life = (await world.operator.ask("GET", f"/manage/v1/numbers/{X}/life")).json
    assert (life["reference"], life["supplier"], life["cost"]) == ("order 7", "north", 350)


async def test_numbers_are_issued_to_an_application_that_serves(world: JobWorld):
    assert (await _issue(world, app_key="nobody")).status == 404
    application = await world.store.application("app-1")
    assert application is not None
    await world.store.save_application(replace(application, state=ApplicationState.SUSPENDED))
    refused = await _issue(world)
    assert (refused.status, refused.error["field"]) == (400, "app_key")
