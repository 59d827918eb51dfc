"""What the oldest Python we run on, Debian 12's 3.11.2, gets wrong, and we must not write."""

import re
from pathlib import Path

import pytest

import maskline

SOURCE = Path(maskline.__file__).parent
_POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\}|\{\{\d*,?\d*\}\})\+(?!=)")


def _patterns() -> list[tuple[str, str]]:
    lines = [
        (f"{path.relative_to(SOURCE)}:{number}", line)
        for path in sorted(SOURCE.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
    ]
    return [(place, line) for place, line in lines if re.search(r"""\br[bf]?["']""", line)]


def test_no_group_of_a_pattern_is_repeated_possessively():
    """Before 3.11.5 such a group matches half of its last round (python/cpython#106052)."""
    assert [place for place, line in _patterns() if _POSSESSIVE_GROUP.search(line)] == []


@pytest.mark.parametrize("pattern", ["(?:a)*+", "(a)++", "(?:ab)?+", "(?:ab){1,5}+"])
def test_the_search_knows_such_a_group(pattern: str):
    assert _POSSESSIVE_GROUP.search(pattern)


@pytest.mark.parametrize("pattern", ["[ab]*+", r"\s++", "(?:a)*", r"(\+86)\+"])
def test_the_search_leaves_others(pattern: str):
    assert not _POSSESSIVE_GROUP.search(pattern)
