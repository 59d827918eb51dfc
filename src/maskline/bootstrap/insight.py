"""What the console shows of what goes on, wired to the services of one process."""

from typing import TYPE_CHECKING

from maskline.bootstrap.delivery import build_again
from maskline.manage.endpoint import Endpoint
from maskline.manage.event import EventEndpoints
from maskline.manage.event_topic import CallTopics
from maskline.manage.insight_topic import InsightTopics
from maskline.manage.overview import OverviewEndpoints
from maskline.manage.push import PushEndpoints
from maskline.manage.reach import Reach
from maskline.manage.statistics import StatisticsEndpoints
from maskline.services.clock import Clock
from maskline.services.event_hub import EventHub
from maskline.services.notice_desk import NoticeDesk
from maskline.services.number_name import NumberNames
from maskline.services.overview import OverviewDesk
from maskline.services.problem_desk import ProblemDesk
from maskline.services.push_desk import PushDesk
from maskline.services.push_log import PushLog
from maskline.services.statistics import Statistics
from maskline.services.store import Store
from maskline.services.trace import TraceDesk

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def build_events(store: Store, traces: TraceDesk, clock: Clock) -> EventHub:
    """What can be listened to; other parts add theirs."""
    desks = OverviewDesk(store, clock), ProblemDesk(store, clock)
    how_things_are = InsightTopics(Reach(store), *desks, clock)
    return EventHub((*CallTopics(store, traces).topics(), *how_things_are.topics()))


def insight_endpoints(platform: "Platform") -> tuple[Endpoint, ...]:
    """Events, pushes, statistics, problems, and how the parts are."""
    return (
        *EventEndpoints(platform.events).endpoints(),
        *_overview(platform).endpoints(),
        *StatisticsEndpoints(Statistics(platform.store), platform.clock).endpoints(),
    )


def _overview(platform: "Platform") -> OverviewEndpoints:
    store, clock = platform.store, platform.clock
    return OverviewEndpoints(OverviewDesk(store, clock), ProblemDesk(store, clock), clock)


def call_endpoints(
    platform: "Platform", notices: NoticeDesk, names: NumberNames
) -> tuple[Endpoint, ...]:
    """Those whose paths stand before the one of a call, whose id may hold a slash."""
    pusher = build_again(platform.settings, platform.clock, platform.ids)
    desk = PushDesk(platform.store, pusher, PushLog(platform.happenings), platform.clock)
    return PushEndpoints(platform.store, desk, notices, names).endpoints()
