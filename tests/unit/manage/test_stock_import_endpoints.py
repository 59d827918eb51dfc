import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.manage.job_world import NOW, JobWorld
from tests.unit.protocols.spreadsheet.workbook import workbook

from maskline.domain.access import OPERATOR
from maskline.domain.number_life import StockNumber
from maskline.domain.virtual_number import NumberKind

PATH = "/manage/v1/stock-imports"
HEAD = ["号码", "城市", "类型", "短信", "供应商", "月成本", "实名方案", "备注"]
X, Y, SERVING = "+8617000000011", "+8617000000012", "+8617000000001"


@pytest.fixture
async def world(tmp_path: Path) -> JobWorld:
    world = JobWorld(tmp_path)
    await world.fill()
    world.door.caller = OPERATOR
    return world


async def _checked(world: JobWorld, *rows: list[Any], head: list[str] = HEAD) -> dict[str, Any]:
    content = workbook(head, *rows).getvalue()
    answer = await world.operator.ask("POST", f"{PATH}?name=n.xlsx", raw=content)
    assert answer.status == 201, answer.content
    return await world.until(f"{PATH}/{answer.json['job_id']}", "ready", "failed")


async def _applied(world: JobWorld, job: dict[str, Any]) -> dict[str, Any]:
    await world.operator.ask("POST", f"{PATH}/{job['job_id']}/apply")
    return await world.until(f"{PATH}/{job['job_id']}", "done")


async def test_numbers_are_taken_into_stock_once_they_are_applied(world: JobWorld):
    row = ["17000000011", "深圳", "运营商", "否", "north", 350, 2, "shelf 3"]
    async with world.running():
        job = await _checked(world, row)
        assert await world.store.stock_number(X) is None
        assert (await _applied(world, job))["done"] == 1
        assert await world.store.stock_number(X) == StockNumber(
            number=X,
            area_code="0755",
            kind=NumberKind.CARRIER,
            may_message=False,
            supplier="north",
            cost=350,
            scheme=2,
            note="shelf 3",
            free_from=NOW,
            added_at=NOW,
        )
        again = await _checked(world, row, ["17000000012", "010"])
        assert (again["unchanged"], again["changes"]) == (1, 1)
        # An empty cell says nothing new.
        dearer = await _checked(world, ["17000000011", "", "", "", "", 400])
        await _applied(world, dearer)
    kept = await world.store.stock_number(X)
    assert kept is not None
    assert (kept.cost, kept.scheme, kept.note) == (400, 2, "shelf 3")


async def test_every_bad_row_has_its_code_and_goes_back(world: JobWorld):
    await world.add(SERVING)
    async with world.running():
        job = await _checked(
            world,
            ["17000000001", "深圳"],
            ["17000000011", "深圳"],
            ["17000000011", "深圳"],
            ["17000000012", "深证"],
            ["17000000013", "深圳", "satellite"],
            ["17000000014", "深圳", "", "", "", "3.5"],
            ["17000000015", "深圳", "", "", "", "", 7],
            ["17000000016", "深圳", "", "", "s" * 65],
            ["shop", "深圳"],
        )
    rows = (await world.operator.ask("GET", f"{PATH}/{job['job_id']}/rows?state=error")).json
    assert [(row["row"], row["code"]) for row in rows["items"]] == [
        (2, "M2110"),
        (4, "M2101"),
        (5, "M2105"),
        (6, "M2106"),
        (7, "M2120"),
        (8, "M2120"),
        (9, "M2120"),
        (10, "M2102"),
    ]
    answer = await world.operator.ask("GET", f"{PATH}/{job['job_id']}/errors.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet.max_row == 9


async def test_the_template_can_be_filled_in_as_it_is(world: JobWorld):
    template = (await world.operator.ask("GET", f"{PATH}/template")).content
    sheet = openpyxl.load_workbook(io.BytesIO(template)).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    async with world.running():
        job = await _checked(
            world, rows[1], ["17000000011", "深圳"], head=[str(one) for one in rows[0]]
        )
    assert (job["total"], job["changes"], job["failed"]) == (1, 1, 0)
