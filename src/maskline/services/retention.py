"""Removing what is past its time: call records by tenant, and traces."""

from datetime import timedelta
from typing import Protocol

import structlog

from maskline.services.clock import Clock
from maskline.services.store import CallStore, DirectoryStore, Page
from maskline.services.trace import TraceDesk

PORTION = 500
"""Records removed in one unit of work: others get their turn between two."""

PORTIONS = 200
"""Units of work in one round; what is left goes in the next."""

LISTED = 500
"""Tenants or applications read at once."""

log = structlog.get_logger("retention")


class RetentionStore(CallStore, DirectoryStore, Protocol):
    """What the job reads and removes."""


class RetentionJob:
    """Runs every `interval_s`, in portions; what it has removed is logged by count."""

    def __init__(
        self, store: RetentionStore, traces: TraceDesk, clock: Clock, interval_s: float
    ) -> None:
        self._store = store
        self._traces = traces
        self._clock = clock
        self._interval_s = interval_s
        self._due_s = clock.monotonic()

    async def sweep(self) -> int:
        """Remove what is past its time, if it is time for that; how many records and traces went.

        Raises StoreBusy, StoreFailed.
        """
        if self._clock.monotonic() < self._due_s:
            return 0
        self._due_s = self._clock.monotonic() + self._interval_s
        traces = await self._traces.sweep()
        if traces:
            log.info("old traces removed", traces=traces)
        return traces + await self._sweep_records()

    async def _sweep_records(self) -> int:
        removed, portions, page = 0, PORTIONS, Page(limit=LISTED)
        while True:
            tenants = await self._store.tenants(page)
            for tenant in tenants.rows:
                gone, portions = await self._sweep_tenant(
                    tenant.tenant_id, timedelta(days=tenant.record_retention_days), portions
                )
                removed += gone
                if gone:
                    log.info("old call records removed", tenant_id=tenant.tenant_id, records=gone)
            if len(tenants.rows) < page.limit or not portions:
                return removed
            page = Page(offset=page.offset + page.limit, limit=page.limit)

    async def _sweep_tenant(self, tenant_id: str, age: timedelta, portions: int) -> tuple[int, int]:
        """How many records went, and how many portions are left for others."""
        before, removed = self._clock.now() - age, 0
        for app_key in await self._applications(tenant_id):
            gone = PORTION
            while gone == PORTION and portions:
                gone = await self._store.remove_old_records(app_key, before, PORTION)
                removed += gone
                portions -= gone > 0
        return removed, portions

    async def _applications(self, tenant_id: str) -> list[str]:
        keys: list[str] = []
        while True:
            page = Page(offset=len(keys), limit=LISTED)
            found = await self._store.applications(tenant_id, page)
            keys += [application.app_key for application in found.rows]
            if len(found.rows) < LISTED:
                return keys
