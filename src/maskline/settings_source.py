"""Reading what an operator wrote, with the place it was written at."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from maskline.domain.error import MasklineError

MAX_FILE_BYTES = 1_000_000


class SettingsError(MasklineError):
    """The operator's settings cannot be used.

    `where` names the file and line, or the environment variable; `key` is `section.key`.
    """

    def __init__(self, where: str, key: str, detail: str) -> None:
        super().__init__(": ".join(part for part in (where, key, detail) if part))
        self.where = where
        self.key = key
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Given:
    """A value somebody wrote, and where; `is_text` values may stand for numbers ("8080")."""

    value: object
    origin: str
    is_text: bool


def read_file(path: Path, known: Mapping[str, tuple[str, ...]]) -> dict[str, Given]:
    """The settings of a TOML file by `section.key`.

    `known` has the keys of each section. Raises SettingsError for what cannot be read, is no
    TOML, or is not known.
    """
    text = _read_text(path)
    try:
        tables = cast("dict[str, object]", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(path), "", f"not valid TOML: {error}") from error
    lines = dict(_lines_of_keys(text))
    given: dict[str, Given] = {}
    for section, table in tables.items():
        where = f"{path}:{lines.get(section, 1)}"
        if section not in known:
            raise SettingsError(where, section, f"unknown section{nearest(section, known)}")
        if not isinstance(table, dict):
            raise SettingsError(where, section, f"is a section: write [{section}]")
        for key, value in cast("dict[str, object]", table).items():
            name = f"{section}.{key}"
            where = f"{path}:{lines.get(name, 1)}"
            if key not in known[section]:
                raise SettingsError(where, name, f"unknown setting{nearest(key, known[section])}")
            given[name] = Given(value, where, is_text=False)
    return given


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of an error about an unknown name: the likely one, or all there are."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(names)}"


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise SettingsError(str(path), "", f"cannot be read: {error.strerror}") from error
    if len(content) > MAX_FILE_BYTES:
        raise SettingsError(str(path), "", f"is larger than {MAX_FILE_BYTES} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise SettingsError(str(path), "", "is not UTF-8 text") from error


_HEADER = re.compile(r"\s*\[\s*([\w-]+)\s*\]")
_KEY = re.compile(r"\s*\"?([\w-]+)\"?\s*=")


def _lines_of_keys(text: str) -> Iterator[tuple[str, int]]:
    """Line numbers of `section` and `section.key`; tomllib does not tell them."""
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            section = header[1]
            yield section, number
        elif key := _KEY.match(line):
            yield (f"{section}.{key[1]}" if section else key[1]), number
