"""Reports by tenant and day: made after midnight and kept, or worked out when asked for."""

import io
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from maskline.domain.error import InvalidParameter
from maskline.domain.ledger import PostingKind
from maskline.domain.report import ReportRow
from maskline.services.application_owner import ApplicationOwners
from maskline.services.billing.period import day_start
from maskline.services.clock import Clock
from maskline.services.count_subject import CALLS, COMPLAINTS, MESSAGES
from maskline.services.export_file import ExportFormat, begin_file
from maskline.services.report_store import ReportStore
from maskline.services.sheet import NewSheet
from maskline.services.store import DirectoryStore
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

MAX_DAYS = 31
MAX_APPLICATIONS = 10_000
AT_ONCE = 100

COLUMNS = (
    "day", "tenant_id", "calls", "connected", "answer_rate", "talk_s", "messages", "messages_sent",
    "complaints", "complaint_rate", "revenue", "call_revenue", "message_revenue", "rent_revenue",
    "package_revenue", "numbers", "used_numbers", "utilisation",
)  # fmt: skip
"""The columns of a report's file."""

_REVENUES = {
    PostingKind.CALL: "call_revenue",
    PostingKind.MESSAGE: "message_revenue",
    PostingKind.RENT: "rent_revenue",
    PostingKind.PACKAGE: "package_revenue",
}


class ReportDeskStore(ReportStore, TallyStore, DirectoryStore, Protocol):
    """What is read and written."""


class ReportDesk:
    """Makes, keeps and tells reports. All raise StoreBusy, StoreFailed."""

    def __init__(
        self, store: ReportDeskStore, clock: Clock, zone: ZoneInfo, *, kept_days: int
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._kept = timedelta(days=kept_days)
        self._owners = ApplicationOwners(store)

    @property
    def today(self) -> date:
        """The day that is not over."""
        return self._clock.now().astimezone(self._zone).date()

    async def rows(self, since: date, until: date) -> tuple[ReportRow, ...]:
        """The days from one to another, both included, by day and tenant.

        Raises InvalidParameter for too long a span, or a day to come.
        """
        if not timedelta(0) <= until - since < timedelta(days=MAX_DAYS):
            raise InvalidParameter("since", f"must be up to {MAX_DAYS - 1} days before until")
        if until > self.today:
            raise InvalidParameter("until", f"is to come: today is {self.today}")
        found: list[ReportRow] = []
        for place in range((until - since).days + 1):
            found += await self.day(since + timedelta(days=place))
        return tuple(found)

    async def day(self, day: date) -> tuple[ReportRow, ...]:
        """The report of a day as it was kept, or as it is now."""
        kept = await self._store.report(day)
        return await self._made(day) if kept is None else kept

    async def days(self) -> tuple[date, ...]:
        """The days whose report was kept, the latest first."""
        return await self._store.kept_reports(self._kept.days)

    async def file(self, day: date, export_format: ExportFormat, new_sheet: NewSheet) -> bytes:
        """The report of a day as a file."""
        stream = io.BytesIO()
        sink = begin_file(export_format, stream, len(COLUMNS), new_sheet)
        sink.add(COLUMNS, is_head=True)
        for row in await self.day(day):
            cells = (getattr(row, name) for name in COLUMNS)
            sink.add([str(cell) if isinstance(cell, date) else cell for cell in cells])
        sink.close()
        return stream.getvalue()

    async def sweep(self) -> None:
        """Keep the report of yesterday once today has begun, and forget those past their time.

        Bookings of the last hours of a day come with the next run of charges, so the day is looked
        at an hour late.
        """
        yesterday = self.today - timedelta(days=1)
        now = self._clock.now()
        is_due = now - day_start(now, self._zone) >= timedelta(hours=1)
        if is_due and await self._store.report(yesterday) is None:
            await self._store.keep_report(yesterday, await self._made(yesterday), now)
        await self._store.remove_reports(self.today - self._kept, AT_ONCE)

    async def _made(self, day: date) -> tuple[ReportRow, ...]:
        since, until = self._span(day)
        rows: dict[str, dict[str, int]] = {}
        for subject, names in (
            (CALLS.time, {"calls": 0, "connected": 1, "talk_s": 2}),
            (MESSAGES.time, {"messages": 0, "messages_sent": 1}),
            (COMPLAINTS.time, {"complaints": 0}),
        ):
            await self._count(rows, subject, names, since, until)
        for tenant_id, kind, amount in await self._store.revenues(since, until):
            _add(rows, tenant_id, _REVENUES[kind], amount)
        if day >= self.today - timedelta(days=1):
            await self._count_numbers(rows)
        made = [ReportRow(day=day, tenant_id=tenant_id, **sums) for tenant_id, sums in rows.items()]
        return tuple(sorted(made, key=lambda row: row.tenant_id))

    async def _count(
        self,
        rows: dict[str, dict[str, int]],
        subject: str,
        names: Mapping[str, int],
        since: datetime,
        until: datetime,
    ) -> None:
        wanted = TallyFilter(subject=subject, since=since, until=until)
        found = await self._store.tallies(wanted, Grouping.APPLICATION, MAX_APPLICATIONS)
        tenants = await self._owners.of(one.app_key for one in found)
        for one in found:
            tenant_id = tenants.get(one.app_key)
            for name, place in names.items() if tenant_id is not None else ():
                _add(rows, str(tenant_id), name, one.sums[place])

    async def _count_numbers(self, rows: dict[str, dict[str, int]]) -> None:
        uses = await self._store.number_uses()
        tenants = await self._owners.of(one.app_key for one in uses)
        for app_key, numbers, used in uses:
            tenant_id = tenants.get(app_key)
            if tenant_id is not None:
                _add(rows, tenant_id, "numbers", numbers)
                _add(rows, tenant_id, "used_numbers", used)

    def _span(self, day: date) -> tuple[datetime, datetime]:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=self._zone)
        return day_start(noon, self._zone), day_start(noon + timedelta(days=1), self._zone)


def added_up(rows: tuple[ReportRow, ...], tenant_id: str, day: date) -> ReportRow:
    """All of some rows in one, with the numbers of the latest day that has any."""
    total = ReportRow(day=day, tenant_id=tenant_id)
    summed = {
        name: sum(getattr(row, name) for row in rows)
        for name, value in asdict(total).items()
        if isinstance(value, int)
    }
    known = [row for row in rows if row.numbers is not None]
    latest = max((row.day for row in known), default=None)
    if latest is None:
        return replace(total, **summed)
    last = [row for row in known if row.day == latest]
    return replace(
        total,
        **summed,
        numbers=sum(row.numbers or 0 for row in last),
        used_numbers=sum(row.used_numbers or 0 for row in last),
    )


def _add(rows: dict[str, dict[str, int]], tenant_id: str, name: str, amount: int) -> None:
    sums = rows.setdefault(tenant_id, {})
    sums[name] = sums.get(name, 0) + amount
