"""Orders of numbers: what tenants send, and what becomes of them until the last number is there."""

from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Protocol

from maskline.domain.application import Application, ApplicationState, TenantState
from maskline.domain.dossier import RecordChanged
from maskline.domain.enterprise import Enterprise
from maskline.domain.error import InvalidParameter, TenantFull, UnknownRecord
from maskline.domain.order import (
    NumberOrder,
    OrderLine,
    OrderState,
    OrderWish,
    expected_on,
    merged,
)
from maskline.domain.virtual_number import NumberKind, VirtualNumber
from maskline.services.activation import ActivationDesk, NotActivated
from maskline.services.administration_rule import check_area_code
from maskline.services.clock import Clock
from maskline.services.dossier_store import DossierFilter, DossierStore
from maskline.services.given import given_fields
from maskline.services.hand_issue import HandIssuer
from maskline.services.ids import Ids
from maskline.services.number_life_store import NumberLifeStore, StockWish
from maskline.services.order_request import HandIssue, LineForm, NewOrder, OrderChange
from maskline.services.stock import StockDesk
from maskline.services.stock_request import MAX_ISSUED
from maskline.services.store import DirectoryStore

MAX_OPEN_ORDERS = 100
"""Orders of one tenant that wait or are worked on."""
ORDER_ID_LENGTH = 16
TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTimes:
    """Working days until numbers are there: from stock, or from their suppliers by kind."""

    stock: int = 2
    virtual_operator: int = 3
    carrier: int = 20

    def days(self, wish: OrderWish) -> int:
        """How many an order takes: as long as its slowest line."""
        if wish.is_fast:
            return self.stock
        kinds = {line.kind for line in wish.lines}
        return self.carrier if NumberKind.CARRIER in kinds else self.virtual_operator


class OrderDeskStore(DossierStore, DirectoryStore, NumberLifeStore, Protocol):
    """What the desk reads and writes."""


