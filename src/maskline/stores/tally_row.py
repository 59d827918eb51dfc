"""Sums as rows, for the databases."""

from collections.abc import Iterable
from typing import Any

from maskline.domain.tally import Tally
from maskline.stores.moment import from_us, to_us


def rows_of(tallies: Iterable[Tally]) -> list[tuple[Any, ...]]:
    """A row for each key, in the order of keys: in which all who write take their locks."""
    rows: dict[tuple[Any, ...], list[Any]] = {}
    for tally in tallies:
        key = (tally.subject, to_us(tally.slot), tally.app_key, tally.name)
        first_at, last_at = to_us(tally.first_at), to_us(tally.last_at)
        known = rows.get(key)
        if known is None:
            rows[key] = [first_at, last_at, *tally.sums]
            continue
        sums = (had + more for had, more in zip(known[2:], tally.sums, strict=True))
        rows[key] = [min(known[0], first_at), max(known[1], last_at), *sums]
    return [(*key, *rows[key]) for key in sorted(rows)]


def tally_of(subject: str, row: tuple[Any, ...]) -> Tally:
    """The sums of a row: slot, application, name, first, last, sums."""
    slot, app_key, name, first_at, last_at, *sums = row
    return Tally(
        subject=subject,
        slot=from_us(slot),
        app_key=app_key,
        name=name,
        first_at=from_us(first_at),
        last_at=from_us(last_at),
        sums=(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]),
    )
