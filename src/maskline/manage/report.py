"""Endpoints of reports for those who run the platform."""

from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter
from maskline.domain.report import ReportRow
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer
from maskline.manage.view import copied
from maskline.services.export_file import ExportFormat
from maskline.services.report import ReportDesk, added_up
from maskline.services.sheet import NewSheet

WEEK = timedelta(days=6)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReportQuery(Struct, frozen=True, kw_only=True):
    """The days from `since` to `until`, both included, such as 2026-12-01; else the last seven.

    `by` adds up: by tenant over all days, by day over all tenants, or not at all.
    """

    since: str | None = None
    until: str | None = None
    by: Literal["tenant", "day", "both"] = "both"
    tenant_id: str | None = None


class ReportRowView(Struct, frozen=True, kw_only=True):
    """A tenant on a day; null is what was added up. Money is in the currency's minor unit.

    `answer_rate` is the share of calls that were connected, `complaint_rate` complaints of 10,000
    calls, `utilisation` the share of its numbers with a binding when the report was made.
    """

    day: str | None
    tenant_id: str | None
    calls: int
    connected: int
    answer_rate: float | None
    talk_s: int
    messages: int
    messages_sent: int
    complaints: int
    complaint_rate: float | None
    revenue: int
    call_revenue: int
    message_revenue: int
    rent_revenue: int
    package_revenue: int
    numbers: int | None
    used_numbers: int | None
    utilisation: float | None


class ReportView(Struct, frozen=True, kw_only=True):
    """Rows of a span of days, and all of them in one."""

    since: str
    until: str
    currency: str
    items: tuple[ReportRowView, ...]
    total: ReportRowView


class ReportDaysView(Struct, frozen=True, kw_only=True):
    """The days whose report was kept, the latest first."""

    items: tuple[str, ...]


class ReportEndpoints:
    """Tells what the desk knows."""

    def __init__(self, desk: ReportDesk, new_sheet: NewSheet, currency: str) -> None:
        self._desk = desk
        self._new_sheet = new_sheet
        self._currency = currency

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/reports",
                summary="Use, revenue, numbers and complaints by tenant and day",
                run=self.show_report,
                right=Right.REPORT_READ,
                query=ReportQuery,
                answer=ReportView,
            ),
            Endpoint(
                method="GET",
                path="/reports/days",
                summary="The days whose report was kept after midnight",
                run=self.list_report_days,
                right=Right.REPORT_READ,
                answer=ReportDaysView,
            ),
            Endpoint(
                method="GET",
                path="/reports/{day}/xlsx",
                summary="The report of a day as a workbook",
                run=self.download_report,
                right=Right.REPORT_READ,
                answer=FileAnswer,
                answer_media_type=XLSX,
            ),
            Endpoint(
                method="GET",
                path="/reports/{day}/csv",
                summary="The report of a day as CSV",
                run=self.download_report_csv,
                right=Right.REPORT_READ,
                answer=FileAnswer,
                answer_media_type="text/csv",
            ),
        )

    async def show_report(self, asked: Asked) -> ReportView:
        """Use, revenue, numbers and complaints."""
        query: ReportQuery = asked.query
        until = self._desk.today if query.until is None else _day("until", query.until)
        since = until - WEEK if query.since is None else _day("since", query.since)
        rows = await self._desk.rows(since, until)
        if query.tenant_id is not None:
            rows = tuple(row for row in rows if row.tenant_id == query.tenant_id)
        total = _view(added_up(rows, "", until), is_day=False, is_tenant=False)
        return ReportView(
            since=str(since),
            until=str(until),
            currency=self._currency,
            items=tuple(_grouped(rows, query.by, until)),
            total=total,
        )

    async def list_report_days(self, _: Asked) -> ReportDaysView:
        """The days whose report was kept."""
        return ReportDaysView(items=tuple(map(str, await self._desk.days())))

    async def download_report(self, asked: Asked) -> FileAnswer:
        """The report of a day as a workbook."""
        return await self._file(asked, ExportFormat.XLSX)

    async def download_report_csv(self, asked: Asked) -> FileAnswer:
        """The report of a day as CSV."""
        return await self._file(asked, ExportFormat.CSV_SPREADSHEET)

    async def _file(self, asked: Asked, export_format: ExportFormat) -> FileAnswer:
        day = _day("day", asked.path["day"])
        if day > self._desk.today:
            raise InvalidParameter("day", f"is to come: today is {self._desk.today}")
        return FileAnswer(await self._desk.file(day, export_format, self._new_sheet))


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidParameter(field, "is a day such as 2026-12-01") from None


def _grouped(rows: tuple[ReportRow, ...], by: str, until: date) -> list[ReportRowView]:
    if by == "both":
        return [_view(row) for row in rows]
    if by == "day":
        days = sorted({row.day for row in rows})
        of_day = {day: tuple(row for row in rows if row.day == day) for day in days}
        return [_view(added_up(of_day[day], "", day), is_tenant=False) for day in days]
    tenants = sorted({row.tenant_id for row in rows})
    of_tenant = {one: tuple(row for row in rows if row.tenant_id == one) for one in tenants}
    return [_view(added_up(of_tenant[one], one, until), is_day=False) for one in tenants]


def _view(row: ReportRow, *, is_day: bool = True, is_tenant: bool = True) -> ReportRowView:
    return copied(
        ReportRowView,
        row,
        day=str(row.day) if is_day else None,
        tenant_id=row.tenant_id if is_tenant else None,
    )
