"""SQL by name: statements stand in `sql/*.sql`, each under `-- name: its_name` and a sentence.

Parameters are written `$1`, `$2` as PostgreSQL takes them; SQLite gets `?1`, `?2`. What PostgreSQL
wants otherwise, or alone, stands in `sql/postgres/*.sql` under the same subject.
"""

import re
from collections.abc import Mapping
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"
_OWN = _FOLDER / "postgres"
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_BLANK = re.compile(r"\s+")
_PARAMETER = re.compile(r"\$(\d+)")


class NamedSql:
    """The statements of one subject, as attributes: `sql.bind_route`."""

    def __init__(self, text: str, *, mark: str = "?", shared: str = "") -> None:
        self.mark = mark
        # What this text says takes the place of what the shared one says.
        self._statements = _statements(shared, mark) | _statements(text, mark)

    @property
    def by_name(self) -> Mapping[str, str]:
        """All of them."""
        return self._statements

    def __getattr__(self, name: str) -> str:
        try:
            return self._statements[name]
        except KeyError:
            raise AttributeError(name) from None


def load_sql(subject: str) -> NamedSql:
    """The statements of `sql/<subject>.sql`, for SQLite."""
    return NamedSql(_read(_FOLDER / f"{subject}.sql"))


def load_postgres_sql(subject: str) -> NamedSql:
    """The same for PostgreSQL, with those of `sql/postgres/<subject>.sql` in their place."""
    own = _read(_OWN / f"{subject}.sql")
    return NamedSql(own, mark="$", shared=_read(_FOLDER / f"{subject}.sql"))


def names_of_postgres_sql() -> dict[str, str]:
    """What each statement for PostgreSQL is called: `subject.its_name`."""
    subjects = sorted({path.stem for path in (*_FOLDER.glob("*.sql"), *_OWN.glob("*.sql"))})
    return {
        statement: f"{subject}.{name}"
        for subject in subjects
        for name, statement in load_postgres_sql(subject).by_name.items()
    }


def shifted(statement: str, by: int) -> str:
    """The statement with its `$` parameters further on, to be part of another one."""
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + by}", statement)


def counted(statement: str) -> str:
    """How many rows a select without its page has."""
    return f"SELECT count(*) FROM ({statement}) AS counted"  # noqa: S608  # of our own text only


def paged(statement: str, first_parameter: int, mark: str = "?") -> str:
    """The select with limit and offset as its last two parameters."""
    return f"{statement} LIMIT {mark}{first_parameter} OFFSET {mark}{first_parameter + 1}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _statements(text: str, mark: str) -> dict[str, str]:
    parts = _NAME.split(text)
    statements: dict[str, str] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        if name in statements:
            raise ValueError(f"{name} is there twice")
        statement = _BLANK.sub(" ", _COMMENT.sub("", body)).strip().removesuffix(";")
        statements[name] = _PARAMETER.sub(rf"{mark}\1", statement)
    return statements
