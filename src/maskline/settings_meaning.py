"""What settings mean, as the docstrings of their sections say."""

import inspect
import re
from collections.abc import Mapping

UNITS = ("ms", "s", "minutes", "h", "days", "bytes", "mb", "percent")


def meanings(section: type) -> Mapping[str, str]:
    """The sentence of each setting of a section by its name: the `name: sentence` entries."""
    joined = re.sub(r"\n {4,}", " ", inspect.getdoc(section) or "")
    return {
        name: meaning.strip()
        for name, meaning in re.findall(r"^(\w+): (.*)$", joined, flags=re.MULTILINE)
    }


def unit_of(name: str) -> str:
    """The unit that the name of a setting ends in; empty for what is counted or has none."""
    head, _, last = name.rpartition("_")
    if last in UNITS and head.endswith("_per"):
        return f"1/{last}"
    return last if head and last in UNITS else ""
