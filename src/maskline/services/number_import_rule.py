"""What a row of a number import means: a number to add or change, nothing, or what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from maskline.domain.application import Application, ApplicationState
from maskline.domain.area import Areas
from maskline.domain.job import JobRow, RowOutcome
from maskline.domain.virtual_number import NumberKind, NumberState, VirtualNumber
from maskline.services.import_cell import read_city, read_kind, read_note
from maskline.services.row_problem import RowCode, RowProblem, problem_row
from maskline.services.sheet import SheetRow
from maskline.services.sheet_table import RowReader, SheetTable

NUMBER_COLUMNS = {
    "number": ("号码", "number", "x", "隐私号码"),
    "city": ("城市", "city", "区号", "area", "area_code", "归属城市"),
    "application": ("应用", "application", "app", "app_key", "应用名称"),
    "kind": ("类型", "kind", "号码类型"),
    "sms": ("短信", "sms", "短信能力"),
    "note": ("备注", "note", "notes"),
    "mode": ("模式", "mode"),
}
NEEDED_COLUMNS = ("number", "application")

_FIXED = frozenset(NumberState) - {
    NumberState.NORMAL,
    NumberState.PAUSED,
    NumberState.BINDING_FROZEN,
}


class NumberPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a row asks for: the number as it is to be."""

    number: str
    app_key: str
    area_code: str
    kind: NumberKind
    may_message: bool
    note: str

    def is_kept_by(self, number: VirtualNumber) -> bool:
        """Whether a number is so already."""
        return self == NumberPlan(
            number=number.number,
            app_key=number.app_key,
            area_code=number.area_code,
            kind=number.kind,
            may_message=number.may_message,
            note=number.note,
        )


class OwnApplications:
    """The applications that an import may name, by key or by name."""

    def __init__(self, applications: Iterable[Application]) -> None:
        self.by_key = {application.app_key: application for application in applications}
        self._by_name: dict[str, list[Application]] = {}
        for application in self.by_key.values():
            self._by_name.setdefault(application.name, []).append(application)

    def find(self, text: str) -> Application | None:
        """The application of this key or name; None also when several have the name."""
        named = self._by_name.get(text, [])
        return self.by_key.get(text) or (named[0] if len(named) == 1 else None)


@dataclass(slots=True)
class NumberRules:
    """What rows are judged by; it remembers the numbers it has seen.

    `room` is how many numbers the tenant may still add, None as many as it likes.
    """

    table: SheetTable
    applications: OwnApplications
    areas: Areas
    room: int | None = None
    _seen: dict[str, int] = field(default_factory=dict[str, int])

    def number_of(self, row: SheetRow) -> str | None:
        """The number of a row that has one, to be looked up before the row is judged."""
        try:
            return self.table.reader(row).number("number")
        except RowProblem:
            return None

    def judge(self, row: SheetRow, known: Mapping[str, VirtualNumber]) -> JobRow:
        """What is to become of a row; `known` has what is in the store of its number."""
        cells = self.table.cells(row)
        try:
            reader = self.table.reader(row)
            number = self._number(reader, row.number)
            application = self._application(reader)
            existing = self._existing(reader, known.get(number), application)
            plan = self._plan(reader, number, application, existing)
            outcome = self._outcome(reader, plan, existing)
        except RowProblem as problem:
            return problem_row(row.number, problem, cells)
        return JobRow(
            number=row.number,
            outcome=outcome,
            value=number,
            cells=cells,
            plan=msgspec.json.encode(plan),
        )

    def _number(self, reader: RowReader, place: int) -> str:
        number = reader.number("number")
        first = self._seen.setdefault(number, place)
        if first != place:
            raise reader.problem(RowCode.TWICE, "number", f"is the same as row {first}", "keep one")
        return number

    def _application(self, reader: RowReader) -> Application:
        text = reader.text("application")
        application = self.applications.find(text)
        if application is None:
            hint = "give its key, or a name that only one has"
            message = "is no application of yours" if text else "names no application"
            raise reader.problem(RowCode.UNKNOWN_APPLICATION, "application", message, hint)
        if application.state is not ApplicationState.NORMAL:
            raise reader.problem(
                RowCode.APPLICATION_NOT_NORMAL, "application", f"is {application.state}"
            )
        mode = reader.text("mode").casefold()
        if mode not in {"", application.mode}:
            message = f"is not the mode of {application.name}: that is {application.mode.upper()}"
            raise reader.problem(RowCode.OTHER_MODE, "mode", message)
        return application

    def _existing(
        self, reader: RowReader, existing: VirtualNumber | None, application: Application
    ) -> VirtualNumber | None:
        """The number in the store, if it is the application's."""
        if existing is None or existing.app_key == application.app_key:
            return existing
        other = self.applications.by_key.get(existing.app_key)
        if other is not None and other.tenant_id == application.tenant_id:
            hint = "assign it to this application on the page of numbers"
            message = f"belongs to the application {other.name}"
            raise reader.problem(RowCode.OTHER_APPLICATION, "number", message, hint)
        # Whose it is, is nobody else's business.
        raise reader.problem(RowCode.NOT_AVAILABLE, "number", "is not available")

    def _plan(
        self,
        reader: RowReader,
        number: str,
        application: Application,
        existing: VirtualNumber | None,
    ) -> NumberPlan:
        wants_sms = reader.choice("sms")
        if wants_sms and not application.may_message:
            raise reader.problem(
                RowCode.NO_SMS, "sms", f"{application.name} has no short messages", "write 否"
            )
        note = read_note(reader) or (existing.note if existing else "")
        if wants_sms is None:
            wants_sms = existing.may_message if existing else True
        return NumberPlan(
            number=number,
            app_key=application.app_key,
            area_code=read_city(
                reader, self.areas, number, existing.area_code if existing else None
            ),
            kind=read_kind(reader, number, existing.kind if existing else None),
            may_message=wants_sms,
            note=note,
        )

    def _outcome(
        self, reader: RowReader, plan: NumberPlan, existing: VirtualNumber | None
    ) -> RowOutcome:
        if existing is None:
            if self.room is not None:
                if self.room <= 0:
                    raise reader.problem(RowCode.OVER_QUOTA, "number", "is beyond your quota")
                self.room -= 1
            return RowOutcome.CHANGE
        if plan.is_kept_by(existing):
            return RowOutcome.UNCHANGED
        if existing.state in _FIXED:
            raise reader.problem(
                RowCode.STATE_FORBIDS, "number", f"is {existing.state}; nothing of it changes"
            )
        return RowOutcome.CHANGE
