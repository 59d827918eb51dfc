from functools import partial
from typing import TypeVar

from maskline.domain.dossier import Contact, Dossier, RecordChanged
from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.services.dossier_store import DossierFilter
from maskline.services.page import Count, Listing, Page
from maskline.stores.dossier_row import KINDS, contact_of, contact_row, dossier_of, dossier_row
from maskline.stores.list_filter import wanted_dossiers
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import DOSSIER, LISTS, Database

Kept = TypeVar("Kept", bound=Dossier)


class SqliteDossiers:
    """`maskline.services.dossier_store.DossierStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_dossier(self, dossier: Dossier) -> None:
        """See the seam."""
        if not await self._change_dossier(
            DOSSIER.dossier_add, dossier_row(dossier, self._database.sealer)
        ):
            raise DuplicateRecord(dossier.dossier_id)

    async def save_dossier(self, dossier: Dossier) -> None:
        """See the seam."""
        row = dossier_row(dossier, self._database.sealer)
        if not await self._change_dossier(DOSSIER.dossier_save, row):
            raise RecordChanged

    async def dossier(self, kind: type[Kept], dossier_id: str) -> Kept | None:
        """See the seam."""
        row = self._database.point(DOSSIER.dossier_get, (KINDS[kind], dossier_id))
        return None if row is None else dossier_of(kind, row, self._database.sealer)

    async def dossiers(self, kind: type[Kept], wanted: DossierFilter, page: Page) -> Listing[Kept]:
        """See the seam."""
        listed = LISTS.waiting_dossiers if wanted.oldest_first else LISTS.dossiers
        conditions, sealer = wanted_dossiers(KINDS[kind], wanted), self._database.sealer
        return await self._database.listing(
            listed, conditions, page, lambda row: dossier_of(kind, row, sealer)
        )

    async def count_dossiers(self, kind: type[Dossier], wanted: DossierFilter) -> Count:
        """See the seam."""
        conditions = wanted_dossiers(KINDS[kind], wanted)
        return await self._database.count(LISTS.dossiers, conditions)

    async def save_contact(self, contact: Contact) -> None:
        """See the seam."""
        await self._change_dossier(
            DOSSIER.contact_save, contact_row(contact, self._database.sealer)
        )

    async def remove_contact(self, tenant_id: str, contact_id: str) -> None:
        """See the seam."""
        if not await self._change_dossier(DOSSIER.contact_remove, (tenant_id, contact_id)):
            raise UnknownRecord(contact_id)

    async def contacts(self, tenant_id: str) -> tuple[Contact, ...]:
        """See the seam."""
        rows = await self._database.rows(DOSSIER.contact_list, (tenant_id,))
        return tuple(contact_of(tenant_id, row, self._database.sealer) for row in rows)

    async def _change_dossier(self, statement: str, row: Cells) -> int:
        return await self._database.writer.submit(partial(_run, statement, row))


def _run(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()
