"""Removing what is past its time: records, texts and ended bindings by tenant, and traces."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

import structlog

from maskline.domain.application import Tenant
from maskline.services.clock import Clock
from maskline.services.ended_binding_store import EndedBindingStore
from maskline.services.message_store import MessageStore
from maskline.services.store import CallStore, DirectoryStore, Page
from maskline.services.trace import TraceDesk

PORTION = 500
"""Entries removed in one unit of work: others get their turn between two."""

PORTIONS = 200
"""Units of work in one round; what is left goes in the next."""

LISTED = 500
"""Tenants or applications read at once."""

REPEAT_KEEP = timedelta(hours=1)
"""For how long it is known which messages came; their repeats come within minutes, if at all."""

REPLY_TAG_KEEP = timedelta(days=30)
"""How long after a sender's last message A may still answer it by its tag."""

log = structlog.get_logger("retention")


class RetentionStore(CallStore, EndedBindingStore, MessageStore, DirectoryStore, Protocol):
    """What the job reads and removes."""


@dataclass(slots=True)
class Budget:
    """How many portions a round may still remove, and how many entries it has."""

    portions: int
    removed: int = 0

    async def spend(self, remove: Callable[[], Awaitable[int]]) -> int:
        """Remove portion by portion until one is not full; how many entries went."""
        before, gone = self.removed, PORTION
        while gone == PORTION and self.portions:
            gone = await remove()
            self.removed += gone
            self.portions -= gone > 0
        return self.removed - before


class RetentionJob:
    """Runs every `interval_s`, in portions; what it has removed is logged by count.

    After a round that left something for want of portions the next one comes at once.
    """

    def __init__(
        self, store: RetentionStore, traces: TraceDesk, clock: Clock, interval_s: float
    ) -> None:
        self._store = store
        self._traces = traces
        self._clock = clock
        self._interval_s = interval_s
        self._due_s = clock.monotonic()

    async def sweep(self) -> int:
        """Remove what is past its time, if it is time for that; how many entries went.

        Raises StoreBusy, StoreFailed.
        """
        if self._clock.monotonic() < self._due_s:
            return 0
        self._due_s = self._clock.monotonic() + self._interval_s
        traces = await self._traces.sweep()
        if traces:
            log.info("old traces removed", traces=traces)
        shared, own = Budget(PORTIONS), Budget(PORTIONS)
        await self._sweep_shared(shared)
        await self._sweep_tenants(own)
        if not (shared.portions and own.portions):
            self._due_s = self._clock.monotonic()
        return traces + shared.removed + own.removed

    async def _sweep_shared(self, budget: Budget) -> None:
        """What is of no tenant: by which repeats and answers are known."""
        now = self._clock.now()
        for what, remove, keep in (
            ("reply tags", self._store.remove_reply_tags, REPLY_TAG_KEEP),
            ("marks and parts of messages", self._store.remove_used_segments, REPEAT_KEEP),
        ):
            gone = await budget.spend(partial(remove, now - keep, PORTION))
            if gone:
                log.info("old entries removed", what=what, removed=gone)

    async def _sweep_tenants(self, budget: Budget) -> None:
        page = Page(limit=LISTED)
        while True:
            tenants = await self._store.tenants(page)
            for tenant in tenants.rows:
                await self._sweep_tenant(tenant, budget)
            if tenants.next is None or not budget.portions:
                return
            page = Page(limit=LISTED, after=tenants.next)

    async def _sweep_tenant(self, tenant: Tenant, budget: Budget) -> None:
        now, store = self._clock.now(), self._store
        for app_key in await self._applications(tenant.tenant_id):
            for what, remove, days in (
                ("call records", store.remove_old_records, tenant.record_retention_days),
                ("ended bindings", store.remove_old_bindings, tenant.binding_retention_days),
                ("messages", store.remove_old_messages, tenant.message_retention_days),
                ("texts of messages", store.remove_message_texts, tenant.text_retention_days),
            ):
                before = now - timedelta(days=days)
                gone = await budget.spend(partial(remove, app_key, before, PORTION))
                if gone:
                    log.info("old entries removed", what=what, app_key=app_key, removed=gone)

    async def _applications(self, tenant_id: str) -> list[str]:
        keys, page = list[str](), Page(limit=LISTED)
        while True:
            found = await self._store.applications(tenant_id, page)
            keys += [application.app_key for application in found.rows]
            if found.next is None:
                return keys
            page = Page(limit=LISTED, after=found.next)
