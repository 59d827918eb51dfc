"""What is asked for of money: tariffs, packages, what comes in, and what a tenant may owe."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.charge_run import RunKind
from maskline.domain.ledger import MAX_AMOUNT
from maskline.domain.tariff import MAX_PRICE

Price = Annotated[int, Meta(ge=0, le=MAX_PRICE)]
Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
Balance = Annotated[int, Meta(ge=-MAX_AMOUNT, le=MAX_AMOUNT)]
Quantity = Annotated[int, Meta(ge=0, le=100_000_000)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Note = Annotated[str, Meta(max_length=200)]
Reference = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[0-9A-Za-z._:/-]+$")]


class NewTariff(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prices from `valid_from` on, which is now unless it is given; for a tenant, or everybody.

    Prices are whole numbers of the minor unit of the currency. `carrier_rent` and
    `virtual_operator_rent` are for a number and a month, `call_minute` for each started minute, the
    `..._message` for each part of a message, `storage` for a GB of recordings and a month.
    """

    tenant_id: str | None = None
    valid_from: Annotated[datetime, Meta(tz=True)] | None = None
    carrier_rent: Price = 0
    virtual_operator_rent: Price = 0
    call_minute: Price = 0
    carrier_message: Price = 0
    virtual_operator_message: Price = 0
    storage: Price = 0
    note: Note = ""


class NewPackage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A package that tenants may buy; its messages are for numbers of virtual operators."""

    name: Name
    price: Price
    minutes: Quantity = 0
    messages: Quantity = 0


class PackageChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a package that is sold; what was bought of it stays as it was."""

    name: Name | UnsetType = UNSET
    is_sold: bool | UnsetType = UNSET


class NewPurchase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A package that is bought, for a tenant that people of a tenant need not name."""

    package_id: str
    tenant_id: str | None = None


class TopUp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money that came in. `reference` names the payment: with the same one it is booked once."""

    tenant_id: str
    amount: Amount
    reference: Reference
    note: Note = ""


class Adjustment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A correction of a balance, up or down. `reference` as of a TopUp; `note` says why."""

    tenant_id: str
    amount: Balance
    reference: Reference
    note: Annotated[str, Meta(min_length=1, max_length=200)]


class MoneyTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of what is agreed with a tenant; absent fields stay.

    `credit` is how much it may owe, `alert_below` at which balance somebody is told, null never.
    """

    credit: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)] | UnsetType = UNSET
    alert_below: Balance | UnsetType | None = UNSET


class NewChargeRun(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Charge now what is over; what was charged already is not charged again."""

    kind: RunKind = RunKind.CALLS
