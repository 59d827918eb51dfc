"""Which applications somebody may see."""

from typing import Protocol

from maskline.domain.access import Caller
from maskline.domain.application import Application
from maskline.domain.error import UnknownRecord
from maskline.services.page import Listing, Page

MAX_APPLICATIONS = 5_000
"""Applications of a tenant that are looked at."""


class ApplicationLists(Protocol):
    """Where they are."""

    async def applications(self, tenant_id: str | None, page: Page) -> Listing[Application]:
        """Applications of a tenant."""
        ...

    async def application(self, app_key: str) -> Application | None:
        """One application."""
        ...


async def app_keys_of(store: ApplicationLists, tenant_id: str | None) -> tuple[str, ...] | None:
    """The applications of a tenant; None, which stands for all, for the platform."""
    if tenant_id is None:
        return None
    found = await store.applications(tenant_id, Page(limit=MAX_APPLICATIONS))
    return tuple(application.app_key for application in found.rows)


async def refuse_foreign(store: ApplicationLists, caller: Caller, app_key: str | None) -> None:
    """Raise UnknownRecord for an application that is not there or another tenant's."""
    if app_key is None or caller.tenant_id is None:
        return
    application = await store.application(app_key)
    if application is None or application.tenant_id != caller.tenant_id:
        raise UnknownRecord(f"there is no application {app_key}")
