"""The store seam of what becomes of virtual numbers: stock, history, real names, returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maskline.domain.notice import Notice
from maskline.domain.number_life import NumberEvent, NumberLife, RealName, StockNumber
from maskline.domain.virtual_number import NumberKind, NumberState, VirtualNumber
from maskline.services.page import Listing, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFilter:
    """Which numbers of the stock a list asks for; None does not restrict."""

    area_code: str | None = None
    kind: NumberKind | None = None
    prefix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCount:
    """How many numbers of one sort are in stock: `free` to be issued, or `resting` until later."""

    area_code: str
    kind: NumberKind
    may_message: bool
    free: int
    resting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StockWish:
    """What is to be issued. `area_code` None is any city.

    With `may_message` only numbers that carry short messages do. All that was ever issued for a
    `reference` counts: to ask again is to ask for what is still missing.
    """

    quantity: int
    kind: NumberKind
    area_code: str | None = None
    may_message: bool = False
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeChange:
    """A number as it was found, as it is to be, and what is kept and told of it.

    Where it changes hands, or goes back into `stock`, it must have no bindings.
    """

    before: VirtualNumber
    after: VirtualNumber
    life: NumberLife
    event: NumberEvent
    stock: StockNumber | None = None
    notices: Sequence[Notice] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnnamedFilter:
    """Which numbers without a real name a list asks for; None does not restrict.

    `due_before` leaves those of which nobody has said when.
    """

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    state: NumberState | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnnamedNumber:
    """A number whose carrier wants to know whose it is, and does not yet."""

    number: VirtualNumber
    real_name: RealName


class NumberLifeStore(Protocol):
    """What became of virtual numbers, and those that belong to nobody."""

    async def add_stock(self, numbers: Sequence[StockNumber]) -> None:
        """Keep numbers that belong to nobody, all or none.

        Raises DuplicateRecord: one is in stock, or serves an application.
        """
        ...

    async def save_stock(self, number: StockNumber) -> None:
        """Replace what is said of a number; when it was added stays. Raises UnknownRecord."""
        ...

    async def remove_stock(self, number: str) -> None:
        """Forget a number of the stock. Raises UnknownRecord."""
        ...

    async def stock_number(self, number: str) -> StockNumber | None:
        """One number of the stock."""
        ...

    async def stock_named(self, numbers: Sequence[str]) -> tuple[StockNumber, ...]:
        """Those of up to 1,000 numbers that are in stock, by number."""
        ...

    async def stock(self, wanted: StockFilter, page: Page) -> Listing[StockNumber]:
        """Numbers of the stock by number."""
        ...

    async def stock_counts(self, now: datetime) -> tuple[StockCount, ...]:
        """The stock by city, kind and whether it carries short messages."""
        ...

    async def issue(
        self, wish: StockWish, app_key: str, now: datetime, by: str
    ) -> tuple[VirtualNumber, ...]:
        """Give numbers of the stock to an application, in one unit.

        Such as carry no messages first, where that is allowed, then those that have rested for
        longest. A number with a scheme awaits its real name, another one is normal. Returns all
        that was issued for the reference by now, which are fewer than wished where the stock has
        no more. Raises UnknownRecord (application).
        """
        ...

    async def issued_for(self, reference: str) -> tuple[VirtualNumber, ...]:
        """What was issued for a reference, by number, as it is now."""
        ...

    async def change_life(self, change: LifeChange) -> None:
        """Let something become of a number, in one unit.

        Raises UnknownRecord: it is gone, its application or state is not as it was found, or it
        holds bindings and must not.
        """
        ...

    async def save_life(self, life: NumberLife, event: NumberEvent) -> None:
        """Replace what is known of a number that is there. Raises UnknownRecord."""
        ...

    async def number_lives(self, numbers: Sequence[str]) -> tuple[NumberLife, ...]:
        """What is known of up to 1,000 numbers, of which nothing may be; by number."""
        ...

    async def late_numbers(self, now: datetime, limit: int) -> tuple[VirtualNumber, ...]:
        """Numbers that serve, or wait to, and had to be registered by now and are not."""
        ...

    async def unnamed_numbers(self, wanted: UnnamedFilter, page: Page) -> Listing[UnnamedNumber]:
        """Numbers in states of `NEEDS_REAL_NAME` without the name asked for, by number."""
        ...

    async def returned_in_rent(
        self, at: datetime, after: str, limit: int
    ) -> tuple[VirtualNumber, ...]:
        """Numbers that were returned and whose rent ends behind `at`; by number, behind one."""
        ...

    async def number_events(
        self, number: str, app_keys: tuple[str, ...] | None, page: Page
    ) -> Listing[NumberEvent]:
        """What happened to a number, newest first; of these applications unless None."""
        ...
