"""Imports virtual numbers from a spreadsheet: checks every row, then does what may be done."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import msgspec

from maskline.domain.application import Application
from maskline.domain.area import Areas
from maskline.domain.error import CustomerError, DuplicateRecord, UnknownRecord
from maskline.domain.job import JobRow, JobState, RowOutcome
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.administration import Administration
from maskline.services.administration_request import NumberChange
from maskline.services.clock import Clock
from maskline.services.import_quota import ImportQuota
from maskline.services.job_file import JobFiles
from maskline.services.job_run import JobRun
from maskline.services.job_store import JobStore
from maskline.services.number_import_rule import (
    NEEDED_COLUMNS,
    NUMBER_COLUMNS,
    NumberPlan,
    NumberRules,
    OwnApplications,
)
from maskline.services.page import Cursor, Page
from maskline.services.sheet import SheetReader, SheetRow
from maskline.services.sheet_work import SheetWork, overtaken
from maskline.services.store import DirectoryStore

MAX_IMPORT_BYTES = 10_000_000
MAX_IMPORT_ROWS = 50_000
BATCH = 500
PAGE = 500
MAX_APPLICATIONS = 10_000

_plan = msgspec.json.Decoder(NumberPlan).decode


class ImportStore(DirectoryStore, JobStore, Protocol):
    """What an import reads and writes."""


class NumberImport:
    """The work of an import. `rows` is what a tenant may import in a day.

    `quota` is how many numbers it may have, 0 is no limit.
    """

    def __init__(
        self,
        store: ImportStore,
        administration: Administration,
        files: JobFiles,
        *,
        sheets: SheetReader,
        areas: Areas,
        clock: Clock,
        rows: ImportQuota,
        quota: int = 0,
    ) -> None:
        self._store = store
        self._administration = administration
        self._work = SheetWork(store, files, sheets, max_rows=MAX_IMPORT_ROWS, batch=BATCH)
        self._areas = areas
        self._clock = clock
        self._rows = rows
        self._quota = quota

    async def run(self, run: JobRun) -> JobState:
        """Check what was uploaded; or, when that is done, carry it out."""
        if run.job.state is JobState.CHECKING:
            await self._check(run)
            return JobState.READY
        await self._work.carry_out(run, self._carry_out)
        return JobState.DONE

    async def _check(self, run: JobRun) -> None:
        table = await self._work.read(run, NUMBER_COLUMNS, NEEDED_COLUMNS)
        await self._rows.take(run.job, len(table.rows))
        rules = NumberRules(
            table,
            OwnApplications(await all_applications(self._store, run.job.tenant_id)),
            self._areas,
            await self._room(run.job.tenant_id),
        )

        async def judged(batch: Sequence[SheetRow]) -> list[JobRow]:
            return await self._judged(rules, batch)

        await self._work.judge(run, table, judged)

    async def _judged(self, rules: NumberRules, batch: Sequence[SheetRow]) -> list[JobRow]:
        asked = [number for row in batch if (number := rules.number_of(row)) is not None]
        known = {one.number: one for one in await self._store.numbers_named(asked)}
        return [rules.judge(row, known) for row in batch]

    async def _room(self, tenant_id: str | None) -> int | None:
        if not self._quota or tenant_id is None:
            return None
        return self._quota - await self._store.count_numbers(tenant_id)

    async def _carry_out(self, rows: Sequence[JobRow]) -> list[JobRow]:
        plans = [(row, _plan(row.plan)) for row in rows]
        known = {
            one.number: one
            for one in await self._store.numbers_named([plan.number for _, plan in plans])
        }
        new = [plan for _, plan in plans if plan.number not in known]
        await self._add_together(new)
        told: list[JobRow] = []
        for row, plan in plans:
            told.append(await self._settle(row, plan, known.get(plan.number)))
        return told

    async def _add_together(self, plans: Sequence[NumberPlan]) -> None:
        """All in one unit; where one is in the way, `_settle` finds out which."""
        if plans:
            try:
                await self._store.add_numbers([self._number(plan) for plan in plans])
            except (DuplicateRecord, UnknownRecord):
                return

    async def _settle(self, row: JobRow, plan: NumberPlan, known: VirtualNumber | None) -> JobRow:
        """See that one number is as it should be, and say what became of it."""
        try:
            found = known or await self._store.number(plan.number)
            if found is None:
                await self._store.add_numbers([self._number(plan)])
            elif found.app_key != plan.app_key:
                raise DuplicateRecord(plan.number)
            elif not plan.is_kept_by(found):
                await self._administration.change_number(plan.number, _change(plan))
        except CustomerError:
            return overtaken(row)
        return replace(row, outcome=RowOutcome.DONE)

    def _number(self, plan: NumberPlan) -> VirtualNumber:
        return VirtualNumber(
            number=plan.number,
            app_key=plan.app_key,
            area_code=plan.area_code,
            kind=plan.kind,
            may_message=plan.may_message,
            note=plan.note,
            created_at=self._clock.now(),
        )


async def all_applications(store: DirectoryStore, tenant_id: str | None) -> list[Application]:
    """The applications of a tenant, or of all; those beyond MAX_APPLICATIONS are not seen."""
    found: list[Application] = []
    after: Cursor | None = None
    while len(found) < MAX_APPLICATIONS:
        page = await store.applications(tenant_id, Page(after=after, limit=PAGE))
        found += page.rows
        after = page.next
        if after is None:
            break
    return found


def _change(plan: NumberPlan) -> NumberChange:
    return NumberChange(
        area_code=plan.area_code,
        kind=plan.kind,
        may_message=plan.may_message,
        note=plan.note,
    )
