"""What cells of an import say of a virtual number: its city, its kind, a note."""

from maskline.domain.area import Areas
from maskline.domain.virtual_number import MAX_NOTE, NumberKind, kind_of
from maskline.services.row_problem import RowCode
from maskline.services.sheet_table import RowReader

_KINDS = {
    NumberKind.CARRIER: ("运营商", "运营商号码", "carrier", "实号"),
    NumberKind.VIRTUAL_OPERATOR: (
        *("虚拟运营商", "虚拟运营商号码", "虚号"),
        *("virtual_operator", "virtual operator", "mvno"),
    ),
}


def read_city(reader: RowReader, areas: Areas, number: str, known: str | None) -> str:
    """The area code of the column `city`; of an empty cell what is known, or the number tells.

    Raises RowProblem.
    """
    text = reader.text("city")
    if not text:
        home = areas.home_of(number)
        if known is not None or home is not None:
            return known or (home.code if home else "")
        raise reader.problem(
            RowCode.UNKNOWN_CITY, "city", "is empty, and the number does not tell", "name it"
        )
    area = areas.named(text)
    if area is None:
        near = areas.nearest(text)
        hint = f"nearest: {near.city} {near.code}" if near else "such as 深圳 or 0755"
        raise reader.problem(RowCode.UNKNOWN_CITY, "city", "is no city that is known", hint)
    return area.code


def read_kind(reader: RowReader, number: str, known: NumberKind | None) -> NumberKind:
    """The kind of the column `kind`; of an empty cell what is known, or the number tells.

    Raises RowProblem.
    """
    text = reader.text("kind").casefold()
    if not text:
        return known or kind_of(number)
    for kind, names in _KINDS.items():
        if text in names:
            return kind
    raise reader.problem(
        RowCode.UNKNOWN_KIND, "kind", "is no kind that is known", "运营商 or 虚拟运营商"
    )


def read_note(reader: RowReader) -> str:
    """The column `note`. Raises RowProblem."""
    note = reader.text("note")
    if len(note) > MAX_NOTE:
        raise reader.problem(RowCode.TOO_LONG, "note", f"has more than {MAX_NOTE} characters")
    return note
