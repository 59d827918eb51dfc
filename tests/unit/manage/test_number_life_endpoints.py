import io
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.manage.job_world import NOW, TENANT, JobWorld

from maskline.domain.access import OPERATOR
from maskline.domain.binding import AxbBinding
from maskline.domain.virtual_number import NumberCause, NumberState, VirtualNumber
from maskline.services.audit_store import AuditFilter
from maskline.services.store import BindLimits

TRANSFERS, RETURNS = "/manage/v1/number-transfers", "/manage/v1/number-returns"
X, Y, FOREIGN, NOBODYS = "+8617000000001", "+8617000000002", "+8617000000003", "+8617000000009"


@pytest.fixture
async def world(tmp_path: Path) -> JobWorld:
    """A number with a binding, one that the platform has stopped, and another tenant's."""
    world = JobWorld(tmp_path)
    await world.fill()
    await world.add(X)
    await world.add(Y, state=NumberState.UNAVAILABLE, cause=NumberCause.STOPPED)
    await world.add(FOREIGN, "app-3")
    binding = AxbBinding(
        binding_id="b1",
        app_key="app-1",
        x=X,
        a="+8613900001001",
        b="+8613900002002",
        created_at=NOW,
        modified_at=NOW,
    )
    await world.store.bind(binding, BindLimits(pairs=10), NOW, None)
    return world


async def _do(world: JobWorld, path: str, order: Any = None) -> dict[str, Any]:
    async with world.running():
        answer = await world.operator.ask("POST", path, order)
        assert answer.status == 202, answer.content
        return await world.until(f"/manage/v1/jobs/{answer.json['job_id']}", "done", "failed")


async def _number(world: JobWorld, number: str = X) -> VirtualNumber:
    found = await world.store.number(number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-25T23:59:59+08:00", "2026-11-30T16:00:00Z"),
        ("2026-11-26T00:00:00+08:00", "2026-12-31T16:00:00Z"),
    ],
)
async def test_a_preview_tells_what_ends_and_until_when_rent_is_paid(
    world: JobWorld, at: str, until: str
):
    world.clock.step((datetime.fromisoformat(at) - world.clock.now()).total_seconds())
    order = {"numbers": [X, Y, FOREIGN, NOBODYS]}
    told = (await world.operator.ask("POST", f"{RETURNS}/preview", order)).json
    items = told.pop("items")
    assert told == {
        "numbers": 4,
        "changes": 1,
        "unchanged": 0,
        "failed": 3,
        "bindings": 1,
        "rent_until": until,
        "is_cut": False,
    }
    assert [(one["number"], one["outcome"], one["bindings"], one["code"]) for one in items] == [
        (X, "change", 1, ""),
        (Y, "failed", 0, "M2112"),
        (FOREIGN, "failed", 0, "M2119"),
        (NOBODYS, "failed", 0, "M2119"),
    ]
    assert (await _number(world)).pairs == 1


async def test_numbers_are_given_back_and_those_that_stay_are_told(world: JobWorld):
    job = await _do(world, RETURNS, {"numbers": [X, Y], "reason": "the city is closed"})
    assert (job["task"], job["done"], job["failed"]) == ("partly_done", 1, 1)
    assert (await _number(world)).state is NumberState.RETURNED
    path = f"{RETURNS}/{job['job_id']}"
    sheet = openpyxl.load_workbook(
        io.BytesIO((await world.operator.ask("GET", f"{path}/errors.xlsx")).content)
    ).worksheets[0]
    (row,) = list(sheet.iter_rows(min_row=2, values_only=True))
    assert row[0] == Y
    assert str(row[1]).startswith("M2112 ")


async def test_what_has_failed_is_tried_again(world: JobWorld):
    job = await _do(world, RETURNS, {"numbers": [X, Y]})
    await world.store.save_number(replace(await _number(world, Y), state=NumberState.PAUSED))
    again = await _do(world, f"{RETURNS}/{job['job_id']}/retry")
    assert (again["task"], again["total"], again["done"]) == ("done", 1, 1)
    nothing = await world.operator.ask("POST", f"{RETURNS}/{again['job_id']}/retry")
    assert (nothing.status, nothing.error["message"]) == (409, "no number of this job has failed")
    assert (await world.operator.ask("POST", f"{TRANSFERS}/{job['job_id']}/retry")).status == 404


async def test_the_platform_tries_again_what_stays_the_tenants_task(world: JobWorld):
    job = await _do(world, RETURNS, {"numbers": [X, Y]})
    world.door.caller = OPERATOR
    again = await _do(world, f"{RETURNS}/{job['job_id']}/retry")
    assert (again["tenant_id"], again["task"]) == (TENANT, "check_failed")


async def test_a_transfer_is_told_beforehand_and_then_done(world: JobWorld):
    order = {"numbers": [X, Y], "app_key": "app-2", "reason": "wrong mode"}
    told = (await world.operator.ask("POST", f"{TRANSFERS}/preview", order)).json
    assert (told["changes"], told["failed"], told["bindings"], told["rent_until"]) == (
        1,
        1,
        1,
        None,
    )
    job = await _do(world, TRANSFERS, order)
    assert (job["task"], job["done"], job["failed"]) == ("failed", 1, 1)
    moved = await _number(world)
    assert (moved.app_key, moved.pairs, moved.state) == ("app-2", 0, NumberState.NORMAL)
    world.clock.step(1)
    await world.store.save_number(replace(await _number(world, Y), state=NumberState.PAUSED))
    again = await _do(world, f"{TRANSFERS}/{job['job_id']}/retry")
    assert (again["task"], (await _number(world, Y)).app_key) == ("done", "app-2")


async def test_numbers_go_to_an_application_that_the_caller_sees(world: JobWorld):
    for path in (TRANSFERS, f"{TRANSFERS}/preview"):
        answer = await world.operator.ask("POST", path, {"numbers": [X], "app_key": "app-3"})
        assert (answer.status, answer.error["field"]) == (400, "app_key")
    twice = await world.operator.ask("POST", f"{RETURNS}/preview", {"numbers": [X, X]})
    assert (twice.status, twice.error["field"]) == (400, "numbers")


def test_only_who_has_just_shown_again_who_it_is_lets_numbers_go(world: JobWorld):
    endpoints = world.jobs.endpoints(world.tokens)
    guarded = {one.operation_id for one in endpoints if one.needs_step_up}
    assert guarded == {"begin_number_return", "retry_number_return"}


async def test_the_record_of_changes_tells_how_many_numbers_went_and_why(world: JobWorld):
    await _do(world, RETURNS, {"numbers": [X], "reason": "the city is closed"})
    kept = await world.store.audit_events(AuditFilter(), None, 1)
    told = json.loads(kept[0].event.after)
    assert told == {"numbers": 1, "first": X, "reason": "the city is closed"}
