"""Sums for reports, and the reports of days that are over."""

from datetime import date

from tests.contract.store.making import NOW, Make

from maskline.domain.ledger import Posting, PostingKind, lines_of
from maskline.domain.report import ReportRow
from maskline.domain.virtual_number import NumberState
from maskline.services.billing.store import Entry
from maskline.services.report_store import NumberUse, Revenue
from maskline.services.store import BindLimits, Store

DAY, NEXT = date(2026, 12, 1), date(2026, 12, 2)
ROWS = (ReportRow(day=DAY, tenant_id="t", calls=3, connected=2, rent_revenue=500, numbers=4),)


def _entry(source: str, cost: int, kind: PostingKind, seconds: float, make: Make) -> Entry:
    at = make.after(seconds)
    posting = Posting(
        posting_id=source, tenant_id="tenant-1", kind=kind, source=source, at=at, used_at=at,
        lines=lines_of(kind, -cost),
    )  # fmt: skip
    return Entry(posting=posting)


async def test_revenue_is_what_was_charged_for_the_use_of_a_span(store: Store, make: Make):
    await store.post([
        _entry("call:1", 6, PostingKind.CALL, 0, make),
        _entry("call:2", 12, PostingKind.CALL, 9.5, make),
        _entry("call:3", 24, PostingKind.CALL, 10, make),
        _entry("rent:1", 500, PostingKind.RENT, 1, make),
        _entry("top_up:1", -900, PostingKind.TOP_UP, 1, make),
    ])  # fmt: skip
    expected = (
        Revenue("tenant-1", PostingKind.CALL, 18),
        Revenue("tenant-1", PostingKind.RENT, 500),
    )
    assert await store.revenues(NOW, make.after(10)) == expected


async def test_numbers_that_are_used_are_counted_by_application(empty_store: Store, make: Make):
    await empty_store.add_tenant(make.tenant())
    await empty_store.add_application(make.application())
    returned = make.number("+8617000000003", state=NumberState.RETURNED)
    await empty_store.add_numbers([make.number(), make.number("+8617000000002"), returned])
    await empty_store.bind(make.binding(), BindLimits(pairs=9), NOW, None)
    assert await empty_store.number_uses() == (NumberUse(make.app_key, 2, 1),)


async def test_the_report_of_a_day_is_kept_once_and_forgotten(store: Store):
    assert await store.report(DAY) is None
    assert await store.keep_report(DAY, ROWS, NOW)
    assert not await store.keep_report(DAY, (), NOW)
    assert await store.report(DAY) == ROWS
    await store.keep_report(NEXT, (), NOW)
    assert await store.kept_reports(9) == (NEXT, DAY)
    assert await store.kept_reports(1) == (NEXT,)
    assert await store.remove_reports(NEXT, 9) == 1
    assert await store.kept_reports(9) == (NEXT,)
