"""Whose applications are, for those who count by tenant."""

from collections.abc import Iterable
from typing import Protocol

from maskline.domain.application import Application

MAX_KNOWN = 50_000


class ApplicationStore(Protocol):
    """What is read."""

    async def application(self, app_key: str) -> Application | None:
        """One application."""
        ...


class ApplicationOwners:
    """Knows the tenants of applications; each is read once: an application keeps its tenant."""

    def __init__(self, store: ApplicationStore) -> None:
        self._store = store
        self._known: dict[str, str] = {}

    async def of(self, app_keys: Iterable[str]) -> dict[str, str]:
        """The tenant of each that there is. Raises StoreBusy, StoreFailed."""
        tenants: dict[str, str] = {}
        for app_key in set(app_keys):
            tenant_id = self._known.get(app_key)
            if tenant_id is None:
                found = await self._store.application(app_key)
                if found is None:
                    continue
                tenant_id = found.tenant_id
                if len(self._known) < MAX_KNOWN:
                    self._known[app_key] = tenant_id
            tenants[app_key] = tenant_id
        return tenants
