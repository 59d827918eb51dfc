from collections.abc import Sequence
from datetime import datetime

from maskline.domain.ended_binding import EndedBinding
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.page import Listing, Page
from maskline.stores.blob_binding import kind_of
from maskline.stores.memory.table import Tables, listing


class MemoryEndedBindings:
    """`maskline.services.ended_binding_store.EndedBindingStore` on a list."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def ended_bindings(self, wanted: EndedFilter, page: Page) -> Listing[EndedBinding]:
        """See the seam."""
        rows = [one for one in self._tables.ended_bindings if _matches(one, wanted)]
        rows.reverse()
        rows.sort(key=lambda one: one.ended_at, reverse=True)
        return listing(rows, page)

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
        wanted.app_key in {None, binding.app_key}
        and wanted.binding_id in {None, binding.binding_id}
        and wanted.mode in {None, kind_of(binding)}
        and wanted.x in {None, binding.x}
        and wanted.y in {None, y}
        and (wanted.party is None or was_party(one, wanted.party))
        and (wanted.since is None or wanted.since <= one.ended_at)
        and (wanted.until is None or one.ended_at < wanted.until)
    )
