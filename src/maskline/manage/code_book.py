"""What codes mean and what to do about them: one table for the API, the console and the docs."""

import csv
import io
from importlib.resources import files
from typing import Literal

from msgspec import Struct

from maskline.manage.endpoint import Asked, Endpoint

CodeKind = Literal["release", "result", "message"]


class CodeWords(Struct, frozen=True, kw_only=True):
    """What a code means, and what to do about it, in one language."""

    text: str
    cure: str


class CodeView(Struct, frozen=True, kw_only=True):
    """A code of the compatible interface.

    `release` codes say why a call ended, `result` codes answer requests, `message` codes say what
    became of a short message.
    """

    kind: CodeKind
    code: str
    en: CodeWords
    zh: CodeWords


class CodesView(Struct, frozen=True, kw_only=True):
    """All codes, by kind, in the order of the table."""

    items: tuple[CodeView, ...]


def read_codes() -> tuple[CodeView, ...]:
    """The table that is shipped."""
    text = files("maskline.manage").joinpath("resources", "codes.csv").read_text("utf-8")
    return tuple(_code(row) for row in csv.DictReader(io.StringIO(text)))


def _code(row: dict[str, str]) -> CodeView:
    kind = row["kind"]
    return CodeView(
        kind="release" if kind == "release" else "result" if kind == "result" else "message",
        code=row["code"],
        en=CodeWords(text=row["en"], cure=row["cure_en"]),
        zh=CodeWords(text=row["zh"], cure=row["cure_zh"]),
    )


class CodeEndpoints:
    """The table, for everybody."""

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The one."""
        return (
            Endpoint(
                method="GET",
                path="/codes",
                summary="What every code of the customers' interface means, and what to do",
                run=self.list_codes,
                answer=CodesView,
                is_open=True,
            ),
        )

    async def list_codes(self, _: Asked) -> CodesView:
        """All of them."""
        return CodesView(items=read_codes())
