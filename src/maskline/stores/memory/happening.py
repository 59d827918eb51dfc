from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maskline.domain.happening import Happening, HappeningKind
from maskline.services.happening_store import HappeningFilter
from maskline.stores.memory.table import Tables


class MemoryHappenings:
    """`maskline.services.happening_store.HappeningStore` on a dict."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_happenings(self, happenings: Sequence[Happening]) -> None:
        """See the seam."""
        for happening in happenings:
            sequence = next(self._tables.sequences)
            self._tables.happenings[sequence] = replace(happening, sequence=sequence)

    async def happenings(self, wanted: HappeningFilter, limit: int) -> tuple[Happening, ...]:
        """See the seam."""
        newest = reversed(self._tables.happenings.values())
        return tuple([one for one in newest if _matches(one, wanted)][:limit])

    async def remove_happenings(self, kind: HappeningKind, before: datetime, limit: int) -> int:
        """See the seam."""
        old = [
            one.sequence
            for one in self._tables.happenings.values()
            if one.kind is kind and one.at < before
        ]
        return _remove(self._tables, old[:limit])

    async def trim_happenings(self, kind: HappeningKind, keep: int, limit: int) -> int:
        """See the seam."""
        seen, surplus = Counter[str](), Counter[str]()
        gone: list[int] = []
        own = [one for one in self._tables.happenings.values() if one.kind is kind]
        for one in reversed(own):
            seen[one.app_key] += 1
        for one in own:
            has_more = seen[one.app_key] - surplus[one.app_key] > keep
            if has_more and surplus[one.app_key] < limit:
                surplus[one.app_key] += 1
                gone.append(one.sequence)
        return _remove(self._tables, gone)


def _matches(one: Happening, wanted: HappeningFilter) -> bool:
    return (
        one.kind is wanted.kind
        and wanted.app_key in {None, one.app_key}
        and (wanted.app_keys is None or one.app_key in wanted.app_keys)
        and wanted.subject in {None, one.subject}
        and wanted.cause in {None, one.cause}
        and (wanted.since is None or wanted.since <= one.at)
        and (wanted.until is None or one.at < wanted.until)
        and (wanted.below is None or one.sequence < wanted.below)
    )


def _remove(tables: Tables, sequences: Sequence[int]) -> int:
    for sequence in sequences:
        del tables.happenings[sequence]
    return len(sequences)
