"""What is asked for of orders of numbers."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.number_life import SCHEMES
from maskline.domain.order import MAX_LINES
from maskline.domain.virtual_number import NumberKind
from maskline.services.stock_request import MAX_ISSUED

Quantity = Annotated[int, Meta(ge=1, le=MAX_ISSUED)]
Note = Annotated[str, Meta(max_length=500)]
Scheme = Annotated[int, Meta(ge=SCHEMES.start, lt=SCHEMES.stop)]


class LineForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many numbers of one sort; without `area_code` of any city."""

    area_code: str | None = None
    kind: NumberKind
    quantity: Quantity
    may_message: bool = False


Lines = Annotated[tuple[LineForm, ...], Meta(min_length=1, max_length=MAX_LINES)]


class NewOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers for an application. `is_fast`: from stock, of the cities that are there.

    `wanted_on` is when they would be welcome, `contact_id` who may be asked about them.
    """

    app_key: str
    enterprise_id: str
    contact_id: str | None = None
    is_fast: bool = True
    wanted_on: date | None = None
    note: Note = ""
    lines: Lines


class OrderChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to order in place of before; absent fields stay. The order waits for its review anew."""

    app_key: str | UnsetType = UNSET
    enterprise_id: str | UnsetType = UNSET
    contact_id: str | UnsetType | None = UNSET
    is_fast: bool | UnsetType = UNSET
    wanted_on: date | UnsetType | None = UNSET
    note: Note | UnsetType = UNSET
    lines: Lines | UnsetType = UNSET


class IssuedByHand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number that did not come out of the stock.

    `scheme` is how its carrier wants to be told whose it is. Without `area_code` it is of the city
    of its line.
    """

    number: str
    area_code: str | None = None
    supplier: Annotated[str, Meta(max_length=64)] = ""
    scheme: Scheme | None = None


class HandIssue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers for a line of an order, by its place from 0; all of them or none."""

    line: Annotated[int, Meta(ge=0, lt=MAX_LINES)]
    numbers: Annotated[tuple[IssuedByHand, ...], Meta(min_length=1, max_length=MAX_ISSUED)]
