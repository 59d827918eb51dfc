"""Jobs behind the management API, without a socket, a disk or another process."""

import asyncio
import io
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from tests.unit.manage.operating import NOW, Operator

from maskline.api.number_state import number_state_message
from maskline.bootstrap.job import Jobs
from maskline.domain.access import OPERATOR, Caller
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import load_areas
from maskline.domain.virtual_number import VirtualNumber
from maskline.manage.app import create_manage
from maskline.manage.endpoint import Endpoint
from maskline.manage.real_name import RealNameEndpoints
from maskline.manage.record import ChangeRecorder
from maskline.manage.stock import StockEndpoints
from maskline.protocols.spreadsheet.error import SheetRefused
from maskline.protocols.spreadsheet.read import read_sheet
from maskline.services.administration import Administration
from maskline.services.audit import AuditLog
from maskline.services.clock import SteppedClock
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds
from maskline.services.job_run import JobFailed
from maskline.services.number_life import NumberLives
from maskline.services.number_state import NumberNews
from maskline.services.number_token import NumberTokens
from maskline.services.sheet import SheetCell, SheetRow
from maskline.services.stock import StockDesk
from maskline.stores.memory import MemoryStore

TENANT = "t1"


class HeldFiles:
    """A storage in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def keep(self, path: Path, bucket: str, object_name: str) -> None:
        self.kept[f"{bucket}/{object_name}"] = path.read_bytes()
        path.unlink()

    async def read(self, bucket: str, object_name: str, start: int, size: int) -> bytes:
        return self.kept[f"{bucket}/{object_name}"][start : start + size]

    async def remove(self, bucket: str, object_name: str) -> None:
        self.kept.pop(f"{bucket}/{object_name}", None)


class InlineReader:
    """Reads workbooks in this process."""

    async def read(self, content: bytes, max_rows: int) -> tuple[SheetRow, ...]:
        try:
            rows = read_sheet(io.BytesIO(content), max_rows)
        except SheetRefused as refusal:
            raise JobFailed(refusal.code, refusal.message) from refusal
        return tuple(
            SheetRow(
                row.number,
                row.is_merged,
                tuple(SheetCell(place, cell.kind, cell.text) for place, cell in row.cells.items()),
            )
            for row in rows
        )


IMPORT_ROWS = 5_000
"""Of a tenant in a day."""


class SwitchedDoor:
    """Lets in whoever the test says is there."""

    def __init__(self) -> None:
        self.caller: Caller = OPERATOR

    async def admit(self, request: Request) -> Caller:
        del request
        return self.caller


Others = Callable[[MemoryStore, SteppedClock], Sequence[Endpoint]]
"""Endpoints besides those of jobs."""


def _no_others(_store: MemoryStore, _clock: SteppedClock) -> Sequence[Endpoint]:
    return ()


async def _nobodys(_app_key: str) -> None: ...


class JobWorld:
    """The management API with jobs, for the caller `door.caller`."""

    def __init__(self, tmp_path: Path, others: Others = _no_others) -> None:
        self.store, self.clock, self.files = MemoryStore(), SteppedClock(NOW), HeldFiles()
        self.door = SwitchedDoor()
        directory = Directory(self.store, self.clock)
        self.administration = Administration(self.store, directory, self.clock, SystemIds())
        news = NumberNews(number_state_message, self.clock, SystemIds(), lambda: None)
        self.lives = NumberLives(
            self.store, news, self.clock, ZoneInfo("Asia/Shanghai"), timedelta(days=90)
        )
        self.jobs = Jobs(
            self.store,
            self.administration,
            self.lives,
            storage=self.files,
            key=bytes(32),
            spool=tmp_path,
            clock=self.clock,
            ids=SystemIds(),
            sheets=InlineReader(),
            import_rows=IMPORT_ROWS,
        )
        self.audit = AuditLog(self.store, self.clock)
        self.tokens = NumberTokens(bytes(32), self.clock)
        endpoints = (
            *self.jobs.endpoints(self.tokens),
            *RealNameEndpoints(self.store, self.lives).endpoints(),
            *StockEndpoints(StockDesk(self.store, self.clock), load_areas()).endpoints(),
            *others(self.store, self.clock),
        )
        app = create_manage(
            door=self.door,
            endpoints=endpoints,
            watched=(),
            version="1.2.3",
            recorder=ChangeRecorder(self.audit, self.clock, endpoints, _nobodys),
        )
        self.operator = Operator(app, self.store, None, self.clock, {})  # type: ignore[arg-type]

    async def fill(self) -> None:
        """A tenant with two applications, and another one."""
        for tenant_id in (TENANT, "t2"):
            await self.store.add_tenant(Tenant(tenant_id=tenant_id, name="T", created_at=NOW))
        for app_key, name, tenant_id, may_message in (
            ("app-1", "rides", TENANT, True),
            ("app-2", "food", TENANT, False),
            ("app-3", "rides", "t2", True),
        ):
            await self.store.add_application(
                Application(
                    app_key=app_key,
                    tenant_id=tenant_id,
                    name=name,
                    mode=Mode.AXB,
                    secret="s",
                    may_message=may_message,
                    created_at=NOW,
                )
            )
        self.door.caller = replace(OPERATOR, tenant_id=TENANT, name="ann", user_id="u1")

    async def add(self, number: str, app_key: str = "app-1", **fields: Any) -> None:
        await self.store.add_numbers(
            [
                VirtualNumber(
                    number=number, app_key=app_key, area_code="0755", created_at=NOW, **fields
                )
            ]
        )

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        task = asyncio.create_task(self.jobs.runner.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until(self, path: str, *states: str) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while True:
                job = (await self.operator.ask("GET", path)).json
                if job["state"] in states:
                    return job
                await asyncio.sleep(0)
