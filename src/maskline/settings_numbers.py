"""The `[numbers]` section: what becomes of virtual numbers."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct


class NumbersSection(Struct, frozen=True, kw_only=True):
    """What becomes of virtual numbers that are given back.

    rest_days: days for which a number that was given back is issued to nobody.
    zone: whose calendar says when the 25th of a month and the month itself end, and when rent is
        due.
    """

    rest_days: Annotated[int, Meta(ge=0, le=3650)] = 90
    zone: Annotated[str, Meta(min_length=1, max_length=64)] = "Asia/Shanghai"


def is_zone(name: str) -> bool:
    """Whether there is such a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
