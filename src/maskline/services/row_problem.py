"""What can be wrong with a row of a spreadsheet: a code for programs, a sentence for people."""

from dataclasses import dataclass, field
from enum import StrEnum

from maskline.domain.job import JobRow, RowOutcome


class RowCode(StrEnum):
    """Codes of rows, listed in `docs/jobs.md`."""

    TWICE = "M2101"
    NO_NUMBER = "M2102"
    DIGITS_LOST = "M2103"
    OTHER_APPLICATION = "M2104"
    UNKNOWN_CITY = "M2105"
    UNKNOWN_KIND = "M2106"
    UNKNOWN_APPLICATION = "M2107"
    APPLICATION_NOT_NORMAL = "M2108"
    OTHER_MODE = "M2109"
    NOT_AVAILABLE = "M2110"
    NO_SMS = "M2111"
    STATE_FORBIDS = "M2112"
    OVER_QUOTA = "M2113"
    FORMULA = "M2114"
    MERGED = "M2115"
    NO_CHOICE = "M2116"
    TOO_LONG = "M2117"
    HAS_BINDINGS = "M2118"
    NOT_THERE = "M2119"
    BAD_VALUE = "M2120"


CHINESE = {
    RowCode.TWICE: "号码在文件中重复",
    RowCode.NO_NUMBER: "号码格式错误",
    RowCode.DIGITS_LOST: "号码被表格存为数字，可能已丢失位数",
    RowCode.OTHER_APPLICATION: "号码属于其他应用",
    RowCode.UNKNOWN_CITY: "城市或区号未知",
    RowCode.UNKNOWN_KIND: "号码类型未知",
    RowCode.UNKNOWN_APPLICATION: "应用不存在",
    RowCode.APPLICATION_NOT_NORMAL: "应用状态不正常",
    RowCode.OTHER_MODE: "应用的模式不同",
    RowCode.NOT_AVAILABLE: "号码不可用",
    RowCode.NO_SMS: "应用未开通短信",
    RowCode.STATE_FORBIDS: "号码状态不允许修改",
    RowCode.OVER_QUOTA: "超出号码配额",
    RowCode.FORMULA: "单元格是公式",
    RowCode.MERGED: "单元格被合并",
    RowCode.NO_CHOICE: "应填写“是”或“否”",
    RowCode.TOO_LONG: "备注过长",
    RowCode.HAS_BINDINGS: "号码仍有绑定",
    RowCode.NOT_THERE: "没有这个号码",
    RowCode.BAD_VALUE: "取值不正确",
}


@dataclass(frozen=True, slots=True)
class RowProblem(Exception):
    """Why nothing is done with a row: which column, its value, what is wrong, what to do."""

    code: RowCode
    column: str
    value: str = field(repr=False)
    message: str
    hint: str = ""


def problem_row(number: int, problem: RowProblem, cells: tuple[str, ...] = ()) -> JobRow:
    """The row of a job that says so."""
    return JobRow(
        number=number,
        outcome=RowOutcome.ERROR,
        column=problem.column,
        value=problem.value,
        code=problem.code,
        message=problem.message,
        hint=problem.hint,
        cells=cells,
    )


def reason_of(row: JobRow) -> str:
    """What is wrong with a row, in both languages, for people who open the file."""
    chinese = CHINESE[RowCode(row.code)] if row.code in set(RowCode) else ""
    told = "; ".join(part for part in (row.message, row.hint) if part)
    return f"{row.code} {chinese} / {told}"
