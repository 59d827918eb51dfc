"""What calls, messages and numbers cost: one posting each, with what packages give for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from maskline.domain.call import CallRecord
from maskline.domain.ledger import Posting, PostingKind, lines_of
from maskline.domain.message import Message
from maskline.domain.package import Draw, PackagePurchase, Quota, after_draws, draws
from maskline.domain.tariff import Tariff, started_minutes, tariff_at
from maskline.domain.virtual_number import NumberCause, NumberKind, NumberState, VirtualNumber
from maskline.services.billing.period import month_end, month_start
from maskline.services.billing.store import Entry
from maskline.services.clock import Clock
from maskline.services.ids import Ids

LOOK_BACK = timedelta(days=3)
"""How late what was used may still be charged."""


class RentedNumber(NamedTuple):
    """A number, and until when its rent is owed once it was given back."""

    number: VirtualNumber
    rent_until: datetime | None = None

    def is_rented_at(self, at: datetime) -> bool:
        """Whether rent goes on: of what was given back until then, not of what was taken away."""
        state, cause = self.number.state, self.number.cause
        is_leaving = (state, cause) == (NumberState.UNAVAILABLE, NumberCause.DELETED)
        if state is NumberState.RETURNED or is_leaving:
            return self.rent_until is not None and at < self.rent_until
        return (state, cause) != (NumberState.UNAVAILABLE, NumberCause.ARREARS)


class PriceStore(Protocol):
    """What prices are made of."""

    async def tariffs(self) -> tuple[Tariff, ...]:
        """All tariffs."""
        ...

    async def purchases(self, tenant_id: str, ends_after: datetime) -> tuple[PackagePurchase, ...]:
        """Packages of a tenant."""
        ...


class PriceList:
    """Prices of a batch, from the tariffs and packages that it was read with.

    What a batch takes out of packages is gone for the rest of it. An Entry is None where no tariff
    says what something costs.
    """

    def __init__(
        self,
        tariffs: Sequence[Tariff],
        purchases: Iterable[PackagePurchase],
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._tariffs = tariffs
        self._purchases: dict[str, tuple[PackagePurchase, ...]] = {}
        for one in purchases:
            self._purchases[one.tenant_id] = (*self._purchases.get(one.tenant_id, ()), one)
        self._clock = clock
        self._ids = ids

    def call(self, record: CallRecord) -> Entry | None:
        """A call, by its started minutes, at the prices of its end."""
        call, at = record.call, record.end.at
        tariff = tariff_at(self._tariffs, call.tenant_id, at)
        if tariff is None:
            return None
        minutes = started_minutes(record)
        taken = self._drawn(call.tenant_id, Quota.MINUTES, minutes, at)
        return self._used(
            PostingKind.CALL,
            f"call:{call.session_id}",
            (call.tenant_id, call.app_key, call.x),
            (minutes, tariff.prices.call_minute, at),
            taken,
        )

    def message(self, message: Message, kind: NumberKind) -> Entry | None:
        """A message, by the parts that were sent, at the prices of when it came.

        Packages have messages through numbers of virtual operators only (`spec/console.md` 5).
        """
        at = message.came_at
        tariff = tariff_at(self._tariffs, message.tenant_id, at)
        if tariff is None:
            return None
        taken: tuple[Draw, ...] = ()
        if kind is NumberKind.VIRTUAL_OPERATOR:
            taken = self._drawn(message.tenant_id, Quota.MESSAGES, message.sent, at)
        return self._used(
            PostingKind.MESSAGE,
            f"message:{message.message_id}",
            (message.tenant_id, message.app_key, message.x),
            (message.sent, tariff.prices.message(kind), at),
            taken,
        )

    def rent(
        self, rented: RentedNumber, tenant_id: str, month: str, zone: ZoneInfo
    ) -> Entry | None:
        """A number for a whole month, at the prices of its first day or of its issue."""
        number = rented.number
        at = max(month_start(month, zone), number.created_at)
        tariff = tariff_at(self._tariffs, tenant_id, at)
        if tariff is None or not rented.is_rented_at(at) or at >= month_end(month, zone):
            return None
        return self._used(
            PostingKind.RENT,
            f"rent:{number.number}:{month}",
            (tenant_id, number.app_key, number.number),
            (1, tariff.prices.rent(number.kind), at),
            (),
        )

    def _drawn(self, tenant_id: str, quota: Quota, amount: int, at: datetime) -> tuple[Draw, ...]:
        own = self._purchases.get(tenant_id, ())
        taken = draws(own, quota, amount, at)
        if taken:
            self._purchases[tenant_id] = after_draws(own, taken)
        return taken

    def _used(
        self,
        kind: PostingKind,
        source: str,
        owner: tuple[str, str, str],
        used: tuple[int, int, datetime],
        taken: tuple[Draw, ...],
    ) -> Entry:
        units, price, used_at = used
        covered = sum(draw.amount for draw in taken)
        posting = Posting(
            posting_id=self._ids.uuid(),
            tenant_id=owner[0],
            kind=kind,
            source=source,
            at=self._clock.now(),
            used_at=used_at,
            lines=lines_of(kind, -(units - covered) * price),
            app_key=owner[1],
            x=owner[2],
            units=units,
            covered=covered,
            price=price,
        )
        return Entry(posting=posting, draws=taken)


async def read_prices(
    store: PriceStore, tenant_ids: Iterable[str], clock: Clock, ids: Ids
) -> PriceList:
    """Prices as they are now, with the packages of some tenants."""
    since = clock.now() - LOOK_BACK
    purchases = [
        one
        for tenant_id in sorted(set(tenant_ids))
        for one in await store.purchases(tenant_id, since)
    ]
    return PriceList(await store.tariffs(), purchases, clock, ids)
