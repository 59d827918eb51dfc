"""SQL by name: statements stand in `sql/*.sql`, each under `-- name: its_name` and a sentence.

Parameters are written `$1`, `$2` as PostgreSQL takes them; SQLite gets `?1`, `?2`.
"""

import re
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_BLANK = re.compile(r"\s+")
_PARAMETER = re.compile(r"\$(\d+)")


class NamedSql:
    """The statements of one subject, as attributes: `sql.bind_route`."""

    def __init__(self, text: str) -> None:
        parts = _NAME.split(text)
        self._statements: dict[str, str] = {}
        for name, body in zip(parts[1::2], parts[2::2], strict=True):
            if name in self._statements:
                raise ValueError(f"{name} is there twice")
            statement = _BLANK.sub(" ", _COMMENT.sub("", body)).strip().removesuffix(";")
            self._statements[name] = _PARAMETER.sub(r"?\1", statement)

    def __getattr__(self, name: str) -> str:
        try:
            return self._statements[name]
        except KeyError:
            raise AttributeError(name) from None


def load_sql(subject: str) -> NamedSql:
    """The statements of `sql/<subject>.sql`."""
    return NamedSql((_FOLDER / f"{subject}.sql").read_text(encoding="utf-8"))


def counted(statement: str) -> str:
    """How many rows a select without its page has."""
    return f"SELECT count(*) FROM ({statement})"  # noqa: S608  # of our own text only


def paged(statement: str, first_parameter: int) -> str:
    """The select with limit and offset as its last two parameters."""
    return f"{statement} LIMIT ?{first_parameter} OFFSET ?{first_parameter + 1}"
