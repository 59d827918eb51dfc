"""Packages: minutes and messages that are paid for in advance, and the order they are used in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

MAX_PURCHASES = 1_000
"""Packages of one tenant that are not over."""

_HOUR = timedelta(hours=1)


class Quota(StrEnum):
    """What a package holds. Its messages are for numbers of virtual operators only."""

    MINUTES = "minutes"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageOffer:
    """A package that tenants may buy while it `is_sold`."""

    offer_id: str
    name: str
    price: int
    minutes: int = 0
    messages: int = 0
    is_sold: bool = True
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePurchase:
    """A package that a tenant has bought, with what is left of it.

    It counts from `valid_from` on and no more at `valid_until`.
    """

    purchase_id: str
    tenant_id: str
    offer_id: str
    name: str
    price: int
    bought_at: datetime
    valid_from: datetime
    valid_until: datetime
    minutes: int
    messages: int
    minutes_left: int
    messages_left: int

    def left(self, quota: Quota) -> int:
        """How much it has."""
        return self.minutes_left if quota is Quota.MINUTES else self.messages_left

    def less(self, quota: Quota, amount: int) -> "PackagePurchase":
        """The package once so much of it was used."""
        if quota is Quota.MINUTES:
            return replace(self, minutes_left=self.minutes_left - amount)
        return replace(self, messages_left=self.messages_left - amount)


class Draw(NamedTuple):
    """So much of a quota is taken out of a package."""

    purchase_id: str
    quota: Quota
    amount: int


def bought(offer: PackageOffer, tenant_id: str, purchase_id: str, now: datetime) -> PackagePurchase:
    """A package that begins with the next full hour and lasts a year (`spec/console.md` 5)."""
    valid_from = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _HOUR
    return PackagePurchase(
        purchase_id=purchase_id,
        tenant_id=tenant_id,
        offer_id=offer.offer_id,
        name=offer.name,
        price=offer.price,
        bought_at=now,
        valid_from=valid_from,
        valid_until=_year_later(valid_from),
        minutes=offer.minutes,
        messages=offer.messages,
        minutes_left=offer.minutes,
        messages_left=offer.messages,
    )


def draws(
    purchases: Sequence[PackagePurchase], quota: Quota, amount: int, moment: datetime
) -> tuple[Draw, ...]:
    """What packages give for something of a moment: what ends first before what was bought first.

    It may be less than `amount`.
    """
    taken: list[Draw] = []
    for one in sorted(purchases, key=lambda one: (one.valid_until, one.bought_at, one.purchase_id)):
        given = min(amount, one.left(quota))
        if given > 0 and one.valid_from <= moment < one.valid_until:
            taken.append(Draw(one.purchase_id, quota, given))
            amount -= given
    return tuple(taken)


def after_draws(
    purchases: Sequence[PackagePurchase], taken: Sequence[Draw]
) -> tuple[PackagePurchase, ...]:
    """The packages once that was taken out of them."""
    return tuple(_after(one, taken) for one in purchases)


def _after(purchase: PackagePurchase, taken: Sequence[Draw]) -> PackagePurchase:
    for draw in taken:
        if draw.purchase_id == purchase.purchase_id:
            purchase = purchase.less(draw.quota, draw.amount)
    return purchase


def _year_later(moment: datetime) -> datetime:
    is_leap_day = (moment.month, moment.day) == (2, 29)
    return moment.replace(year=moment.year + 1, day=28 if is_leap_day else moment.day)
