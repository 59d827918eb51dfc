"""What a process may run."""

from dataclasses import dataclass
from enum import StrEnum


class Plane(StrEnum):
    """What a process may run; the embedded default runs all of it."""

    API = "api"
    MANAGE = "manage"
    CALL = "call"
    MESSAGES = "messages"
    DELIVERY = "delivery"


ALL_PLANES = frozenset(Plane)


@dataclass(frozen=True, slots=True)
class PlaneFailed:
    """A plane that ended although nobody stopped it."""

    name: str
    error: BaseException | None
