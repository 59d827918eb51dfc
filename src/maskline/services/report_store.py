"""The store seam of reports; the rules of `maskline.services.store` hold."""

from datetime import date, datetime
from typing import NamedTuple, Protocol

from maskline.domain.ledger import PostingKind
from maskline.domain.report import ReportRow


class Revenue(NamedTuple):
    """What a tenant was charged for one sort of use."""

    tenant_id: str
    kind: PostingKind
    amount: int


class NumberUse(NamedTuple):
    """How many numbers an application has that were not returned, and how many have a binding."""

    app_key: str
    numbers: int
    used: int


class ReportStore(Protocol):
    """Sums that reports need, and the reports of days that are over."""

    async def revenues(self, since: datetime, until: datetime) -> tuple[Revenue, ...]:
        """What was charged for what was used in a span, by tenant and kind; top-ups are none."""
        ...

    async def number_uses(self) -> tuple[NumberUse, ...]:
        """All applications that have numbers, as it is now."""
        ...

    async def keep_report(self, day: date, rows: tuple[ReportRow, ...], now: datetime) -> bool:
        """Keep the report of a day; False, and nothing is changed, where there is one."""
        ...

    async def report(self, day: date) -> tuple[ReportRow, ...] | None:
        """The report of a day; None where none was kept."""
        ...

    async def kept_reports(self, limit: int) -> tuple[date, ...]:
        """The days that have one, the latest first."""
        ...

    async def remove_reports(self, before: date, limit: int) -> int:
        """Forget up to `limit` of days before then; returns how many."""
        ...
