"""What is asked for of the stock of virtual numbers."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.number_life import SCHEMES
from maskline.domain.virtual_number import MAX_NOTE, NumberKind

MAX_STOCK_PER_REQUEST = 1_000
MAX_ISSUED = 1_000
"""Numbers of one wish."""
MAX_COST = 1_000_000_000

Text = Annotated[str, Meta(max_length=64)]
Note = Annotated[str, Meta(max_length=MAX_NOTE)]
Cost = Annotated[int, Meta(ge=0, le=MAX_COST)]
Scheme = Annotated[int, Meta(ge=SCHEMES.start, lt=SCHEMES.stop)]


class NewStockNumber(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number for the stock; `scheme` is how its carrier wants to be told whose it is."""

    number: str
    area_code: str
    kind: NumberKind | UnsetType = UNSET
    may_message: bool = True
    supplier: Text = ""
    cost: Cost = 0
    scheme: Scheme | None = None
    note: Note = ""
    free_from: datetime | UnsetType = UNSET


class StockChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a number in stock; absent fields stay."""

    area_code: str | UnsetType = UNSET
    kind: NumberKind | UnsetType = UNSET
    may_message: bool | UnsetType = UNSET
    supplier: Text | UnsetType = UNSET
    cost: Cost | UnsetType = UNSET
    scheme: Scheme | UnsetType | None = UNSET
    note: Note | UnsetType = UNSET
    free_from: datetime | UnsetType = UNSET


class NewStock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers for the stock; all are added or none."""

    numbers: Annotated[
        tuple[NewStockNumber, ...], Meta(min_length=1, max_length=MAX_STOCK_PER_REQUEST)
    ]
