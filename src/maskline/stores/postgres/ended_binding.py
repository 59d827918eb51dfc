from datetime import datetime

from maskline.domain.ended_binding import EndCause, EndedBinding
from maskline.services.ended_binding_store import EndedFilter, Ends
from maskline.services.page import Count, Listing, Page
from maskline.stores.ended_binding_row import ended_binding_of
from maskline.stores.list_filter import wanted_ended_bindings
from maskline.stores.moment import to_us
from maskline.stores.postgres.binding_removal import ENDED
from maskline.stores.postgres.connection import Cells
from maskline.stores.postgres.database import LISTS, Database


class PostgresEndedBindings:
    """`maskline.services.ended_binding_store.EndedBindingStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ended_bindings(self, wanted: EndedFilter, page: Page) -> Listing[EndedBinding]:
        """See the seam."""
        found = wanted_ended_bindings(wanted, self._database.sealer)
        return await self._database.listing(
            LISTS.ended_bindings, found, page, self._ended, keys_in=1
        )

    async def count_ended_bindings(self, wanted: EndedFilter) -> Count:
        """See the seam."""
        found = wanted_ended_bindings(wanted, self._database.sealer)
        return await self._database.count(LISTS.ended_bindings, found)

    async def count_ends(self, since: datetime, until: datetime) -> tuple[Ends, ...]:
        """See the seam."""
        rows = await self._database.rows(ENDED.ended_count, (to_us(since), to_us(until)))
        return tuple(
            Ends(app_key=app_key, cause=EndCause(cause), count=count)
            for app_key, cause, count in rows
        )

    async def remove_old_bindings(self, app_key: str, before: datetime, limit: int) -> int:
        """See the seam."""
        return await self._database.change(ENDED.ended_sweep, (app_key, to_us(before), limit))

    def _ended(self, row: Cells) -> EndedBinding:
        return ended_binding_of(row, self._database.sealer)
