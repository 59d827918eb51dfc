"""Exports lists into files: streamed page by page, sealed as they are written."""

import asyncio
import threading
import zipfile
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct

from maskline.domain.access import Caller, Right
from maskline.domain.error import InvalidParameter, StepUpNeeded, UnknownRecord
from maskline.domain.job import JobFile, JobState
from maskline.domain.masking import mask
from maskline.services.billing.period import month_end, month_of, month_start
from maskline.services.billing.store import PostingFilter, StatementSpan
from maskline.services.clock import Clock
from maskline.services.count_question import By, Kind, Question, Step
from maskline.services.export_file import CellText, ExportFormat, ExportSink, begin_file
from maskline.services.export_source import (
    COLUMNS,
    FILTERS,
    CountSpan,
    ExportKind,
    ExportStore,
    Wanted,
    count_rows,
    read_pages,
    usual_columns,
)
from maskline.services.job_desk import XLSX
from maskline.services.job_file import JobFiles, SealedFile
from maskline.services.job_run import JobRun
from maskline.services.number_import import all_applications
from maskline.services.sheet import NewSheet
from maskline.services.statistics import Statistics, check_question

Money = TypeVar("Money", PostingFilter, StatementSpan)

MAX_FILE_ROWS = 1_000_000
MAX_PARTS = 50
CSV, ZIP = "text/csv; charset=utf-8", "application/zip"

PARTIES = frozenset({"a", "b", "party"})
"""What is a real number in filters of lists."""


class CountWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which counts: see `GET /statistics`, whose other questions are those of the filter."""

    kind: Kind = "calls"
    by: By = "time"
    step: Step = "hour"


class ExportShape(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file is like. `columns` empty takes all; `zone` is an IANA name for times.

    `counts` goes with `statistics`, `csv_style` with `csv`. `masking` clear shows real
    numbers: it needs a right, a password shown just now, and a `reason`.
    """

    kind: ExportKind
    counts: CountWish = CountWish()
    columns: Annotated[tuple[str, ...], Meta(max_length=50)] = ()
    format: Literal["xlsx", "csv"] = "xlsx"
    csv_style: Literal["spreadsheet", "program"] = "spreadsheet"
    zone: Annotated[str, Meta(max_length=64)] = "UTC"
    masking: Literal["masked", "clear"] = "masked"
    reason: Annotated[str, Meta(max_length=200)] = ""

    @property
    def export_format(self) -> ExportFormat:
        """What its files are."""
        return ExportFormat("xlsx" if self.format == "xlsx" else f"csv_{self.csv_style}")


class ExportOrder(ExportShape, frozen=True, kw_only=True):
    """What a job writes. `wanted` has the fields of its kind's filter (`FILTERS`) as JSON has them.

    Of those `app_keys` is empty: a tenant's applications are looked up when it is written.
    """

    wanted: Mapping[str, Any]


_order = msgspec.json.Decoder(ExportOrder).decode


def order_export(shape: ExportShape, wanted: Wanted, now: datetime) -> ExportOrder:
    """The order of a file with these rows. Raises InvalidParameter for counts that cannot be."""
    if isinstance(wanted, CountSpan):
        # A time that ended later than it was checked could be longer than it may be.
        wanted = replace(wanted, until=wanted.until or now)
        try:
            check_question(_question(shape, wanted, None, None, now))
        except InvalidParameter as error:
            part = "counts" if error.parameter == "by" else "filter"
            raise InvalidParameter(f"{part}.{error.parameter}", error.detail) from error
    usual: dict[str, Any] = msgspec.to_builtins(type(wanted)())
    asked: dict[str, Any] = msgspec.to_builtins(wanted)
    fields = {name: value for name, value in asked.items() if value != usual[name]}
    return ExportOrder(
        kind=shape.kind,
        counts=shape.counts,
        columns=shape.columns,
        format=shape.format,
        csv_style=shape.csv_style,
        zone=shape.zone,
        masking=shape.masking,
        reason=shape.reason,
        wanted=fields,
    )


