"""Times as the databases keep them: whole microseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Exact microseconds of an aware time."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(microseconds: int) -> datetime:
    """The aware UTC time of `microseconds`."""
    return _EPOCH + timedelta(microseconds=microseconds)


def to_us_or_none(moment: datetime | None) -> int | None:
    """As `to_us`; None stays None."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def from_us_or_none(microseconds: int | None) -> datetime | None:
    """As `from_us`; None stays None."""
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)
