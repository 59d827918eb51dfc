from typing import TypeVar

from maskline.domain.dossier import Contact, Dossier, RecordChanged
from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.services.dossier_store import DossierFilter
from maskline.services.page import Count, Listing, Page
from maskline.stores.dossier_row import KINDS, contact_of, contact_row, dossier_of, dossier_row
from maskline.stores.list_filter import wanted_dossiers
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.database import LISTS, Database

DOSSIER = load_postgres_sql("dossier")
Kept = TypeVar("Kept", bound=Dossier)


class PostgresDossiers:
    """`maskline.services.dossier_store.DossierStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_dossier(self, dossier: Dossier) -> None:
        """See the seam."""
        sealer = await self._database.sealer_of_tenants((dossier.tenant_id,))
        if not await self._database.change(DOSSIER.dossier_add, dossier_row(dossier, sealer)):
            raise DuplicateRecord(dossier.dossier_id)

    async def save_dossier(self, dossier: Dossier) -> None:
        """See the seam."""
        sealer = await self._database.sealer_of_tenants((dossier.tenant_id,))
        if not await self._database.change(DOSSIER.dossier_save, dossier_row(dossier, sealer)):
            raise RecordChanged

    async def dossier(self, kind: type[Kept], dossier_id: str) -> Kept | None:
        """See the seam."""
        row = await self._database.point(DOSSIER.dossier_get, (KINDS[kind], dossier_id))
        if row is None:
            return None
        return dossier_of(kind, row, await self._database.sealer_of_tenants((row[1],)))

    async def dossiers(self, kind: type[Kept], wanted: DossierFilter, page: Page) -> Listing[Kept]:
        """See the seam."""
        listed = LISTS.waiting_dossiers if wanted.oldest_first else LISTS.dossiers
        found = await self._database.page(listed, wanted_dossiers(KINDS[kind], wanted), page)
        sealer = await self._database.sealer_of_tenants(row[1] for row in found.rows)
        return Listing(
            rows=tuple(dossier_of(kind, row, sealer) for row in found.rows), next=found.next
        )

    async def count_dossiers(self, kind: type[Dossier], wanted: DossierFilter) -> Count:
        """See the seam."""
        conditions = wanted_dossiers(KINDS[kind], wanted)
        return await self._database.count(LISTS.dossiers, conditions)

    async def save_contact(self, contact: Contact) -> None:
        """See the seam."""
        sealer = await self._database.sealer_of_tenants((contact.tenant_id,))
        await self._database.change(DOSSIER.contact_save, contact_row(contact, sealer))

    async def remove_contact(self, tenant_id: str, contact_id: str) -> None:
        """See the seam."""
        if not await self._database.change(DOSSIER.contact_remove, (tenant_id, contact_id)):
            raise UnknownRecord(contact_id)

    async def contacts(self, tenant_id: str) -> tuple[Contact, ...]:
        """See the seam."""
        rows = await self._database.rows(DOSSIER.contact_list, (tenant_id,))
        sealer = await self._database.sealer_of_tenants({tenant_id} if rows else ())
        return tuple(contact_of(tenant_id, row, sealer) for row in rows)
