"""Jobs that transfer virtual numbers between applications, and jobs that give them back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta, Struct

from maskline.domain.application import Application
from maskline.domain.error import InvalidParameter
from maskline.domain.job import Job, JobRow, JobState, RowOutcome
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.administration_rule import check_distinct
from maskline.services.job_run import JobFailed, JobRun
from maskline.services.job_store import JobStore
from maskline.services.number_import import all_applications
from maskline.services.number_life import LifeStore, NumberLives
from maskline.services.row_problem import RowCode, RowProblem, problem_row

MAX_NAMED = 5_000
BATCH = 100

Number = Annotated[str, Meta(max_length=32)]
Numbers = Annotated[tuple[Number, ...], Meta(min_length=1, max_length=MAX_NAMED)]
Reason = Annotated[str, Meta(max_length=200)]


class TransferOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which numbers go to the application `app_key`, without their bindings."""

    numbers: Numbers
    app_key: str
    reason: Reason = ""


class ReturnOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which numbers are unsubscribed."""

    numbers: Numbers
    reason: Reason = ""


class TaskState(StrEnum):
    """Where a transfer or an unsubscription stands (`spec/codes.md` 10)."""

    CHECKING = "checking"
    RUNNING = "running"
    CHECK_FAILED = "check_failed"
    PARTLY_DONE = "partly_done"
    FAILED = "failed"
    DONE = "done"
    CANCELLED = "cancelled"


def transfer_state(job: Job) -> TaskState:
    """A transfer has failed when one of its numbers has; those can be tried again."""
    if job.state is JobState.CANCELLED:
        return TaskState.CANCELLED
    if not job.state.is_over:
        return TaskState.RUNNING
    has_failed = job.state is JobState.FAILED or job.failed > 0
    return TaskState.FAILED if has_failed else TaskState.DONE


def return_state(job: Job) -> TaskState:
    """An unsubscription is checked as a whole before the first number goes."""
    if job.state is JobState.CANCELLED:
        return TaskState.CANCELLED
    if job.state is JobState.CHECKING:
        return TaskState.CHECKING
    if not job.state.is_over:
        return TaskState.RUNNING
    if not job.changes:
        return TaskState.CHECK_FAILED if job.failed else TaskState.DONE
    if job.state is JobState.FAILED or job.failed:
        return TaskState.PARTLY_DONE if job.done else TaskState.FAILED
    return TaskState.DONE


class LifeJobStore(LifeStore, JobStore, Protocol):
    """What such jobs read and write."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A number of an order as it is now, and whose it is."""

    number: VirtualNumber
    owner: Application


_transfer_order = msgspec.json.Decoder(TransferOrder).decode
_return_order = msgspec.json.Decoder(ReturnOrder).decode


class _LifeJobs:
    """What both kinds have in common: numbers by name, of the tenant whose job it is."""

    def __init__(self, store: LifeJobStore, lives: NumberLives) -> None:
        self._store = store
        self._lives = lives

    async def failed_numbers(self, job: Job) -> tuple[str, ...]:
        """The numbers of a job with which nothing was done."""
        rows = await self._store.job_rows(job.job_id, RowOutcome.FAILED, 0, MAX_NAMED)
        return tuple(row.value for row in rows)

    async def _owners(self, tenant_id: str | None) -> dict[str, Application]:
        return {one.app_key: one for one in await all_applications(self._store, tenant_id)}

    async def _rows(
        self,
        numbers: Sequence[tuple[int, str]],
        owners: Mapping[str, Application],
        do: Callable[[_Found], Awaitable[RowOutcome]],
    ) -> list[JobRow]:
        """What becomes of numbers, each with its place in the order."""
        named = [number for _, number in numbers]
        known = {one.number: one for one in await self._store.numbers_named(named)}
        return [await _row(place, name, known.get(name), owners, do) for place, name in numbers]


async def _row(
    place: int,
    name: str,
    number: VirtualNumber | None,
    owners: Mapping[str, Application],
    do: Callable[[_Found], Awaitable[RowOutcome]],
) -> JobRow:
    try:
        outcome = await do(_found(name, number, owners))
    except RowProblem as problem:
        row = problem_row(place, problem, (name,))
        return replace(row, outcome=RowOutcome.FAILED, value=name)
    return JobRow(number=place, outcome=outcome, value=name, cells=(name,))


