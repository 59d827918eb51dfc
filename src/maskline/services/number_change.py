"""Jobs that do one thing to many virtual numbers, and what they would do before they do it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta, Struct

from maskline.domain.application import Application
from maskline.domain.error import InvalidParameter
from maskline.domain.job import JobRow, JobState, RowOutcome
from maskline.domain.virtual_number import MAX_NOTE, MAX_TAG, VirtualNumber
from maskline.services.job_run import JobRun
from maskline.services.job_store import JobStore
from maskline.services.number_import import all_applications
from maskline.services.number_verb import (
    TOUCHES_BINDINGS,
    NumberAction,
    NumberDeed,
    NumberStore,
    NumberVerbs,
)
from maskline.services.row_problem import RowCode, RowProblem, problem_row

MAX_NAMED = 5_000
"""Numbers of one order by name; more are meant by a filter."""
BATCH = 100
MAX_WEIGHED = 50_000
"""Numbers that a preview looks at."""

Number = Annotated[str, Meta(max_length=32)]


class NumberOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be done, and to which numbers: `numbers`, or all of the application `of_app`.

    `app_key` is who gets them (assign), `tag` and `note` what is noted,
    `until` when they are reserved to; `reason` is for the audit.
    """

    action: NumberAction
    numbers: Annotated[tuple[Number, ...], Meta(max_length=MAX_NAMED)] = ()
    of_app: str | None = None
    app_key: str | None = None
    tag: Annotated[str, Meta(min_length=1, max_length=MAX_TAG)] | None = None
    note: Annotated[str, Meta(max_length=MAX_NOTE)] | None = None
    until: Annotated[datetime, Meta(tz=True)] | None = None
    reason: Annotated[str, Meta(max_length=200)] = ""

    def deed(self, *, by_tenant: bool, by: str = "") -> NumberDeed:
        """What is done to each of them."""
        return NumberDeed(
            action=self.action,
            app_key=self.app_key,
            tag=self.tag,
            note=self.note,
            until=self.until,
            by_tenant=by_tenant,
            by=by,
        )


class NumberEffects(Struct, frozen=True, kw_only=True):
    """What an order would do. `bindings` are those of the numbers that change, if it touches them.

    `is_bounded` says that there are more numbers than were looked at.
    """

    numbers: int
    changes: int
    unchanged: int
    failed: int
    bindings: int
    is_bounded: bool


class OrderStore(NumberStore, JobStore, Protocol):
    """What such jobs read and write."""


_order = msgspec.json.Decoder(NumberOrder).decode


