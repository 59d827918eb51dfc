"""What the console shows of what goes on, wired to the services of one process."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from maskline.bootstrap.delivery import build_again
from maskline.manage.endpoint import Endpoint
from maskline.manage.event import EventEndpoints
from maskline.manage.event_topic import CallTopics
from maskline.manage.happening import HappeningEndpoints
from maskline.manage.insight_topic import InsightTopics
from maskline.manage.overview import OverviewEndpoints
from maskline.manage.push import PushEndpoints
from maskline.manage.reach import Reach
from maskline.manage.statistics import StatisticsEndpoints
from maskline.services.application_owner import ApplicationOwners
from maskline.services.binding_count import BindingEnds, LiveBindings
from maskline.services.call_count import CallCount
from maskline.services.clock import Clock
from maskline.services.concurrency import Concurrency, LiveCallSampler
from maskline.services.count_sweep import CountSweep
from maskline.services.event_hub import EventHub
from maskline.services.happening_log import FLUSH_S, HappeningLog
from maskline.services.happening_sweep import HappeningSweep
from maskline.services.notice_desk import NoticeDesk
from maskline.services.number_city import NumberCities
from maskline.services.number_count import NumberCount
from maskline.services.number_name import NumberNames
from maskline.services.overview import OverviewDesk
from maskline.services.problem_desk import ProblemDesk
from maskline.services.push_desk import PushDesk
from maskline.services.push_log import PushLog
from maskline.services.refusal_log import RefusalLog
from maskline.services.request_log import RequestLog
from maskline.services.statistics import Statistics
from maskline.services.store import Store
from maskline.services.trace import TraceDesk
from maskline.settings import Settings

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


class Insight:
    """What one process takes note of, and what it counts and forgets for all of them."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._minutes_kept = timedelta(hours=settings.statistics.minute_hours)
        self._cities = NumberCities(store)
        self.happenings = HappeningLog(store, clock)
        self.numbers = NumberCount(self.happenings, self._cities)
        self.pushes = PushLog(self.happenings)
        self.requests = RequestLog(self.happenings, clock)
        self.refusals = RefusalLog(self.happenings, clock)
        store.on_bound = self.numbers.bound
        self.live_calls: LiveCallSampler | None = None

    def sample_calls(self, calls: Callable[[], Mapping[str, int]]) -> None:
        """Count the calls of this process from now on, which are by application."""
        self.live_calls = LiveCallSampler(self.happenings, self._clock, calls)

    async def run(self) -> None:
        """Write what was noted until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_S)
            self.refusals.tell()
            if self.live_calls is not None:
                self.live_calls.look()
            await self.flush()

    async def flush(self) -> None:
        """Write what was noted."""
        await self.numbers.settle()
        await self.happenings.flush()

    def sweeps(self) -> Mapping[str, Callable[[], Awaitable[object]]]:
        """Work for the sweeper, by name."""
        store, clock = self._store, self._clock
        count = CallCount(store, self._cities, clock)
        return {
            "uncounted calls": count.sweep,
            "bindings that ended": BindingEnds(store, clock).sweep,
            "live bindings": LiveBindings(store, clock).sweep,
            "concurrent calls": Concurrency(store, clock, ApplicationOwners(store)).sweep,
            "old counts": CountSweep(store, clock, self._minutes_kept).sweep,
            "old problems": ProblemDesk(store, clock).forget,
            "old requests and refusals": HappeningSweep(store, clock).sweep,
        }


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
        *HappeningEndpoints(platform.store).endpoints(),
        *StatisticsEndpoints(
            Statistics(platform.store, platform.clock), platform.clock
        ).endpoints(),
    )


def _overview(platform: "Platform") -> OverviewEndpoints:
    store, clock = platform.store, platform.clock
    return OverviewEndpoints(OverviewDesk(store, clock), ProblemDesk(store, clock), clock)


def call_endpoints(
    platform: "Platform", notices: NoticeDesk, names: NumberNames
) -> tuple[Endpoint, ...]:
    """Those whose paths stand before the one of a call, whose id may hold a slash."""
    pusher = build_again(platform.settings, platform.clock, platform.ids)
    desk = PushDesk(platform.store, pusher, platform.insight.pushes, platform.clock)
    return PushEndpoints(platform.store, desk, notices, names).endpoints()
