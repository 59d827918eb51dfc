"""Whether all is well: one verdict from signals with bounds, for a tenant or the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Protocol

from maskline.domain.push import PushState
from maskline.domain.tally import SLOT, SUMS, slot_of
from maskline.services.clock import Clock
from maskline.services.count_subject import CALLS, PUSHES, REQUESTS
from maskline.services.push_store import PushFilter, PushStore
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

WINDOW = timedelta(minutes=30)
"""What a share is of: the running quarter of an hour with the one or two before."""

WEEK = timedelta(days=7)
SPARK = timedelta(hours=6)
MIN_CALLS = 50
"""Calls of which a share says something."""

MIN_TRIES = 20
MAX_DEAD = 100


class State(IntEnum):
    """How a signal is; the greatest of all is the verdict. `UNKNOWN` says nothing was measured."""

    OK = 0
    UNKNOWN = 1
    WARN = 2
    BAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One measured thing with its bounds, beyond which it is no more well.

    `value` None: there was too little to measure. `week_ago` is the same hour's, `base` of how much
    it is a share. `spark` are counts by quarters of an hour, the latest last.
    """

    name: str
    state: State
    value: float | None
    unit: str
    warn: float
    bad: float
    base: int = 0
    week_ago: float | None = None
    about: str | None = None
    spark: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The verdict and what it comes from."""

    state: State
    at: datetime
    signals: tuple[Signal, ...]


class OverviewStore(TallyStore, PushStore, Protocol):
    """What is read."""

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next notice is due; may be past."""
        ...


class OverviewDesk:
    """Computes it from the store, so that every process says the same."""

    def __init__(self, store: OverviewStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def look(self, app_keys: Sequence[str] | None) -> Overview:
        """How things are with some applications, or None: with the platform. Raises StoreFailed."""
        now = self._clock.now()
        signals = [*await self._calls(app_keys, now), await self._dead(app_keys, now)]
        signals += await self._pushes(app_keys, now)
        signals.append(await self._api(app_keys, now))
        if app_keys is None:
            signals.append(await self._overdue(now))
        known = [signal.state for signal in signals if signal.state is not State.UNKNOWN]
        return Overview(state=max(known, default=State.OK), at=now, signals=tuple(signals))

    async def _calls(self, app_keys: Sequence[str] | None, now: datetime) -> tuple[Signal, Signal]:
        sums = await self._sums(CALLS.time, app_keys, now - WINDOW, now)
        before = await self._sums(CALLS.time, app_keys, now - WEEK - WINDOW, now - WEEK)
        spark = await self._spark(CALLS.time, app_keys, now)
        calls, connected, failed = sums[0], sums[1], sums[7]
        share, old_share = _share(connected, calls), _share(before[1], before[0])
        drop = None if share is None or old_share is None else 100 * (old_share - share)
        if calls < MIN_CALLS or before[0] < MIN_CALLS:
            drop = None
        connected_signal = Signal(
            name="connected",
            state=State.OK if drop is None and calls else _state(drop, 10, 25),
            value=share,
            unit="share",
            warn=10,
            bad=25,
            base=calls,
            week_ago=old_share,
            spark=spark,
        )
        failed_share = _share(failed, calls)
        failed_signal = Signal(
            name="failed",
            state=_state(failed_share, 0.01, 0.05),
            value=failed_share,
            unit="share",
            warn=0.01,
            bad=0.05,
            base=calls,
            week_ago=_share(before[7], before[0]),
        )
        return connected_signal, failed_signal

    async def _pushes(self, app_keys: Sequence[str] | None, now: datetime) -> list[Signal]:
        """The worst application counts: the mean over all hides it."""
        wanted = TallyFilter(
            subject=PUSHES.time, since=slot_of(now - WINDOW), until=now + SLOT, app_keys=app_keys
        )
        found = await self._store.tallies(wanted, Grouping.APPLICATION, 500)
        shares = [
            (one.sums[2] / one.sums[1], one.app_key, one.sums[1])
            for one in found
            if one.sums[1] >= MIN_TRIES
        ]
        worst, about, base = min(shares, default=(None, None, 0))
        return [
            Signal(
                name="pushes_first_try",
                state=_state(None if worst is None else 1 - worst, 0.01, 0.1),
                value=worst,
                unit="share",
                warn=0.99,
                bad=0.9,
                base=base,
                about=about,
                spark=await self._spark(PUSHES.time, app_keys, now),
            )
        ]

    async def _dead(self, app_keys: Sequence[str] | None, now: datetime) -> Signal:
        wanted = PushFilter(state=PushState.DEAD, app_keys=app_keys, since=now - timedelta(days=1))
        dead = len(await self._store.pushes(wanted, MAX_DEAD))
        return Signal(
            name="dead_pushes",
            state=_state(float(dead), 1, MAX_DEAD, is_reached=True),
            value=float(dead),
            unit="count",
            warn=1,
            bad=MAX_DEAD,
        )

    async def _overdue(self, now: datetime) -> Signal:
        due_at = await self._store.next_due(now)
        age_s = 0.0 if due_at is None else max(0.0, (now - due_at).total_seconds())
        return Signal(
            name="oldest_waiting_push",
            state=_state(age_s, 60, 600),
            value=round(age_s, 1),
            unit="s",
            warn=60,
            bad=600,
        )

    async def _api(self, app_keys: Sequence[str] | None, now: datetime) -> Signal:
        sums = await self._sums(REQUESTS.time, app_keys, now - WINDOW, now)
        share = _share(sums[3], sums[0]) if sums[0] >= MIN_TRIES else None
        return Signal(
            name="api_errors",
            state=_state(share, 0.01, 0.05),
            value=share,
            unit="share",
            warn=0.01,
            bad=0.05,
            base=sums[0],
        )

    async def _sums(
        self, subject: str, app_keys: Sequence[str] | None, since: datetime, until: datetime
    ) -> tuple[int, ...]:
        wanted = TallyFilter(
            subject=subject, since=slot_of(since), until=slot_of(until) + SLOT, app_keys=app_keys
        )
        slots = await self._store.tallies(wanted, Grouping.SLOT, 100)
        return tuple(sum(one.sums[place] for one in slots) for place in range(SUMS))

    async def _spark(
        self, subject: str, app_keys: Sequence[str] | None, now: datetime
    ) -> tuple[int, ...]:
        first = slot_of(now) - SPARK + SLOT
        wanted = TallyFilter(subject=subject, since=first, until=now + SLOT, app_keys=app_keys)
        counts = [0] * (SPARK // SLOT)
        for one in await self._store.tallies(wanted, Grouping.SLOT, 100):
            counts[(one.slot - first) // SLOT] += one.sums[0]
        return tuple(counts)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _state(value: float | None, warn: float, bad: float, *, is_reached: bool = False) -> State:
    """The state of what is worse the greater it is."""
    if value is None:
        return State.UNKNOWN
    if value > bad or (is_reached and value == bad):
        return State.BAD
    return State.WARN if value > warn or (is_reached and value == warn) else State.OK
