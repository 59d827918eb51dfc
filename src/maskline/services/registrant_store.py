"""The store seam of registered A numbers; the rules of `maskline.services.store` hold here too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maskline.domain.registrant import Failures, Registrant, ReportFile, ReportStatus
from maskline.services.page import Listing, Numbered, Page, Slice


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFileFilter:
    """Which files of a tenant a list asks for; None does not restrict.

    `since` and `until` bound the creation, both included.
    """

    tenant_id: str
    name: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrantFilter:
    """Which registrants a list asks for; None does not restrict."""

    tenant_id: str | None = None
    status: ReportStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantRegistrantFilter:
    """Which of its registrants a tenant asks for; None does not restrict. At most 100 numbers."""

    tenant_id: str
    status: ReportStatus | None = None
    numbers: tuple[str, ...] | None = None


class RegistrantStore(Protocol):
    """Photos and registered numbers of tenants, all sealed under the tenant's key."""

    async def add_report_files(
        self, files: Sequence[tuple[ReportFile, bytes]], limit: int
    ) -> frozenset[str]:
        """Keep files of one tenant whose names are new to it, and differ; returns the other names.

        Raises TenantFull, and keeps none, when the tenant would have more than `limit`;
        UnknownRecord (the tenant).
        """
        ...

    async def remove_report_files(self, tenant_id: str, names: Sequence[str]) -> None:
        """Forget files, all or none. Raises UnknownRecord, PhotoInUse (a registrant names it)."""
        ...

    async def report_files(self, wanted: ReportFileFilter, part: Slice) -> Numbered[ReportFile]:
        """Files by creation, then in the order they were added."""
        ...

    async def has_report_file(self, tenant_id: str, name: str) -> bool:
        """Whether the tenant has a file of this name."""
        ...

    async def report_photo(self, tenant_id: str, name: str) -> bytes | None:
        """The content of a file."""
        ...

    async def save_registrants(self, registrants: Sequence[Registrant], limit: int) -> None:
        """Add or replace registrants of one tenant, one at least, all or none.

        What was remembered of the failures of a number is then the registrant's. Raises
        PhotoMissing (the file is not there), TenantFull (the tenant would have more than `limit`),
        UnknownRecord (the tenant).
        """
        ...

    async def remove_registrants(self, tenant_id: str, numbers: Sequence[str]) -> None:
        """Forget registrants, all or none, but not their failures. Raises UnknownRecord."""
        ...

    async def registrant(self, tenant_id: str, number: str) -> Registrant | None:
        """One registrant."""
        ...

    async def failures(self, tenant_id: str, number: str) -> Failures:
        """What is remembered of a number without a registrant."""
        ...

    async def is_registered(self, tenant_id: str, number: str) -> bool:
        """Whether the number has a registrant who was verified: one read by key."""
        ...

    async def registrants(self, wanted: RegistrantFilter, page: Page) -> Listing[Registrant]:
        """Registrants in the order their numbers were added."""
        ...

    async def tenant_registrants(
        self, wanted: TenantRegistrantFilter, part: Slice
    ) -> Numbered[Registrant]:
        """The same of one tenant, with how many they are: a tenant has a bounded number."""
        ...
