"""Who the customers are and which trunks there are: a short-lived copy of what changes seldom."""

from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from maskline.domain.application import Application, Tenant
from maskline.domain.trunk import Trunk
from maskline.services.clock import Clock
from maskline.services.shared_read import SharedReads
from maskline.services.store import DirectoryStore

MAX_AGE_S = 1.0  # how long a change may go unnoticed that nobody tells of
TOLD_MAX_AGE_S = 30.0  # the same while changes are told: for news that was lost on its way
MAX_APPLICATIONS = 10_000

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class _Entry:
    application: Application
    read_at: float


@dataclass(frozen=True, slots=True)
class _TenantEntry:
    tenant: Tenant
    read_at: float


class Directory:
    """Applications with their tenants, and trunks, each read from the store once per `max_age_s`.

    Whoever writes one of them through the store calls the `forget_...` method that goes with it
    after the write, so that this process sees the change at once. Where changes of all processes
    are told so, they are read seldom: `is_told` says that there is no other process, `hear_all`
    that the others were heard until now. Unknown keys are not kept: a flood of invented keys must
    not push out real ones.
    """

    def __init__(
        self,
        store: DirectoryStore,
        clock: Clock,
        *,
        max_age_s: float = MAX_AGE_S,
        max_applications: int = MAX_APPLICATIONS,
        is_told: bool = False,
    ) -> None:
        self._store = store
        self._clock = clock
        self._max_age_s = max_age_s
        self._max_applications = max_applications
        self._told_until = float("inf" if is_told else "-inf")
        self._entries: dict[str, _Entry] = {}
        # Apart, as a tenant may have a thousand applications.
        self._tenants: dict[str, _TenantEntry] = {}
        self._application_reads = SharedReads[Application | None]()
        self._tenant_reads = SharedReads[Tenant | None]()
        self._trunks: tuple[Trunk, ...] = ()
        self._trunks_read_at = float("-inf")
        # A read that began before a local write must not bring the old value back after it.
        self._generation = 0

    def cached(self, app_key: str) -> tuple[Application, Tenant] | None:
        """The application if it is known right now; None says nothing: ask `application`."""
        now = self._clock.monotonic()
        entry = self._entries.get(app_key)
        if entry is None or not self._is_good(entry.read_at, now):
            return None
        owner = self._tenants.get(entry.application.tenant_id)
        if owner is None or not self._is_good(owner.read_at, now):
            return None
        return entry.application, owner.tenant

    async def application(self, app_key: str) -> tuple[Application, Tenant] | None:
        """The application and its tenant; None when there is no such application.

        Raises StoreFailed.
        """
        found = self.cached(app_key)
        if found is not None:
            return found
        application = await self._application(app_key)
        if application is None:
            return None
        tenant = await self._tenant(application.tenant_id)
        return None if tenant is None else (application, tenant)

    async def trunks(self) -> tuple[Trunk, ...]:
        """All trunks, by name. Raises StoreFailed."""
        now = self._clock.monotonic()
        if self._is_good(self._trunks_read_at, now):
            return self._trunks
        generation = self._generation
        trunks = await self._store.trunks()
        if generation == self._generation:
            self._trunks, self._trunks_read_at = trunks, now
        return trunks

    def hear_all(self) -> None:
        """Every change that another process has told of until now was noted here."""
        self._told_until = max(self._told_until, self._clock.monotonic() + self._max_age_s)

    def forget_application(self, app_key: str) -> None:
        """Read this application anew next time."""
        self._generation += 1
        self._entries.pop(app_key, None)

    def forget_tenant(self, tenant_id: str) -> None:
        """Read the applications of this tenant anew next time."""
        self._generation += 1
        self._tenants.pop(tenant_id, None)

    def forget_trunks(self) -> None:
        """Read the trunks anew next time."""
        self._generation += 1
        self._trunks_read_at = float("-inf")

    async def _application(self, app_key: str) -> Application | None:
        entry = self._entries.get(app_key)
        if entry is not None and self._is_good(entry.read_at, self._clock.monotonic()):
            return entry.application
        # Who asks after a change has a read begun.
        name = (app_key, self._generation)
        return await self._application_reads.read(name, partial(self._read_application, app_key))

    async def _read_application(self, app_key: str) -> Application | None:
        generation, now = self._generation, self._clock.monotonic()
        application = await self._store.application(app_key)
        if application is None:
            self._entries.pop(app_key, None)
        elif generation == self._generation:
            self._keep(self._entries, app_key, _Entry(application, now))
        return application

    async def _tenant(self, tenant_id: str) -> Tenant | None:
        owner = self._tenants.get(tenant_id)
        if owner is not None and self._is_good(owner.read_at, self._clock.monotonic()):
            return owner.tenant
        name = (tenant_id, self._generation)
        return await self._tenant_reads.read(name, partial(self._read_tenant, tenant_id))

    async def _read_tenant(self, tenant_id: str) -> Tenant | None:
        generation, now = self._generation, self._clock.monotonic()
        tenant = await self._store.tenant(tenant_id)
        if tenant is None:
            self._tenants.pop(tenant_id, None)
        elif generation == self._generation:
            self._keep(self._tenants, tenant_id, _TenantEntry(tenant, now))
        return tenant

    def _is_good(self, read_at: float, now: float) -> bool:
        return now - read_at < (TOLD_MAX_AGE_S if now < self._told_until else self._max_age_s)

    def _keep(self, entries: dict[str, Kept], key: str, entry: Kept) -> None:
        # Taken out first, so that the dict's order is by age and the oldest goes when it is full.
        entries.pop(key, None)
        if len(entries) >= self._max_applications:
            del entries[next(iter(entries))]
        entries[key] = entry
