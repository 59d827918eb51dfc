"""The contacts of a tenant."""

from dataclasses import replace

from maskline.domain.dossier import MAX_CONTACTS, Contact
from maskline.domain.error import InvalidParameter, TenantFull, UnknownRecord
from maskline.domain.number import is_global
from maskline.services.clock import Clock
from maskline.services.dossier_store import DossierStore
from maskline.services.enterprise_request import ContactChange, NewContact
from maskline.services.given import given_fields
from maskline.services.ids import Ids

CONTACT_ID_LENGTH = 12


class ContactDesk:
    """The verbs. All raise StoreBusy, StoreFailed."""

    def __init__(self, store: DossierStore, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    async def list(self, tenant_id: str) -> tuple[Contact, ...]:
        """The contacts of a tenant in the order they were added."""
        return await self._store.contacts(tenant_id)

    async def find(self, tenant_id: str, contact_id: str) -> Contact:
        """One contact. Raises UnknownRecord."""
        for contact in await self._store.contacts(tenant_id):
            if contact.contact_id == contact_id:
                return contact
        raise UnknownRecord(f"there is no contact {contact_id}")

    async def add(self, tenant_id: str, new: NewContact) -> Contact:
        """Add a contact. Raises InvalidParameter, TenantFull, UnknownRecord (tenant)."""
        if len(await self._store.contacts(tenant_id)) >= MAX_CONTACTS:
            raise TenantFull(f"a tenant has at most {MAX_CONTACTS} contacts; remove one")
        contact = Contact(
            contact_id=self._ids.token(CONTACT_ID_LENGTH),
            tenant_id=tenant_id,
            created_at=self._clock.now(),
            **given_fields(new),
        )
        return await self._save(contact)

    async def change(self, tenant_id: str, contact_id: str, change: ContactChange) -> Contact:
        """Change a contact. Raises InvalidParameter, UnknownRecord."""
        found = await self.find(tenant_id, contact_id)
        return await self._save(replace(found, **given_fields(change)))

    async def remove(self, tenant_id: str, contact_id: str) -> None:
        """Forget a contact. Raises UnknownRecord."""
        await self._store.remove_contact(tenant_id, contact_id)

    async def _save(self, contact: Contact) -> Contact:
        if not contact.phone and not contact.email:
            raise InvalidParameter("phone", "a phone number or an e-mail address is needed")
        if contact.phone and not is_global(contact.phone):
            raise InvalidParameter("phone", "a number in global form, such as +8613800000001")
        if contact.email and ("@" not in contact.email or not contact.email.isprintable()):
            raise InvalidParameter("email", "an address such as ann@example.com")
        await self._store.save_contact(contact)
        return contact
