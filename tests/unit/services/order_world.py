"""A tenant with an approved enterprise and an application, who orders; stock to issue from."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.unit.manage.job_world import InlineReader

from maskline.domain.activation import BearerKind, Industry, Nature
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.area import load_areas
from maskline.domain.enterprise import Enterprise, Paper, PaperKind
from maskline.domain.order import NumberOrder
from maskline.domain.virtual_number import NumberKind
from maskline.protocols.spreadsheet.write import SheetWriter
from maskline.services.activation import ActivationDesk
from maskline.services.clock import SteppedClock
from maskline.services.contact import ContactDesk
from maskline.services.enterprise import EnterpriseDesk
from maskline.services.enterprise_request import EnterpriseFields, NewEnterprise
from maskline.services.ids import CountedIds
from maskline.services.order import OrderDesk
from maskline.services.order_request import LineForm, NewOrder
from maskline.services.order_sheet import OrderSheets
from maskline.services.paper_file import PaperFiles
from maskline.services.stock import StockDesk
from maskline.services.stock_request import NewStock, NewStockNumber
from maskline.stores.memory import MemoryStore

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
VIRTUAL = NumberKind.VIRTUAL_OPERATOR
PHONE = "+8613800000001"
WHOLE = EnterpriseFields(
    name="深圳出行有限公司",
    licence_code="91440300MA5DA1XX0K",
    legal_name="王芳",
    agent_name="李雷",
    agent_phone=PHONE,
    nature=Nature.DIRECT,
    bearer_kind=BearerKind.APP,
    bearer_name="出行",
    authority_from=date(2026, 1, 1),
    authority_until=date(2026, 12, 31),
    industry=Industry.RIDE_HAILING,
    scene="drivers and passengers call each other",
    script="where are you",
    callee_source="they ordered a ride",
)
NEEDED = tuple(
    kind for kind in PaperKind if kind not in {PaperKind.OTHER, PaperKind.BEARER_AUTHORITY}
)


@dataclass
class Folder:
    """A storage that keeps what it is given in memory."""

    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)

    async def keep(self, path: Path, bucket: str, object_name: str) -> None:
        self.kept[bucket, object_name] = path.read_bytes()
        path.unlink()

    async def read(self, bucket: str, object_name: str, start: int, size: int) -> bytes:
        return self.kept[bucket, object_name][start : start + size]

    async def remove(self, bucket: str, object_name: str) -> None:
        self.kept.pop((bucket, object_name), None)


@dataclass
class OrderWorld:
    spool: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(NOW))
    folder: Folder = field(default_factory=Folder)

    async def open(self) -> "OrderWorld":
        clock, ids = self.clock, CountedIds()
        self.activations = ActivationDesk(self.store, clock)
        self.papers = PaperFiles(self.folder, bytes(32), self.spool)
        self.enterprises = EnterpriseDesk(
            self.store, self.papers, self.activations, clock=clock, ids=ids, zone=ZONE
        )
        self.contacts = ContactDesk(self.store, clock, ids)
        self.stock = StockDesk(self.store, clock)
        self.orders = OrderDesk(
            self.store, self.stock, self.activations, clock=clock, ids=ids, zone=ZONE
        )
        self.sheets = OrderSheets(InlineReader(), SheetWriter, load_areas())
        for tenant_id in ("left", "right"):
            await self.store.add_tenant(Tenant(tenant_id=tenant_id, name="T", created_at=NOW))
            await self.store.add_application(
                Application(
                    app_key=f"app-{tenant_id}",
                    tenant_id=tenant_id,
                    name="rides",
                    mode=Mode.AXB,
                    secret="s",
                    created_at=NOW,
                )
            )
        return self

    async def enterprise(self, tenant_id: str = "left", **fields: Any) -> Enterprise:
        """One with all that is needed, in draft."""
        new = NewEnterprise(accepts_statement=True)
        made = await self.enterprises.create(tenant_id, new)
        made = await self.enterprises.edit(made.dossier_id, WHOLE, tenant_id)
        if fields:
            made = await self.enterprises.edit(
                made.dossier_id, EnterpriseFields(**fields), tenant_id
            )
        for kind in NEEDED:
            made = await self.upload(made, kind)
        return made

    async def upload(self, enterprise: Enterprise, kind: PaperKind) -> Enterprise:
        return await self.enterprises.upload(
            enterprise.dossier_id, kind, "scan.png", PNG, tenant_id=enterprise.tenant_id
        )

    async def approved(self, tenant_id: str = "left", **fields: Any) -> Enterprise:
        made = await self.enterprise(tenant_id, **fields)
        await self.enterprises.submit(made.dossier_id, tenant_id)
        return await self.enterprises.approve(made.dossier_id)

    async def ordered(self, *lines: LineForm, **fields: Any) -> NumberOrder:
        """An order of an approved enterprise."""
        enterprise = await self.approved()
        new = NewOrder(
            app_key="app-left",
            enterprise_id=enterprise.dossier_id,
            lines=lines or (LineForm(area_code="0755", kind=VIRTUAL, quantity=2),),
            **fields,
        )
        return await self.orders.place("left", new)

    async def fill_stock(self, *last: int, scheme: int | None = None) -> None:
        numbers = tuple(
            NewStockNumber(number=f"+8617000000{one:03}", area_code="0755", scheme=scheme)
            for one in last
        )
        await self.stock.add(NewStock(numbers=numbers))

    def sealed(self, paper: Paper) -> bytes:
        return self.folder.kept["papers", paper.object_name]
