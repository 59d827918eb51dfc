"""What PostgreSQL says went wrong, as errors of ours."""

import psycopg

from maskline.domain.error import StoreFailed
from maskline.stores.postgres.lane import UnitRefused

_INTEGRITY = "23"  # classes of SQLSTATE (PostgreSQL, appendix A)
# Connection lost, out of resources, an operator stops it, a system error.
_SERVER_IN_NEED = ("08", "53", "57", "58")
# Serialization failure and deadlock: the unit was undone and may win when it is run again
# (PostgreSQL 13.5, "Serialization Failure Handling"; CockroachDB and YugabyteDB ask the same).
_LOST = frozenset({"40001", "40P01"})


class ConstraintBroken(UnitRefused):
    """A row that a key, a reference or a check of the schema forbids; nothing was kept.

    `constraint` is its name in the schema.
    """

    def __init__(self, constraint: str) -> None:
        super().__init__(f"{constraint} forbids this")
        self.constraint = constraint


class NoSuchValue(UnitRefused):
    """A parameter that no column can hold, such as text with a NUL."""


def has_lost(error: psycopg.Error) -> bool:
    """Whether the unit was undone because of another one beside it."""
    return error.sqlstate in _LOST


def is_lost_line(error: psycopg.Error) -> bool:
    """Whether the connection is lost."""
    return isinstance(error, psycopg.OperationalError) and (
        error.sqlstate is None or error.sqlstate.startswith("57P")
    )


def translated(error: psycopg.Error) -> StoreFailed:
    """What the caller is told."""
    state = error.sqlstate or ""
    if state.startswith(_INTEGRITY):
        return ConstraintBroken(error.diag.constraint_name or "the schema")
    if isinstance(error, psycopg.DataError):
        return NoSuchValue("a value that the database cannot keep")
    if isinstance(error, psycopg.errors.QueryCanceled):
        return StoreFailed("the database took too long")
    if not state or state.startswith(_SERVER_IN_NEED):
        return StoreFailed("the database server cannot be used")
    return UnitRefused("a unit of work failed")
