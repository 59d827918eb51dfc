"""The spreadsheets that imports give out: empty ones to fill in, and rows to be put right."""

import io

from maskline.domain.job import Job, RowOutcome
from maskline.services.job_store import JobStore
from maskline.services.number_import_rule import NUMBER_COLUMNS
from maskline.services.row_problem import reason_of
from maskline.services.sheet import NewSheet
from maskline.services.sheet_table import HINT_MARK
from maskline.services.sms_capability_import import SMS_COLUMNS
from maskline.services.stock_import import STOCK_COLUMNS

REASON = "原因 reason"
PAGE = 500
WIDTH = 22

_NUMBER_HINTS = {
    "number": f"{HINT_MARK} 必填，文本格式 / needed, as text: 17012345678",
    "city": "城市或区号 / city or area code: 深圳, 0755",
    "application": "必填，名称或 app_key / needed, name or key",
    "kind": "运营商 or 虚拟运营商; 空 = 按号段 / empty: by prefix",
    "sms": "是 or 否",
    "note": "不超过 200 字 / up to 200 characters",
    "supplier": "可空 / may be empty",
    "cost": "每月，分 / a month, in the minor unit: 350",
    "scheme": "1-6; 空 = 无需实名 / empty: no real name needed",
    "mode": "可空 / may be empty: AX, AXB, AXE, AXYB, X",
}


class ImportSheets:
    """Writes them with `new_sheet`."""

    def __init__(self, store: JobStore, new_sheet: NewSheet) -> None:
        self._store = store
        self._new_sheet = new_sheet

    def number_template(self) -> bytes:
        """An empty sheet of virtual numbers; its row of hints may stay."""
        head = [f"{names[0]} {name}" for name, names in NUMBER_COLUMNS.items()]
        hints = [_NUMBER_HINTS[name] for name in NUMBER_COLUMNS]
        return self._sheet("号码 numbers", head, hints)

    def stock_template(self) -> bytes:
        """An empty sheet of numbers for the stock; its row of hints may stay."""
        head = [f"{names[0]} {name}" for name, names in STOCK_COLUMNS.items()]
        hints = [_NUMBER_HINTS[name] for name in STOCK_COLUMNS]
        return self._sheet("库存 stock", head, hints)

    def sms_template(self) -> bytes:
        """An empty sheet of numbers and whether they have short messages."""
        head = [f"{names[0]} {name}" for name, names in SMS_COLUMNS.items()]
        return self._sheet("短信 sms", head, [_NUMBER_HINTS[name] for name in SMS_COLUMNS])

    async def errors(self, job: Job) -> bytes:
        """The rows of a job that have errors, as they were given, and why."""
        kept = [place for place, name in enumerate(job.header) if name != REASON]
        stream = io.BytesIO()
        sheet = self._new_sheet(stream, "错误 errors", [WIDTH] * len(kept) + [60])
        sheet.add([*(job.header[place] for place in kept), REASON], is_head=True)
        for outcome in (RowOutcome.ERROR, RowOutcome.FAILED):
            after = 0
            while rows := await self._store.job_rows(job.job_id, outcome, after, PAGE):
                for row in rows:
                    cells = [row.cells[place] if place < len(row.cells) else "" for place in kept]
                    sheet.add([*cells, reason_of(row)])
                after = rows[-1].number
        sheet.close()
        return stream.getvalue()

    def _sheet(self, title: str, *rows: list[str]) -> bytes:
        stream = io.BytesIO()
        sheet = self._new_sheet(stream, title, [WIDTH] * len(rows[0]))
        for place, row in enumerate(rows):
            sheet.add(row, is_head=place == 0)
        sheet.close()
        return stream.getvalue()
