"""What keeps failing, by cause, and saying that it is known."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from maskline.domain.error import UnknownRecord
from maskline.domain.problem import Problem, ProblemMark
from maskline.domain.tally import Tally, slot_of
from maskline.services.clock import Clock
from maskline.services.problem_store import ProblemStore
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

KINDS = ("call", "push", "api", "refusal", "complaint", "stock")
REVEAL = "reveal"
"""Somebody looked at many numbers in the clear; for those who may see what others do."""
BALANCE = "balance"
"""The balance of a tenant is low, or it is in arrears; for those who may see its money."""
TREND_SLOT = timedelta(minutes=5)
TREND = timedelta(hours=1)
KEPT = timedelta(days=8)
MAX_TALLIES = 20_000
"""Sums that are looked at for each kind, the latest first."""

MAX_PROBLEMS = 500
MAX_MARKS = 5_000


class ProblemDeskStore(TallyStore, ProblemStore, Protocol):
    """What is read and written."""


class ProblemDesk:
    """The verbs. `app_keys` are the applications of whoever asks, None for all."""

    def __init__(self, store: ProblemDeskStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def problems(
        self,
        app_keys: Sequence[str] | None,
        since: datetime,
        kind: str | None = None,
        *,
        known: Collection[str] = KINDS,
    ) -> tuple[Problem, ...]:
        """Problems with something new since then, the latest first, also muted ones.

        `known` are the kinds that whoever asks may see.
        """
        now = self._clock.now()
        marks = {mark.problem_id: mark for mark in await self._store.marks(MAX_MARKS)}
        found: list[Problem] = []
        for one in known if kind is None else {kind} & set(known):
            wanted = TallyFilter(
                subject=f"problem {one}",
                since=slot_of(since, TREND_SLOT),
                until=now + TREND_SLOT,
                app_keys=app_keys,
            )
            tallies = await self._store.tallies(wanted, Grouping.ALL, MAX_TALLIES)
            groups: dict[tuple[str, str], list[Tally]] = {}
            for tally in tallies:
                groups.setdefault((tally.app_key, tally.name), []).append(tally)
            found += [_problem(one, group, now) for group in groups.values()]
        found.sort(key=lambda problem: problem.last_at, reverse=True)
        shown = found[:MAX_PROBLEMS]
        return tuple(replace(one, mark=marks.get(one.problem_id)) for one in shown)

    async def mark(
        self,
        problem_id: str,
        app_keys: Sequence[str] | None,
        by: str,
        *,
        muted_for: timedelta | None = None,
        note: str = "",
        known: Collection[str] = KINDS,
    ) -> Problem:
        """Say that a problem is known, or keep it silent for a time. Raises UnknownRecord."""
        now = self._clock.now()
        for problem in await self.problems(app_keys, now - KEPT, known=known):
            if problem.problem_id == problem_id:
                mark = ProblemMark(
                    problem_id=problem_id,
                    app_key=problem.app_key,
                    marked_by=by,
                    marked_at=now,
                    muted_until=None if muted_for is None else now + muted_for,
                    note=note,
                )
                await self._store.save_mark(mark)
                return replace(problem, mark=mark)
        raise UnknownRecord(f"there is no problem {problem_id}")

    async def forget(self) -> None:
        """Forget what is past its time."""
        before = self._clock.now() - KEPT
        for kind in (*KINDS, REVEAL, BALANCE):
            await self._store.remove_tallies(f"problem {kind}", before, MAX_TALLIES)
        await self._store.remove_marks(before, MAX_MARKS)


def _problem(kind: str, group: Sequence[Tally], now: datetime) -> Problem:
    app_key, cause = group[0].app_key, group[0].name
    first_slot = slot_of(now, TREND_SLOT) - TREND + TREND_SLOT
    trend = [0] * (TREND // TREND_SLOT)
    for tally in group:
        place = (tally.slot - first_slot) // TREND_SLOT
        if 0 <= place < len(trend):
            trend[place] += tally.sums[0]
    digest = sha256(f"{kind} {app_key} {cause}".encode()).hexdigest()
    return Problem(
        problem_id=f"pr_{digest[:20]}",
        kind=kind,
        app_key=app_key,
        cause=cause,
        count=sum(tally.sums[0] for tally in group),
        first_at=min(tally.first_at for tally in group),
        last_at=max(tally.last_at for tally in group),
        trend=tuple(trend),
    )
