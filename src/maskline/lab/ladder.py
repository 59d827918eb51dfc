"""The ladder of a masked call: what each phone sent and got, and what the customer was told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from maskline.lab.trace import TracedMessage

LANE = 26
"""Columns between two of the three lines."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line. `at` is in seconds from the first; `source` and `target` are `A`, `X`, `B`.

    A push to the customer goes from `X` to `customer`.
    """

    at: float
    source: str
    target: str
    what: str


def climb(
    of_a: Iterable[TracedMessage],
    of_b: Iterable[TracedMessage],
    pushes: Iterable[tuple[float, str]],
) -> list[Step]:
    """All steps in order of time; `pushes` are times of arrival and event names."""
    steps = [
        Step(m.at, party if m.is_sent else "X", "X" if m.is_sent else party, m.title)
        for party, messages in (("A", of_a), ("B", of_b))
        for m in messages
    ]
    steps += [Step(at, "X", "customer", what) for at, what in pushes]
    steps.sort(key=lambda step: step.at)
    begin = steps[0].at if steps else 0.0
    return [Step(round(s.at - begin, 3), s.source, s.target, s.what) for s in steps]


def draw(steps: Sequence[Step], heads: tuple[str, str, str]) -> str:
    """The ladder as text: three lines A, X, B."""
    lines = [" " * 9 + f"{heads[0]:<{LANE}}{heads[1]:<{LANE}}{heads[2]}"]
    lines += [f"{step.at:8.3f} {_rung(step)}" for step in steps]
    return "\n".join(lines)


def as_rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [{"at": s.at, "from": s.source, "to": s.target, "what": s.what} for s in steps]


def _rung(step: Step) -> str:
    if step.target == "customer":
        return "|".ljust(LANE) + f"*  push: {step.what}"
    is_left = "A" in (step.source, step.target)
    goes_right = (step.source, step.target) in {("A", "X"), ("X", "B")}
    arrow = _arrow(step.what, goes_right=goes_right)
    gap = "|" + " " * (LANE - 1)
    return f"|{arrow}|".ljust(2 * LANE) + "|" if is_left else f"{gap}|{arrow}|"


def _arrow(text: str, *, goes_right: bool) -> str:
    label = f" {text[: LANE - 6]} ".center(LANE - 2, "-")
    return f"{label}>" if goes_right else f"<{label}"
