import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "console/docs/zh").glob("*.md"))
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def _english(page: Path) -> str:
    return (ROOT / "console/docs/en" / page.name).read_text("utf-8")


def _shape(text: str) -> list[str]:
    """Headings by their depth, blocks by their language, tables by their columns."""
    shape: list[str] = []
    for line in text.splitlines():
        if line.startswith("#"):
            shape.append(line.split(" ")[0])
        elif re.fullmatch(r"\|[ :|-]+", line):
            shape.append(f"table of {line.count('|') - 1}")
        elif line.startswith("```"):
            shape.append(line)
    return shape


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_both_languages_have_the_same_headings_tables_and_blocks(page: Path):
    assert _shape(page.read_text("utf-8")) == _shape(_english(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_both_languages_name_the_same_codes_and_settings(page: Path):
    named = re.compile(r"`(\[\w+\] \w+|\w+)`|\b([178]\d{3}|10[12]\d{4})\b")
    said = [
        {match.group() for match in named.finditer(FENCED.sub("", text))}
        for text in (page.read_text("utf-8"), _english(page))
    ]
    assert said[0] == said[1]


def test_every_code_that_is_named_is_in_the_table():
    table = ROOT / "src/maskline/manage/resources/codes.csv"
    known = {row["code"] for row in csv.DictReader(table.read_text("utf-8").splitlines())}
    named: set[str] = set()
    for page in PAGES:
        # The page about moving names ranges of codes that are never sent.
        text = re.sub(r"8042.{0,40}8050", "", FENCED.sub("", page.read_text("utf-8")))
        named.update(re.findall(r"(?<![\d+`])(8[01]\d\d|75\d\d|10[12]\d{4})(?!\d)", text))
    assert named - known - {"8080", "8443"} == set()


def test_links_lead_to_pages_that_are_there():
    routes = {
        path
        for file in (ROOT / "console/src/pages").glob("*/routes.ts")
        for path in re.findall(r"path: '([^']+)'", file.read_text("utf-8"))
    }
    routes |= {f"/docs/{page.stem}" for page in PAGES}
    for page in PAGES:
        for text in (page.read_text("utf-8"), _english(page)):
            assert set(re.findall(r"\]\((/[^)#]*)", text)) <= routes
