from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from maskline.domain.error import PhotoInUse, PhotoMissing, TenantFull, UnknownRecord
from maskline.domain.registrant import Failures, Registrant, ReportFile, ReportStatus
from maskline.services.list_order import REGISTRANTS
from maskline.services.page import Listing, Numbered, Page, Slice, page_of
from maskline.services.registrant_store import (
    RegistrantFilter,
    ReportFileFilter,
    TenantRegistrantFilter,
)
from maskline.stores.memory.table import Tables, numbered

Kept = TypeVar("Kept")

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


class MemoryRegistrants:
    """`maskline.services.registrant_store.RegistrantStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_report_files(
        self, files: Sequence[tuple[ReportFile, bytes]], limit: int
    ) -> frozenset[str]:
        """See the seam."""
        kept = self._tables.report_files
        self._check_tenants({file.tenant_id for file, _ in files})
        new = {
            (file.tenant_id, file.name): (file, content)
            for file, content in files
            if (file.tenant_id, file.name) not in kept
        }
        _check_room(kept, new, limit, "files")
        kept.update(new)
        return frozenset(file.name for file, _ in files if (file.tenant_id, file.name) not in new)

    async def remove_report_files(self, tenant_id: str, names: Sequence[str]) -> None:
        """See the seam."""
        keys = {(tenant_id, name) for name in names}
        if not keys <= self._tables.report_files.keys():
            raise UnknownRecord("there is no such file")
        if any(
            (one.tenant_id, one.report.photo) in keys for one in self._tables.registrants.values()
        ):
            raise PhotoInUse("a number is registered with the photo; delete the number first")
        for key in keys:
            del self._tables.report_files[key]

    async def report_files(self, wanted: ReportFileFilter, part: Slice) -> Numbered[ReportFile]:
        """See the seam."""
        since, until = wanted.since or _FIRST, wanted.until or _LAST
        rows = [
            file
            for file, _ in self._tables.report_files.values()
            if file.tenant_id == wanted.tenant_id
            and wanted.name in {None, file.name}
            and since <= file.created_at <= until
        ]
        return numbered(sorted(rows, key=lambda file: file.created_at), part)

    async def has_report_file(self, tenant_id: str, name: str) -> bool:
        """See the seam."""
        return (tenant_id, name) in self._tables.report_files

    async def report_photo(self, tenant_id: str, name: str) -> bytes | None:
        """See the seam."""
        found = self._tables.report_files.get((tenant_id, name))
        return None if found is None else found[1]

    async def save_registrants(self, registrants: Sequence[Registrant], limit: int) -> None:
        """See the seam."""
        self._check_tenants({one.tenant_id for one in registrants})
        for one in registrants:
            photo = one.report.photo
            if photo is not None and (one.tenant_id, photo) not in self._tables.report_files:
                raise PhotoMissing
        saved = {(one.tenant_id, one.report.number): one for one in registrants}
        _check_room(self._tables.registrants, saved, limit, "numbers")
        for key, one in saved.items():
            self._tables.registrants[key] = one
            self._tables.registrant_places.setdefault(key, next(self._tables.sequences))
            self._tables.failures.pop(key, None)

    async def remove_registrants(self, tenant_id: str, numbers: Sequence[str]) -> None:
        """See the seam."""
        keys = {(tenant_id, number) for number in numbers}
        if not keys <= self._tables.registrants.keys():
            raise UnknownRecord("there is no such number")
        for key in keys:
            removed = self._tables.registrants.pop(key)
            del self._tables.registrant_places[key]
            if removed.failures.count:
                self._tables.failures[key] = removed.failures

    async def registrant(self, tenant_id: str, number: str) -> Registrant | None:
        """See the seam."""
        return self._tables.registrants.get((tenant_id, number))

    async def failures(self, tenant_id: str, number: str) -> Failures:
        """See the seam."""
        return self._tables.failures.get((tenant_id, number), Failures())

    async def is_registered(self, tenant_id: str, number: str) -> bool:
        """See the seam."""
        found = self._tables.registrants.get((tenant_id, number))
        return found is not None and found.status is ReportStatus.REGISTERED

    async def registrants(self, wanted: RegistrantFilter, page: Page) -> Listing[Registrant]:
        """See the seam."""
        rows = [
            (self._tables.registrant_places[key], one)
            for key, one in self._tables.registrants.items()
            if wanted.tenant_id in {None, one.tenant_id} and wanted.status in {None, one.status}
        ]
        found = page_of(rows, REGISTRANTS, lambda row: (row[0],), page)
        return Listing(rows=tuple(one for _, one in found.rows), next=found.next)

    async def tenant_registrants(
        self, wanted: TenantRegistrantFilter, part: Slice
    ) -> Numbered[Registrant]:
        """See the seam."""
        rows = [
            one
            for one in self._tables.registrants.values()
            if wanted.tenant_id == one.tenant_id
            and wanted.status in {None, one.status}
            and (wanted.numbers is None or one.report.number in wanted.numbers)
        ]
        return numbered(rows, part)

    def _check_tenants(self, tenant_ids: set[str]) -> None:
        for tenant_id in tenant_ids - self._tables.tenants.keys():
            raise UnknownRecord(f"there is no tenant {tenant_id}")


def _check_room(
    kept: dict[tuple[str, str], Kept], new: dict[tuple[str, str], Kept], limit: int, what: str
) -> None:
    """Whether one tenant, whose keys all of `new` are, has room for what comes to it."""
    tenants = {tenant_id for tenant_id, _ in new}
    amount = sum(tenant_id in tenants for tenant_id, _ in kept.keys() | new.keys())
    if new.keys() - kept.keys() and amount > limit:
        raise TenantFull(f"a tenant has at most {limit} {what}; delete some")
