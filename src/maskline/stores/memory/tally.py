from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from maskline.domain.tally import Tally, padded
from maskline.services.tally_store import Grouping, TallyFilter, Uncounted
from maskline.stores.memory.table import Tables
from maskline.stores.moment import to_us
from maskline.stores.tally_row import rows_of, tally_of

_KEYS: dict[Grouping, Callable[[Tally], object]] = {
    Grouping.SLOT: lambda tally: tally.slot,
    Grouping.APPLICATION: lambda tally: tally.app_key,
    Grouping.NAME: lambda tally: tally.name,
    Grouping.ALL: lambda tally: (tally.slot, tally.app_key, tally.name),
}


class MemoryTallies:
    """`maskline.services.tally_store.TallyStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_tallies(self, tallies: Sequence[Tally]) -> None:
        """See the seam."""
        _add_tallies(self._tables, tallies)

    async def raise_tallies(self, tallies: Sequence[Tally]) -> None:
        """See the seam."""
        for fresh in tallies:
            key = (fresh.subject, fresh.slot, fresh.app_key, fresh.name)
            known = self._tables.tallies.get(key, fresh)
            sums = map(max, known.sums, fresh.sums)
            self._tables.tallies[key] = replace(
                fresh,
                sums=padded(*sums),
                first_at=min(known.first_at, fresh.first_at),
                last_at=max(known.last_at, fresh.last_at),
            )

    async def tallies(self, wanted: TallyFilter, by: Grouping, limit: int) -> tuple[Tally, ...]:
        """See the seam."""
        groups: dict[object, list[Tally]] = {}
        for tally in self._tables.tallies.values():
            if _matches(tally, wanted):
                groups.setdefault(_KEYS[by](tally), []).append(tally)
        found = [_together(group, by) for group in groups.values()]
        if by is Grouping.SLOT:
            found.sort(key=lambda tally: tally.slot)
        elif by is Grouping.ALL:
            found.sort(key=lambda tally: (-to_us(tally.slot), tally.app_key, tally.name))
        else:
            found.sort(key=lambda tally: (-tally.sums[0], tally.app_key, tally.name))
        return tuple(found[:limit])

    async def uncounted_records(
        self,
        now: datetime,  # noqa: ARG002 - other stores wait
        limit: int,
    ) -> Uncounted:
        """See the seam."""
        counted = self._tables.counted_records
        fresh = [one for key, one in self._tables.records.items() if key not in counted][:limit]
        return Uncounted(after=len(counted), upto=len(counted) + len(fresh), records=tuple(fresh))

    async def count_records(self, counted: Uncounted, tallies: Sequence[Tally]) -> bool:
        """See the seam."""
        if counted.after != len(self._tables.counted_records):
            return False
        self._tables.counted_records |= {one.call.session_id for one in counted.records}
        _add_tallies(self._tables, tallies)
        return True

    async def remove_tallies(self, subject: str, before: datetime, limit: int) -> int:
        """See the seam."""
        keys = [
            key
            for key, tally in self._tables.tallies.items()
            if tally.subject == subject and tally.slot < before
        ]
        for key in keys[:limit]:
            del self._tables.tallies[key]
        return len(keys[:limit])


def _add_tallies(tables: Tables, tallies: Sequence[Tally]) -> None:
    for fresh in tallies:
        key = (fresh.subject, fresh.slot, fresh.app_key, fresh.name)
        known = tables.tallies.get(key)
        both = [fresh] if known is None else [known, fresh]
        tables.tallies[key] = _together(both, Grouping.ALL)


def _together(tallies: Sequence[Tally], by: Grouping) -> Tally:
    """The sums of some, which say no more than what they are grouped by."""
    first = min(tallies, key=lambda tally: tally.slot)
    app_key = first.app_key if by in {Grouping.APPLICATION, Grouping.ALL} else ""
    name = first.name if by in {Grouping.NAME, Grouping.ALL} else ""
    alike = [replace(tally, slot=first.slot, app_key=app_key, name=name) for tally in tallies]
    return tally_of(first.subject, rows_of(alike)[0][1:])


def _matches(tally: Tally, wanted: TallyFilter) -> bool:
    return (
        tally.subject == wanted.subject
        and wanted.since <= tally.slot < wanted.until
        and wanted.app_key in {None, tally.app_key}
        and (wanted.app_keys is None or tally.app_key in wanted.app_keys)
        and wanted.name in {None, tally.name}
    )
