"""Endpoints of orders of numbers, for tenants."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter
from maskline.domain.order import MAX_LINES, NumberOrder, OrderState
from maskline.domain.virtual_number import NumberKind
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, NumbersView, view_items, view_number
from maskline.services.dossier_store import DossierFilter, DossierStore
from maskline.services.order import OrderDesk
from maskline.services.order_request import NewOrder, OrderChange

PATH = "/orders/{order_id}"


class OrderForm(NewOrder, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order of a tenant, who need not say so."""

    tenant_id: str = ""


class OrderQuery(ListQuery, frozen=True, kw_only=True):
    """Orders, newest first by when they came into their state; or the oldest first."""

    tenant_id: str | None = None
    state: OrderState | None = None
    oldest_first: bool = False


class LineQuery(Struct, frozen=True, kw_only=True):
    """A line of an order by its place from 0."""

    line: Annotated[int, Meta(ge=0, lt=MAX_LINES)] = 0


class OrderLineView(Struct, frozen=True, kw_only=True):
    """So many numbers of one sort, of which `issued` are there; no `area_code`: of any city."""

    area_code: str | None
    kind: NumberKind
    quantity: int
    may_message: bool
    issued: int


class OrderView(Struct, frozen=True, kw_only=True):
    """An order. All of its numbers should be there on `expected_on`; `issued` of `quantity` are."""

    order_id: str
    tenant_id: str
    revision: int
    state: OrderState
    reason: str
    app_key: str
    enterprise_id: str
    contact_id: str | None
    is_fast: bool
    wanted_on: date | None
    expected_on: date
    note: str
    lines: tuple[OrderLineView, ...]
    quantity: int
    issued: int
    created_at: datetime
    since: datetime
    urged_at: datetime | None


class OrderEndpoints:
    """What tenants do with orders."""

    def __init__(self, store: DossierStore, desk: OrderDesk) -> None:
        self._store = store
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._reading(), *self._ordering())

    def _reading(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/orders",
                summary="Orders of numbers, those first that came into their state last",
                run=self.list_orders,
                right=Right.ORDER_READ,
                query=OrderQuery,
                answer=Items[OrderView],
            ),
            Endpoint(
                method="GET",
                path=PATH,
                summary="One order",
                run=self.show_order,
                right=Right.ORDER_READ,
                answer=OrderView,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/numbers",
                summary="What was issued of a line of an order, as it is now",
                run=self.list_order_numbers,
                right=Right.ORDER_READ,
                query=LineQuery,
                answer=NumbersView,
                refusals=(404,),
            ),
        )

    def _ordering(self) -> tuple[Endpoint, ...]:
        verbs = (
            ("cancel", self.cancel_order, "Take an order back before it is worked on"),
            ("urge", self.urge_order, "Ask how long an order takes, once an hour"),
        )
        return (
            Endpoint(
                method="POST",
                path="/orders",
                summary="Order numbers for an application and an approved enterprise",
                run=self.place_order,
                right=Right.ORDER_WRITE,
                body=OrderForm,
                answer=OrderView,
                status=201,
                refusals=(404, 409),
            ),
            Endpoint(
                method="PATCH",
                path=PATH,
                summary="Order something else before it is worked on, or after a rejection",
                run=self.change_order,
                right=Right.ORDER_WRITE,
                body=OrderChange,
                answer=OrderView,
                refusals=(404, 409),
            ),
            *(
                Endpoint(
                    method="POST",
                    path=f"{PATH}/{verb}",
                    summary=summary,
                    run=run,
                    right=Right.ORDER_WRITE,
                    answer=OrderView,
                    refusals=(404, 409),
                )
                for verb, run, summary in verbs
            ),
        )

    async def list_orders(self, asked: Asked) -> Items[OrderView]:
        """Orders."""
        query: OrderQuery = asked.query
        wanted = DossierFilter(
            tenant_id=query.tenant_id, state=query.state, oldest_first=query.oldest_first
        )
        found = await self._store.dossiers(NumberOrder, wanted, query.page)
        return view_items(found, view_order)

    async def show_order(self, asked: Asked) -> OrderView:
        """One order."""
        return view_order(await self._desk.find(*_of(asked)))

    async def list_order_numbers(self, asked: Asked) -> NumbersView:
        """What was issued."""
        query: LineQuery = asked.query
        order_id, tenant_id = _of(asked)
        numbers = await self._desk.numbers(order_id, query.line, tenant_id)
        return NumbersView(numbers=tuple(map(view_number, numbers)))

    async def place_order(self, asked: Asked) -> OrderView:
        """Order numbers."""
        form: OrderForm = asked.body
        if not form.tenant_id:
            raise InvalidParameter("tenant_id", "says whose order it is")
        given = {name: getattr(form, name) for name in NewOrder.__struct_fields__}
        return view_order(await self._desk.place(form.tenant_id, NewOrder(**given)))

    async def change_order(self, asked: Asked) -> OrderView:
        """Order something else."""
        order_id, tenant_id = _of(asked)
        return view_order(await self._desk.change(order_id, asked.body, tenant_id))

    async def cancel_order(self, asked: Asked) -> OrderView:
        """Take an order back."""
        return view_order(await self._desk.cancel(*_of(asked)))

    async def urge_order(self, asked: Asked) -> OrderView:
        """Ask how long it takes."""
        return view_order(await self._desk.urge(*_of(asked)))


def view_order(order: NumberOrder) -> OrderView:
    """An order as it is shown."""
    wish = order.wish
    return OrderView(
        order_id=order.dossier_id,
        tenant_id=order.tenant_id,
        revision=order.revision,
        state=order.state,
        reason=order.reason,
        app_key=wish.app_key,
        enterprise_id=wish.enterprise_id,
        contact_id=wish.contact_id,
        is_fast=wish.is_fast,
        wanted_on=wish.wanted_on,
        expected_on=order.expected_on,
        note=wish.note,
        lines=tuple(
            OrderLineView(
                area_code=line.area_code,
                kind=line.kind,
                quantity=line.quantity,
                may_message=line.may_message,
                issued=line.issued,
            )
            for line in wish.lines
        ),
        quantity=order.quantity,
        issued=order.issued,
        created_at=order.created_at,
        since=order.since,
        urged_at=order.urged_at,
    )


def _of(asked: Asked) -> tuple[str, str | None]:
    """Which order is meant, and whose it has to be."""
    return asked.path["order_id"], asked.caller.tenant_id
