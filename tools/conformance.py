"""Write docs/compatibility.md from the tables in docs/conformance/.

Usage: `python tools/conformance.py > docs/compatibility.md`.

A table is one TOML file: a `title`, a `kind` (one of `COLUMNS`), perhaps a `text` above it, and
a `[[row]]` for each row. A row names the tests that show it, or says in `untested` why there is
none; a call outcome also names in `calls` those that make the call over SIP, or says why not in
`uncalled`. A test is named as pytest does, without parameters.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "docs" / "conformance"

ORDER = (
    "interfaces",
    "requests",
    "authentication",
    "events",
    "sound",
    "recording",
    "call-stop",
    "prompts",
    "number-state",
    "registration",
    "ax",
    "axb-bind",
    "axb-change",
    "axe",
    "axyb",
    "x",
    "messages",
    "message-results",
    "outcomes-ax",
    "outcomes-axb",
    "outcomes-axe",
    "outcomes-axyb",
    "outcomes-x",
    "missing",
)
"""The files in the order of the page."""

COLUMNS = {
    "points": {
        "point": "point",
        "does": "what maskline does",
        "why": "why",
        "tests": "shown by",
    },
    "interfaces": {"point": "interface", "does": "what maskline does", "tests": "shown by"},
    "outcomes": {
        "number": "row",
        "point": "situation",
        "does": "code and what happens",
        "tests": "the table",
        "calls": "over SIP",
    },
}
"""The columns of each kind of table: field of a row, heading."""

REASONS = {"tests": "untested", "calls": "uncalled"}
"""The field that says why no test is named."""


class Row(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A row: what it is about, what maskline does and why, and what shows it."""

    point: str
    does: str
    number: str = ""
    why: str = ""
    tests: list[str] = []
    untested: str = ""
    calls: list[str] = []
    uncalled: str = ""


class Table(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A section of the page."""

    title: str
    kind: Literal["points", "interfaces", "outcomes"] = "points"
    text: str = ""
    row: list[Row]

    def evidence(self) -> list[str]:
        """The columns that name tests."""
        return [column for column in COLUMNS[self.kind] if column in REASONS]


def read(name: str) -> Table:
    """The table of a file.

    Raises `msgspec.ValidationError`, naming the key, when the file has another form.
    """
    return msgspec.toml.decode((TABLES / f"{name}.toml").read_bytes(), type=Table)


def page() -> str:
    """The whole page."""
    parts = [(TABLES / "introduction.md").read_text().rstrip()]
    for table in map(read, ORDER):
        parts += [f"## {table.title}", *([table.text.strip()] if table.text else [])]
        parts.append("\n".join(_lines(table)))
    return "\n\n".join(parts) + "\n"


def _lines(table: Table) -> list[str]:
    columns = {
        field: heading
        for field, heading in COLUMNS[table.kind].items()
        if field in REASONS or any(getattr(row, field) for row in table.row)
    }
    cells = [[_cell(row, field) for field in columns] for row in table.row]
    return [_line(columns.values()), _line("---" for _ in columns), *map(_line, cells)]


def _cell(row: Row, field: str) -> str:
    value = getattr(row, field)
    if field not in REASONS:
        return value.replace("|", "\\|")
    return _links(value) if value else f"no test: {getattr(row, REASONS[field])}"


def _links(nodes: list[str]) -> str:
    """One link for each file, short enough for a column; pointing at it tells the tests."""
    files: dict[str, list[str]] = {}
    for node in nodes:
        file, _, test = node.partition("::")
        files.setdefault(file, []).append(test.rpartition("::")[2])
    return ", ".join(
        f'[{Path(file).stem.removeprefix("test_")}](../{file} "{", ".join(tests)}")'
        for file, tests in files.items()
    )


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(page())