class NumberChanges:
    """Weighs orders, and does them as jobs."""

    def __init__(self, store: OrderStore, verbs: NumberVerbs) -> None:
        self._store = store
        self._verbs = verbs

    async def check(self, order: NumberOrder, tenant_id: str | None) -> None:
        """Raises InvalidParameter for an order that nobody can carry out."""
        if bool(order.numbers) is bool(order.of_app):
            raise InvalidParameter("numbers", "give them, or of_app for all of an application")
        owners = await self._owners(tenant_id)
        if order.of_app is not None and order.of_app not in owners:
            raise InvalidParameter("of_app", f"there is no application {order.of_app}")
        if order.action is NumberAction.ASSIGN and order.app_key not in owners:
            raise InvalidParameter("app_key", "needs the application that gets the numbers")
        if order.action in {NumberAction.TAG, NumberAction.UNTAG} and not order.tag:
            raise InvalidParameter("tag", "is needed")
        if order.action is NumberAction.NOTE and order.note is None:
            raise InvalidParameter("note", "is needed; empty removes it")
        if order.action is NumberAction.RESERVE and order.until is None:
            raise InvalidParameter("until", "is needed; lock keeps numbers without end")
        if order.action is NumberAction.BLACKLIST and not order.reason:
            raise InvalidParameter("reason", "is needed: others will ask why")

    async def preview(self, order: NumberOrder, tenant_id: str | None) -> NumberEffects:
        """What it would do. Raises InvalidParameter."""
        await self.check(order, tenant_id)
        owners = await self._owners(tenant_id)
        deed = order.deed(by_tenant=tenant_id is not None)
        counts = dict.fromkeys(RowOutcome, 0)
        seen = bindings = 0
        last: str | None = None
        while batch := await self._batch(order, seen, last):
            for number, found in batch:
                outcome = self._weighed(order, deed, number, found, owners)
                counts[outcome] += 1
                if outcome is RowOutcome.CHANGE and order.action in TOUCHES_BINDINGS and found:
                    bindings += found.pairs
            seen += len(batch)
            last = batch[-1][0]
            if seen >= MAX_WEIGHED:
                break
        return NumberEffects(
            numbers=seen,
            changes=counts[RowOutcome.CHANGE],
            unchanged=counts[RowOutcome.UNCHANGED],
            failed=counts[RowOutcome.FAILED],
            bindings=bindings,
            is_bounded=seen >= MAX_WEIGHED,
        )

    async def run(self, run: JobRun) -> JobState:
        """Do it batch by batch; what was done and not told is found as it should be."""
        order = _order(run.job.order)
        owners = await self._owners(run.job.tenant_id)
        deed = order.deed(by_tenant=run.job.tenant_id is not None, by=run.job.owner)
        if order.numbers:
            await run.tell(total=len(order.numbers))
        done = _finished(run)
        last = await self._last(run, done)
        while batch := await self._batch(order, done, last):
            rows = [
                await self._done(order, deed, done + place, (number, found), owners)
                for place, (number, found) in enumerate(batch, 1)
            ]
            done += len(batch)
            last = batch[-1][0]
            await run.tell(
                rows,
                header=("number",),
                total=max(run.job.total, done),
                done=run.job.done + _count(rows, RowOutcome.DONE),
                unchanged=run.job.unchanged + _count(rows, RowOutcome.UNCHANGED),
                failed=run.job.failed + _count(rows, RowOutcome.FAILED),
            )
        return JobState.DONE

    async def _batch(
        self, order: NumberOrder, done: int, last: str | None
    ) -> Sequence[tuple[str, VirtualNumber | None]]:
        """The next numbers behind so many, of which `last` was the last one."""
        if order.of_app is not None:
            found = await self._store.numbers_after(order.of_app, last or "", BATCH)
            return [(one.number, one) for one in found]
        asked = order.numbers[done : done + BATCH]
        known = {one.number: one for one in await self._store.numbers_named(asked)}
        return [(number, known.get(number)) for number in asked]

    async def _last(self, run: JobRun, done: int) -> str | None:
        if not done:
            return None
        rows = await self._store.job_rows(run.job.job_id, None, done - 1, 1)
        return rows[0].value if rows else None

    async def _done(
        self,
        order: NumberOrder,
        deed: NumberDeed,
        place: int,
        one: tuple[str, VirtualNumber | None],
        owners: Mapping[str, Application],
    ) -> JobRow:
        number, found = one
        try:
            own = _own(order, number, found, owners)
            assert found is not None  # noqa: S101 - whose it is was found out
            outcome = await self._verbs.do(deed, found, own)
        except RowProblem as problem:
            row = problem_row(place, problem, (number,))
            return replace(row, outcome=RowOutcome.FAILED, value=number)
        return JobRow(number=place, outcome=outcome, value=number, cells=(number,))

    def _weighed(
        self,
        order: NumberOrder,
        deed: NumberDeed,
        number: str,
        found: VirtualNumber | None,
        owners: Mapping[str, Application],
    ) -> RowOutcome:
        try:
            own = _own(order, number, found, owners)
            assert found is not None  # noqa: S101 - as above
            return self._verbs.weigh(deed, found, own)
        except RowProblem:
            return RowOutcome.FAILED

    async def _owners(self, tenant_id: str | None) -> dict[str, Application]:
        return {one.app_key: one for one in await all_applications(self._store, tenant_id)}


def _own(
    order: NumberOrder,
    number: str,
    found: VirtualNumber | None,
    owners: Mapping[str, Application],
) -> Sequence[Application]:
    """Whose the number is, and who gets it. Raises RowProblem; others' are like none."""
    owner = None if found is None else owners.get(found.app_key)
    if owner is None:
        raise RowProblem(RowCode.NOT_THERE, "number", number, "is no virtual number of yours")
    if order.app_key is None:
        return (owner,)
    to = owners.get(order.app_key)
    if to is None:
        raise RowProblem(RowCode.UNKNOWN_APPLICATION, "number", number, "nobody gets it any more")
    return (owner, to)


def _finished(run: JobRun) -> int:
    return run.job.done + run.job.unchanged + run.job.failed


def _count(rows: Sequence[JobRow], outcome: RowOutcome) -> int:
    return sum(row.outcome is outcome for row in rows)
