"""Hours and months that runs are for: hours of UTC, months of the zone that rent is due in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

RENT_DELAY = timedelta(minutes=10)
"""Rent of a month is charged from the 1st, 00:10 on (`spec/console.md` 5)."""

_HOUR = "%Y-%m-%dT%H"
_MOMENT = "%Y-%m-%dT%H:%M:%S.%f"


def hour_of(now: datetime) -> str:
    """The period of the run that charges what was over when this hour began."""
    return now.astimezone(UTC).strftime(_HOUR)


def moment_of(now: datetime) -> str:
    """The period of a run that is asked for and charges what is over now."""
    return now.astimezone(UTC).strftime(_MOMENT)


def end_of(period: str) -> datetime:
    """Up to when a run charges what is over."""
    form = _MOMENT if "." in period else _HOUR
    return datetime.strptime(period, form).replace(tzinfo=UTC)


def rent_month(now: datetime, zone: ZoneInfo) -> str:
    """The latest month that rent is due for, such as `2026-12`."""
    # Of wall clocks, not of time that passed: the 1st of a month may begin with a shifted clock.
    local = now.astimezone(zone).replace(tzinfo=None) - RENT_DELAY
    return local.strftime("%Y-%m")


def month_of(now: datetime, zone: ZoneInfo) -> str:
    """The month that a moment lies in."""
    return now.astimezone(zone).strftime("%Y-%m")


def day_start(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the day began that a moment lies in."""
    local = moment.astimezone(zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def month_start(month: str, zone: ZoneInfo) -> datetime:
    """When it begins. Raises ValueError for what is no month."""
    return datetime.strptime(month, "%Y-%m").replace(tzinfo=zone).astimezone(UTC)


def month_end(month: str, zone: ZoneInfo) -> datetime:
    """When the next one begins. Raises ValueError for what is no month."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=zone)
    later = (first.year + first.month // 12, first.month % 12 + 1)
    return first.replace(year=later[0], month=later[1]).astimezone(UTC)