def check_export(shape: ExportShape, caller: Caller) -> None:
    """Whether somebody may have this. Raises InvalidParameter, StepUpNeeded."""
    for column in shape.columns:
        if column not in COLUMNS[shape.kind]:
            known = ", ".join(COLUMNS[shape.kind])
            raise InvalidParameter("columns", f"{column} is not known here; known are {known}")
    _zone(shape.zone)
    if shape.masking == "clear":
        if not caller.may(Right.EXPORT_CLEAR):
            raise InvalidParameter("masking", f"clear needs the right {Right.EXPORT_CLEAR}")
        if not shape.reason:
            raise InvalidParameter("reason", "is needed for numbers in the clear")
        if not caller.is_stepped_up:
            raise StepUpNeeded


class Exports:
    """The work of an export. What was begun when a process died begins anew.

    Statements are of months of the zone `months`.
    """

    def __init__(
        self,
        store: ExportStore,
        files: JobFiles,
        new_sheet: NewSheet,
        clock: Clock,
        months: ZoneInfo,
    ) -> None:
        self._store = store
        self._files = files
        self._new_sheet = new_sheet
        self._clock = clock
        self._months = months
        self._statistics = Statistics(store, clock)

    async def run(self, run: JobRun) -> JobState:
        """Write the file, or its parts in one."""
        order = _order(run.job.order)
        await run.tell(done=0, total=0)
        writing = _Writing(order, run, self._files, self._new_sheet, self._clock.now())
        try:
            async for rows in self._pages(order, run.job.tenant_id):
                await asyncio.to_thread(writing.add, rows)
                await run.tell(done=writing.rows, total=writing.rows)
            parts = await asyncio.to_thread(writing.finish)
            result = await self._kept(order, run, parts)
        finally:
            writing.close()
        await run.tell(result=result)
        return JobState.DONE

    async def _pages(
        self, order: ExportOrder, tenant_id: str | None
    ) -> AsyncGenerator[tuple[Any, ...]]:
        """The rows; of a tenant those of its applications, or of its own money."""
        now, own = self._clock.now(), None
        wanted = msgspec.convert(order.wanted, FILTERS[order.kind])
        if isinstance(wanted, StatementSpan):
            yield await self._statement(_owned(wanted, tenant_id), now)
            return
        if tenant_id is not None:
            own = tuple(one.app_key for one in await all_applications(self._store, tenant_id))
            if wanted.app_key is not None and wanted.app_key not in own:
                raise UnknownRecord(f"there is no application {wanted.app_key}")
        if isinstance(wanted, CountSpan):
            question = _question(order, wanted, tenant_id, own, now)
            yield count_rows(question, await self._statistics.ask(question))
            return
        if isinstance(wanted, PostingFilter):
            wanted = _owned(wanted, tenant_id)
        else:
            wanted = replace(wanted, app_keys=own)
        async for rows in read_pages(self._store, wanted, now):
            yield rows

    async def _statement(self, wanted: StatementSpan, now: datetime) -> tuple[Any, ...]:
        month = wanted.month or month_of(now, self._months)
        span = month_start(month, self._months), month_end(month, self._months)
        return await self._store.statement(wanted.tenant_id or "", *span, MAX_FILE_ROWS)

    async def _kept(self, order: ExportOrder, run: JobRun, parts: Sequence[SealedFile]) -> JobFile:
        now, ending = self._clock.now(), order.export_format.ending
        name = f"{order.kind}-{now:%Y%m%d-%H%M%S}"
        media_type = XLSX if ending == "xlsx" else CSV
        kept = [
            await self._files.keep(part, f"{name}-{place}.{ending}", media_type, now)
            for place, part in enumerate(parts, 1)
        ]
        if len(kept) == 1:
            return replace(kept[0], name=f"{name}.{ending}")
        packed = await asyncio.to_thread(self._files.create, f"{run.job.job_id}-result")
        try:
            await self._pack(packed, kept)
            return await self._files.keep(packed, f"{name}.zip", ZIP, now)
        finally:
            packed.close()
            await self._files.remove(*kept)

    async def _pack(self, packed: SealedFile, parts: Sequence[JobFile]) -> None:
        """All parts in one file, as they are: they are packed already."""
        archive = zipfile.ZipFile(cast("Any", packed), "w", zipfile.ZIP_STORED)
        for part in parts:
            with archive.open(part.name, "w", force_zip64=True) as entry:
                async for piece in self._files.pieces(part):
                    await asyncio.to_thread(entry.write, piece)
        archive.close()
        await asyncio.to_thread(packed.finish)


