"""What each kind of run goes through, batch by batch."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import dumps, loads
from typing import Protocol
from zoneinfo import ZoneInfo

from maskline.domain.virtual_number import VirtualNumber, kind_of
from maskline.services.application_owner import ApplicationOwners
from maskline.services.billing.period import end_of, month_of, rent_month
from maskline.services.billing.pricing import LOOK_BACK, PriceList, RentedNumber, read_prices
from maskline.services.billing.store import Behind, BillingStore, Entry
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.number_life_store import NumberLifeStore
from maskline.services.store import DirectoryStore

BATCH = 500


class WalkStore(BillingStore, DirectoryStore, NumberLifeStore, Protocol):
    """What is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What comes next: entries to be posted, where to go on, whether that is the end.

    `extra` counts what was done and is no posting.
    """

    entries: Sequence[Entry | None]
    cursor: str
    is_last: bool
    extra: int = 0


Walk = Callable[[str, str], Awaitable[Batch]]
"""The next batch of a run, by its period and its cursor."""


class Walks:
    """Calls and messages that are over and have no posting, numbers that have no rent."""

    def __init__(
        self, store: WalkStore, clock: Clock, ids: Ids, zone: ZoneInfo, batch: int = BATCH
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._zone = zone
        self._batch = batch
        self._owners = ApplicationOwners(store)

    async def calls(self, period: str, cursor: str) -> Batch:
        """Calls that ended up to three days before the end of the period."""
        until = end_of(period)
        records = await self._store.uncharged_calls(
            until - LOOK_BACK, until, _read(cursor), self._batch
        )
        prices = await self._prices(record.call.tenant_id for record in records)
        last = _place(records[-1].end.at, records[-1].call.session_id) if records else cursor
        return Batch(
            entries=[prices.call(record) for record in records],
            cursor=last,
            is_last=len(records) < self._batch,
        )

    async def messages(self, period: str, cursor: str) -> Batch:
        """Messages that came up to three days before the end of the period."""
        until = end_of(period)
        messages = await self._store.uncharged_messages(
            until - LOOK_BACK, until, _read(cursor), self._batch
        )
        prices = await self._prices(message.tenant_id for message in messages)
        numbers = await self._store.numbers_named(sorted({one.x for one in messages}))
        kinds = {number.number: number.kind for number in numbers}
        last = _place(messages[-1].came_at, messages[-1].message_id) if messages else cursor
        return Batch(
            entries=[prices.message(one, kinds.get(one.x, kind_of(one.x))) for one in messages],
            cursor=last,
            is_last=len(messages) < self._batch,
        )

    async def rents(self, period: str, cursor: str) -> Batch:
        """Numbers whose rent is not charged yet, for the month itself or that of an hour."""
        is_month = "T" not in period
        month = period if is_month else rent_month(end_of(period), self._zone)
        numbers = await self._store.unrented_numbers(month, cursor, self._batch)
        owners = await self._owners.of(number.app_key for number in numbers)
        prices = await self._prices(())
        return Batch(
            entries=[
                prices.rent(one, owners[one.number.app_key], month, self._zone)
                for one in await self._rented(numbers)
                if one.number.app_key in owners
            ],
            cursor=numbers[-1].number if numbers else cursor,
            is_last=len(numbers) < self._batch,
        )

    async def rent_of(self, numbers: Sequence[str]) -> None:
        """Charge rent of numbers that were just issued, for the whole month."""
        month = month_of(self._clock.now(), self._zone)
        found = await self._store.numbers_named(numbers)
        owners = await self._owners.of(number.app_key for number in found)
        prices = await self._prices(())
        rents = [
            prices.rent(RentedNumber(one), owners[one.app_key], month, self._zone) for one in found
        ]
        await self._store.post([entry for entry in rents if entry is not None])

    async def _rented(self, numbers: Sequence[VirtualNumber]) -> list[RentedNumber]:
        lives = await self._store.number_lives([one.number for one in numbers])
        until = {life.number: life.rent_until for life in lives}
        return [RentedNumber(one, until.get(one.number)) for one in numbers]

    async def _prices(self, tenant_ids: Iterable[str]) -> PriceList:
        return await read_prices(self._store, tenant_ids, self._clock, self._ids)


def _read(cursor: str) -> Behind | None:
    if not cursor:
        return None
    at, key = loads(cursor)
    return Behind(datetime.fromisoformat(at), key)


def _place(at: datetime, key: str) -> str:
    return dumps([at.isoformat(), key])
