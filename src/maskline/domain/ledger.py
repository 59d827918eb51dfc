"""The ledger: postings whose lines add up to nothing, and the balance of each tenant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

MAX_AMOUNT = 10**12
"""Of one posting, in the minor unit of the currency."""


class Account(StrEnum):
    """Where money is. A line with a positive amount adds to what we owe, or have earned.

    `PREPAID` is what we owe a tenant: its balance, which arrears make negative. `RECEIPTS` is the
    other side of what came in.
    """

    PREPAID = "prepaid"
    RECEIPTS = "receipts"
    RENT = "revenue.rent"
    CALL = "revenue.call"
    MESSAGE = "revenue.message"
    PACKAGE = "revenue.package"
    STORAGE = "revenue.storage"
    ADJUSTMENT = "adjustment"


class PostingKind(StrEnum):
    """What a posting is for."""

    CALL = "call"
    MESSAGE = "message"
    RENT = "rent"
    PACKAGE = "package"
    STORAGE = "storage"
    TOP_UP = "top_up"
    ADJUSTMENT = "adjustment"

    @property
    def account(self) -> Account:
        """The other side of the tenant's balance."""
        return _ACCOUNTS[self]


_ACCOUNTS = {
    PostingKind.CALL: Account.CALL,
    PostingKind.MESSAGE: Account.MESSAGE,
    PostingKind.RENT: Account.RENT,
    PostingKind.PACKAGE: Account.PACKAGE,
    PostingKind.STORAGE: Account.STORAGE,
    PostingKind.TOP_UP: Account.RECEIPTS,
    PostingKind.ADJUSTMENT: Account.ADJUSTMENT,
}


class Line(NamedTuple):
    """So much is added to an account, in the minor unit of the currency."""

    account: Account
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What was charged or paid. It is never changed nor removed.

    `source` names what it is for and is there once: whoever posts it again changes nothing. `lines`
    add up to 0; what packages cover or is free has none. It was
    posted `at`, what it is for was used at `used_at`. `units` are minutes, parts or months, of
    which packages covered `covered`; `price` is that of a unit. `app_key` and `x` are "" where
    there is none.
    """

    posting_id: str
    tenant_id: str
    kind: PostingKind
    source: str
    at: datetime
    used_at: datetime
    lines: tuple[Line, ...] = ()
    app_key: str = ""
    x: str = ""
    units: int = 0
    covered: int = 0
    price: int = 0
    note: str = ""
    created_by: str = ""

    def __post_init__(self) -> None:
        if sum(line.amount for line in self.lines):
            raise ValueError(f"the lines of {self.source} do not add up to 0")

    @property
    def amount(self) -> int:
        """What it adds to the balance of the tenant."""
        return sum(line.amount for line in self.lines if line.account is Account.PREPAID)


def lines_of(kind: PostingKind, amount: int) -> tuple[Line, ...]:
    """Both sides of what `amount` adds to a balance."""
    if not amount:
        return ()
    return (Line(Account.PREPAID, amount), Line(kind.account, -amount))


def sums_of(postings: Iterable[Posting]) -> dict[Account, int]:
    """What stands on each account that has lines."""
    sums: dict[Account, int] = {}
    for posting in postings:
        for line in posting.lines:
            sums[line.account] = sums.get(line.account, 0) + line.amount
    return sums


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyAccount:
    """How a tenant stands.

    `balance` is the sum of its lines on PREPAID. It may fall to `-credit`; below that it is in
    arrears since `arrears_since`, until it is 0 or more. `released_at` is when its numbers were
    taken away because of it. Below `alert_below` somebody is told, once: `alerted_at`.
    """

    tenant_id: str
    balance: int = 0
    credit: int = 0
    alert_below: int | None = None
    alerted_at: datetime | None = None
    arrears_since: datetime | None = None
    released_at: datetime | None = None

    @property
    def is_overdrawn(self) -> bool:
        """Whether it owes more than it may."""
        return self.balance < -self.credit

    @property
    def is_low(self) -> bool:
        """Whether somebody should be told."""
        return self.alert_below is not None and self.balance < self.alert_below