def _found(name: str, number: VirtualNumber | None, owners: Mapping[str, Application]) -> _Found:
    """Raises RowProblem; others' are like none."""
    owner = None if number is None else owners.get(number.app_key)
    if number is None or owner is None:
        raise RowProblem(RowCode.NOT_THERE, "number", name, "is no virtual number of yours")
    return _Found(number, owner)


class NumberTransfers(_LifeJobs):
    """Moves numbers from one application of a tenant to another."""

    async def check(self, order: TransferOrder, tenant_id: str | None) -> None:
        """Raises InvalidParameter for an order that nobody can carry out."""
        check_distinct("numbers", order.numbers)
        if order.app_key not in await self._owners(tenant_id):
            raise InvalidParameter("app_key", f"there is no application {order.app_key}")

    async def run(self, run: JobRun) -> JobState:
        """Do it batch by batch; what was done and not told is found as it should be."""
        order = _transfer_order(run.job.order)
        owners = await self._owners(run.job.tenant_id)
        to = owners.get(order.app_key)
        if to is None:
            raise JobFailed("unknown_application", f"there is no application {order.app_key}")

        async def transfer(found: _Found) -> RowOutcome:
            return await self._lives.transfer(found.number, found.owner, to, run.job.owner)

        await run.tell(total=len(order.numbers), header=("number",))
        done = run.job.done + run.job.unchanged + run.job.failed
        for start in range(done, len(order.numbers), BATCH):
            batch = list(enumerate(order.numbers[start : start + BATCH], start + 1))
            rows = await self._rows(batch, owners, transfer)
            await run.tell(
                rows,
                done=run.job.done + _count(rows, RowOutcome.DONE),
                unchanged=run.job.unchanged + _count(rows, RowOutcome.UNCHANGED),
                failed=run.job.failed + _count(rows, RowOutcome.FAILED),
            )
        return JobState.DONE


class NumberReturns(_LifeJobs):
    """Unsubscribes numbers: looks at all of them first, then gives back those that may go."""

    async def check(self, order: ReturnOrder) -> None:
        """Raises InvalidParameter."""
        check_distinct("numbers", order.numbers)

    async def run(self, run: JobRun) -> JobState:
        """Check and do it batch by batch; what was done and not told is found done."""
        order = _return_order(run.job.order)
        owners = await self._owners(run.job.tenant_id)
        await self._check_all(run, order, owners)
        if not run.job.changes and run.job.failed:
            raise JobFailed("check_failed", "no number may be given back; its row says why")
        await run.tell((), state=JobState.RUNNING)
        await run.write()
        while batch := await self._store.job_rows(run.job.job_id, RowOutcome.CHANGE, 0, BATCH):
            await self._give_back(run, batch, owners)
        return JobState.DONE

    async def _check_all(
        self, run: JobRun, order: ReturnOrder, owners: Mapping[str, Application]
    ) -> None:
        by_tenant = run.job.tenant_id is not None

        async def weigh(found: _Found) -> RowOutcome:
            return await self._lives.weigh_return(found.number, by_tenant=by_tenant)

        await run.tell(total=len(order.numbers), header=("number",))
        checked = run.job.changes + run.job.unchanged + run.job.failed
        for start in range(checked, len(order.numbers), BATCH):
            batch = list(enumerate(order.numbers[start : start + BATCH], start + 1))
            rows = await self._rows(batch, owners, weigh)
            await run.tell(
                rows,
                changes=run.job.changes + _count(rows, RowOutcome.CHANGE),
                unchanged=run.job.unchanged + _count(rows, RowOutcome.UNCHANGED),
                failed=run.job.failed + _count(rows, RowOutcome.FAILED),
            )

    async def _give_back(
        self, run: JobRun, batch: Sequence[JobRow], owners: Mapping[str, Application]
    ) -> None:
        by, by_tenant = run.job.owner, run.job.tenant_id is not None

        async def give_back(found: _Found) -> RowOutcome:
            await self._lives.give_back(found.number, by, by_tenant=by_tenant)
            return RowOutcome.DONE

        rows = await self._rows([(row.number, row.value) for row in batch], owners, give_back)
        await run.tell(
            rows,
            done=run.job.done + _count(rows, RowOutcome.DONE),
            failed=run.job.failed + _count(rows, RowOutcome.FAILED),
        )


def _count(rows: Sequence[JobRow], outcome: RowOutcome) -> int:
    return sum(row.outcome is outcome for row in rows)
