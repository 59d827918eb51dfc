from collections.abc import Sequence
from dataclasses import replace

from maskline.domain.application import Application, Tenant
from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.domain.notice import Notice
from maskline.domain.number_life import NumberEvent
from maskline.domain.trunk import Trunk
from maskline.domain.virtual_number import NumberState, VirtualNumber
from maskline.services.list_filter import NumberFilter
from maskline.services.list_order import APPLICATIONS, NUMBERS, TENANTS
from maskline.services.page import Count, Listing, Page, count_of, page_of
from maskline.stores.memory.number_life import note_events
from maskline.stores.memory.outbox import enqueue
from maskline.stores.memory.table import Tables, is_of
from maskline.stores.moment import to_us


class MemoryDirectory:
    """`maskline.services.store.DirectoryStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_tenant(self, tenant: Tenant) -> None:
        """See the seam."""
        if tenant.tenant_id in self._tables.tenants:
            raise DuplicateRecord(tenant.tenant_id)
        self._tables.tenants[tenant.tenant_id] = tenant

    async def save_tenant(self, tenant: Tenant) -> None:
        """See the seam."""
        old = self._tables.tenants.get(tenant.tenant_id)
        if old is None:
            raise UnknownRecord(tenant.tenant_id)
        self._tables.tenants[tenant.tenant_id] = replace(tenant, created_at=old.created_at)

    async def tenant(self, tenant_id: str) -> Tenant | None:
        """See the seam."""
        return self._tables.tenants.get(tenant_id)

    async def tenants(self, page: Page) -> Listing[Tenant]:
        """See the seam."""
        rows = self._tables.tenants.values()
        return page_of(rows, TENANTS, lambda tenant: (tenant.tenant_id,), page)

    async def add_application(self, application: Application) -> None:
        """See the seam."""
        if application.tenant_id not in self._tables.tenants:
            raise UnknownRecord(application.tenant_id)
        if application.app_key in self._tables.applications:
            raise DuplicateRecord(application.app_key)
        self._tables.applications[application.app_key] = application

    async def save_application(self, application: Application) -> None:
        """See the seam."""
        old = self._tables.applications.get(application.app_key)
        if old is None:
            raise UnknownRecord(application.app_key)
        self._tables.applications[application.app_key] = replace(
            application, tenant_id=old.tenant_id, mode=old.mode, created_at=old.created_at
        )

    async def application(self, app_key: str) -> Application | None:
        """See the seam."""
        return self._tables.applications.get(app_key)

    async def applications(self, tenant_id: str | None, page: Page) -> Listing[Application]:
        """See the seam."""
        rows = [
            application
            for application in self._tables.applications.values()
            if tenant_id in {None, application.tenant_id}
        ]
        return page_of(rows, APPLICATIONS, lambda one: (to_us(one.created_at), one.app_key), page)

    async def add_numbers(
        self, numbers: Sequence[VirtualNumber], events: Sequence[NumberEvent] = ()
    ) -> None:
        """See the seam."""
        added: dict[str, VirtualNumber] = {}
        numbers_kept = self._tables.numbers
        for number in numbers:
            if number.app_key not in self._tables.applications:
                raise UnknownRecord(number.app_key)
            if any(number.number in known for known in (added, numbers_kept, self._tables.stock)):
                raise DuplicateRecord(number.number)
            added[number.number] = replace(number, pairs=0)
        self._tables.numbers.update(added)
        note_events(self._tables, events)

    async def save_number(
        self,
        number: VirtualNumber,
        notices: Sequence[Notice] = (),
        events: Sequence[NumberEvent] = (),
    ) -> None:
        """See the seam."""
        old = self._tables.numbers.get(number.number)
        if old is None:
            raise UnknownRecord(number.number)
        self._tables.numbers[number.number] = replace(
            number, app_key=old.app_key, pairs=old.pairs, created_at=old.created_at
        )
        note_events(self._tables, events)
        enqueue(self._tables, notices)

    async def number(self, number: str) -> VirtualNumber | None:
        """See the seam."""
        return self._tables.numbers.get(number)

    async def numbers(self, wanted: NumberFilter, page: Page) -> Listing[VirtualNumber]:
        """See the seam."""
        rows = [number for number in self._tables.numbers.values() if _matches(number, wanted)]
        return page_of(rows, NUMBERS, lambda number: (number.number,), page)

    async def count_numbers_in(self, wanted: NumberFilter) -> Count:
        """See the seam."""
        return count_of(sum(_matches(one, wanted) for one in self._tables.numbers.values()))

    async def numbers_after(
        self, app_key: str, after: str, limit: int
    ) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        own = [n for n in self._tables.numbers.values() if n.app_key == app_key]
        own.sort(key=lambda number: number.number)
        return tuple(number for number in own if number.number > after)[:limit]

    async def numbers_named(self, numbers: Sequence[str]) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        kept = self._tables.numbers
        return tuple(kept[number] for number in dict.fromkeys(numbers) if number in kept)

    async def count_numbers(self, tenant_id: str) -> int:
        """See the seam."""
        applications = self._tables.applications
        owners = (
            applications[one.app_key].tenant_id
            for one in self._tables.numbers.values()
            if one.state is not NumberState.RETURNED
        )
        return sum(owner == tenant_id for owner in owners)

    async def move_number(
        self, number: str, app_key: str, to: str, events: Sequence[NumberEvent] = ()
    ) -> None:
        """See the seam."""
        old = self._tables.numbers.get(number)
        if old is None or old.app_key != app_key or old.pairs:
            raise UnknownRecord(number)
        self._tables.numbers[number] = replace(old, app_key=to, held_until=None)
        note_events(self._tables, events)

    async def save_trunk(self, trunk: Trunk) -> None:
        """See the seam."""
        self._tables.trunks[trunk.name] = trunk

    async def remove_trunk(self, name: str) -> None:
        """See the seam."""
        if self._tables.trunks.pop(name, None) is None:
            raise UnknownRecord(name)

    async def trunks(self) -> tuple[Trunk, ...]:
        """See the seam."""
        return tuple(self._tables.trunks[name] for name in sorted(self._tables.trunks))


def _matches(number: VirtualNumber, wanted: NumberFilter) -> bool:
    return (
        is_of(number.app_key, wanted.app_key, wanted.app_keys)
        and wanted.state in {None, number.state}
        and wanted.area_code in {None, number.area_code}
        and number.number.startswith(wanted.prefix or "")
        and wanted.may_message in {None, number.may_message}
        and not (wanted.is_free and number.pairs)
    )
