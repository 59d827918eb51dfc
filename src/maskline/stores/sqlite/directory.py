from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

import msgspec

from maskline.domain.application import Application, Mode, Tenant, TenantState
from maskline.domain.error import DuplicateRecord, UnknownRecord
from maskline.domain.notice import Notice
from maskline.domain.number_life import NumberEvent
from maskline.domain.trunk import Trunk
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.list_filter import NumberFilter
from maskline.services.page import Count, Listing, Page
from maskline.stores.blob import (
    pack_application,
    pack_trunk,
    unpack_application,
    unpack_trunk,
)
from maskline.stores.limit_row import limit_cells, read_limits
from maskline.stores.list_filter import wanted_applications, wanted_numbers
from maskline.stores.list_sql import Wanted
from maskline.stores.moment import from_us, to_us
from maskline.stores.number_life_row import event_row
from maskline.stores.number_row import NumberCells, new_number_cells, number_cells, read_number_row
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import DIRECTORY, LIFE, LISTS, Database
from maskline.stores.sqlite.number_life import note_events
from maskline.stores.sqlite.outbox import Enqueue, prepare


class SqliteDirectory:
    """`maskline.services.store.DirectoryStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_tenant(self, tenant: Tenant) -> None:
        """See the seam; the tenant gets its data key here."""
        data_key = self._database.sealer.new_data_key(tenant.tenant_id)
        cells = (
            tenant.tenant_id,
            tenant.name,
            tenant.state,
            to_us(tenant.created_at),
            data_key,
            tenant.recording_retention_days,
            tenant.record_retention_days,
            tenant.message_retention_days,
            tenant.text_retention_days,
            int(tenant.may_message),
            tenant.binding_retention_days,
            tenant.max_applications,
            *limit_cells(tenant.limits),
        )
        await self._database.writer.submit(
            partial(_add, DIRECTORY.tenant_add, cells, tenant.tenant_id)
        )

    async def save_tenant(self, tenant: Tenant) -> None:
        """See the seam."""
        cells = (
            tenant.tenant_id,
            tenant.name,
            tenant.state,
            tenant.recording_retention_days,
            tenant.record_retention_days,
            tenant.message_retention_days,
            tenant.text_retention_days,
            int(tenant.may_message),
            tenant.binding_retention_days,
            tenant.max_applications,
            *limit_cells(tenant.limits),
        )
        await self._database.writer.submit(
            partial(_change, DIRECTORY.tenant_save, cells, tenant.tenant_id)
        )

    async def tenant(self, tenant_id: str) -> Tenant | None:
        """See the seam."""
        row = self._database.point(DIRECTORY.tenant_get, (tenant_id,))
        return None if row is None else _tenant(row)

    async def tenants(self, page: Page) -> Listing[Tenant]:
        """See the seam."""
        return await self._database.listing(LISTS.tenants, Wanted(), page, _tenant)

    async def add_application(self, application: Application) -> None:
        """See the seam."""
        if self._database.point(DIRECTORY.tenant_get, (application.tenant_id,)) is None:
            raise UnknownRecord(application.tenant_id)
        # Sealed for the system: the key of the tenant is found by way of this very row.
        cells = (
            application.app_key,
            application.tenant_id,
            application.mode,
            to_us(application.created_at),
            self._seal_application(application),
        )
        await self._database.writer.submit(
            partial(_add, DIRECTORY.application_add, cells, application.app_key)
        )

    async def save_application(self, application: Application) -> None:
        """See the seam."""
        cells = (application.app_key, self._seal_application(application))
        await self._database.writer.submit(
            partial(_change, DIRECTORY.application_save, cells, application.app_key)
        )

    async def application(self, app_key: str) -> Application | None:
        """See the seam."""
        row = self._database.point(DIRECTORY.application_get, (app_key,))
        return None if row is None else self._application(row)

    async def applications(self, tenant_id: str | None, page: Page) -> Listing[Application]:
        """See the seam."""
        wanted = wanted_applications(tenant_id)
        return await self._database.listing(LISTS.applications, wanted, page, self._application)

    async def add_numbers(
        self, numbers: Sequence[VirtualNumber], events: Sequence[NumberEvent] = ()
    ) -> None:
        """See the seam."""
        rows = [new_number_cells(number) for number in numbers]
        noted = list(map(event_row, events))
        await self._database.writer.submit(partial(_add_numbers, rows, noted))

    async def save_number(
        self,
        number: VirtualNumber,
        notices: Sequence[Notice] = (),
        events: Sequence[NumberEvent] = (),
    ) -> None:
        """See the seam."""
        cells = number_cells(number)
        enqueue = prepare(self._database, notices)
        noted = list(map(event_row, events))
        await self._database.writer.submit(partial(_save_number, cells, noted, enqueue))

    async def number(self, number: str) -> VirtualNumber | None:
        """See the seam."""
        row = self._database.point(DIRECTORY.number_get, (number,))
        return None if row is None else _number(row)

    async def numbers(self, wanted: NumberFilter, page: Page) -> Listing[VirtualNumber]:
        """See the seam."""
        found = wanted_numbers(wanted)
        return await self._database.listing(LISTS.numbers, found, page, _number)

    async def count_numbers_in(self, wanted: NumberFilter) -> Count:
        """See the seam."""
        return await self._database.count(LISTS.numbers, wanted_numbers(wanted))

    async def numbers_after(
        self, app_key: str, after: str, limit: int
    ) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        rows = await self._database.rows(DIRECTORY.numbers_after, (app_key, after, limit))
        return tuple(map(_number, rows))

    async def numbers_named(self, numbers: Sequence[str]) -> tuple[VirtualNumber, ...]:
        """See the seam."""
        asked = msgspec.json.encode(list(numbers)).decode()
        rows = await self._database.rows(DIRECTORY.number_list_named, (asked,))
        return tuple(map(_number, rows))

    async def count_numbers(self, tenant_id: str) -> int:
        """See the seam."""
        rows = await self._database.rows(DIRECTORY.number_count_of_tenant, (tenant_id,))
        return rows[0][0]

    async def move_number(
        self, number: str, app_key: str, to: str, events: Sequence[NumberEvent] = ()
    ) -> None:
        """See the seam."""
        noted = list(map(event_row, events))
        await self._database.writer.submit(partial(_move_number, (number, app_key, to), noted))

    async def save_trunk(self, trunk: Trunk) -> None:
        """See the seam."""
        context = _trunk_context(trunk.name)
        sealed = self._database.sealer.seal_for_system(pack_trunk(trunk), context)
        await self._database.writer.submit(
            partial(_change, DIRECTORY.trunk_save, (trunk.name, sealed), trunk.name)
        )

    async def remove_trunk(self, name: str) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_change, DIRECTORY.trunk_remove, (name,), name))

    async def trunks(self) -> tuple[Trunk, ...]:
        """See the seam."""
        rows = await self._database.lists.run(
            lambda cursor: cursor.execute(DIRECTORY.trunk_list).fetchall()
        )
        sealer = self._database.sealer
        return tuple(
            unpack_trunk(sealer.open_for_system(sealed, _trunk_context(name)))
            for name, sealed in rows
        )

    def _seal_application(self, application: Application) -> bytes:
        context = b"application:" + application.app_key.encode()
        return self._database.sealer.seal_for_system(pack_application(application), context)

    def _application(self, row: Cells) -> Application:
        app_key, tenant_id, mode, created_at, sealed = row
        context = b"application:" + app_key.encode()
        application = unpack_application(self._database.sealer.open_for_system(sealed, context))
        return replace(
            application, tenant_id=tenant_id, mode=Mode(mode), created_at=from_us(created_at)
        )


def _trunk_context(name: str) -> bytes:
    return b"trunk:" + name.encode()


def _add(statement: str, cells: Cells, key: str, cursor: Cursor) -> None:
    if cursor.execute(statement, cells).connection.changes() == 0:
        raise DuplicateRecord(key)


def _change(statement: str, cells: Cells, key: str, cursor: Cursor) -> None:
    if cursor.execute(statement, cells).connection.changes() == 0:
        raise UnknownRecord(key)


def _add_numbers(rows: Sequence[Cells], noted: Sequence[Cells], cursor: Cursor) -> None:
    for row in rows:
        number, app_key = row[0], row[1]
        if not cursor.execute(DIRECTORY.application_get, (app_key,)).fetchall():
            raise UnknownRecord(app_key)
        if cursor.execute(LIFE.stock_get, (number,)).fetchall():
            raise DuplicateRecord(number)
        _add(DIRECTORY.number_add, row, number, cursor)
    note_events(noted, cursor)


def _save_number(cells: Cells, noted: Sequence[Cells], enqueue: Enqueue, cursor: Cursor) -> None:
    _change(DIRECTORY.number_save, cells, cells[0], cursor)
    note_events(noted, cursor)
    enqueue(cursor)


def _move_number(cells: Cells, noted: Sequence[Cells], cursor: Cursor) -> None:
    _change(DIRECTORY.number_move, cells, cells[0], cursor)
    note_events(noted, cursor)


def _tenant(row: Cells) -> Tenant:
    return Tenant(
        tenant_id=row[0],
        name=row[1],
        state=TenantState(row[2]),
        created_at=from_us(row[3]),
        recording_retention_days=row[4],
        record_retention_days=row[5],
        message_retention_days=row[6],
        text_retention_days=row[7],
        may_message=bool(row[8]),
        binding_retention_days=row[9],
        max_applications=row[10],
        limits=read_limits(row[11], row[12]),
    )


def _number(row: Cells) -> VirtualNumber:
    return read_number_row(cast("NumberCells", row))
