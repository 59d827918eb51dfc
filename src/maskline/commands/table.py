"""Results as people read them: aligned columns, also with Chinese names in them."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import cast


def table(rows: Sequence[Mapping[str, object]], columns: Sequence[str], nothing: str) -> str:
    """The rows under their headings; `nothing` is said when there are none."""
    if not rows:
        return nothing
    lines = [[column.replace("_", " ").upper() for column in columns]]
    lines += [[written(row.get(column)) for column in columns] for row in rows]
    widths = [max(_width(line[index]) for line in lines) for index in range(len(columns))]
    return "\n".join("  ".join(map(_padded, line, widths)).rstrip() for line in lines)


def card(fields: Mapping[str, object]) -> str:
    """One thing, a field a line."""
    shown = {name.replace("_", " "): written(value) for name, value in fields.items()}
    widest = max(map(len, shown), default=0)
    return "\n".join(f"{name:<{widest}}  {value}".rstrip() for name, value in shown.items())


def written(value: object) -> str:
    """A JSON value as a cell."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(written, cast("list[object]", value))) or "-"
        case dict():
            fields = cast("dict[str, object]", value).items()
            return ", ".join(f"{name}={written(one)}" for name, one in fields if one) or "-"
        case _:
            # Control characters of a name must not reach the terminal.
            return "".join(c if c.isprintable() else "?" for c in str(value)) or "-"


def cut_note(shown: int, *, has_more: bool) -> str:
    """What is said under a list that was cut; empty when it is whole."""
    return f"{shown} are shown and there are more; --limit 0 shows all." if has_more else ""


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
