import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.manage.job_world import IMPORT_ROWS, TENANT, JobWorld
from tests.unit.protocols.spreadsheet.workbook import workbook

from maskline.domain.access import OPERATOR, ROLE_RIGHTS, Role
from maskline.domain.virtual_number import NumberKind, NumberState
from maskline.services.import_quota import ImportQuota
from maskline.services.number_import import BATCH

HEAD = ["号码", "城市", "应用", "类型", "短信", "备注"]
PATH = "/manage/v1/number-imports"


@pytest.fixture
async def world(tmp_path: Path) -> JobWorld:
    world = JobWorld(tmp_path)
    await world.fill()
    return world


async def _upload(world: JobWorld, *rows: list[Any], head: list[str] = HEAD) -> dict[str, Any]:
    content = workbook(head, *rows).getvalue()
    answer = await world.operator.ask("POST", f"{PATH}?name=n.xlsx", raw=content)
    assert answer.status == 201, answer.content
    assert answer.json["state"] == "checking"
    return answer.json


async def _checked(world: JobWorld, *rows: list[Any], head: list[str] = HEAD) -> dict[str, Any]:
    job = await _upload(world, *rows, head=head)
    return await world.until(f"{PATH}/{job['job_id']}", "ready", "failed")


async def _rows(world: JobWorld, job: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    answer = await world.operator.ask("GET", f"{PATH}/{job['job_id']}/rows{query}")
    assert answer.status == 200, answer.content
    return answer.json["items"]


async def test_nothing_is_written_before_it_is_applied(world: JobWorld):
    async with world.running():
        job = await _checked(
            world,
            ["17000000001", "深圳", "rides", "", "是", "first"],
            ["+8613900001001", "0755", "app-1", "虚拟运营商", "", ""],
        )
        assert (job["total"], job["changes"], job["failed"]) == (2, 2, 0)
        assert await world.store.count_numbers(TENANT) == 0
        await world.operator.ask("POST", f"{PATH}/{job['job_id']}/apply")
        done = await world.until(f"{PATH}/{job['job_id']}", "done")
    assert (done["done"], done["failed"]) == (2, 0)
    first = await world.store.number("+8617000000001")
    second = await world.store.number("+8613900001001")
    assert first is not None
    assert second is not None
    assert (first.area_code, first.kind, first.note) == (
        "0755",
        NumberKind.VIRTUAL_OPERATOR,
        "first",
    )
    assert second.kind is NumberKind.VIRTUAL_OPERATOR


async def test_every_bad_row_has_its_code(world: JobWorld):
    await world.add("+8617000000002", "app-2")
    await world.add("+8617000000003", "app-3")
    await world.add("+8617000000004", state=NumberState.BLACKLISTED)
    async with world.running():
        job = await _checked(
            world,
            ["17000000001", "深圳", "rides", "", "", ""],
            ["17000000001", "深圳", "rides", "", "", ""],
            ["shop", "深圳", "rides", "", "", ""],
            ["1.70123E+10", "深圳", "rides", "", "", ""],
            [1.7e20, "深圳", "rides", "", "", ""],
            ["17000000002", "深圳", "rides", "", "", ""],
            ["17000000003", "深圳", "rides", "", "", ""],
            ["17000000004", "北京", "rides", "", "", ""],
            ["17000000005", "深证", "rides", "", "", ""],
            ["17000000006", "深圳", "rides", "satellite", "", ""],
            ["17000000007", "深圳", "none", "", "", ""],
            ["17000000008", "深圳", "food", "", "是", ""],
            ["17000000009", "深圳", "rides", "", "maybe", ""],
            ["17000000010", "深圳", "rides", "", "", "x" * 201],
            ["=1+1", "深圳", "rides", "", "", ""],
        )
        rows = await _rows(world, job, "?state=error")
    assert [(row["row"], row["code"]) for row in rows] == [
        (3, "M2101"),
        (4, "M2102"),
        (5, "M2103"),
        (6, "M2103"),
        (7, "M2104"),
        (8, "M2110"),
        (9, "M2112"),
        (10, "M2105"),
        (11, "M2106"),
        (12, "M2107"),
        (13, "M2111"),
        (14, "M2116"),
        (15, "M2117"),
        (16, "M2114"),
    ]
    assert rows[0]["message"] == "is the same as row 2"
    assert rows[7]["hint"] == "nearest: 深圳 0755"
    assert (rows[7]["column"], rows[7]["value"]) == ("城市", "深证")
    assert (job["total"], job["changes"], job["failed"]) == (15, 1, 14)


async def test_the_bad_rows_are_put_right_and_uploaded_again(world: JobWorld):
    async with world.running():
        job = await _checked(world, ["17000000001", "深证", "rides", "", "", "n"])
        answer = await world.operator.ask("GET", f"{PATH}/{job['job_id']}/errors.xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        head, row = (list(line) for line in sheet.iter_rows(values_only=True))
        assert head == [*HEAD, "原因 reason"]
        assert row[0] == "17000000001"
        assert "M2105" in str(row[-1])
        assert "深圳 0755" in str(row[-1])
        row[1] = "深圳"
        again = await _checked(world, row, head=[str(name) for name in head])
    assert (again["changes"], again["failed"]) == (1, 0)


async def test_the_same_file_again_is_the_same_import_and_later_changes_nothing(world: JobWorld):
    row = ["17000000001", "深圳", "rides", "", "", ""]
    content = workbook(HEAD, row).getvalue()

    async def upload() -> dict[str, Any]:
        return (await world.operator.ask("POST", PATH, raw=content)).json

    async with world.running():
        first, second = await upload(), await upload()
        assert first["job_id"] == second["job_id"]
        path = f"{PATH}/{first['job_id']}"
        await world.until(path, "ready")
        await world.operator.ask("POST", f"{path}/apply")
        await world.until(path, "done")
        third = await upload()
        assert third["job_id"] != first["job_id"]
        again = await world.until(f"{PATH}/{third['job_id']}", "ready")
    assert (again["changes"], again["unchanged"]) == (0, 1)


async def test_the_template_can_be_filled_in_and_its_hints_may_stay(world: JobWorld):
    answer = await world.operator.ask("GET", f"{PATH}/template")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert sheet.column_dimensions["A"].width > 10
    sheet.append(["17000000001", "深圳", "rides", None, None, None, "AXB"])
    sheet.append(["17000000002", "深圳", "rides", None, None, None, "AX"])
    file = io.BytesIO()
    book.save(file)
    async with world.running():
        job = (await world.operator.ask("POST", PATH, raw=file.getvalue())).json
        job = await world.until(f"{PATH}/{job['job_id']}", "ready")
        rows = await _rows(world, job)
    assert [(row["row"], row["state"], row["code"]) for row in rows] == [
        (3, "change", ""),
        (4, "error", "M2109"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"number,app\n", "M2001"),
        (workbook(["城市", "应用"]).getvalue(), "M2003"),
        (workbook().getvalue(), "M2003"),
    ],
)
async def test_a_file_that_is_no_import_fails_and_says_why(
    world: JobWorld, content: bytes, code: str
):
    async with world.running():
        job = (await world.operator.ask("POST", PATH, raw=content)).json
        failed = await world.until(f"{PATH}/{job['job_id']}", "failed")
    assert failed["error"]["code"] == code


async def test_an_import_that_is_cut_off_does_nothing_twice(world: JobWorld):
    rows = [[f"170{number:08}", "深圳", "rides", "", "", ""] for number in range(2 * BATCH + 7)]
    async with world.running():
        job = await _checked(world, *rows)
    path = f"{PATH}/{job['job_id']}"
    await world.operator.ask("POST", f"{path}/apply")
    added: list[str] = []
    save_job, add_numbers = world.store.save_job, world.store.add_numbers

    async def counted(numbers: Any) -> None:
        await add_numbers(numbers)
        added.extend(one.number for one in numbers)

    async def killed(job: Any, lease: Any, rows: Any = ()) -> Any:
        if rows:
            raise SystemError("killed between the numbers and what is told of them")
        return await save_job(job, lease, rows)

    world.store.add_numbers = counted
    world.store.save_job = killed
    async with world.running():
        await world.until(path, "failed")
    assert len(added) == BATCH
    world.store.save_job = save_job
    await world.operator.ask("POST", f"/manage/v1/jobs/{job['job_id']}/resume")
    async with world.running():
        done = await world.until(path, "done")
    assert done["done"] == len(rows)
    assert len(added) == len(set(added)) == len(rows)


async def test_an_import_is_its_tenants_alone(world: JobWorld):
    async with world.running():
        job = await _checked(world, ["17000000001", "深圳", "rides", "", "", ""])
    world.door.caller = OPERATOR
    assert (await world.operator.ask("GET", f"{PATH}/{job['job_id']}")).status == 200
    world.door.caller = replace(OPERATOR, tenant_id="t2")
    for path in (f"{PATH}/{job['job_id']}", f"/manage/v1/jobs/{job['job_id']}"):
        assert (await world.operator.ask("GET", path)).status == 404
    assert (await world.operator.ask("GET", "/manage/v1/jobs")).json["items"] == []


async def test_a_tenant_imports_so_many_rows_a_day_and_a_file_counts_once(world: JobWorld):
    first, second = (["17000000001", "深圳", "rides", "", "", ""] for _ in range(2))
    second[0] = "17000000002"
    quota = ImportQuota(world.store, world.clock, IMPORT_ROWS)
    async with world.running():
        job = await _checked(world, first)
        known = await world.store.job(job["job_id"])
        assert known is not None
        await quota.take(replace(known, job_id="another"), IMPORT_ROWS - 1)
        await quota.take(known, 1)
        await quota.take(replace(known, tenant_id=None), IMPORT_ROWS)
        await quota.take(replace(known, tenant_id="t2"), IMPORT_ROWS)
        job = await _checked(world, second)
        assert (job["state"], job["error"]["code"]) == ("failed", "M2008")
        world.clock.step(86_400)
        job = await _checked(world, second, second)
        assert job["state"] == "ready"


async def test_jobs_are_listed_page_by_page(world: JobWorld):
    for number in range(3):
        await _upload(world, [f"1700000000{number}", "深圳", "rides", "", "", ""])
        world.clock.step(1)
    first = (await world.operator.ask("GET", "/manage/v1/jobs?limit=2")).json
    rest = (await world.operator.ask("GET", f"/manage/v1/jobs?limit=2&after={first['next']}")).json
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    ids = [job["job_id"] for job in (*first["items"], *rest["items"])]
    assert len(set(ids)) == 3
    bad = await world.operator.ask("GET", "/manage/v1/jobs?after=nonsense")
    assert (bad.status, bad.error["field"]) == (400, "after")


async def test_only_who_began_a_job_or_an_administrator_stops_it(world: JobWorld):
    job = await _upload(world, ["17000000001", "深圳", "rides", "", "", ""])
    path = f"/manage/v1/jobs/{job['job_id']}/cancel"
    ann = world.door.caller
    bob = replace(ann, name="bob", user_id="u2")
    world.door.caller = replace(bob, rights=ROLE_RIGHTS[Role.SUPPORT])
    assert (await world.operator.ask("POST", path)).status == 409
    world.door.caller = replace(bob, rights=ROLE_RIGHTS[Role.OWNER])
    assert (await world.operator.ask("POST", path)).json["state"] == "cancelled"
