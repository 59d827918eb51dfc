from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.manage.job_world import JobWorld

from maskline.domain.access import OPERATOR

V1 = "/manage/v1"
X, FOREIGN = "+8617000000001", "+8617000000003"
DUE, DUE_IN_S = "2026-11-21T08:00:00Z", 86_400


@pytest.fixture
async def world(tmp_path: Path) -> JobWorld:
    world = JobWorld(tmp_path)
    await world.fill()
    await world.add(X)
    await world.add(FOREIGN, "app-3")
    world.door.caller = OPERATOR
    return world


async def _ask(world: JobWorld, number: str = X, **form: Any) -> Any:
    return await world.operator.ask("PUT", f"{V1}/numbers/{number}/real-name", form)


async def _waiting(world: JobWorld, query: str = "") -> list[tuple[str, bool]]:
    answer = await world.operator.ask("GET", f"{V1}/real-names{query}")
    return [(one["number"], one["is_late"]) for one in answer.json["items"]]


async def test_a_number_takes_no_bindings_from_its_day_until_it_has_a_name(world: JobWorld):
    asked = (await _ask(world, scheme=3, due_at=DUE)).json
    assert (asked["state"], asked["real_name"]["scheme"], asked["real_name"]["due_at"]) == (
        "normal",
        3,
        DUE,
    )
    world.clock.step(DUE_IN_S - 1)
    await world.lives.sweep()
    assert await _waiting(world) == [(X, False)]
    world.clock.step(1)
    await world.lives.sweep()
    assert await _waiting(world) == [(X, True)]
    late = (await world.operator.ask("GET", f"{V1}/numbers/{X}/life")).json
    assert (late["state"], late["real_name"]["frozen_at"]) == ("binding_frozen", DUE)
    done = (await world.operator.ask("POST", f"{V1}/numbers/{X}/real-name/done")).json
    assert (done["state"], done["real_name"]["done_at"]) == ("normal", DUE)
    assert await _waiting(world) == []


async def test_numbers_that_wait_are_listed_by_application_state_and_day(world: JobWorld):
    await _ask(world, scheme=1)
    await _ask(world, FOREIGN, scheme=2, due_at=DUE)
    assert await _waiting(world) == [(X, False), (FOREIGN, False)]
    assert await _waiting(world, "?app_key=app-3") == [(FOREIGN, False)]
    assert await _waiting(world, "?due_before=2026-11-22T00:00:00Z") == [(FOREIGN, False)]
    assert await _waiting(world, "?state=binding_frozen") == []


async def test_a_day_that_has_passed_and_a_way_that_is_none_are_refused(world: JobWorld):
    past = await _ask(world, scheme=1, due_at="2026-11-20T08:00:00Z")
    assert (past.status, past.error["field"]) == (400, "due_at")
    assert (await _ask(world, scheme=7)).status == 400
    assert (await _ask(world, "+8617000000009", scheme=1)).status == 404
    nobody = await world.operator.ask("POST", f"{V1}/numbers/{X}/real-name/done")
    assert (nobody.status, nobody.error["field"]) == (400, "number")


async def test_the_history_says_what_happened_and_by_whom(world: JobWorld):
    await _ask(world, scheme=3, due_at=DUE)
    world.door.caller = replace(OPERATOR, name="ann")
    await world.operator.ask("POST", f"{V1}/numbers/{X}/real-name/done")
    events = (await world.operator.ask("GET", f"{V1}/numbers/{X}/history")).json["items"]
    assert [(one["step"], one["by"], one["note"]) for one in events] == [
        ("real_name_done", "ann", ""),
        ("real_name_asked", "operator token", "due 2026-11-21T08:00:00Z"),
    ]
    page = (await world.operator.ask("GET", f"{V1}/numbers/{X}/history?limit=1")).json
    rest = await world.operator.ask("GET", f"{V1}/numbers/{X}/history?after={page['next']}")
    assert [one["step"] for one in rest.json["items"]] == ["real_name_asked"]
    missing = await world.operator.ask("GET", f"{V1}/numbers/+8617000000009/history")
    assert missing.status == 404


async def test_what_a_number_costs_the_platform_its_tenant_is_not_told(world: JobWorld):
    shown = (await world.operator.ask("GET", f"{V1}/numbers/{X}/life")).json
    assert (shown["supplier"], shown["cost"]) == ("", 0)
    world.door.caller = replace(OPERATOR, tenant_id="t1")
    shown = (await world.operator.ask("GET", f"{V1}/numbers/{X}/life")).json
    assert (shown["supplier"], shown["cost"]) == (None, None)
