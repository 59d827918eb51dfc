from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from maskline.domain.ended_binding import EndedBinding
from maskline.services.ended_binding_store import EndedFilter, Ends
from maskline.services.list_order import ENDED_BINDINGS
from maskline.services.page import Count, Listing, Page, count_of, page_of
from maskline.stores.blob_binding import kind_of
from maskline.stores.memory.table import Tables, is_of
from maskline.stores.moment import to_us


class MemoryEndedBindings:
    """`maskline.services.ended_binding_store.EndedBindingStore` on a list."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def ended_bindings(self, wanted: EndedFilter, page: Page) -> Listing[EndedBinding]:
        """See the seam."""
        rows = [
            (place, one)
            for place, one in enumerate(self._tables.ended_bindings)
            if _matches(one, wanted)
        ]
        found = page_of(rows, ENDED_BINDINGS, lambda row: (to_us(row[1].ended_at), row[0]), page)
        return Listing(rows=tuple(one for _, one in found.rows), next=found.next)

    async def count_ended_bindings(self, wanted: EndedFilter) -> Count:
        """See the seam."""
        return count_of(sum(_matches(one, wanted) for one in self._tables.ended_bindings))

    async def count_ends(self, since: datetime, until: datetime) -> tuple[Ends, ...]:
        """See the seam."""
        counted = Counter(
            (one.binding.app_key, one.cause)
            for one in self._tables.ended_bindings
            if since <= one.ended_at < until
        )
        return tuple(
            Ends(app_key=app_key, cause=cause, count=count)
            for (app_key, cause), count in counted.items()
        )

    async def remove_old_bindings(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        old = [
            one
            for one in self._tables.ended_bindings
            if one.binding.app_key == app_key and one.ended_at < before
        ]
        old.sort(key=lambda one: one.ended_at)
        return forget(self._tables, old[:limit])


def forget(tables: Tables, gone: Sequence[EndedBinding]) -> int:
    """Take these out; returns how many they are."""
    ids = {id(one) for one in gone}
    tables.ended_bindings = [one for one in tables.ended_bindings if id(one) not in ids]
    return len(gone)


def was_party(one: EndedBinding, number: str) -> bool:
    """Whether a real number was A or B."""
    return number in {one.binding.a, getattr(one.binding, "b", None)}


def _matches(one: EndedBinding, wanted: EndedFilter) -> bool:
    binding = one.binding
    y: str | None = getattr(binding, "y", None)
    return (
        is_of(binding.app_key, wanted.app_key, wanted.app_keys)
        and wanted.binding_id in {None, binding.binding_id}
        and wanted.mode in {None, kind_of(binding)}
        and wanted.x in {None, binding.x}
        and wanted.y in {None, y}
        and (wanted.party is None or was_party(one, wanted.party))
        and (wanted.since is None or wanted.since <= one.ended_at)
        and (wanted.until is None or one.ended_at < wanted.until)
    )
