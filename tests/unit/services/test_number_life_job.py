from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.unit.manage.job_world import NOW, JobWorld

from maskline.domain.error import InvalidParameter
from maskline.domain.job import Job, JobKind, JobState
from maskline.domain.virtual_number import NumberCause, NumberState, VirtualNumber
from maskline.services.number_life_job import ReturnOrder, TransferOrder
from maskline.services.number_task import TaskState, return_state, transfer_state
from maskline.services.page import Page

PAGE = Page(limit=50)
X, Y, FOREIGN, NOBODYS = "+8617000000001", "+8617000000002", "+8617000000003", "+8617000000009"


@pytest.fixture
async def world(tmp_path: Path) -> JobWorld:
    world = JobWorld(tmp_path)
    await world.fill()
    await world.add(X)
    await world.add(Y)
    await world.add(FOREIGN, "app-3")
    return world


async def _do(
    world: JobWorld, kind: JobKind, order: msgspec.Struct
) -> tuple[Job, list[tuple[str, str, str]]]:
    """The job when it is over, and what became of each number."""
    caller, desk = world.door.caller, world.jobs.desk
    async with world.running():
        job = await desk.begin(caller, kind, msgspec.json.encode(order))
        await world.until(f"/manage/v1/jobs/{job.job_id}", "done", "failed")
    rows = await desk.rows(caller, job.job_id, None, 0, 99)
    told = [(row.value, row.outcome.value, row.code) for row in rows]
    return await desk.find(caller, job.job_id), told


async def _number(world: JobWorld, number: str = X) -> VirtualNumber:
    found = await world.store.number(number)
    assert found is not None
    return found


def _order(*numbers: str) -> ReturnOrder:
    return ReturnOrder(numbers=numbers)


async def test_each_number_of_a_transfer_has_its_result(world: JobWorld):
    order = TransferOrder(numbers=(X, FOREIGN, Y), app_key="app-2")
    job, told = await _do(world, JobKind.NUMBER_TRANSFER, order)
    assert told == [(X, "done", ""), (FOREIGN, "failed", "M2119"), (Y, "done", "")]
    assert (await _number(world)).app_key == "app-2"
    assert transfer_state(job) is TaskState.FAILED
    assert await world.jobs.transfers.again(job) == TransferOrder(
        numbers=(FOREIGN,), app_key="app-2"
    )


async def test_a_transfer_to_where_a_number_is_changes_nothing(world: JobWorld):
    order = TransferOrder(numbers=(X,), app_key="app-1")
    job, told = await _do(world, JobKind.NUMBER_TRANSFER, order)
    assert told == [(X, "unchanged", "")]
    assert transfer_state(job) is TaskState.DONE


async def test_an_order_names_each_number_once_and_an_application_that_is_there(world: JobWorld):
    transfers = world.jobs.transfers
    for order, field in (
        (TransferOrder(numbers=(X, X), app_key="app-2"), "numbers"),
        (TransferOrder(numbers=(X,), app_key="app-3"), "app_key"),
    ):
        with pytest.raises(InvalidParameter) as refused:
            await transfers.check(order, "t1")
        assert refused.value.parameter == field


async def test_numbers_that_pass_the_check_are_given_back(world: JobWorld):
    job, told = await _do(world, JobKind.NUMBER_RETURN, _order(X, NOBODYS, Y))
    assert told == [(X, "done", ""), (NOBODYS, "failed", "M2119"), (Y, "done", "")]
    assert return_state(job) is TaskState.PARTLY_DONE
    assert (await _number(world)).state is NumberState.RETURNED
    assert await world.store.stock_number(X) is not None
    (event,) = (await world.store.number_events(X, None, PAGE)).rows[:1]
    assert event.by == "ann"


async def test_all_that_is_given_back_is_done(world: JobWorld):
    job, _ = await _do(world, JobKind.NUMBER_RETURN, _order(X, Y))
    assert (return_state(job), job.done) == (TaskState.DONE, 2)


async def test_no_number_goes_when_none_passes_the_check(world: JobWorld):
    held = replace(await _number(world), state=NumberState.UNAVAILABLE, cause=NumberCause.STOPPED)
    await world.store.save_number(held)
    job, told = await _do(world, JobKind.NUMBER_RETURN, _order(X, FOREIGN))
    assert told == [(X, "failed", "M2112"), (FOREIGN, "failed", "M2119")]
    assert (return_state(job), job.error_code) == (TaskState.CHECK_FAILED, "check_failed")
    assert (await _number(world)).state is NumberState.UNAVAILABLE


async def test_what_cannot_go_after_the_check_is_told(world: JobWorld, monkeypatch: Any):
    async def frozen_meanwhile(*_: object, **__: object) -> int:
        found = await _number(world)
        await world.store.save_number(replace(found, state=NumberState.IN_TRANSFER))
        return 0

    monkeypatch.setattr(world.store, "unbind_number", frozen_meanwhile)
    job, told = await _do(world, JobKind.NUMBER_RETURN, _order(X))
    assert told == [(X, "failed", "M2118")]
    assert return_state(job) is TaskState.FAILED


async def test_a_return_goes_on_where_it_was_cut_off(world: JobWorld):
    """The check was over, and one number gone, when the process died."""
    caller, desk = world.door.caller, world.jobs.desk
    await world.lives.give_back(await _number(world), "ann", by_tenant=True)
    order = msgspec.json.encode(_order(X, Y))
    job = await desk.begin(caller, JobKind.NUMBER_RETURN, order)
    async with world.running():
        await world.until(f"/manage/v1/jobs/{job.job_id}", "done", "failed")
    found = await desk.find(caller, job.job_id)
    assert (found.unchanged, found.done, return_state(found)) == (1, 1, TaskState.DONE)


@pytest.mark.parametrize(
    ("state", "transfer", "giving_back"),
    [
        (JobState.CHECKING, TaskState.RUNNING, TaskState.CHECKING),
        (JobState.QUEUED, TaskState.RUNNING, TaskState.RUNNING),
        (JobState.RUNNING, TaskState.RUNNING, TaskState.RUNNING),
        (JobState.CANCELLED, TaskState.CANCELLED, TaskState.CANCELLED),
        (JobState.FAILED, TaskState.FAILED, TaskState.FAILED),
    ],
)
def test_a_task_is_where_its_job_is(state: JobState, transfer: TaskState, giving_back: TaskState):
    job = Job(
        job_id="j", kind=JobKind.NUMBER_RETURN, state=state, owner="ann", changes=1, created_at=NOW
    )
    assert (transfer_state(job), return_state(job)) == (transfer, giving_back)
