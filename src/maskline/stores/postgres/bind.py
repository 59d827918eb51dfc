"""Binds that come at once are written by one statement: nothing else makes them as cheap.

It makes those that nothing is in the way of, and waits for nobody. The others are bound alone, and
where that gives nothing, by `binding_unit`.
"""

import asyncio
from collections import deque
from collections.abc import Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from maskline.domain.error import DuplicateRecord, StoreBusy
from maskline.services.store import BindLimits, NumberChoice
from maskline.stores.binding_row import US_A_DAY, Pair
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.number_choice import areas_of
from maskline.stores.postgres.binding_choice import CHOICE, Seeker, rule_row
from maskline.stores.postgres.connection import Cells
from maskline.stores.postgres.database import ConstraintBroken, Database

BIND = load_postgres_sql("bind")
_RULE_BIND = CHOICE.rule_bind.replace("rule_choice", f"({CHOICE.rule_choice}) AS best")

LANES = 2  # statements under way at once; meanwhile what comes is gathered for the next
MAX_BATCH = 64
ID_KEY = "binding_by_id"  # as the schema calls it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A bind as it is asked for; `now` in microseconds."""

    pair: Pair
    limits: BindLimits
    now: int
    choice: NumberChoice | None

    @property
    def kind(self) -> Hashable:
        """What those have in common that one statement makes."""
        if self.choice is None:
            return None
        return _first_area(self.choice), self.pair.app_key, self.limits, self.now // US_A_DAY

    @property
    def row(self) -> Cells:
        """The parameters of `bind_given`; of picks those without the first, and `now`."""
        pair, limits = self.pair, self.limits
        return (
            pair.x,
            pair.app_key,
            pair.binding_id,
            pair.kind,
            pair.a_key,
            pair.b_key,
            pair.expires_at,
            pair.sealed,
            pair.y,
            pair.extension,
            pair.relation,
            pair.calls_left,
            pair.idle_us,
            pair.ends_at,
            limits.pairs,
            limits.binds_a_day,
            self.now // US_A_DAY,
        )


@dataclass(frozen=True, slots=True)
class _Job:
    wanted: Wanted
    kind: Hashable
    x: asyncio.Future[str | None]


class Binder:
    """Makes bindings, X given or picked, of those that nothing is in the way of."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Job] = deque()
        self._lanes: set[asyncio.Task[None]] = set()

    async def bind(self, wanted: Wanted) -> str | None:
        """X, once the binding is durable; None when something is in its way.

        Raises DuplicateRecord, StoreBusy when too many wait.
        """
        choice = wanted.choice
        if choice is not None and not choice.is_plain:
            return await self._by_rule(wanted, choice)
        x = await self._with_others(wanted)
        return x if x is not None else await self._alone(wanted)

    async def _by_rule(self, wanted: Wanted, choice: NumberChoice) -> str | None:
        pair = wanted.pair
        seeker = Seeker(pair.app_key, pair.a_key, pair.b_key, pair.kind)
        row = rule_row(seeker, wanted.limits, wanted.now, choice)
        kept = (pair.binding_id, pair.expires_at, pair.sealed)
        closing = (pair.calls_left, pair.idle_us, pair.ends_at)
        try:
            found = await self._database.execute(_RULE_BIND, (*row, *kept, *closing))
        except ConstraintBroken as broken:
            if broken.constraint == ID_KEY:
                raise DuplicateRecord(pair.binding_id) from broken
            return None
        return found[0][0] if found else None

    async def _with_others(self, wanted: Wanted) -> str | None:
        if len(self._waiting) >= self._database.limits.waiting:
            raise StoreBusy(f"{len(self._waiting)} bindings wait")
        job = _Job(wanted, wanted.kind, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        if len(self._lanes) < LANES:
            # It begins after this turn of the loop, and finds all that came in it.
            lane = asyncio.create_task(self._work())
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)
        return await job.x

    async def _work(self) -> None:
        while self._waiting:
            jobs = self._batch()
            made: dict[str, str] = {}
            try:
                # One that a key forbids spoils it for all: then each is bound alone.
                with suppress(ConstraintBroken):
                    made.update(await self._database.execute(*_together(jobs)))
            except Exception as error:  # noqa: BLE001 - it belongs to those who wait
                for job in jobs:
                    if not job.x.done():
                        job.x.set_exception(error)
                continue
            for job in jobs:
                if not job.x.done():  # else its caller has gone away
                    job.x.set_result(made.get(job.wanted.pair.binding_id))

    def _batch(self) -> list[_Job]:
        """The first that waits and others of its kind, up to a bound; each X given once."""
        kind = self._waiting[0].kind
        batch: dict[Hashable, _Job] = {}
        rest: list[_Job] = []
        while self._waiting and len(batch) < MAX_BATCH:
            job = self._waiting.popleft()
            pair = job.wanted.pair
            key = pair.x if kind is None else pair.binding_id
            if job.kind != kind or key in batch:
                rest.append(job)
            else:
                batch[key] = job
        self._waiting.extendleft(reversed(rest))
        return list(batch.values())

    async def _alone(self, wanted: Wanted) -> str | None:
        try:
            if wanted.choice is None:
                found = await self._database.execute(BIND.bind_given, wanted.row)
                return found[0][0] if found else None
            for area_code in areas_of(wanted.choice):
                row = (*wanted.row[1:], wanted.now)
                found = await (
                    self._database.execute(BIND.bind_anywhere, row)
                    if area_code is None
                    else self._database.execute(BIND.bind_in_area, (area_code, *row))
                )
                if found:
                    return found[0][0]
        except ConstraintBroken as broken:
            if broken.constraint == ID_KEY:
                raise DuplicateRecord(wanted.pair.binding_id) from broken
        return None


def _together(jobs: Sequence[_Job]) -> tuple[str, Cells]:
    """The statement for jobs of one kind, and its parameters."""
    one = jobs[0].wanted
    rows = (job.wanted.row for job in jobs)
    x, app_key, *names, a, b, ends, sealed, _, _, _, calls, idle, ends_at, most, a_day, day = map(
        list, zip(*rows, strict=True)
    )
    columns = (*names, a, b, ends, sealed, calls, idle, ends_at)
    if one.choice is None:
        return BIND.bind_many_given, (x, app_key, *columns, most, a_day, day)
    limits = (one.limits.pairs, one.limits.binds_a_day, one.now // US_A_DAY, one.now)
    columns = (*columns, len(jobs), one.pair.app_key)
    area_code = _first_area(one.choice)
    if area_code is None:
        return BIND.bind_many_anywhere, (*columns, *limits)
    return BIND.bind_many_in_area, (*columns, area_code, *limits)


def _first_area(choice: NumberChoice) -> str | None:
    return next(areas_of(choice), "")
