import csv
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.contract.store.making import Make
from tests.unit.manage.job_world import NOW, JobWorld

from maskline.domain.access import OPERATOR, CallerKind, Right
from maskline.domain.application import Mode
from maskline.domain.audit import AuditFilter
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.ledger import Posting, PostingKind, lines_of
from maskline.domain.notice import Endpoint, FailedTry, Purpose
from maskline.domain.release import ReleaseCode
from maskline.services import export
from maskline.services.billing.store import Entry
from maskline.services.call_count import CallCount
from maskline.services.count_question import LONGEST
from maskline.services.number_city import NumberCities

PATH = "/manage/v1/exports"
A, B, X = "+8613900001001", "+8613900002002", "+8617000000001"


@pytest.fixture
async def world(tmp_path: Path) -> JobWorld:
    world = JobWorld(tmp_path)
    await world.fill()
    for number in range(503):
        await _end_call(world, number)
    await _end_call(world, 9_999, "app-3")
    world.clock.step(10_000)
    return world


async def _end_call(world: JobWorld, number: int, app_key: str = "app-1") -> None:
    call = Call(
        session_id=f"s{number}",
        icid=f"i{number}",
        host="h",
        app_key=app_key,
        tenant_id="t1",
        mode=Mode.AXB,
        x=X,
        caller=A,
        callee=B,
        arrived_at=NOW + timedelta(seconds=number),
    )
    end = CallEnd(at=NOW + timedelta(seconds=number + 1), release=ReleaseCode.NORMAL)
    await world.store.finish_call(CallRecord(call=call, end=end), [])


async def _export(world: JobWorld, **order: Any) -> dict[str, Any]:
    async with world.running():
        answer = await world.operator.ask("POST", PATH, {"kind": "records", **order})
        assert answer.status == 202, answer.content
        job = await world.until(f"/manage/v1/jobs/{answer.json['job_id']}", "done", "failed")
    assert job["error"] is None
    return job


async def _file(world: JobWorld, job: dict[str, Any]) -> bytes:
    answer = await world.operator.ask("GET", f"/manage/v1/jobs/{job['job_id']}/file")
    assert answer.status == 200, answer.content
    assert len(answer.content) == job["file"]["size"]
    return answer.content


async def test_a_list_becomes_a_workbook_that_says_what_it_is(world: JobWorld):
    job = await _export(world, zone="Asia/Shanghai")
    content = await _file(world, job)
    assert job["done"] == 503
    assert job["file"]["name"].startswith("records-20261120")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert "Asia/Shanghai" in str(rows[0][0])
    assert "ann" in str(rows[0][0])
    head, newest = rows[1], dict(zip(rows[1], rows[2], strict=True))
    assert head[0] == "session_id"
    assert len(rows) == 505
    assert (newest["session_id"], newest["x"], newest["caller"]) == ("s502", X, "139 **** 1001")
    assert newest["arrived_at"] == "2026-11-20 16:08:22"


async def test_counts_become_a_file_with_the_figures_of_their_kind(world: JobWorld):
    await CallCount(world.store, NumberCities(world.store), world.clock).sweep()
    since = (NOW - timedelta(hours=1)).isoformat()
    order = {"format": "csv", "csv_style": "program", "filter": {"since": since}}
    job = await _export(world, kind="statistics", zone="Asia/Shanghai", **order)
    assert job["file"]["name"].startswith("statistics-")
    [hour] = csv.DictReader(io.StringIO((await _file(world, job)).decode()))
    assert (hour["key"], hour["count"], hour["talk_s"]) == ("2026-11-20 16:00:00", "503", "0")
    job = await _export(world, kind="statistics", counts={"by": "number"}, **order)
    [number] = csv.DictReader(io.StringIO((await _file(world, job)).decode()))
    assert (number["key"], number["count"]) == (X, "503")


async def test_counts_of_the_longest_time_stay_exportable_however_long_the_job_waits(
    world: JobWorld,
):
    longest = world.clock.now() - LONGEST["hour"]
    order = {"kind": "statistics", "filter": {"since": longest.isoformat()}}
    begun = await world.operator.ask("POST", PATH, order)
    world.clock.step(3_600)
    async with world.running():
        job = await world.until(f"/manage/v1/jobs/{begun.json['job_id']}", "done", "failed")
    assert job["error"] is None


async def test_numbers_stay_texts_in_csv_for_spreadsheets_and_raw_for_programs(world: JobWorld):
    columns = ["x", "session_id"]
    for style, shown, first in (("spreadsheet", f"'{X}", 1), ("program", X, 0)):
        job = await _export(world, format="csv", csv_style=style, columns=columns)
        content = await _file(world, job)
        assert content.startswith(b"\xef\xbb\xbf") is (style == "spreadsheet")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert rows[first] == columns
        assert rows[first + 1] == [shown, "s502"]
        assert len(rows) == first + 1 + 503


