from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from maskline.domain.registrant import Failures, Registrant, ReportFile, ReportStatus
from maskline.services.page import Listing, Numbered, Page, Slice
from maskline.services.registrant_store import (
    RegistrantFilter,
    ReportFileFilter,
    TenantRegistrantFilter,
)
from maskline.stores.list_filter import wanted_registrants
from maskline.stores.moment import from_us_or_none, to_us, to_us_or_none
from maskline.stores.registrant_blob import (
    pack_registrant,
    pack_report_file,
    unpack_registrant,
    unpack_report_file,
)
from maskline.stores.sqlite import registrant_unit as unit
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import LISTS, REGISTRANT, Database

_EVER = (to_us(datetime.min.replace(tzinfo=UTC)), to_us(datetime.max.replace(tzinfo=UTC)))


class SqliteRegistrants:
    """`maskline.services.registrant_store.RegistrantStore` in SQLite.

    Hashing and sealing happen on the calling side, as for bindings.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_report_files(
        self, files: Sequence[tuple[ReportFile, bytes]], limit: int
    ) -> frozenset[str]:
        """See the seam."""
        rows = [self._file_row(file, content) for file, content in files]
        taken = await self._database.writer.submit(partial(unit.add_files, rows, limit))
        return frozenset(
            file.name for (file, _), row in zip(files, rows, strict=True) if row[1] in taken
        )

    async def remove_report_files(self, tenant_id: str, names: Sequence[str]) -> None:
        """See the seam."""
        keys = [(tenant_id, self._name(tenant_id, name)) for name in dict.fromkeys(names)]
        await self._database.writer.submit(partial(unit.remove_files, tenant_id, keys))

    async def report_files(self, wanted: ReportFileFilter, part: Slice) -> Numbered[ReportFile]:
        """See the seam."""
        statement, parameters = (
            REGISTRANT.file_list,
            (
                wanted.tenant_id,
                _EVER[0] if wanted.since is None else to_us(wanted.since),
                _EVER[1] if wanted.until is None else to_us(wanted.until),
            ),
        )
        if wanted.name is not None:
            statement = REGISTRANT.file_list_named
            parameters = (*parameters, self._name(wanted.tenant_id, wanted.name))
        return await self._database.numbered(statement, parameters, part, self._file)

    async def has_report_file(self, tenant_id: str, name: str) -> bool:
        """See the seam."""
        key = (tenant_id, self._name(tenant_id, name))
        return self._database.point(REGISTRANT.file_is_there, key) is not None

    async def report_photo(self, tenant_id: str, name: str) -> bytes | None:
        """See the seam."""
        hashed = self._name(tenant_id, name)
        rows = await self._database.lists.run(
            lambda cursor: cursor.execute(REGISTRANT.file_photo, (tenant_id, hashed)).fetchall()
        )
        if not rows:
            return None
        context = _context("photo", tenant_id, hashed)
        return self._database.sealer.open_for_tenant(tenant_id, rows[0][0], context)

    async def save_registrants(self, registrants: Sequence[Registrant], limit: int) -> None:
        """See the seam."""
        rows = [self._registrant_row(registrant) for registrant in registrants]
        await self._database.writer.submit(partial(unit.save_registrants, rows, limit))

    async def remove_registrants(self, tenant_id: str, numbers: Sequence[str]) -> None:
        """See the seam."""
        keys = [(tenant_id, self._number(tenant_id, number)) for number in dict.fromkeys(numbers)]
        await self._database.writer.submit(partial(unit.remove_registrants, tenant_id, keys))

    async def registrant(self, tenant_id: str, number: str) -> Registrant | None:
        """See the seam."""
        key = (tenant_id, self._number(tenant_id, number))
        row = self._database.point(REGISTRANT.registrant_get, key)
        return None if row is None else self._registrant(row)

    async def failures(self, tenant_id: str, number: str) -> Failures:
        """See the seam."""
        key = (tenant_id, self._number(tenant_id, number))
        row = self._database.point(REGISTRANT.failure_get, key)
        return (
            Failures() if row is None else Failures(count=row[0], last_at=from_us_or_none(row[1]))
        )

    async def is_registered(self, tenant_id: str, number: str) -> bool:
        """See the seam."""
        key = (tenant_id, self._number(tenant_id, number))
        return self._database.point(REGISTRANT.registrant_status, key) == (ReportStatus.REGISTERED,)

    async def registrants(self, wanted: RegistrantFilter, page: Page) -> Listing[Registrant]:
        """See the seam."""
        found = wanted_registrants(wanted)
        return await self._database.listing(LISTS.registrants, found, page, self._registrant)

    async def tenant_registrants(
        self, wanted: TenantRegistrantFilter, part: Slice
    ) -> Numbered[Registrant]:
        """See the seam."""
        if wanted.numbers is not None:
            return await self._of_numbers(wanted.tenant_id, wanted.status, wanted.numbers, part)
        statement, parameters = REGISTRANT.registrant_list_of_tenant, (wanted.tenant_id,)
        if wanted.status is not None:
            statement = REGISTRANT.registrant_list_of_tenant_in_status
            parameters = (wanted.tenant_id, wanted.status)
        return await self._database.numbered(statement, parameters, part, self._registrant)

    async def _of_numbers(
        self,
        tenant_id: str,
        status: ReportStatus | None,
        numbers: Sequence[str],
        part: Slice,
    ) -> Numbered[Registrant]:
        """They are few: found one by one, and cut here."""
        keys = [(tenant_id, self._number(tenant_id, number)) for number in dict.fromkeys(numbers)]

        def read(cursor: Cursor) -> list[Cells]:
            found = [cursor.execute(REGISTRANT.registrant_get, key).fetchall() for key in keys]
            return sorted(row for rows in found for row in rows)

        rows = [
            registrant
            for registrant in map(self._registrant, await self._database.lists.run(read))
            if status in {None, registrant.status}
        ]
        return Numbered(rows=tuple(rows[part.offset : part.offset + part.limit]), total=len(rows))

    def _name(self, tenant_id: str, name: str) -> bytes:
        return self._database.sealer.lookup(f"file:{tenant_id}:{name}")

    def _number(self, tenant_id: str, number: str) -> bytes:
        return self._database.sealer.lookup(f"registrant:{tenant_id}:{number}")

    def _file_row(self, file: ReportFile, content: bytes) -> Cells:
        seal, tenant_id = self._database.sealer.seal_for_tenant, file.tenant_id
        hashed = self._name(tenant_id, file.name)
        return (
            tenant_id,
            hashed,
            to_us(file.created_at),
            seal(tenant_id, pack_report_file(file), _context("file", tenant_id, hashed)),
            seal(tenant_id, content, _context("photo", tenant_id, hashed)),
        )

    def _file(self, row: Cells) -> ReportFile:
        tenant_id, hashed, created_at, sealed = row
        context = _context("file", tenant_id, hashed)
        packed = self._database.sealer.open_for_tenant(tenant_id, sealed, context)
        return unpack_report_file(packed, tenant_id=tenant_id, created_at=created_at)

    def _registrant_row(self, registrant: Registrant) -> Cells:
        tenant_id, report = registrant.tenant_id, registrant.report
        hashed = self._number(tenant_id, report.number)
        context = _context("registrant", tenant_id, hashed)
        return (
            tenant_id,
            hashed,
            registrant.status,
            None if report.photo is None else self._name(tenant_id, report.photo),
            registrant.failures.count,
            to_us_or_none(registrant.failures.last_at),
            self._database.sealer.seal_for_tenant(tenant_id, pack_registrant(registrant), context),
        )

    def _registrant(self, row: Cells) -> Registrant:
        _, tenant_id, hashed, status, failures, failed_at, sealed = row
        context = _context("registrant", tenant_id, hashed)
        packed = self._database.sealer.open_for_tenant(tenant_id, sealed, context)
        return unpack_registrant(
            packed, tenant_id=tenant_id, status=status, failures=failures, failed_at=failed_at
        )


def _context(kind: str, tenant_id: str, hashed: bytes) -> bytes:
    return f"{kind}:{tenant_id}:{hashed.hex()}".encode()
