"""Marks of problems as rows, for the databases."""

from typing import Any

from maskline.domain.problem import ProblemMark
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none


def row_of(mark: ProblemMark) -> tuple[Any, ...]:
    """The row to write."""
    return (
        mark.problem_id,
        mark.app_key,
        mark.marked_by,
        to_us(mark.marked_at),
        to_us_or_none(mark.muted_until),
        mark.note,
    )


def mark_of(row: tuple[Any, ...]) -> ProblemMark:
    """What was written."""
    problem_id, app_key, marked_by, marked_at, muted_until, note = row
    return ProblemMark(
        problem_id=problem_id,
        app_key=app_key,
        marked_by=marked_by,
        marked_at=from_us(marked_at),
        muted_until=from_us_or_none(muted_until),
        note=note,
    )
