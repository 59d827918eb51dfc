"""The tables of what maskline does where the documents of the original are open, and its page."""

import ast
import runpy
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "conformance.py"))
TABLES = {name: TOOL["read"](name) for name in TOOL["ORDER"]}


@cache
def _tests(file: str) -> frozenset[str]:
    """The tests that a file defines, those of a class behind its name."""
    path = ROOT / file
    return frozenset(_defined(ast.parse(path.read_text()))) if path.is_file() else frozenset()


def _defined(node: ast.Module | ast.ClassDef, prefix: str = "") -> list[str]:
    found: list[str] = []
    for child in node.body:
        if isinstance(child, ast.ClassDef):
            found += [prefix + child.name, *_defined(child, f"{prefix}{child.name}::")]
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(prefix + child.name)
    return [name for name in found if name.rpartition("::")[2].startswith(("test_", "Test"))]


@pytest.fixture(params=TABLES.values(), ids=TABLES)
def table(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_the_page_is_made_from_the_tables():
    assert (ROOT / "docs" / "compatibility.md").read_text() == TOOL["page"](), (
        "python tools/conformance.py > docs/compatibility.md"
    )


def test_every_table_has_its_place_on_the_page():
    assert sorted(TABLES) == sorted(path.stem for path in TOOL["TABLES"].glob("*.toml"))


def test_every_test_that_a_row_names_exists(table: Any):
    named = [node for row in table.row for node in row.tests + row.calls]
    missing = [
        node for node in named if node.partition("::")[2] not in _tests(node.partition("::")[0])
    ]

    assert missing == []


def test_every_row_names_its_tests_or_says_why_there_is_none(table: Any):
    for column in table.evidence():
        reason = TOOL["REASONS"][column]
        silent = [
            r.point for r in table.row if bool(getattr(r, column)) == bool(getattr(r, reason))
        ]
        assert silent == []


def test_no_table_names_a_point_twice(table: Any):
    counts = Counter(row.point for row in table.row)

    assert [point for point, count in counts.items() if count > 1] == []
