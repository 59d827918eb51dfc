"""Which part of the queue this worker serves, beside other workers on the same store."""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from maskline.domain.error import BusyError, PlatformError
from maskline.domain.notice import BUCKETS
from maskline.services.clock import Clock

LEASE_S = 10.0
"""How long the buckets of a worker that died wait for another one."""

RENEW_S = 2.0
"""How soon a worker that joins or leaves is noticed by the others."""

log = structlog.get_logger("delivery")


class BucketStore(Protocol):
    """What is asked of a store that several workers share; see `services.store.OutboxStore`."""

    async def lease_buckets(
        self, holder: str, now: datetime, until: datetime, want: int
    ) -> tuple[int, ...]:
        """The buckets that `holder` serves until `until`."""
        ...

    async def return_buckets(self, holder: str) -> None:
        """Give back all that `holder` leases."""
        ...


class BucketShare:
    """A fair share of the buckets under the name `holder`, renewed while it is asked for.

    Two workers under one name share one share: each notice is still pushed by one of them.
    """

    def __init__(self, store: BucketStore, holder: str, clock: Clock) -> None:
        self._store = store
        self._holder = holder
        self._clock = clock
        self._buckets: frozenset[int] = frozenset()
        self._renew_at = float("-inf")
        self._good_until = float("-inf")

    async def buckets(self) -> AbstractSet[int]:
        """What to serve now.

        A store that cannot be asked leaves it at what it was, until that lease has run out.
        """
        asked_at = self._clock.monotonic()
        if asked_at < self._renew_at:
            return self._buckets
        now = self._clock.now()
        until = now + timedelta(seconds=LEASE_S)
        try:
            leased = await self._store.lease_buckets(self._holder, now, until, BUCKETS)
        except (BusyError, PlatformError) as error:
            log.warning("share of the queue not renewed", error=str(error))
            return self._buckets if asked_at < self._good_until else frozenset()
        if len(leased) != len(self._buckets):
            log.info("serves its share of the queue", buckets=len(leased), of=BUCKETS)
        self._buckets = frozenset(leased)
        self._renew_at, self._good_until = asked_at + RENEW_S, asked_at + LEASE_S
        return self._buckets

    async def give_back(self) -> None:
        """Let the other workers have it at once. A store that fails lets the lease run out."""
        self._buckets = frozenset()
        try:
            await self._store.return_buckets(self._holder)
        except (BusyError, PlatformError) as error:
            log.warning("share of the queue not given back", error=str(error))
