from datetime import date, datetime

from maskline.domain.report import ReportRow
from maskline.services.report_store import NumberUse, Revenue
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.database import Database
from maskline.stores.report_row import day_of, pack_report, revenue_of, unpack_report, use_of

REPORT = load_postgres_sql("report")


class PostgresReports:
    """`maskline.services.report_store.ReportStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def revenues(self, since: datetime, until: datetime) -> tuple[Revenue, ...]:
        """See the seam."""
        span = (to_us(since), to_us(until))
        return tuple(map(revenue_of, await self._database.rows(REPORT.revenues, span)))

    async def number_uses(self) -> tuple[NumberUse, ...]:
        """See the seam."""
        return tuple(map(use_of, await self._database.rows(REPORT.number_uses, ())))

    async def keep_report(self, day: date, rows: tuple[ReportRow, ...], now: datetime) -> bool:
        """See the seam."""
        row = (day.isoformat(), to_us(now), pack_report(rows))
        return bool(await self._database.change(REPORT.report_add, row))

    async def report(self, day: date) -> tuple[ReportRow, ...] | None:
        """See the seam."""
        row = await self._database.point(REPORT.report_get, (day.isoformat(),))
        return None if row is None else unpack_report(row[0])

    async def kept_reports(self, limit: int) -> tuple[date, ...]:
        """See the seam."""
        return tuple(map(day_of, await self._database.rows(REPORT.report_days, (limit,))))

    async def remove_reports(self, before: date, limit: int) -> int:
        """See the seam."""
        return await self._database.change(REPORT.report_sweep, (before.isoformat(), limit))
