"""Endpoints of the contacts of a tenant."""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.dossier import Contact, ContactTopic
from maskline.domain.masking import mask
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.view import copied
from maskline.services.contact import ContactDesk
from maskline.services.enterprise_request import ContactChange, NewContact

OF_TENANT = "/tenants/{tenant_id}/contacts"
PATH = f"{OF_TENANT}/{{contact_id}}"


class ContactView(Struct, frozen=True, kw_only=True):
    """A contact; its phone number and address are masked."""

    contact_id: str
    tenant_id: str
    name: str
    phone: str
    email: str
    topics: tuple[ContactTopic, ...]
    created_at: datetime


class ContactsView(Struct, frozen=True, kw_only=True):
    """All of a tenant, at most ten."""

    items: tuple[ContactView, ...]


class ContactEndpoints:
    """Whom the platform may call or write to."""

    def __init__(self, desk: ContactDesk) -> None:
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path=OF_TENANT,
                summary="The contacts of a tenant in the order they were added",
                run=self.list_contacts,
                right=Right.ENTERPRISE_READ,
                answer=ContactsView,
            ),
            Endpoint(
                method="POST",
                path=OF_TENANT,
                summary="Add a contact, of at most ten",
                run=self.add_contact,
                right=Right.ENTERPRISE_WRITE,
                body=NewContact,
                answer=ContactView,
                status=201,
                refusals=(404, 409),
            ),
            Endpoint(
                method="PATCH",
                path=PATH,
                summary="Change a contact",
                run=self.change_contact,
                right=Right.ENTERPRISE_WRITE,
                body=ContactChange,
                answer=ContactView,
                refusals=(404,),
            ),
            Endpoint(
                method="DELETE",
                path=PATH,
                summary="Forget a contact",
                run=self.remove_contact,
                right=Right.ENTERPRISE_WRITE,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_contacts(self, asked: Asked) -> ContactsView:
        """The contacts of a tenant."""
        return ContactsView(items=tuple(map(_view, await self._desk.list(asked.path["tenant_id"]))))

    async def add_contact(self, asked: Asked) -> ContactView:
        """Add a contact."""
        return _view(await self._desk.add(asked.path["tenant_id"], asked.body))

    async def change_contact(self, asked: Asked) -> ContactView:
        """Change a contact."""
        path = asked.path
        return _view(await self._desk.change(path["tenant_id"], path["contact_id"], asked.body))

    async def remove_contact(self, asked: Asked) -> None:
        """Forget a contact."""
        await self._desk.remove(asked.path["tenant_id"], asked.path["contact_id"])


def _view(contact: Contact) -> ContactView:
    name, _, host = contact.email.partition("@")
    return copied(
        ContactView,
        contact,
        phone=mask(contact.phone),
        email=f"{name[:1]}***@{host}" if host else "",
        topics=tuple(sorted(contact.topics)),
    )
