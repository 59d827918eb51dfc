"""Endpoints of spreadsheets of orders: the template, what a sheet says, the numbers issued."""

from msgspec import Struct

from maskline.domain.access import Right
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer
from maskline.manage.order import PATH
from maskline.services.order import OrderDesk
from maskline.services.order_request import LineForm
from maskline.services.order_sheet import MAX_SHEET_BYTES, OrderSheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RowTroubleView(Struct, frozen=True, kw_only=True):
    """Why a row of a sheet is no line of an order; codes as in imports of numbers."""

    row: int
    column: str
    value: str
    code: str
    message: str
    hint: str


class SheetLinesView(Struct, frozen=True, kw_only=True):
    """What a sheet says: lines as an order takes them, and the rows that are none."""

    lines: tuple[LineForm, ...]
    errors: tuple[RowTroubleView, ...]


class OrderSheetEndpoints:
    """Spreadsheets in and out."""

    def __init__(self, desk: OrderDesk, sheets: OrderSheets) -> None:
        self._desk = desk
        self._sheets = sheets

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/order-sheets/template",
                summary="An empty .xlsx file for the lines of an order, with hints",
                run=self.download_order_template,
                right=Right.ORDER_WRITE,
                answer=FileAnswer,
                answer_media_type=XLSX,
            ),
            Endpoint(
                method="POST",
                path="/order-sheets",
                summary="Read the lines of an order from an .xlsx; nothing is ordered yet",
                run=self.read_order_sheet,
                right=Right.ORDER_WRITE,
                max_file_bytes=MAX_SHEET_BYTES,
                answer=SheetLinesView,
                is_recorded=False,
                refusals=(413,),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/numbers/file",
                summary="The numbers that were issued of an order, as an .xlsx with their cities",
                run=self.download_order_numbers,
                right=Right.ORDER_READ,
                answer=FileAnswer,
                answer_media_type=XLSX,
                refusals=(404,),
            ),
        )

    async def download_order_template(self, _: Asked) -> FileAnswer:
        """An empty sheet."""
        return FileAnswer(self._sheets.template())

    async def read_order_sheet(self, asked: Asked) -> SheetLinesView:
        """What a sheet says."""
        found = await self._sheets.read(asked.body)
        errors = tuple(
            RowTroubleView(
                row=trouble.row,
                column=trouble.problem.column,
                value=trouble.problem.value,
                code=trouble.problem.code,
                message=trouble.problem.message,
                hint=trouble.problem.hint,
            )
            for trouble in found.troubles
        )
        return SheetLinesView(lines=found.lines, errors=errors)

    async def download_order_numbers(self, asked: Asked) -> FileAnswer:
        """The numbers of an order."""
        order_id, tenant_id = asked.path["order_id"], asked.caller.tenant_id
        order = await self._desk.find(order_id, tenant_id)
        found = [
            number
            for line in range(len(order.wish.lines))
            for number in await self._desk.numbers(order_id, line, tenant_id)
        ]
        return FileAnswer(self._sheets.numbers(found))
