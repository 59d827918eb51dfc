"""The store seam of what the platform decides on; the rules of `maskline.services.store` hold.

Forms, wishes and contacts are sealed under the key of their tenant.
"""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from maskline.domain.dossier import Contact, Dossier
from maskline.services.page import Count, Listing, Page

Kept = TypeVar("Kept", bound=Dossier)


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFilter:
    """Which dossiers a list asks for; None does not restrict.

    Newest first, by when they came into their state; with `oldest_first` as a queue is worked off.
    """

    tenant_id: str | None = None
    state: str | None = None
    oldest_first: bool = False


class DossierStore(Protocol):
    """`kind` is what is asked for: Activation, Enterprise, NumberOrder, Complaint, Violation."""

    async def add_dossier(self, dossier: Dossier) -> None:
        """Keep a new one. Raises DuplicateRecord, UnknownRecord (tenant)."""
        ...

    async def save_dossier(self, dossier: Dossier) -> None:
        """Replace the revision before this one. Raises RecordChanged: another one is there."""
        ...

    async def dossier(self, kind: type[Kept], dossier_id: str) -> Kept | None:
        """One of them."""
        ...

    async def dossiers(self, kind: type[Kept], wanted: DossierFilter, page: Page) -> Listing[Kept]:
        """A page of them."""
        ...

    async def count_dossiers(self, kind: type[Dossier], wanted: DossierFilter) -> Count:
        """How many they are."""
        ...

    async def save_contact(self, contact: Contact) -> None:
        """Add or replace a contact by its id. Raises UnknownRecord (tenant)."""
        ...

    async def remove_contact(self, tenant_id: str, contact_id: str) -> None:
        """Forget a contact. Raises UnknownRecord."""
        ...

    async def contacts(self, tenant_id: str) -> tuple[Contact, ...]:
        """The contacts of a tenant in the order they were added; there are few."""
        ...
