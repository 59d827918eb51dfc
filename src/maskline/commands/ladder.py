"""A call as a ladder: the two parties, the platform between them, and what it thought."""

from collections.abc import Mapping, Sequence
from typing import Any

LANE = 26
"""Columns between two of the three lines."""

_RIGHT = frozenset({"A>X", "X>B"})
_LEFT_LANE = frozenset({"A>X", "X>A"})
_MESSAGES = _LEFT_LANE | {"X>B", "B>X"}


def draw(steps: Sequence[Mapping[str, Any]]) -> str:
    """The steps as lines of text, the caller left, the callee right."""
    lines = [" " * 10 + f"{'A':<{LANE}}{'X':<{LANE}}B"]
    lines += [f"{step['at_s']:9.3f} {_rung(step['where'], step['what'])}" for step in steps]
    return "\n".join(lines)


def _rung(where: str, what: str) -> str:
    gap = "|".ljust(LANE)
    if where not in _MESSAGES:
        return f"{gap}* {where}: {what}"
    label = f" {what[: LANE - 6]} ".center(LANE - 2, "-")
    arrow = f"{label}>" if where in _RIGHT else f"<{label}"
    return f"|{arrow}|".ljust(2 * LANE) + "|" if where in _LEFT_LANE else f"{gap}|{arrow}|"
