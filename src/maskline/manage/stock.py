"""Endpoints of the stock: virtual numbers that belong to nobody, kept and issued by operators."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.area import Areas
from maskline.domain.number_life import StockNumber
from maskline.domain.virtual_number import NumberKind
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import MIN_PREFIX, ListQuery, read_prefix
from maskline.manage.view import Items, NumberView, copied, view_items, view_number
from maskline.services.number_life_store import StockCount, StockFilter, StockWish
from maskline.services.stock import StockDesk
from maskline.services.stock_request import MAX_ISSUED, NewStock, StockChange

PATH = "/stock"
ONE = f"{PATH}/{{number}}"


class StockQuery(ListQuery, frozen=True, kw_only=True):
    """Numbers in stock by number; `prefix` is how they begin, in global form."""

    area_code: str | None = None
    kind: NumberKind | None = None
    prefix: Annotated[str, Meta(min_length=MIN_PREFIX, max_length=24)] | None = None


class IssueForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be issued to an application; without `area_code` numbers of any city.

    With `may_message` only numbers that carry short messages do. All that was ever issued for a
    `reference` counts: to ask again is to ask for what is still missing.
    """

    app_key: str
    quantity: Annotated[int, Meta(ge=1, le=MAX_ISSUED)]
    kind: NumberKind
    area_code: str | None = None
    may_message: bool = False
    reference: Annotated[str, Meta(min_length=1, max_length=64)]


class StockNumberView(Struct, frozen=True, kw_only=True):
    """A number that belongs to nobody; it may be issued from `free_from` on.

    `cost` is a month of it in the minor unit of the currency, `scheme` how its carrier wants to
    learn whose it is, null where it does not ask.
    """

    number: str
    area_code: str
    kind: NumberKind
    may_message: bool
    supplier: str
    cost: int
    scheme: int | None
    note: str
    free_from: datetime
    added_at: datetime


class StockNumbersView(Struct, frozen=True, kw_only=True):
    """The numbers that were added."""

    numbers: tuple[StockNumberView, ...]


class StockCountView(Struct, frozen=True, kw_only=True):
    """How many numbers of one sort are `free` to be issued, or `resting` until later.

    Names are null where the code of the city is not known.
    """

    area_code: str
    city: str | None
    city_en: str | None
    kind: NumberKind
    may_message: bool
    free: int
    resting: int


class StockCountsView(Struct, frozen=True, kw_only=True):
    """The stock by city, kind and whether it carries short messages."""

    items: tuple[StockCountView, ...]


class IssuedView(Struct, frozen=True, kw_only=True):
    """All that was issued for a reference by now; `missing` are still wanted."""

    reference: str
    missing: int
    numbers: tuple[NumberView, ...]


class StockEndpoints:
    """Acts through the desk."""

    def __init__(self, desk: StockDesk, areas: Areas) -> None:
        self._desk = desk
        self._areas = areas

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._reading(), *self._changing())

    def _reading(self) -> tuple[Endpoint, ...]:
        right = Right.STOCK_READ
        return (
            Endpoint(
                method="GET",
                path=PATH,
                summary="Virtual numbers that belong to nobody, by number",
                run=self.list_stock,
                query=StockQuery,
                answer=Items[StockNumberView],
                right=right,
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/counts",
                summary="How many numbers are in stock, by city and kind",
                run=self.count_stock,
                answer=StockCountsView,
                right=right,
            ),
            Endpoint(
                method="GET",
                path=ONE,
                summary="One number in stock",
                run=self.show_stock_number,
                answer=StockNumberView,
                right=right,
                refusals=(404,),
            ),
        )

    def _changing(self) -> tuple[Endpoint, ...]:
        right = Right.STOCK_WRITE
        return (
            Endpoint(
                method="POST",
                path=PATH,
                summary="Take numbers into stock, all or none",
                run=self.add_stock,
                body=NewStock,
                answer=StockNumbersView,
                status=201,
                right=right,
                refusals=(409,),
            ),
            Endpoint(
                method="PATCH",
                path=ONE,
                summary="Say something else of a number in stock",
                run=self.change_stock_number,
                body=StockChange,
                answer=StockNumberView,
                right=right,
                refusals=(404,),
            ),
            Endpoint(
                method="DELETE",
                path=ONE,
                summary="Forget a number in stock, such as one that its supplier has taken back",
                run=self.remove_stock_number,
                status=204,
                right=right,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/issues",
                summary="Give numbers of the stock to an application, as many as are there",
                run=self.issue_stock,
                body=IssueForm,
                answer=IssuedView,
                status=201,
                right=right,
                refusals=(404,),
            ),
        )

    async def list_stock(self, asked: Asked) -> Items[StockNumberView]:
        """Numbers in stock."""
        query: StockQuery = asked.query
        wanted = StockFilter(
            area_code=query.area_code,
            kind=query.kind,
            prefix=read_prefix("prefix", query.prefix),
        )
        return view_items(await self._desk.list(wanted, query.page), _view)

    async def count_stock(self, _: Asked) -> StockCountsView:
        """How many there are of each sort."""
        return StockCountsView(items=tuple(map(self._count, await self._desk.counts())))

    async def show_stock_number(self, asked: Asked) -> StockNumberView:
        """One number in stock."""
        return _view(await self._desk.find(asked.path["number"]))

    async def add_stock(self, asked: Asked) -> StockNumbersView:
        """Take numbers in."""
        return StockNumbersView(numbers=tuple(map(_view, await self._desk.add(asked.body))))

    async def change_stock_number(self, asked: Asked) -> StockNumberView:
        """Say something else of a number."""
        return _view(await self._desk.change(asked.path["number"], asked.body))

    async def remove_stock_number(self, asked: Asked) -> None:
        """Forget a number."""
        await self._desk.remove(asked.path["number"])

    async def issue_stock(self, asked: Asked) -> IssuedView:
        """Give numbers to an application."""
        form: IssueForm = asked.body
        wish = StockWish(
            quantity=form.quantity,
            kind=form.kind,
            area_code=form.area_code,
            may_message=form.may_message,
            reference=form.reference,
        )
        issued = await self._desk.issue(wish, form.app_key, asked.caller.name)
        return IssuedView(
            reference=form.reference,
            missing=max(0, form.quantity - len(issued)),
            numbers=tuple(map(view_number, issued)),
        )

    def _count(self, count: StockCount) -> StockCountView:
        area = self._areas.find(count.area_code)
        city, english = (None, None) if area is None else (area.city, area.city_en)
        return copied(StockCountView, count, city=city, city_en=english)


def _view(number: StockNumber) -> StockNumberView:
    return copied(StockNumberView, number)
