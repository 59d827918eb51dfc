"""Jobs that transfer virtual numbers between applications, and jobs that give them back."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta, Struct

from maskline.domain.application import Application
from maskline.domain.error import InvalidParameter
from maskline.domain.job import Job, JobRow, JobState, RowOutcome
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.administration_rule import check_distinct
from maskline.services.job_desk import WrongState
from maskline.services.job_run import JobFailed, JobRun
from maskline.services.job_store import JobStore
from maskline.services.number_import import all_applications
from maskline.services.number_life import LifeStore, NumberLives
from maskline.services.number_task import MAX_TOLD, LifeEffects, NumberEffect
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

    async def _failed(self, job: Job) -> tuple[str, ...]:
        """The numbers of a job with which nothing was done. Raises WrongState: there are none."""
        if not job.state.is_over:
            raise WrongState(f"the job is {job.state}: wait until it is over")
        rows = await self._store.job_rows(job.job_id, RowOutcome.FAILED, 0, MAX_NAMED)
        if not rows:
            raise WrongState("no number of this job has failed")
        return tuple(row.value for row in rows)

    async def _effects(
        self,
        numbers: Sequence[str],
        owners: Mapping[str, Application],
        weigh: Callable[[_Found], Awaitable[RowOutcome]],
        rent_until: datetime | None = None,
    ) -> LifeEffects:
        counts: Counter[RowOutcome] = Counter()
        told: list[NumberEffect] = []
        bindings = 0
        for start in range(0, len(numbers), BATCH):
            known = await self._named(numbers[start : start + BATCH])
            for name in numbers[start : start + BATCH]:
                row = await _row(0, name, known.get(name), owners, weigh)
                held = _bindings_that_end(row, known.get(name))
                counts[row.outcome] += 1
                bindings += held
                if held or row.outcome is RowOutcome.FAILED:
                    told.append(_effect(row, held))
        return LifeEffects(
            numbers=len(numbers),
            changes=counts[RowOutcome.CHANGE],
            unchanged=counts[RowOutcome.UNCHANGED],
            failed=counts[RowOutcome.FAILED],
            bindings=bindings,
            rent_until=rent_until,
            items=tuple(told[:MAX_TOLD]),
            is_cut=len(told) > MAX_TOLD,
        )

    async def _named(self, numbers: Sequence[str]) -> dict[str, VirtualNumber]:
        return {one.number: one for one in await self._store.numbers_named(numbers)}

    async def _owners(self, tenant_id: str | None) -> dict[str, Application]:
        return {one.app_key: one for one in await all_applications(self._store, tenant_id)}

    async def _rows(
        self,
        numbers: Sequence[tuple[int, str]],
        owners: Mapping[str, Application],
        do: Callable[[_Found], Awaitable[RowOutcome]],
    ) -> list[JobRow]:
        """What becomes of numbers, each with its place in the order."""
        known = await self._named([number for _, number in numbers])
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


def _bindings_that_end(row: JobRow, number: VirtualNumber | None) -> int:
    return number.pairs if number is not None and row.outcome is RowOutcome.CHANGE else 0


def _effect(row: JobRow, bindings: int) -> NumberEffect:
    return NumberEffect(
        number=row.value,
        outcome=row.outcome,
        bindings=bindings,
        code=row.code,
        message=row.message,
    )


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

    async def preview(self, order: TransferOrder, tenant_id: str | None) -> LifeEffects:
        """What it would do. Raises InvalidParameter."""
        await self.check(order, tenant_id)
        owners = await self._owners(tenant_id)

        async def weigh(found: _Found) -> RowOutcome:
            return self._lives.weigh_transfer(found.number, found.owner, owners[order.app_key])

        return await self._effects(order.numbers, owners, weigh)

    async def again(self, job: Job) -> TransferOrder:
        """An order of what has failed. Raises WrongState."""
        return msgspec.structs.replace(_transfer_order(job.order), numbers=await self._failed(job))

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

    async def preview(self, order: ReturnOrder, tenant_id: str | None) -> LifeEffects:
        """What it would do. Raises InvalidParameter."""
        await self.check(order)
        owners = await self._owners(tenant_id)

        async def weigh(found: _Found) -> RowOutcome:
            return await self._lives.weigh_return(found.number, by_tenant=tenant_id is not None)

        return await self._effects(order.numbers, owners, weigh, self._lives.rent_until())

    async def again(self, job: Job) -> ReturnOrder:
        """An order of what has failed. Raises WrongState."""
        return msgspec.structs.replace(_return_order(job.order), numbers=await self._failed(job))

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
