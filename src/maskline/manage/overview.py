"""Endpoints of the verdict on how things are, and of what keeps failing."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

from maskline.domain.access import Caller, Right
from maskline.domain.problem import Problem
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import read_moment
from maskline.services.clock import Clock
from maskline.services.overview import Overview, OverviewDesk
from maskline.services.problem_desk import BALANCE, KINDS, REVEAL, ProblemDesk


class SignalView(Struct, frozen=True, kw_only=True):
    """One measured thing. `state` is `ok`, `unknown`, `warn` or `bad`.

    `warn` and `bad` are its bounds; those of `connected` are points under the share of a week ago.
    `about` is the application that it is worst for. `spark` counts by quarters of an hour.
    """

    name: str
    state: str
    value: float | None
    unit: str
    warn: float
    bad: float
    base: int
    week_ago: float | None
    about: str | None
    spark: tuple[int, ...]


class OverviewView(Struct, frozen=True, kw_only=True):
    """The verdict, which is that of the worst signal, and all signals."""

    state: str
    at: datetime
    signals: tuple[SignalView, ...]


class ProblemQuery(Struct, frozen=True, kw_only=True):
    """Problems with something new since a moment, by default of the last day.

    `reveal`, which is somebody who was shown more than 100 real numbers in a day, is for those who
    may read the audit log; `balance`, which is low or below what may be owed, for those who may
    read what is charged, under the first application of the tenant. `state` is `open`, `known`
    (somebody said so), `muted`, or all of them without it.
    """

    kind: (
        Literal["call", "push", "api", "refusal", "complaint", "stock", "reveal", "balance"] | None
    ) = None
    app_key: str | None = None
    state: Literal["open", "known", "muted"] | None = None
    since: datetime | None = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 50


class ProblemView(Struct, frozen=True, kw_only=True):
    """Failures with one cause. `trend` counts by five minutes of the last hour, the latest last."""

    problem_id: str
    kind: str
    app_key: str
    cause: str
    state: str
    count: int
    first_at: datetime
    last_at: datetime
    trend: tuple[int, ...]
    marked_by: str | None
    marked_at: datetime | None
    muted_until: datetime | None
    note: str | None


class ProblemsView(Struct, frozen=True, kw_only=True):
    """Problems, the latest first."""

    items: tuple[ProblemView, ...]


class Mark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said about a problem; with `mute_days` it is silent for so long."""

    mute_days: Annotated[int, Meta(ge=1, le=7)] | None = None
    note: Annotated[str, Meta(max_length=300)] = ""


class OverviewEndpoints:
    """How things are."""

    def __init__(self, overview: OverviewDesk, problems: ProblemDesk, clock: Clock) -> None:
        self._overview = overview
        self._problems = problems
        self._clock = clock

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/overview",
                summary="Whether all is well, by a verdict and what it comes from",
                run=self.show_overview,
                answer=OverviewView,
                right=Right.OVERVIEW_READ,
            ),
            Endpoint(
                method="GET",
                path="/problems",
                summary="What keeps failing, by cause, the latest first",
                run=self.list_problems,
                query=ProblemQuery,
                answer=ProblemsView,
                right=Right.OVERVIEW_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path="/problems/{problem_id}/mark",
                summary="Say that a problem is known, or mute it for some days",
                run=self.mark_problem,
                body=Mark,
                answer=ProblemView,
                right=Right.PUSH_RESEND,
                refusals=(404,),
            ),
        )

    async def show_overview(self, asked: Asked) -> OverviewView:
        """The verdict."""
        return view_overview(await self._overview.look(asked.app_keys))

    async def list_problems(self, asked: Asked) -> ProblemsView:
        """Problems, the latest first."""
        query: ProblemQuery = asked.query
        since = read_moment("since", query.since) or self._clock.now() - timedelta(days=1)
        app_keys = asked.app_keys if query.app_key is None else (query.app_key,)
        found = await self._problems.problems(
            app_keys, since, query.kind, known=_kinds(asked.caller)
        )
        shown = [view_problem(one, self._clock.now()) for one in found]
        items = [one for one in shown if query.state in {None, one.state}]
        return ProblemsView(items=tuple(items[: query.limit]))

    async def mark_problem(self, asked: Asked) -> ProblemView:
        """Say something about a problem."""
        mark: Mark = asked.body
        problem = await self._problems.mark(
            asked.path["problem_id"],
            asked.app_keys,
            asked.caller.name,
            muted_for=None if mark.mute_days is None else timedelta(days=mark.mute_days),
            note=mark.note,
            known=_kinds(asked.caller),
        )
        return view_problem(problem, self._clock.now())


def _kinds(caller: Caller) -> tuple[str, ...]:
    """What kinds of problems somebody may see."""
    reveals = (REVEAL,) if caller.may(Right.AUDIT_READ) else ()
    return (*KINDS, *reveals, BALANCE) if caller.may(Right.MONEY_READ) else (*KINDS, *reveals)


def view_overview(overview: Overview) -> OverviewView:
    """The verdict as it is shown."""
    return OverviewView(
        state=overview.state.name.lower(),
        at=overview.at,
        signals=tuple(
            SignalView(
                name=one.name,
                state=one.state.name.lower(),
                value=one.value,
                unit=one.unit,
                warn=one.warn,
                bad=one.bad,
                base=one.base,
                week_ago=one.week_ago,
                about=one.about,
                spark=one.spark,
            )
            for one in overview.signals
        ),
    )


def view_problem(problem: Problem, now: datetime) -> ProblemView:
    """A problem as it is shown."""
    mark = problem.mark
    muted_until = None if mark is None else mark.muted_until
    state = "open" if mark is None else "known"
    if muted_until is not None:
        state = "muted" if now < muted_until else "open"
    return ProblemView(
        problem_id=problem.problem_id,
        kind=problem.kind,
        app_key=problem.app_key,
        cause=problem.cause,
        state=state,
        count=problem.count,
        first_at=problem.first_at,
        last_at=problem.last_at,
        trend=problem.trend,
        marked_by=None if mark is None else mark.marked_by,
        marked_at=None if mark is None else mark.marked_at,
        muted_until=muted_until,
        note=None if mark is None else mark.note,
    )
