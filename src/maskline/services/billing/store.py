"""The part of the store seam for money; the rules of `maskline.services.store` hold here too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from maskline.domain.call import CallRecord
from maskline.domain.charge_run import ChargeRun, RunKind
from maskline.domain.ledger import Account, MoneyAccount, Posting, PostingKind
from maskline.domain.message import Message
from maskline.domain.package import Draw, PackageOffer, PackagePurchase
from maskline.domain.tariff import Tariff
from maskline.domain.virtual_number import NumberState, VirtualNumber
from maskline.services.page import Listing, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A posting, what it takes out of packages, and the package that it pays for."""

    posting: Posting
    draws: tuple[Draw, ...] = ()
    purchase: PackagePurchase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """How far a run is once some entries are posted, who says so and how long he goes on.

    `skipped` is added to what it passed over before, `extra` to its postings.
    """

    kind: RunKind
    period: str
    holder: str
    leased_until: datetime
    cursor: str
    skipped: int = 0
    extra: int = 0


class Behind(NamedTuple):
    """The place in a walk through records or messages: behind this moment and key."""

    at: datetime
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingFilter:
    """Which postings are asked for; None does not restrict. `until` is not included."""

    tenant_id: str | None = None
    kind: PostingKind | None = None
    app_key: str | None = None
    x: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementSpan:
    """Whose statement is asked for, of which month; None is the present one."""

    tenant_id: str | None = None
    month: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """What one number of an application cost, of one kind. Without either: the tenant itself."""

    app_key: str
    x: str
    kind: PostingKind
    postings: int
    units: int
    covered: int
    amount: int


class HeldNumber(NamedTuple):
    """A number that was paused because of arrears, and the state it goes back to."""

    number: str
    state: NumberState


class BillingStore(Protocol):
    """Tariffs, packages, the ledger and balances, and the runs that charge.

    All raise StoreBusy, StoreFailed.
    """

    async def add_tariff(self, tariff: Tariff) -> None:
        """Keep a new one, for good. Raises DuplicateRecord."""
        ...

    async def tariffs(self) -> tuple[Tariff, ...]:
        """All of them, the oldest `valid_from` first."""
        ...

    async def save_package_offer(self, offer: PackageOffer) -> None:
        """Keep a new one, or replace it."""
        ...

    async def package_offers(self) -> tuple[PackageOffer, ...]:
        """All of them, oldest first."""
        ...

    async def purchases(self, tenant_id: str, ends_after: datetime) -> tuple[PackagePurchase, ...]:
        """What a tenant has bought that ends after a moment, oldest first."""
        ...

    async def post(self, entries: Sequence[Entry], step: RunStep | None = None) -> tuple[bool, ...]:
        """Add to the ledger with the balances and the run they belong to, all or nothing.

        Returns which of them are new. An entry whose source is posted already changes nothing: no
        balance, no package. Raises QuotaMoved: a package has not what is drawn from it; RunTaken:
        the run is over or another goes on with it.
        """
        ...

    async def posting_of(self, source: str) -> Posting | None:
        """What was posted for it."""
        ...

    async def postings(self, wanted: PostingFilter, page: Page) -> Listing[Posting]:
        """Postings, newest first."""
        ...

    async def ledger_sums(self, tenant_id: str | None) -> Mapping[Account, int]:
        """What stands on each account that has lines, of one tenant or all."""
        ...

    async def statement(
        self, tenant_id: str, since: datetime, until: datetime, limit: int
    ) -> tuple[StatementLine, ...]:
        """What was used in a span of time, by application, number and kind, in that order."""
        ...

    async def spent(self, tenant_id: str, app_key: str | None, since: datetime) -> int:
        """See `maskline.services.spending.SpendStore`."""
        ...

    async def money_account(self, tenant_id: str) -> MoneyAccount:
        """How a tenant stands; one that nothing was posted for has 0."""
        ...

    async def money_accounts(self, behind: str, limit: int) -> tuple[MoneyAccount, ...]:
        """How tenants stand that have anything posted or agreed, behind a tenant in their order."""
        ...

    async def save_money_terms(self, tenant_id: str, credit: int, alert_below: int | None) -> None:
        """Set how much a tenant may owe, and below what somebody is told."""
        ...

    async def save_money_state(self, account: MoneyAccount, since: datetime | None) -> bool:
        """Set all of an account but its balance and its terms, if its arrears began at `since`.

        False when they did not, and nothing is changed.
        """
        ...

    async def hold_number(self, tenant_id: str, held: HeldNumber) -> None:
        """A number is about to be paused because of arrears. One that is held keeps its state."""
        ...

    async def held_numbers(self, tenant_id: str, limit: int) -> tuple[HeldNumber, ...]:
        """Up to `limit` numbers of a tenant that are held, in their order."""
        ...

    async def let_number_go(self, number: str) -> None:
        """It is not held any more."""
        ...

    async def uncharged_calls(
        self, since: datetime, until: datetime, behind: Behind | None, limit: int
    ) -> tuple[CallRecord, ...]:
        """Records of calls that were talked, ended in a span, and have no posting.

        In the order of their end, then of their session; the source is `call:SESSION`.
        """
        ...

    async def uncharged_messages(
        self, since: datetime, until: datetime, behind: Behind | None, limit: int
    ) -> tuple[Message, ...]:
        """Messages that were sent, came in a span, and have no posting, without texts and parts.

        In the order they came, then of their id; the source is `message:ID`.
        """
        ...

    async def unrented_numbers(
        self, month: str, behind: str, limit: int
    ) -> tuple[VirtualNumber, ...]:
        """Virtual numbers without a posting `rent:NUMBER:MONTH`, behind a number in their order."""
        ...

    async def take_run(
        self, kind: RunKind, period: str, holder: str, now: datetime, until: datetime
    ) -> ChargeRun | None:
        """Begin a run or go on with one; None when it is done or another works on it."""
        ...

    async def end_run(self, kind: RunKind, period: str, holder: str, now: datetime) -> None:
        """It is done. Raises RunTaken."""
        ...

    async def charge_runs(self, limit: int) -> tuple[ChargeRun, ...]:
        """The newest ones, newest first."""
        ...
