"""What tenants and applications have spent today, where that is bounded."""

from datetime import datetime
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from maskline.domain.use_limit import UseLimits
from maskline.services.billing.period import day_start
from maskline.services.clock import Clock
from maskline.services.shared_read import SharedReads

MAX_AGE_S = 30.0
"""How long a sum is believed. Charges are posted once an hour, so that it lags behind anyway."""

MAX_KNOWN = 10_000


class SpendStore(Protocol):
    """What is read of the ledger."""

    async def spent(self, tenant_id: str, app_key: str | None, since: datetime) -> int:
        """What calls and messages have cost that were made since then, of a tenant or application.

        Only what is charged counts. Raises StoreBusy, StoreFailed.
        """
        ...


class Spending:
    """Tells who has spent as much as he may; nothing is read for those that nothing bounds."""

    def __init__(self, store: SpendStore, clock: Clock, zone: ZoneInfo) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._known: dict[tuple[str, str | None], tuple[float, datetime, int]] = {}
        self._reads = SharedReads[int]()

    async def is_used_up(self, limits: UseLimits, tenant_id: str, app_key: str | None) -> bool:
        """Whether today's limit of a tenant, or of one application of it, is reached."""
        if not limits.spend_per_day:
            return False
        return await self._spent(tenant_id, app_key) >= limits.spend_per_day

    async def _spent(self, tenant_id: str, app_key: str | None) -> int:
        name, today = (tenant_id, app_key), day_start(self._clock.now(), self._zone)
        known = self._known.get(name)
        if known is not None:
            read_at, day, spent = known
            if day == today and self._clock.monotonic() - read_at < MAX_AGE_S:
                return spent
        return await self._reads.read((*name, today), partial(self._read, *name, today))

    async def _read(self, tenant_id: str, app_key: str | None, today: datetime) -> int:
        spent = await self._store.spent(tenant_id, app_key, today)
        self._known.pop((tenant_id, app_key), None)
        if len(self._known) >= MAX_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[tenant_id, app_key] = (self._clock.monotonic(), today, spent)
        return spent
