"""A shop with numbers and calls, and everything that charges it, in any store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maskline.domain.access import OPERATOR
from maskline.domain.application import Application, Mode, Tenant
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.charge_run import RunKind
from maskline.domain.notice import Purpose
from maskline.domain.release import ReleaseCode
from maskline.domain.tariff import Tariff
from maskline.domain.virtual_number import NumberKind, NumberState, VirtualNumber
from maskline.services.administration import Administration
from maskline.services.billing.arrears import Arrears
from maskline.services.billing.charge import ChargeRunner
from maskline.services.billing.desk import BillingDesk
from maskline.services.billing.period import moment_of
from maskline.services.billing.request import NewTariff, TopUp
from maskline.services.billing.walk import Walks
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds, SystemIds
from maskline.services.notice_store import NoticeFilter
from maskline.services.number_state import NumberNews
from maskline.services.page import Page
from maskline.services.store import Store
from maskline.stores.memory import MemoryStore

NOW = datetime(2026, 12, 5, 6, 30, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
X, Y = "+8613000000001", "+8617000000002"


class NoCache:
    """Nobody keeps copies."""

    def forget_application(self, app_key: str) -> None: ...

    def forget_tenant(self, tenant_id: str) -> None: ...

    def forget_trunks(self) -> None: ...


class Shop:
    """`worker` makes one more process of the platform, which may work on another's store."""

    def __init__(self, store: Store | None = None, now: datetime = NOW) -> None:
        self.clock = SteppedClock(now)
        self.store: Store = store or MemoryStore()
        self.ids = CountedIds()
        self.worker(self.store)
        self.calls = 0

    def worker(self, store: Store, holder: str = "one", batch: int = 3) -> ChargeRunner:
        news = NumberNews(_message, self.clock, self.ids, lambda: None)
        administration = Administration(store, NoCache(), self.clock, SystemIds(), news=news)
        self.arrears = Arrears(store, administration, self.clock, timedelta(days=30))
        self.desk = BillingDesk(store, self.arrears, self.clock, self.ids)
        self.administration = administration
        self.walks = Walks(store, self.clock, self.ids, SHANGHAI, batch)
        walks = {
            RunKind.RENT: self.walks.rents,
            RunKind.ISSUED: self.walks.rents,
            RunKind.CALLS: self.walks.calls,
            RunKind.MESSAGES: self.walks.messages,
            RunKind.ARREARS: self.arrears.walk,
        }
        self.runner = ChargeRunner(store, walks, self.clock, SHANGHAI, holder)
        return self.runner

    async def open(self, *, numbers_since: datetime = NOW - HOUR) -> "Shop":
        await self.store.add_tenant(Tenant(tenant_id="shop", name="Shop", created_at=NOW))
        application = Application(
            app_key="app", tenant_id="shop", name="rides", mode=Mode.AXB, secret="s",
            pushes_number_state=True, number_state_url="https://one.example/state", created_at=NOW,
        )  # fmt: skip
        await self.store.add_application(application)
        plain = VirtualNumber(number=X, app_key="app", area_code="0755", created_at=numbers_since)
        virtual = replace(plain, number=Y, kind=NumberKind.VIRTUAL_OPERATOR)
        await self.store.add_numbers([plain, virtual])
        return self

    async def price(self, **given: Any) -> Tariff:
        prices: dict[str, Any] = {
            "carrier_rent": 500,
            "virtual_operator_rent": 800,
            "call_minute": 10,
            "carrier_message": 6,
            "virtual_operator_message": 4,
        }
        return await self.desk.add_tariff(NewTariff(**(prices | given)), OPERATOR)

    async def pay(self, amount: int, reference: str = "r1") -> None:
        form = TopUp(tenant_id="shop", amount=amount, reference=reference)
        await self.desk.top_up(form, OPERATOR)

    async def talk(self, seconds: float = 61, at: datetime | None = None) -> CallRecord:
        """A call that ended now, or at a moment."""
        self.calls += 1
        end = at or self.clock.now()
        call = Call(
            session_id=f"session-{self.calls:03}", icid="icid", host="host", app_key="app",
            tenant_id="shop", mode=Mode.AXB, x=X, caller="+8613900000001",
            arrived_at=end - timedelta(seconds=seconds + 5),
            answered_at=end - timedelta(seconds=seconds),
        )  # fmt: skip
        record = CallRecord(call=call, end=CallEnd(at=end, release=ReleaseCode.NORMAL))
        await self.store.finish_call(record, [])
        return record

    async def charge(self, kind: RunKind = RunKind.CALLS) -> None:
        """A run by hand, of all that is over now."""
        self.clock.step(0.001)
        await self.runner.run(kind, moment_of(self.clock.now()))

    async def balance(self) -> int:
        return (await self.store.money_account("shop")).balance

    async def states(self) -> list[NumberState]:
        return [one.state for one in await self.store.numbers_after("app", "", 9)]

    async def told(self) -> list[bytes]:
        """What was pushed of numbers, oldest first."""
        found = await self.store.notices(NoticeFilter(), Page(limit=100))
        notices = [row.notice for row in found.rows]
        return [one.body for one in notices[::-1] if one.purpose is Purpose.NUMBER_STATE]


def _message(numbers: Any) -> bytes:
    return " ".join(f"{one.number} {one.state} {one.cause}" for one in numbers).encode()