async def test_a_file_that_is_full_is_followed_by_another(
    world: JobWorld, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(export, "MAX_FILE_ROWS", 200)
    job = await _export(world, format="csv", csv_style="program")
    archive = zipfile.ZipFile(io.BytesIO(await _file(world, job)))
    lines = [len(archive.read(name).splitlines()) for name in archive.namelist()]
    assert lines == [201, 201, 104]
    assert list(world.files.kept) == [f"jobs/{job['job_id']}-result"]


async def test_numbers_in_the_clear_need_a_right_a_reason_and_a_password_shown_just_now(
    world: JobWorld,
):
    clear = {"kind": "records", "masking": "clear"}
    assert (await world.operator.ask("POST", PATH, clear)).error["field"] == "reason"
    clear["reason"] = "order of an authority"
    ann = world.door.caller
    world.door.caller = replace(ann, is_stepped_up=False, kind=CallerKind.USER)
    assert (await world.operator.ask("POST", PATH, clear)).status == 403
    world.door.caller = replace(ann, rights=ann.rights - {Right.EXPORT_CLEAR})
    assert (await world.operator.ask("POST", PATH, clear)).error["field"] == "masking"
    world.door.caller = ann
    job = await _export(world, **clear, format="csv", csv_style="program")
    assert A.encode() in await _file(world, job)


async def test_pushes_of_every_state_are_exported_as_they_are_filtered(world: JobWorld):
    make = Make()
    for number in range(3):
        stream = f"push {number}"
        notice = make.notice(stream, app_key="app-1", created_at=NOW + timedelta(seconds=number))
        await world.store.save_call(make.call(stream, app_key="app-1"), [notice])
    endpoint = Endpoint(app_key="app-1", purpose=Purpose.STATUS)
    first, second, _ = await world.store.claim(endpoint, world.clock.now(), world.clock.now(), 3)
    dead = FailedTry(sequence=second.sequence, due_at=None, error="HTTP 500")
    await world.store.settle([first.sequence], [dead], {first.sequence: make.accepted()})
    columns = ["about", "state", "error", "status", "took_ms"]
    order = {"kind": "pushes", "format": "csv", "csv_style": "program", "columns": columns}
    content = await _file(world, await _export(world, **order))
    assert content.decode().splitlines()[1:] == [
        "push 2,waiting,,,", "push 1,dead,HTTP 500,,", "push 0,delivered,,204,12.0",
    ]  # fmt: skip
    content = await _file(world, await _export(world, **order, filter={"state": "dead"}))
    assert content.decode().splitlines()[1:] == ["push 1,dead,HTTP 500,,"]


async def test_only_who_began_it_gets_the_file_and_only_for_a_day(world: JobWorld):
    job = await _export(world, columns=["x"])
    path = f"/manage/v1/jobs/{job['job_id']}/file"
    ann = world.door.caller
    for other in (replace(ann, name="bob", user_id="u2"), OPERATOR):
        world.door.caller = other
        assert (await world.operator.ask("GET", path)).status == 404
    world.door.caller = ann
    world.clock.step(24 * 3600)
    assert (await world.operator.ask("GET", path)).status == 404
    assert world.files.kept
    await world.jobs.desk.sweep()
    assert not world.files.kept


async def test_each_download_is_an_event_of_the_audit_log(world: JobWorld):
    job = await _export(world, columns=["x"])
    for _ in range(2):
        await _file(world, job)
    kept = await world.store.audit_events(AuditFilter(action="download_job_file"), None, 10)
    events = [one.event for one in kept]
    path = f"/jobs/{job['job_id']}/file"
    assert [(one.name, one.method, one.target) for one in events] == [("ann", "GET", path)] * 2
    assert [one.tenant_id for one in events] == ["t1", "t1"]


async def test_nothing_of_an_export_stands_readable_in_the_storage(world: JobWorld):
    await _export(world, format="csv", csv_style="program", masking="clear", reason="r")
    (content,) = world.files.kept.values()
    assert A.encode() not in content
    assert b"session_id" not in content


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"columns": ["salary"]}, "columns"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"filter": {"since": "2026-01-01T00:00:00"}}, "filter.since"),
        ({"filter": {"push_id": "p"}}, "filter.push_id"),
        ({"kind": "statistics", "filter": {"since": "2026-10-01T00:00:00Z"}}, "filter.since"),
        ({"kind": "statistics", "counts": {"kind": "api", "by": "city"}}, "counts.by"),
        ({"kind": "statistics", "counts": {"kind": "concurrent", "by": "code"}}, "counts.by"),
    ],
)
async def test_an_export_that_cannot_be_is_refused(
    world: JobWorld, order: dict[str, Any], field: str
):
    answer = await world.operator.ask("POST", PATH, {"kind": "records", **order})
    assert (answer.status, answer.error["field"]) == (400, field)


async def test_ledger_and_statement_become_files_of_ones_own_money(world: JobWorld):
    await _post(world, "t1", "call:s1", PostingKind.CALL, -30)
    await _post(world, "t2", "call:s2", PostingKind.CALL, -7)
    world.door.caller = replace(OPERATOR, tenant_id="t1")
    for kind, filled in (("ledger", {}), ("statement", {"month": "2026-11"})):
        job = await _export(world, kind=kind, format="csv", csv_style="program", filter=filled)
        rows = list(csv.DictReader(io.StringIO((await _file(world, job)).decode())))
        assert [(one["kind"], one["x"], one["amount"]) for one in rows] == [("call", X, "-30")]
    theirs = {"kind": "ledger", "filter": {"tenant_id": "t2"}}
    refused = await world.operator.ask("POST", PATH, theirs)
    assert (refused.status, refused.error["field"]) == (400, "filter.tenant_id")
    world.door.caller = OPERATOR
    assert (await world.operator.ask("POST", PATH, {"kind": "statement"})).status == 400
    job = await _export(world, kind="ledger", columns=["tenant_id", "other_account", "at"])
    sheet = openpyxl.load_workbook(io.BytesIO(await _file(world, job))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))[2:]
    assert sorted(row[:2] for row in rows) == [("t1", "revenue.call"), ("t2", "revenue.call")]


async def _post(
    world: JobWorld, tenant_id: str, source: str, kind: PostingKind, amount: int
) -> None:
    posting = Posting(
        posting_id=source,
        tenant_id=tenant_id,
        kind=kind,
        source=source,
        at=NOW,
        used_at=NOW,
        lines=lines_of(kind, amount),
        x=X,
    )
    await world.store.post([Entry(posting=posting)])
