"""Reports by tenant and day, on the edges of days in the zone of the platform."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.unit.manage.operating import CallerDoor, Operator

from maskline.domain.access import Role
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.binding import AxbBinding
from maskline.domain.error import InvalidParameter
from maskline.domain.ledger import Posting, PostingKind, lines_of
from maskline.domain.report import ReportRow
from maskline.domain.tally import Tally, padded, slot_of
from maskline.domain.virtual_number import VirtualNumber
from maskline.manage.app import create_manage
from maskline.manage.report import ReportEndpoints
from maskline.protocols.spreadsheet.write import SheetWriter
from maskline.services.billing.store import Entry
from maskline.services.clock import SteppedClock
from maskline.services.count_subject import CALLS, COMPLAINTS, MESSAGES
from maskline.services.export_file import ExportFormat
from maskline.services.report import ReportDesk
from maskline.services.store import BindLimits
from maskline.stores.memory import MemoryStore

ZONE = ZoneInfo("Asia/Shanghai")
DAY, NEXT = date(2026, 12, 1), date(2026, 12, 2)
NOON = datetime(2026, 12, 1, 12, tzinfo=ZONE).astimezone(UTC)
LAST = datetime(2026, 12, 1, 23, 59, tzinfo=ZONE).astimezone(UTC)
MIDNIGHT = datetime(2026, 12, 2, tzinfo=ZONE).astimezone(UTC)


@pytest.fixture
def clock():
    return SteppedClock(NOON)


@pytest.fixture
async def store():
    store = MemoryStore()
    for tenant_id in ("shop", "taxi"):
        await store.add_tenant(Tenant(tenant_id=tenant_id, name="T", created_at=NOON))
        await store.add_application(
            Application(
                app_key=f"app-{tenant_id}", tenant_id=tenant_id, name="rides", mode=Mode.AXB,
                secret="s", created_at=NOON,
            )
        )  # fmt: skip
    number = VirtualNumber(
        number="+8617000000001", app_key="app-taxi", area_code="010", created_at=NOON
    )
    await store.add_numbers([number, replace(number, number="+8617000000002")])
    binding = AxbBinding(
        binding_id="b", app_key="app-taxi", x=number.number, a="+8613900001001", b="+8613900002002",
        created_at=NOON, modified_at=NOON,
    )  # fmt: skip
    await store.bind(binding, BindLimits(pairs=9), NOON, None)
    for at in (NOON, LAST, MIDNIGHT):
        await store.add_tallies([
            _tally(CALLS.time, at, 100, 60, 3600), _tally(MESSAGES.time, at, 8, 7),
            _tally(COMPLAINTS.time, at, 1),
        ])  # fmt: skip
        await store.post([_charged(at, PostingKind.CALL, 60), _charged(at, PostingKind.RENT, 500)])
    return store


@pytest.fixture
def desk(store, clock):
    return ReportDesk(store, clock, ZONE, kept_days=2)


def _tally(subject: str, at: datetime, *sums: int) -> Tally:
    return Tally(
        subject=subject, slot=slot_of(at), app_key="app-taxi", name="", sums=padded(*sums),
        first_at=at, last_at=at,
    )  # fmt: skip


def _charged(at: datetime, kind: PostingKind, cost: int) -> Entry:
    source = f"{kind}:{at}"
    return Entry(
        posting=Posting(
            posting_id=source, tenant_id="taxi", kind=kind, source=source, at=at, used_at=at,
            lines=lines_of(kind, -cost), app_key="app-taxi",
        )
    )  # fmt: skip


async def test_a_day_has_what_happened_from_midnight_to_midnight(desk, clock):
    clock.step((LAST - NOON).total_seconds())
    [row] = await desk.rows(DAY, DAY)
    assert row == ReportRow(
        day=DAY, tenant_id="taxi", calls=200, connected=120, talk_s=7200, messages=16,
        messages_sent=14, complaints=2, call_revenue=120, rent_revenue=1000, numbers=2,
        used_numbers=1,
    )  # fmt: skip
    assert (row.revenue, row.answer_rate, row.complaint_rate) == (1120, 0.6, 100.0)
    assert row.utilisation == 0.5


async def test_the_report_of_yesterday_is_kept_an_hour_after_midnight(desk, store, clock):
    clock.step((MIDNIGHT - NOON).total_seconds() + 3599)
    await desk.sweep()
    assert await desk.days() == ()
    clock.step(1)
    await desk.sweep()
    assert await desk.days() == (DAY,)
    await store.post([_charged(LAST.replace(second=1), PostingKind.CALL, 999)])
    [row] = await desk.day(DAY)
    assert row.call_revenue == 120
    clock.step(2 * 86_400)
    await desk.sweep()
    assert await desk.days() == (date(2026, 12, 3),)


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (NEXT, DAY, "since"),
        (date(2026, 11, 1), date(2026, 12, 1), None),
        (date(2026, 10, 31), DAY, "since"),
        (DAY, NEXT, "until"),
    ],
)
async def test_a_span_is_31_days_at_most_and_none_to_come(desk, since, until, field):
    if field is None:
        assert (await desk.rows(since, until))[-1].day == until
        return
    with pytest.raises(InvalidParameter) as refused:
        await desk.rows(since, until)
    assert refused.value.parameter == field


async def test_a_file_has_the_same_figures(desk, clock):
    clock.step((LAST - NOON).total_seconds())
    content = await desk.file(DAY, ExportFormat.CSV_PROGRAM, SheetWriter)
    [row] = csv.DictReader(io.StringIO(content.decode()))
    assert (row["day"], row["tenant_id"], row["revenue"]) == ("2026-12-01", "taxi", "1120")
    assert (await desk.file(DAY, ExportFormat.XLSX, SheetWriter)).startswith(b"PK")


async def test_days_and_tenants_are_added_up_for_operators_only(desk, store, clock):
    clock.step((MIDNIGHT - NOON).total_seconds())
    door = CallerDoor()
    endpoints = ReportEndpoints(desk, SheetWriter, "CNY").endpoints()
    app = create_manage(door=door, endpoints=endpoints, watched=(), version="1")
    operator = Operator(app, store, None, clock, {}, door=door)
    clerk = operator.admit(Role.OPERATOR, None)
    path = f"/manage/v1/reports?since={DAY}&until={NEXT}&by="
    by_day = (await operator.ask("GET", path + "day", token=clerk)).json
    days = [(one["day"], one["calls"], one["revenue"]) for one in by_day["items"]]
    assert days == [("2026-12-01", 200, 1120), ("2026-12-02", 100, 560)]
    by_tenant = (await operator.ask("GET", path + "tenant", token=clerk)).json
    [taxi] = by_tenant["items"]
    assert (taxi["day"], taxi["tenant_id"], taxi["calls"], taxi["numbers"]) == (
        None,
        "taxi",
        300,
        2,
    )
    assert by_tenant["total"]["revenue"] == 1680
    wrong = await operator.ask("GET", "/manage/v1/reports?since=December", token=clerk)
    assert (wrong.status, wrong.error["field"]) == (400, "since")
    file = await operator.ask("GET", f"/manage/v1/reports/{DAY}/csv", token=clerk)
    assert file.content.startswith(b"\xef\xbb\xbfday,")
    owner = operator.admit(Role.OWNER, "taxi")
    assert (await operator.ask("GET", path + "day", token=owner)).status == 403
