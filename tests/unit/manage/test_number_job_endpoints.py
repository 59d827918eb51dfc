from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.unit.manage.job_world import NOW, JobWorld
from tests.unit.protocols.spreadsheet.workbook import workbook

from maskline.domain.binding import AxbBinding
from maskline.domain.virtual_number import LOCKED, NumberState, VirtualNumber
from maskline.services.store import BindLimits

PATH = "/manage/v1/number-jobs"
SMS = "/manage/v1/sms-capability-imports"
X, Y, FOREIGN = "+8617000000001", "+8617000000002", "+8617000000003"


@pytest.fixture
async def world(tmp_path: Path) -> JobWorld:
    world = JobWorld(tmp_path)
    await world.fill()
    await world.add(X)
    await world.add(Y, state=NumberState.PAUSED)
    await world.add(FOREIGN, "app-3")
    await world.store.bind(
        AxbBinding(
            binding_id="b1",
            app_key="app-1",
            x=X,
            a="+8613900001001",
            b="+8613900002002",
            created_at=NOW,
            modified_at=NOW,
        ),
        BindLimits(pairs=10),
        NOW,
        None,
    )
    return world


async def _do(world: JobWorld, **order: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    async with world.running():
        answer = await world.operator.ask("POST", PATH, order)
        assert answer.status == 202, answer.content
        path = f"/manage/v1/jobs/{answer.json['job_id']}"
        job = await world.until(path, "done", "failed")
        rows = (await world.operator.ask("GET", f"{path}/rows")).json["items"]
    return job, rows


async def _number(world: JobWorld, number: str = X) -> VirtualNumber:
    found = await world.store.number(number)
    assert found is not None
    return found


async def test_effects_are_told_before_anything_happens(world: JobWorld):
    order = {"action": "pause", "numbers": [X, Y, FOREIGN, "+8617000000009"]}
    answer = await world.operator.ask("POST", f"{PATH}/preview", order)
    assert answer.json == {
        "numbers": 4,
        "changes": 1,
        "unchanged": 1,
        "failed": 2,
        "bindings": 1,
        "is_bounded": False,
    }
    assert (await _number(world)).state is NumberState.NORMAL


async def test_each_number_has_its_result(world: JobWorld):
    job, rows = await _do(world, action="pause", numbers=[X, Y, FOREIGN])
    assert (job["done"], job["unchanged"], job["failed"]) == (1, 1, 1)
    assert [(row["value"], row["state"], row["code"]) for row in rows] == [
        (X, "done", ""),
        (Y, "unchanged", ""),
        (FOREIGN, "failed", "M2119"),
    ]
    assert (await _number(world)).state is NumberState.PAUSED


async def test_all_numbers_of_an_application_are_meant_by_it(world: JobWorld):
    job, rows = await _do(world, action="tag", of_app="app-1", tag="south")
    assert (job["total"], job["done"]) == (2, 2)
    assert [row["value"] for row in rows] == [X, Y]
    assert (await _number(world)).tags == ("south",)
    job, _ = await _do(world, action="untag", of_app="app-1", tag="south")
    assert (await _number(world)).tags == ()


async def test_a_state_that_forbids_it_is_told(world: JobWorld):
    _, rows = await _do(world, action="freeze", numbers=[Y])
    assert (rows[0]["state"], rows[0]["code"]) == ("failed", "M2112")


async def test_a_tenants_job_does_not_lift_what_the_platform_blacklisted(world: JobWorld):
    number = await _number(world)
    await world.store.save_number(replace(number, state=NumberState.BLACKLISTED))
    job, rows = await _do(world, action="unblacklist", numbers=[X])
    assert (job["failed"], rows[0]["code"]) == (1, "M2112")
    assert "by the platform" in rows[0]["message"]
    assert (await _number(world)).state is NumberState.BLACKLISTED


async def test_a_tenant_ends_its_own_blacklisting(world: JobWorld):
    await _do(world, action="blacklist", numbers=[X], reason="complaints")
    assert (await _number(world)).blacklisted_by_tenant
    job, _ = await _do(world, action="unblacklist", numbers=[X])
    assert job["done"] == 1
    assert (await _number(world)).state is NumberState.NORMAL


async def test_messages_switched_off_go_from_bindings_too(world: JobWorld):
    await _do(world, action="sms_off", numbers=[X])
    await _do(world, action="sms_on", numbers=[X])
    binding = await world.store.binding("app-1", "b1")
    assert isinstance(binding, AxbBinding)
    assert ((await _number(world)).may_message, binding.may_message) == (True, False)


async def test_a_number_is_given_to_another_application_without_its_bindings(world: JobWorld):
    job, _ = await _do(world, action="assign", numbers=[X], app_key="app-2")
    assert job["done"] == 1
    assert (await _number(world)).app_key == "app-2"
    assert await world.store.binding("app-1", "b1") is None


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"action": "pause"}, "numbers"),
        ({"action": "pause", "of_app": "app-3"}, "of_app"),
        ({"action": "assign", "numbers": [X], "app_key": "app-3"}, "app_key"),
        ({"action": "tag", "numbers": [X]}, "tag"),
        ({"action": "note", "numbers": [X]}, "note"),
        ({"action": "reserve", "numbers": [X]}, "until"),
        ({"action": "blacklist", "numbers": [X]}, "reason"),
    ],
)
async def test_an_order_that_cannot_be_carried_out_is_refused(
    world: JobWorld, order: dict[str, Any], field: str
):
    answer = await world.operator.ask("POST", PATH, order)
    assert (answer.status, answer.error["field"]) == (400, field)


async def test_messages_are_switched_by_a_spreadsheet_and_may_partly_fail(world: JobWorld):
    await world.add("+8617000000004", "app-2", may_message=False)
    content = workbook(
        ["号码", "短信"],
        [X, "否"],
        [Y, "是"],
        ["17000000004", "是"],
        [FOREIGN, "否"],
        ["17000000005", ""],
    ).getvalue()
    async with world.running():
        job = (await world.operator.ask("POST", SMS, raw=content)).json
        path = f"{SMS}/{job['job_id']}"
        job = await world.until(path, "ready")
        rows = (await world.operator.ask("GET", f"{path}/rows")).json["items"]
        assert [(row["state"], row["code"]) for row in rows] == [
            ("change", ""),
            ("unchanged", ""),
            ("error", "M2111"),
            ("error", "M2119"),
            ("error", "M2116"),
        ]
        assert (await _number(world)).may_message
        await world.operator.ask("POST", f"{path}/apply")
        done = await world.until(path, "done")
    assert (done["done"], done["failed"]) == (1, 3)
    assert not (await _number(world)).may_message


async def test_numbers_are_reserved_until_a_time_locked_and_let_go(world: JobWorld):
    until = NOW + timedelta(days=1)
    await _do(world, action="reserve", numbers=[X], until=until.isoformat())
    await _do(world, action="lock", numbers=[Y])
    assert [(await _number(world, n)).held_until for n in (X, Y)] == [until, LOCKED]
    _, rows = await _do(world, action="lock", numbers=[Y])
    assert rows[0]["state"] == "unchanged"
    await _do(world, action="unlock", numbers=[X, Y])
    assert [(await _number(world, n)).held_until for n in (X, Y)] == [None, None]
