from typing import TypeVar, cast

from maskline.domain.dossier import Contact, Dossier, RecordChanged
from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.services.dossier_store import DossierFilter
from maskline.services.list_order import DOSSIERS, WAITING_DOSSIERS
from maskline.services.page import Count, Listing, Page, count_of, page_of
from maskline.stores.dossier_row import state_of
from maskline.stores.memory.table import Tables
from maskline.stores.moment import to_us

Kept = TypeVar("Kept", bound=Dossier)


class MemoryDossiers:
    """`maskline.services.dossier_store.DossierStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_dossier(self, dossier: Dossier) -> None:
        """See the seam."""
        key = (type(dossier), dossier.dossier_id)
        if dossier.tenant_id not in self._tables.tenants:
            raise UnknownRecord(dossier.tenant_id)
        if key in self._tables.dossiers:
            raise DuplicateRecord(dossier.dossier_id)
        self._tables.dossiers[key] = dossier

    async def save_dossier(self, dossier: Dossier) -> None:
        """See the seam."""
        key = (type(dossier), dossier.dossier_id)
        found = self._tables.dossiers.get(key)
        if found is None or found.revision != dossier.revision - 1:
            raise RecordChanged
        self._tables.dossiers[key] = dossier

    async def dossier(self, kind: type[Kept], dossier_id: str) -> Kept | None:
        """See the seam."""
        return cast("Kept | None", self._tables.dossiers.get((kind, dossier_id)))

    async def dossiers(self, kind: type[Kept], wanted: DossierFilter, page: Page) -> Listing[Kept]:
        """See the seam."""
        order = WAITING_DOSSIERS if wanted.oldest_first else DOSSIERS
        return page_of(
            self._wanted(kind, wanted), order, lambda one: (to_us(one.since), one.dossier_id), page
        )

    async def count_dossiers(self, kind: type[Dossier], wanted: DossierFilter) -> Count:
        """See the seam."""
        return count_of(len(self._wanted(kind, wanted)))

    async def save_contact(self, contact: Contact) -> None:
        """See the seam."""
        if contact.tenant_id not in self._tables.tenants:
            raise UnknownRecord(contact.tenant_id)
        self._tables.contacts[contact.tenant_id, contact.contact_id] = contact

    async def remove_contact(self, tenant_id: str, contact_id: str) -> None:
        """See the seam."""
        if self._tables.contacts.pop((tenant_id, contact_id), None) is None:
            raise UnknownRecord(contact_id)

    async def contacts(self, tenant_id: str) -> tuple[Contact, ...]:
        """See the seam."""
        own = [one for one in self._tables.contacts.values() if one.tenant_id == tenant_id]
        return tuple(sorted(own, key=lambda one: (one.created_at, one.contact_id)))

    def _wanted(self, kind: type[Kept], wanted: DossierFilter) -> list[Kept]:
        return [
            one
            for one in self._tables.dossiers.values()
            if isinstance(one, kind)
            and wanted.tenant_id in {None, one.tenant_id}
            and wanted.state in {None, state_of(one)}
        ]