class _Writing:
    """The files of one export, of which one is open. Blocks."""

    def __init__(
        self, order: ExportOrder, run: JobRun, files: JobFiles, new_sheet: NewSheet, now: datetime
    ) -> None:
        self.rows = 0
        known = COLUMNS[order.kind]
        self._names = order.columns or usual_columns(order.kind, order.counts.kind)
        self._columns = [known[name] for name in self._names]
        self._order = order
        self._text = CellText(_zone(order.zone), is_clear=order.masking == "clear")
        self._create: Callable[[str], SealedFile] = files.create
        self._new_sheet = new_sheet
        self._job_id = run.job.job_id
        self._head = _headline(order, run.job.owner, now)
        self._parts: list[SealedFile] = []
        self._in_part = 0
        self._is_finished = False
        self._lock = threading.Lock()
        self._sink = self._begin()

    def add(self, rows: Sequence[Any]) -> None:
        """Write some rows, perhaps into the next file."""
        with self._lock:
            if not self._is_finished:
                self._add(rows)

    def _add(self, rows: Sequence[Any]) -> None:
        for row in rows:
            if self._in_part >= MAX_FILE_ROWS or self._sink.is_full:
                self._end()
                self._sink = self._begin()
            self._sink.add([self._text.write(column(row)) for column in self._columns])
            self._in_part += 1
            self.rows += 1

    def finish(self) -> Sequence[SealedFile]:
        """End the last file; all of them."""
        self._end()
        self._is_finished = True
        return self._parts

    def close(self) -> None:
        """Remove what was not finished; a thread that still writes is waited for."""
        with self._lock:
            if not self._is_finished:
                self._sink.close()
                self._is_finished = True
        for part in self._parts:
            part.close()

    def _begin(self) -> ExportSink:
        if len(self._parts) >= MAX_PARTS:
            raise InvalidParameter("filter", "takes in too much; export less at once")
        part = self._create(f"{self._job_id}-part{len(self._parts) + 1}")
        self._parts.append(part)
        self._in_part = 0
        export_format = self._order.export_format
        sink = begin_file(export_format, part, len(self._names), self._new_sheet)
        if export_format is not ExportFormat.CSV_PROGRAM:
            sink.add([self._head])
        sink.add(self._names, is_head=True)
        return sink

    def _end(self) -> None:
        self._sink.close()
        self._parts[-1].finish()


def _owned(wanted: Money, tenant_id: str | None) -> Money:
    """Of a tenant its own only."""
    return wanted if tenant_id is None else replace(wanted, tenant_id=tenant_id)


def _headline(order: ExportOrder, owner: str, now: datetime) -> str:
    """What the file is, for whoever finds it later."""
    shown = {
        name: mask(value) if name in PARTIES else value for name, value in order.wanted.items()
    }
    asked = msgspec.json.encode(shown).decode()
    if order.kind is ExportKind.STATISTICS:
        asked = f"{msgspec.json.encode(order.counts).decode()} {asked}"
    when = now.astimezone(_zone(order.zone)).strftime("%Y-%m-%d %H:%M:%S")
    return f"{order.kind} {asked}; times in {order.zone}; {order.masking}; {owner}; {when}"


def _question(
    shape: ExportShape,
    span: CountSpan,
    tenant_id: str | None,
    own: tuple[str, ...] | None,
    now: datetime,
) -> Question:
    counts, until = shape.counts, span.until or now
    return Question(
        kind=counts.kind,
        by=counts.by,
        step=counts.step,
        since=span.since or until - timedelta(days=7),
        until=until,
        zone=_zone(shape.zone),
        app_key=span.app_key,
        app_keys=own,
        tenant_id=tenant_id,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidParameter("zone", "is no time zone, such as Asia/Shanghai") from None
