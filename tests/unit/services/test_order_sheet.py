from pathlib import Path

import pytest
from tests.unit.manage.job_world import InlineReader
from tests.unit.protocols.spreadsheet.workbook import workbook
from tests.unit.services.order_world import VIRTUAL, OrderWorld

from maskline.domain.error import InvalidParameter
from maskline.domain.virtual_number import NumberKind
from maskline.services.order_request import LineForm


@pytest.fixture
async def world(tmp_path: Path) -> OrderWorld:
    return await OrderWorld(tmp_path).open()


async def test_rows_are_lines_and_each_that_is_none_says_why(world: OrderWorld):
    file = workbook(
        ["城市 city", "类型", "数量", "短信"],
        ["深圳", "虚拟运营商", 20, "是"],
        ["010", "carrier", "3", ""],
        ["", "", 5, "no"],
        ["深圳", "", 1, "yes"],
        ["深训", "", 1, ""],
        ["上海", "", 0, ""],
        ["上海", "vanity", 1, ""],
    )
    found = await world.sheets.read(file.getvalue())
    assert found.lines == (
        LineForm(area_code="0755", kind=VIRTUAL, quantity=20, may_message=True),
        LineForm(area_code="010", kind=NumberKind.CARRIER, quantity=3),
        LineForm(kind=VIRTUAL, quantity=5),
    )
    told = [(one.row, one.problem.code, one.problem.column) for one in found.troubles]
    assert told == [
        (5, "M2101", "城市 city"),
        (6, "M2105", "城市 city"),
        (7, "M2120", "数量"),
        (8, "M2106", "类型"),
    ]


async def test_the_template_is_read_as_no_lines_and_other_files_are_refused(world: OrderWorld):
    found = await world.sheets.read(world.sheets.template())
    assert (found.lines, found.troubles) == ((), ())
    for content in (b"no workbook", workbook(["数量"]).getvalue()):
        with pytest.raises(InvalidParameter):
            await world.sheets.read(content)


async def test_the_numbers_of_an_order_are_written_with_their_cities(world: OrderWorld):
    await world.fill_stock(1, 2)
    order = await world.orders.approve((await world.ordered()).dossier_id)
    await world.orders.issue(order.dossier_id, "op")
    numbers = await world.orders.numbers(order.dossier_id, 0, None)
    rows = await InlineReader().read(world.sheets.numbers(numbers), 9)
    told = [[cell.text for cell in row.cells[:3]] for row in rows[1:]]
    assert told == [[f"+861700000000{one}", "深圳", "0755"] for one in (1, 2)]
