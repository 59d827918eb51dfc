from collections import Counter
from datetime import date, datetime

from maskline.domain.ledger import PostingKind
from maskline.domain.report import ReportRow
from maskline.domain.virtual_number import NumberState
from maskline.services.report_store import NumberUse, Revenue
from maskline.stores.memory.table import Tables

_USE = {PostingKind.CALL, PostingKind.MESSAGE, PostingKind.RENT, PostingKind.PACKAGE}


class MemoryReports:
    """`maskline.services.report_store.ReportStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def revenues(self, since: datetime, until: datetime) -> tuple[Revenue, ...]:
        """See the seam."""
        sums = Counter[tuple[str, PostingKind]]()
        for one in self._tables.postings.values():
            if one.kind in _USE and since <= one.used_at < until:
                sums[one.tenant_id, one.kind] -= one.amount
        return tuple(Revenue(*key, sums[key]) for key in sorted(sums))

    async def number_uses(self) -> tuple[NumberUse, ...]:
        """See the seam."""
        numbers, used = Counter[str](), Counter[str]()
        for one in self._tables.numbers.values():
            if one.state is not NumberState.RETURNED:
                numbers[one.app_key] += 1
                used[one.app_key] += one.pairs > 0
        return tuple(NumberUse(key, numbers[key], used[key]) for key in sorted(numbers))

    async def keep_report(self, day: date, rows: tuple[ReportRow, ...], now: datetime) -> bool:
        """See the seam."""
        del now
        return self._tables.reports.setdefault(day, rows) is rows

    async def report(self, day: date) -> tuple[ReportRow, ...] | None:
        """See the seam."""
        return self._tables.reports.get(day)

    async def kept_reports(self, limit: int) -> tuple[date, ...]:
        """See the seam."""
        return tuple(sorted(self._tables.reports, reverse=True)[:limit])

    async def remove_reports(self, before: date, limit: int) -> int:
        """See the seam."""
        gone = sorted(day for day in self._tables.reports if day < before)[:limit]
        for day in gone:
            del self._tables.reports[day]
        return len(gone)
