"""What a unit of work is counted under."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any


def unit_name(unit: Callable[..., Any]) -> str:
    """The subject of a unit and the function that does it, as in `outbox.settle`."""
    work = unit.func if isinstance(unit, partial) else unit
    return _name(work.__module__, work.__name__)


@lru_cache(maxsize=500)
def _name(module: str, function: str) -> str:
    return f"{module.rpartition('.')[2]}.{function.strip('_<>')}"
