"""Registering the actual users of A numbers: what tenants report, and what operators decide."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from weakref import WeakValueDictionary

from maskline.domain.error import (
    CustomerError,
    DuplicateRecord,
    InvalidParameter,
    NothingToReview,
    PhotoMissing,
    ReportsRefused,
    UnknownRecord,
)
from maskline.domain.registrant import (
    MAX_REASON,
    Registrant,
    Report,
    ReportFile,
    ReportStatus,
    check_number,
    check_person,
    check_photo,
    check_report,
    check_submission,
)
from maskline.services.clock import Clock
from maskline.services.registrant_store import RegistrantStore

MAX_FILES_PER_TENANT = 1_000_000
MAX_NUMBERS_PER_TENANT = 1_000_000


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file as a tenant sent it."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


class RegistrationDesk:
    """The registered numbers of all tenants.

    Without `needs_review` a report that is complete is accepted at once. All verbs raise
    StoreFailed, those that write StoreBusy, and UnknownRecord for a tenant that is not there.
    """

    def __init__(
        self,
        store: RegistrantStore,
        clock: Clock,
        *,
        needs_review: bool = False,
        max_files: int = MAX_FILES_PER_TENANT,
        max_numbers: int = MAX_NUMBERS_PER_TENANT,
    ) -> None:
        self._store = store
        self._clock = clock
        self._needs_review = needs_review
        self._max_files = max_files
        self._max_numbers = max_numbers
        # What a report may do depends on what was read before it: those of a tenant take turns.
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def is_registered(self, tenant_id: str, number: str) -> bool:
        """Whether the person behind a tenant's A number was verified: one read by key."""
        return await self._store.is_registered(tenant_id, number)

    async def upload(
        self, tenant_id: str, files: Sequence[UploadedFile]
    ) -> dict[int, CustomerError]:
        """Keep photos; those that cannot be kept are returned by their place, with the reason.

        That is InvalidParameter (`file_name`, `file`) or DuplicateRecord. Raises TenantFull.
        """
        refusals: dict[int, CustomerError] = {}
        good: dict[str, int] = {}
        for place, file in enumerate(files):
            try:
                check_photo(file.name, file.content)
                if file.name in good:
                    raise DuplicateRecord(file.name)
            except CustomerError as error:
                refusals[place] = error
            else:
                good[file.name] = place
        kept = [
            (self._report_file(tenant_id, files[place]), files[place].content)
            for place in good.values()
        ]
        if kept:
            for name in await self._store.add_report_files(kept, self._max_files):
                refusals[good[name]] = DuplicateRecord(name)
        return refusals

    async def delete_files(self, tenant_id: str, names: Sequence[str]) -> None:
        """Forget photos, all or none. Raises UnknownRecord, PhotoInUse."""
        async with self._turn(tenant_id):
            await self._store.remove_report_files(tenant_id, names)

    async def register(self, tenant_id: str, reports: Sequence[Report]) -> None:
        """Take reports, all or none; one that says of a registered number what it said is done.

        Raises ReportsRefused (InvalidParameter or RegistrationRefused of each), TenantFull.
        """
        refusals: dict[int, CustomerError] = {}
        submitted: dict[str, Registrant] = {}
        async with self._turn(tenant_id):
            for place, report in enumerate(reports):
                try:
                    if report.number in submitted:
                        raise InvalidParameter("number", "is there twice")
                    registrant = await self._submitted(tenant_id, report)
                except CustomerError as error:
                    refusals[place] = error
                else:
                    if registrant is not None:
                        submitted[report.number] = registrant
            if refusals:
                raise ReportsRefused(refusals)
            if submitted:
                await self._store.save_registrants(list(submitted.values()), self._max_numbers)

    async def report(self, tenant_id: str, report: Report, photo: bytes) -> Registrant:
        """Take one report together with its photo, which is named by its content.

        Raises InvalidParameter, RegistrationRefused, TenantFull.
        """
        kind = "jpg" if photo.startswith(b"\xff\xd8") else "png"
        name = f"{sha256(photo).hexdigest()[:40]}.{kind}"
        check_report(replace(report, photo=name))
        refusal = (await self.upload(tenant_id, [UploadedFile(name, photo)])).get(0)
        if isinstance(refusal, InvalidParameter):
            raise InvalidParameter("photo", str(refusal).partition(": ")[2])
        try:
            # A photo that is there already is the same one.
            await self.register(tenant_id, [replace(report, photo=name)])
        except ReportsRefused as refused:
            raise refused.refusals[0] from None
        return await self.find(tenant_id, report.number)

    async def delete(self, tenant_id: str, numbers: Sequence[str]) -> None:
        """Forget registered numbers, all or none, but not their failures. Raises UnknownRecord."""
        async with self._turn(tenant_id):
            await self._store.remove_registrants(tenant_id, numbers)

    async def find(self, tenant_id: str, number: str) -> Registrant:
        """One registrant. Raises UnknownRecord."""
        found = await self._store.registrant(tenant_id, number)
        if found is None:
            raise UnknownRecord(f"the tenant {tenant_id} has not registered this number")
        return found

    async def photo(self, tenant_id: str, number: str) -> bytes:
        """The photo of a registrant, a JPG or PNG file. Raises UnknownRecord."""
        name = (await self.find(tenant_id, number)).report.photo
        photo = None if name is None else await self._store.report_photo(tenant_id, name)
        if photo is None:
            raise UnknownRecord("the number was registered without a photo")
        return photo

    async def accept(self, tenant_id: str, number: str) -> Registrant:
        """Register a number whose person was verified, also one that failed before.

        Raises UnknownRecord.
        """
        async with self._turn(tenant_id):
            found = await self.find(tenant_id, number)
            if found.status is ReportStatus.REGISTERED:
                return found
            return await self._save(found.accept(self._clock.now()))

    async def reject(self, tenant_id: str, number: str, reason: str) -> Registrant:
        """Say that the person could not be verified; one that was registered is so no more.

        Raises UnknownRecord, NothingToReview (it has failed already), InvalidParameter (`reason`).
        """
        if not reason.strip() or len(reason) > MAX_REASON:
            raise InvalidParameter("reason", f"1 to {MAX_REASON} characters")
        async with self._turn(tenant_id):
            found = await self.find(tenant_id, number)
            if found.status is ReportStatus.FAILED:
                raise NothingToReview("the verification of this number has failed already")
            return await self._save(found.reject(reason, self._clock.now()))

    async def add(self, tenant_id: str, report: Report) -> Registrant:
        """Register a number by hand: the operator vouches for what the report leaves empty.

        What was remembered of its failures is forgotten. Raises InvalidParameter, DuplicateRecord,
        PhotoMissing, TenantFull.
        """
        check_number(report.number, report.number_type)
        check_person(report, may_be_empty=True)
        async with self._turn(tenant_id):
            if await self._store.registrant(tenant_id, report.number) is not None:
                raise DuplicateRecord("a registrant of this number")
            now = self._clock.now()
            registrant = Registrant(
                tenant_id=tenant_id, report=report, status=ReportStatus.WAITING, submitted_at=now
            )
            return await self._save(registrant.accept(now))

    def _report_file(self, tenant_id: str, file: UploadedFile) -> ReportFile:
        return ReportFile(
            tenant_id=tenant_id,
            name=file.name,
            size=len(file.content),
            created_at=self._clock.now(),
        )

    async def _submitted(self, tenant_id: str, report: Report) -> Registrant | None:
        """The registrant that a report makes; None when it changes nothing."""
        check_report(report)
        before = await self._store.registrant(tenant_id, report.number)
        if before is None:
            failures = await self._store.failures(tenant_id, report.number)
        elif before.status is ReportStatus.REGISTERED and before.report == report:
            return None
        else:
            failures = before.failures
        now = self._clock.now()
        check_submission(before, failures, now)
        if report.photo is None or not await self._store.has_report_file(tenant_id, report.photo):
            raise PhotoMissing
        registrant = Registrant(
            tenant_id=tenant_id,
            report=report,
            status=ReportStatus.WAITING,
            failures=failures,
            submitted_at=now,
        )
        return registrant if self._needs_review else registrant.accept(now)

    async def _save(self, registrant: Registrant) -> Registrant:
        await self._store.save_registrants([registrant], self._max_numbers)
        return registrant

    def _turn(self, tenant_id: str) -> asyncio.Lock:
        return self._changing.setdefault(tenant_id, asyncio.Lock())
