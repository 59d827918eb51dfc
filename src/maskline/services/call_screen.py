"""Whether a call may be: nobody is blocked, it goes where it may, and is not one too many."""

from collections.abc import Awaitable
from dataclasses import dataclass
from functools import partial

import structlog

from maskline.domain.call_rule import (
    RELEASES,
    CallAttempt,
    Counted,
    FrequencyRule,
    marks_of,
)
from maskline.domain.error import MasklineError
from maskline.domain.release import ReleaseCode
from maskline.services.call_rule_store import CallRuleStore
from maskline.services.clock import Clock
from maskline.services.shared_read import SharedReads
from maskline.services.spending import Spending

MAX_AGE_S = 30.0
"""How long it is believed whose calls have rules: for news of a change that was lost on its way."""

MAX_TENANTS = 10_000
MAX_RULES = 200
"""Frequency rules that count for one tenant alone, and as many for all tenants together."""

EVERYBODY = ""
"""In the place of a tenant: the rules for the calls of all tenants."""

log = structlog.get_logger("calls")


@dataclass(frozen=True, slots=True)
class _Rules:
    has_blocks: bool
    frequency: tuple[FrequencyRule, ...]
    read_at: float


class CallScreen:
    """Asks the rules that stop calls about each call.

    Which tenants have any is kept in this process, so that calls without rules cost no statement;
    whoever changes rules calls `forget` after the write.
    """

    def __init__(
        self, store: CallRuleStore, clock: Clock, spending: Spending | None = None
    ) -> None:
        self._store = store
        self._spending = spending
        self._clock = clock
        self._kept: dict[str, _Rules] = {}
        self._reads = SharedReads[_Rules]()
        # A read that began before a change must not bring the old rules back after it.
        self._generation = 0

    def forget(self) -> None:
        """Rules were changed: read all of them anew."""
        self._generation += 1
        self._kept.clear()

    async def refusal(
        self, attempt: CallAttempt, counted: frozenset[Counted]
    ) -> ReleaseCode | None:
        """Why the call is refused, None when it is not; it is counted by what is `counted` now.

        A call that is refused is not counted. Raises StoreBusy, StoreFailed.
        """
        if not attempt.may_reach_callee:
            return ReleaseCode.DESTINATION_FORBIDDEN
        overspent = await self._overspent(attempt)
        if overspent is not None:
            return overspent
        rules = [await self._rules(EVERYBODY), await self._rules(attempt.place.tenant_id)]
        now = self._clock.now()
        if any(one.has_blocks for one in rules):
            blocking = await self._store.blocking(attempt, now)
            if blocking is not None:
                await _noted(self._store.note_block_hit(blocking.block_id, now))
                return blocking.release
        frequency = {rule.rule_id: rule for one in rules for rule in one.frequency}
        marks = marks_of(frequency.values(), attempt, counted)
        full = await self._store.count_call(marks, now) if marks else None
        if full is None:
            return None
        await _noted(self._store.note_rule_hit(full, now))
        return RELEASES[frequency[full].counted]

    async def _overspent(self, attempt: CallAttempt) -> ReleaseCode | None:
        """The codes are those of who has no money, and of an application that may not call."""
        spending, place = self._spending, attempt.place
        if spending is None:
            return None
        if await spending.is_used_up(attempt.tenant_limits, place.tenant_id, None):
            return ReleaseCode.TENANT_FROZEN
        if await spending.is_used_up(attempt.limits, place.tenant_id, place.app_key):
            return ReleaseCode.NO_CALL_ABILITY
        return None

    async def _rules(self, tenant_id: str) -> _Rules:
        kept = self._kept.get(tenant_id)
        if kept is not None and self._clock.monotonic() - kept.read_at < MAX_AGE_S:
            return kept
        # Who asks after a change has a read begun.
        name = (tenant_id, self._generation)
        return await self._reads.read(name, partial(self._read, tenant_id))

    async def _read(self, tenant_id: str) -> _Rules:
        generation, now = self._generation, self._clock.monotonic()
        has_blocks = await self._store.has_call_blocks(tenant_id)
        frequency = await self._store.rules_for(tenant_id, MAX_RULES)
        found = _Rules(has_blocks, frequency, now)
        if generation == self._generation:
            self._kept.pop(tenant_id, None)
            if len(self._kept) >= MAX_TENANTS:
                del self._kept[next(iter(self._kept))]
            self._kept[tenant_id] = found
        return found


async def _noted(note: Awaitable[None]) -> None:
    """The call is refused whether its rule hears of that or not."""
    try:
        await note
    except MasklineError as error:
        log.warning("hit of a call rule not noted", reason=type(error).__name__)
