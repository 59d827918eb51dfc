"""The stock of virtual numbers that belong to nobody: kept by operators, issued for orders."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from maskline.domain.application import ApplicationState
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.number_life import StockNumber
from maskline.domain.virtual_number import VirtualNumber, kind_of
from maskline.services.administration_rule import check_area_code, check_distinct, check_number
from maskline.services.clock import Clock
from maskline.services.given import given_fields
from maskline.services.number_life_store import (
    NumberLifeStore,
    StockCount,
    StockFilter,
    StockWish,
)
from maskline.services.page import Listing, Page
from maskline.services.stock_request import MAX_ISSUED, NewStock, NewStockNumber, StockChange
from maskline.services.store import DirectoryStore


class StockStore(DirectoryStore, NumberLifeStore, Protocol):
    """What the desk reads and writes."""


class StockDesk:
    """The verbs of the stock. All raise StoreBusy, StoreFailed."""

    def __init__(self, store: StockStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def add(self, new: NewStock) -> tuple[StockNumber, ...]:
        """Take numbers in. Raises InvalidParameter, DuplicateRecord."""
        check_distinct("numbers", [entry.number for entry in new.numbers])
        now = self._clock.now()
        numbers = tuple(
            _checked(f"numbers[{index}]", _stock_number(entry, now))
            for index, entry in enumerate(new.numbers)
        )
        await self._store.add_stock(numbers)
        return numbers

    async def change(self, number: str, change: StockChange) -> StockNumber:
        """Say something else of a number. Raises InvalidParameter, UnknownRecord."""
        found = await self.find(number)
        changed = _checked("", replace(found, **given_fields(change)))
        await self._store.save_stock(changed)
        return changed

    async def remove(self, number: str) -> None:
        """Forget a number, such as one that its supplier has taken back. Raises UnknownRecord."""
        await self._store.remove_stock(number)

    async def find(self, number: str) -> StockNumber:
        """One number. Raises UnknownRecord."""
        found = await self._store.stock_number(number)
        if found is None:
            raise UnknownRecord(f"{number} is not in stock")
        return found

    async def list(self, wanted: StockFilter, page: Page) -> Listing[StockNumber]:
        """Numbers in stock."""
        return await self._store.stock(wanted, page)

    async def counts(self) -> Sequence[StockCount]:
        """How many there are of each sort, free and resting."""
        return await self._store.stock_counts(self._clock.now())

    async def issue(self, wish: StockWish, app_key: str, by: str) -> tuple[VirtualNumber, ...]:
        """Give numbers to an application, as many as are there.

        Asked again for the same reference it gives what is still missing. Raises InvalidParameter,
        UnknownRecord (application).
        """
        application = await self._store.application(app_key)
        if application is None:
            raise UnknownRecord(f"there is no application {app_key}")
        if application.state is not ApplicationState.NORMAL:
            raise InvalidParameter("app_key", f"is {application.state}: it gets no numbers")
        if not wish.reference:
            raise InvalidParameter("reference", "says what the numbers are issued for")
        if not 1 <= wish.quantity <= MAX_ISSUED:
            raise InvalidParameter("quantity", f"is between 1 and {MAX_ISSUED}")
        return await self._store.issue(wish, app_key, self._clock.now(), by)


def _stock_number(entry: NewStockNumber, now: datetime) -> StockNumber:
    given = given_fields(entry)
    given.setdefault("kind", kind_of(entry.number))
    given.setdefault("free_from", now)
    return StockNumber(added_at=now, **given)


def _checked(where: str, number: StockNumber) -> StockNumber:
    prefix = f"{where}." if where else ""
    check_number(f"{prefix}number", number.number)
    check_area_code(f"{prefix}area_code", number.area_code)
    if number.free_from.tzinfo is None:
        raise InvalidParameter(f"{prefix}free_from", "needs its zone: Z for UTC")
    return number
