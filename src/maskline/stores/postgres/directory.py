from collections.abc import Sequence
from dataclasses import replace
from typing import cast

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
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import DIRECTORY, LISTS, Database
from maskline.stores.postgres.number_life import LIFE, note_events
from maskline.stores.postgres.outbox import OUTBOX, prepare


class PostgresDirectory:
    """`maskline.services.store.DirectoryStore` in PostgreSQL."""

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
            tenant.may_message,
            tenant.binding_retention_days,
            tenant.max_applications,
            *limit_cells(tenant.limits),
        )
        if not await self._database.change(DIRECTORY.tenant_add, cells):
            raise DuplicateRecord(tenant.tenant_id)

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
            tenant.may_message,
            tenant.binding_retention_days,
            tenant.max_applications,
            *limit_cells(tenant.limits),
        )
        await self._change(DIRECTORY.tenant_save, cells, tenant.tenant_id)

    async def tenant(self, tenant_id: str) -> Tenant | None:
        """See the seam."""
        row = await self._database.point(DIRECTORY.tenant_get, (tenant_id,))
        return None if row is None else _tenant(row)

    async def tenants(self, page: Page) -> Listing[Tenant]:
        """See the seam."""
        return await self._database.listing(LISTS.tenants, Wanted(), page, _tenant)

    async def add_application(self, application: Application) -> None:
        """See the seam."""
        if await self._database.point(DIRECTORY.tenant_get, (application.tenant_id,)) is None:
            raise UnknownRecord(application.tenant_id)
        # Sealed for the system: the key of the tenant is found by way of this very row.
        cells = (
            application.app_key,
            application.tenant_id,
            application.mode,
            to_us(application.created_at),
            self._seal_application(application),
        )
        if not await self._database.change(DIRECTORY.application_add, cells):
            raise DuplicateRecord(application.app_key)

    async def save_application(self, application: Application) -> None:
        """See the seam."""
        cells = (application.app_key, self._seal_application(application))
        await self._change(DIRECTORY.application_save, cells, application.app_key)

    async def application(self, app_key: str) -> Application | None:
        """See the seam."""
        row = await self._database.point(DIRECTORY.application_get, (app_key,))
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
        app_keys = sorted({number.app_key for number in numbers})
        noted = list(map(event_row, events))

        async def add(cursor: Cursor) -> None:
            for app_key in app_keys:
                found = await cursor.execute(DIRECTORY.application_get, (app_key,))
                if not await found.fetchall():
                    raise UnknownRecord(app_key)
            in_stock = await cursor.execute(LIFE.stock_any, ([row[0] for row in rows],))
            for (number,) in await in_stock.fetchall():
                raise DuplicateRecord(number)
            for row in rows:
                if not (await cursor.execute(DIRECTORY.number_add, row)).rowcount:
                    raise DuplicateRecord(row[0])
            await note_events(noted, cursor)

        await self._database.transaction(add)

    async def save_number(
        self,
        number: VirtualNumber,
        notices: Sequence[Notice] = (),
        events: Sequence[NumberEvent] = (),
    ) -> None:
        """See the seam."""
        cells = number_cells(number)
        if not (notices or events):
            await self._change(DIRECTORY.number_save, cells, number.number)
            return
        told = await prepare(self._database, notices)
        noted = list(map(event_row, events))

        async def save(cursor: Cursor) -> None:
            # The row is locked from here on: nobody else tells of this number meanwhile.
            if not (await cursor.execute(DIRECTORY.number_save, cells)).rowcount:
                raise UnknownRecord(number.number)
            await note_events(noted, cursor)
            if notices:
                await cursor.execute(OUTBOX.notices_add, told)

        await self._database.transaction(save)

    async def number(self, number: str) -> VirtualNumber | None:
        """See the seam."""
        row = await self._database.point(DIRECTORY.number_get, (number,))
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
        rows = await self._database.rows(DIRECTORY.number_list_named, (list(numbers),))
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

        async def move(cursor: Cursor) -> None:
            moved = await cursor.execute(DIRECTORY.number_move, (number, app_key, to))
            if not moved.rowcount:
                raise UnknownRecord(number)
            await note_events(noted, cursor)

        await self._database.transaction(move)

    async def save_trunk(self, trunk: Trunk) -> None:
        """See the seam."""
        context = _trunk_context(trunk.name)
        sealed = self._database.sealer.seal_for_system(pack_trunk(trunk), context)
        await self._database.change(DIRECTORY.trunk_save, (trunk.name, sealed))

    async def remove_trunk(self, name: str) -> None:
        """See the seam."""
        await self._change(DIRECTORY.trunk_remove, (name,), name)

    async def trunks(self) -> tuple[Trunk, ...]:
        """See the seam."""
        rows = await self._database.rows(DIRECTORY.trunk_list, ())
        sealer = self._database.sealer
        return tuple(
            unpack_trunk(sealer.open_for_system(sealed, _trunk_context(name)))
            for name, sealed in rows
        )

    async def _change(self, statement: str, cells: Cells, key: str) -> None:
        if not await self._database.change(statement, cells):
            raise UnknownRecord(key)

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
        may_message=row[8],
        binding_retention_days=row[9],
        max_applications=row[10],
        limits=read_limits(row[11], row[12]),
    )


def _number(row: Cells) -> VirtualNumber:
    return read_number_row(cast("NumberCells", row))