class OrderDesk:
    """The verbs, each about an order of `tenant_id`, or of any tenant where that is None.

    `zone` is whose calendar counts. All raise StoreBusy, StoreFailed, RecordChanged, and
    UnknownRecord for what is not there or another tenant's.
    """

    def __init__(
        self,
        store: OrderDeskStore,
        stock: StockDesk,
        activations: ActivationDesk,
        *,
        clock: Clock,
        ids: Ids,
        zone: tzinfo,
        lead_times: LeadTimes | None = None,
    ) -> None:
        self._store = store
        self._stock = stock
        self._activations = activations
        self._clock = clock
        self._ids = ids
        self._zone = zone
        self._lead_times = lead_times or LeadTimes()
        self._hand = HandIssuer(store, clock)

    async def place(self, tenant_id: str, new: NewOrder) -> NumberOrder:
        """Send an order. Raises InvalidParameter, NotActivated, TenantFull."""
        await self._require(tenant_id)
        given = given_fields(new)
        given["lines"] = _lines(new.lines)
        wish = OrderWish(**given)
        await self._check(tenant_id, wish)
        await self._check_room(tenant_id)
        now = self._clock.now()
        order = NumberOrder(
            dossier_id=self._ids.token(ORDER_ID_LENGTH),
            tenant_id=tenant_id,
            created_at=now,
            since=now,
            state=OrderState.SUBMITTED,
            wish=wish,
            expected_on=self._expected(wish),
        )
        await self._store.add_dossier(order)
        return order

    async def find(self, order_id: str, tenant_id: str | None = None) -> NumberOrder:
        """One order."""
        found = await self._store.dossier(NumberOrder, order_id)
        if found is None or tenant_id not in {None, found.tenant_id}:
            raise UnknownRecord(f"there is no order {order_id}")
        return found

    async def change(
        self, order_id: str, change: OrderChange, tenant_id: str | None
    ) -> NumberOrder:
        """Order something else; a rejected order is sent again. Raises as `place`, StateForbids."""
        found = await self.find(order_id, tenant_id)
        await self._require(found.tenant_id)
        given = given_fields(change)
        if "lines" in given:
            given["lines"] = _lines(given["lines"])
        wish = replace(found.wish, **given)
        await self._check(found.tenant_id, wish)
        return await self._save(found.change(wish, self._expected(wish), self._clock.now()))

    async def cancel(self, order_id: str, tenant_id: str | None) -> NumberOrder:
        """Take an order back before it is worked on. Raises StateForbids."""
        found = await self.find(order_id, tenant_id)
        return await self._save(found.cancel(self._clock.now()))

    async def urge(self, order_id: str, tenant_id: str | None) -> NumberOrder:
        """Ask how long it takes. Raises StateForbids, UrgedAlready."""
        found = await self.find(order_id, tenant_id)
        return await self._save(found.urge(self._clock.now()))

    async def approve(self, order_id: str, revision: int | None = None) -> NumberOrder:
        """Work on an order from now on. Raises StateForbids, InvalidParameter (as `place`)."""
        found = (await self.find(order_id)).looked_at(revision)
        await self._check(found.tenant_id, found.wish)
        return await self._save(found.take(self._clock.now()))

    async def reject(self, order_id: str, reason: str, revision: int | None = None) -> NumberOrder:
        """Refuse an order of which nothing is issued. Raises StateForbids."""
        found = (await self.find(order_id)).looked_at(revision)
        return await self._save(found.reject(reason, self._clock.now()))

    async def close(self, order_id: str, reason: str) -> NumberOrder:
        """End an order with what is issued, which stays. Raises StateForbids."""
        found = await self.find(order_id)
        return await self._save(found.close(reason, self._clock.now()))

    async def issue(self, order_id: str, by: str) -> NumberOrder:
        """Issue from stock what is missing, as much as is there; to ask again issues no more.

        Raises StateForbids, InvalidParameter.
        """
        order = await self._worked_on(order_id)
        for place, line in enumerate(order.wish.lines):
            if line.missing:
                wish = StockWish(
                    quantity=line.quantity,
                    kind=line.kind,
                    area_code=line.area_code,
                    may_message=line.may_message,
                    reference=order.reference(place),
                )
                await self._stock.issue(wish, order.wish.app_key, by)
        return await self._counted(order_id)

    async def issue_by_hand(self, order_id: str, issue: HandIssue, by: str) -> NumberOrder:
        """Issue numbers that are not in stock, all or none. To be cut off is to ask again.

        Raises StateForbids, InvalidParameter, DuplicateRecord.
        """
        order = await self._worked_on(order_id)
        if issue.line >= len(order.wish.lines):
            raise InvalidParameter("line", "the order has no such line")
        await self._hand.issue(order, issue, by)
        return await self._counted(order_id)

    async def numbers(
        self, order_id: str, line: int, tenant_id: str | None
    ) -> tuple[VirtualNumber, ...]:
        """What was issued of a line, by number, as it is now."""
        order = await self.find(order_id, tenant_id)
        if line >= len(order.wish.lines):
            raise InvalidParameter("line", "the order has no such line")
        return await self._store.issued_for(order.reference(line))

    async def _worked_on(self, order_id: str) -> NumberOrder:
        """The order, on which nothing is issued unless it is worked on. Raises StateForbids."""
        order = await self.find(order_id)
        order.count([line.issued for line in order.wish.lines], self._clock.now())
        return order

    async def _counted(self, order_id: str) -> NumberOrder:
        """The order with what was issued of it by anybody; others may write it meanwhile."""
        for tries_left in reversed(range(TRIES)):
            order = await self.find(order_id)
            issued: list[int] = []
            for place, line in enumerate(order.wish.lines):
                found = (
                    () if not line.missing else await self._store.issued_for(order.reference(place))
                )
                issued.append(max(line.issued, min(len(found), line.quantity)))
            if issued == [line.issued for line in order.wish.lines]:
                return order
            try:
                return await self._save(order.count(issued, self._clock.now()))
            except RecordChanged:
                if not tries_left:
                    raise
        raise RecordChanged

    async def _require(self, tenant_id: str) -> None:
        """Whether a tenant may order. Raises NotActivated, UnknownRecord."""
        tenant = await self._store.tenant(tenant_id)
        if tenant is None:
            raise UnknownRecord(f"there is no tenant {tenant_id}")
        if tenant.state is not TenantState.NORMAL:
            raise NotActivated("the tenant is frozen: top up, or ask the operator")
        await self._activations.require(tenant_id)

    async def _check(self, tenant_id: str, wish: OrderWish) -> None:
        """Whether a wish can be granted at all. Raises InvalidParameter."""
        application = await self._store.application(wish.app_key)
        if application is None or application.tenant_id != tenant_id:
            raise InvalidParameter("app_key", f"there is no application {wish.app_key}")
        if application.state is not ApplicationState.NORMAL:
            raise InvalidParameter("app_key", f"{application.name} is {application.state}")
        enterprise = await self._store.dossier(Enterprise, wish.enterprise_id)
        if enterprise is None or enterprise.tenant_id != tenant_id:
            raise InvalidParameter("enterprise_id", f"there is no {wish.enterprise_id}")
        self._check_enterprise(enterprise)
        _check_messages(wish, application, enterprise)
        contacts = await self._store.contacts(tenant_id)
        ids = {None, *(contact.contact_id for contact in contacts)}
        if wish.contact_id not in ids:
            raise InvalidParameter("contact_id", f"there is no contact {wish.contact_id}")

    def _check_enterprise(self, enterprise: Enterprise) -> None:
        now = self._clock.now()
        if enterprise.is_expired(now, self._zone):
            raise InvalidParameter(
                "enterprise_id", "its letter of authority has ended; upload another and submit it"
            )
        if not enterprise.is_usable(now, self._zone):
            raise InvalidParameter("enterprise_id", f"it is {enterprise.state}, not approved")

    async def _check_room(self, tenant_id: str) -> None:
        count = 0
        for state in (OrderState.SUBMITTED, OrderState.PROCESSING):
            wanted = DossierFilter(tenant_id=tenant_id, state=state)
            count += (await self._store.count_dossiers(NumberOrder, wanted)).count
        if count >= MAX_OPEN_ORDERS:
            raise TenantFull(f"{MAX_OPEN_ORDERS} orders wait or are worked on; wait for some")

    def _expected(self, wish: OrderWish) -> date:
        return expected_on(self._clock.now(), self._lead_times.days(wish), self._zone)

    async def _save(self, order: NumberOrder) -> NumberOrder:
        await self._store.save_dossier(order)
        return order


def _lines(forms: tuple[LineForm, ...]) -> tuple[OrderLine, ...]:
    """The lines of a wish, each sort once. Raises InvalidParameter."""
    for place, form in enumerate(forms):
        if form.area_code is not None:
            check_area_code(f"lines[{place}].area_code", form.area_code)
    lines = merged(OrderLine(**given_fields(form)) for form in forms)
    if any(line.quantity > MAX_ISSUED for line in lines):
        raise InvalidParameter("lines", f"at most {MAX_ISSUED} numbers of one sort")
    return lines


def _check_messages(wish: OrderWish, application: Application, enterprise: Enterprise) -> None:
    if not any(line.may_message for line in wish.lines):
        return
    if not application.may_message:
        raise InvalidParameter("lines", f"{application.name} has no short messages")
    if not enterprise.form.has_messages:
        raise InvalidParameter("lines", "the enterprise has declared no short messages")
