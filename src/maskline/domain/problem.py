"""Failures that have a cause in common, and what somebody said about them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemMark:
    """Somebody knows of a problem; until `muted_until`, if there is one, it is not shown."""

    problem_id: str
    app_key: str
    marked_by: str
    marked_at: datetime
    muted_until: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What keeps failing.

    `kind` is `call`, `push`, `api`, `refusal`, `complaint`, `stock`, `reveal` or `balance`, `cause`
    a release or result code, a rule, the purpose of a push and what became of it, that there are
    many complaints, the city of which too few numbers are in stock, who was shown many numbers, or
    what the balance of a tenant has come to: `low`, `arrears`, `released`. `trend` counts by five
    minutes of the last hour.
    """

    problem_id: str
    kind: str
    app_key: str
    cause: str
    count: int
    first_at: datetime
    last_at: datetime
    trend: tuple[int, ...]
    mark: ProblemMark | None = None
