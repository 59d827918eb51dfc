"""The endpoint of statistics."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import read_moment
from maskline.services.clock import Clock
from maskline.services.count_figure import figures_of
from maskline.services.count_question import By, Counted, Kind, Question, Step
from maskline.services.statistics import Statistics


class StatisticsQuery(Struct, frozen=True, kw_only=True):
    """What is counted and by what; the last seven days by hours where nothing else is said.

    Days and hours are those of `zone`, an IANA name such as Asia/Shanghai.
    """

    kind: Kind = "calls"
    by: By = "time"
    step: Step = "hour"
    since: datetime | None = None
    until: datetime | None = None
    app_key: str | None = None
    zone: str = "UTC"


class CountedView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Counts of one key: when it begins, or an application, city, number, outcome or code.

    Of concurrent calls `count` is the most that were up at once, `mean` the mean of the time; none
    of them failed. Of calls `connected_share` is null without a call; the times are means in
    milliseconds, of calls that rang. Of messages `sent` were sent whole, `refused` by a rule;
    `parts_sent` are outgoing parts that message centres took, `parts_failed` those they did not;
    `took_ms` is the mean from coming to being sent. Of bindings `count` were made, `ended` ended,
    `live` are at the end, left out where that is not known; by code, which is the cause, only ends
    are known, by city and number only those that were made. Of pushes `count` are tries, of which
    `failed` did not succeed; `first_tries` and `first_try_ok` those that were the first.
    """

    key: str
    count: int
    failed: int
    connected: int | None = None
    unanswered: int | None = None
    refused: int | None = None
    talk_s: int | None = None
    connected_share: float | None = None
    setup_ms: float | None = None
    ringing_ms: float | None = None
    first_tries: int | None = None
    first_try_ok: int | None = None
    took_ms: float | None = None
    mean: float | None = None
    ended: int | None = None
    live: int | None = None
    sent: int | None = None
    parts_sent: int | None = None
    parts_failed: int | None = None


class StatisticsView(Struct, frozen=True, kw_only=True):
    """Counts; a time in which nothing was counted is left out."""

    kind: Kind
    by: By
    step: Step
    since: datetime
    until: datetime
    zone: str
    items: tuple[CountedView, ...]


class StatisticsEndpoints:
    """What was counted."""

    def __init__(self, statistics: Statistics, clock: Clock) -> None:
        self._statistics = statistics
        self._clock = clock

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The one."""
        return (
            Endpoint(
                method="GET",
                path="/statistics",
                summary="How many calls, messages, pushes and requests, by time and cause",
                run=self.show_statistics,
                query=StatisticsQuery,
                answer=StatisticsView,
                right=Right.STATISTICS_READ,
                refusals=(404,),
            ),
        )

    async def show_statistics(self, asked: Asked) -> StatisticsView:
        """What was counted."""
        query: StatisticsQuery = asked.query
        until = read_moment("until", query.until) or self._clock.now().astimezone(UTC)
        since = read_moment("since", query.since) or until - timedelta(days=7)
        question = Question(
            kind=query.kind,
            by=query.by,
            step=query.step,
            since=since,
            until=until,
            zone=_zone(query.zone),
            app_key=query.app_key,
            app_keys=asked.app_keys,
            tenant_id=asked.caller.tenant_id,
        )
        return StatisticsView(
            kind=query.kind,
            by=query.by,
            step=query.step,
            since=since,
            until=until,
            zone=query.zone,
            items=tuple(
                CountedView(key=one.key, **_figures(query.kind, one))
                for one in await self._statistics.ask(question)
            ),
        )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidParameter("zone", "is no IANA name, such as Asia/Shanghai") from None


def _figures(kind: Kind, counted: Counted) -> dict[str, Any]:
    return dict(figures_of(kind, counted))
