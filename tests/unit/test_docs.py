"""What the documentation says exists."""

import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from maskline.cli import main

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
TWINS = [(ROOT / "README.md", ROOT / "README.zh-CN.md")]


def _shell_lines(page: Path) -> Iterator[str]:
    for block in re.findall(r"```sh\n(.*?)```", page.read_text(), flags=re.DOTALL):
        yield from block.replace("\\\n", " ").splitlines()


def _commands(page: Path) -> Iterator[list[str]]:
    for line in _shell_lines(page):
        for found in re.findall(r"(?:^|\$\()(?:\.venv/bin/)?maskline ([^>|)#]+)", line):
            yield shlex.split(found)


def _resolve(words: list[str]) -> tuple[click.Command | None, list[str]]:
    command: click.Command | None = main
    rest = words
    while isinstance(command, click.Group) and rest:
        command, rest = command.commands.get(rest[0]), rest[1:]
    return command, rest


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_documentation_leads_somewhere(page: Path):
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_line_is_one_that_the_command_line_takes(page: Path):
    for words in _commands(page):
        if words[0].startswith("-"):
            continue
        command, rest = _resolve(words)
        assert command is not None, f"{page.name}: maskline {' '.join(words)}"
        known = {option for parameter in command.params for option in parameter.opts}
        given = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert given <= known, f"{page.name}: maskline {' '.join(words)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_exists(page: Path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for line in _shell_lines(page):
        if line.startswith("make "):
            named = [word for word in line.partition("#")[0].split()[1:] if "=" not in word]
            assert set(named) <= targets, f"{page.name}: {line}"


def test_settings_page_is_made_from_the_settings():
    page = runpy.run_path(str(ROOT / "tools" / "settings_page.py"))["page"]
    assert (ROOT / "docs" / "settings.md").read_text() == page(), (
        "python tools/settings_page.py > docs/settings.md"
    )


@pytest.mark.parametrize("twins", TWINS, ids=lambda twins: twins[0].name)
def test_the_chinese_page_has_the_structure_of_the_english_one(twins: tuple[Path, Path]):
    english, chinese = (page.read_text() for page in twins)
    for mark in (r"^#+ ", r"^```", r"^\| ", r"^- "):
        counts = [len(re.findall(mark, text, flags=re.MULTILINE)) for text in (english, chinese)]
        assert counts[0] == counts[1], mark
