"""What things cost: tariffs, and from when each of them counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from maskline.domain.call import CallRecord
from maskline.domain.virtual_number import NumberKind

MAX_PRICE = 100_000_000
"""Of one thing, in the minor unit of the currency."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices in the minor unit of the currency; 0 is free.

    Rent is for a number and a calendar month, `call_minute` for a started minute of a call that was
    answered, a message's for each part that was sent, `storage` for a month and each started GB of
    recordings.
    """

    carrier_rent: int = 0
    virtual_operator_rent: int = 0
    call_minute: int = 0
    carrier_message: int = 0
    virtual_operator_message: int = 0
    storage: int = 0

    def rent(self, kind: NumberKind) -> int:
        """Of a number for a month."""
        is_carrier = kind is NumberKind.CARRIER
        return self.carrier_rent if is_carrier else self.virtual_operator_rent

    def message(self, kind: NumberKind) -> int:
        """Of one part of a message through a number."""
        is_carrier = kind is NumberKind.CARRIER
        return self.carrier_message if is_carrier else self.virtual_operator_message


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Prices from a moment on, until a later tariff for the same tenants. It is never changed.

    Without `tenant_id` it is for everybody who has none of his own.
    """

    tariff_id: str
    tenant_id: str | None
    valid_from: datetime
    prices: Prices
    note: str = ""
    created_by: str = ""
    created_at: datetime


def tariff_at(tariffs: Iterable[Tariff], tenant_id: str, moment: datetime) -> Tariff | None:
    """The tariff of a tenant at a moment: its own before everyone's; None before the first."""
    found = [
        one for one in tariffs if one.tenant_id in {None, tenant_id} and one.valid_from <= moment
    ]
    return max(
        found,
        key=lambda one: (one.tenant_id is not None, one.valid_from, one.created_at, one.tariff_id),
        default=None,
    )


def started_minutes(record: CallRecord) -> int:
    """How many minutes of a call were begun, from answer to end; an answered call has one."""
    if record.call.answered_at is None:
        return 0
    return max(1, -(-(record.end.at - record.call.answered_at) // _MINUTE))
