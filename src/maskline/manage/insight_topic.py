"""Topics of events about how things are."""

from collections.abc import Sequence
from datetime import timedelta

from maskline.domain.access import Right
from maskline.manage.overview import OverviewView, ProblemsView, view_overview, view_problem
from maskline.manage.reach import Reach
from maskline.services.clock import Clock
from maskline.services.event_hub import Topic
from maskline.services.overview import OverviewDesk
from maskline.services.problem_desk import ProblemDesk

MAX_TOLD = 50
"""Problems that are told."""


class InsightTopics:
    """The verdict and the problems as they change."""

    def __init__(
        self, reach: Reach, overview: OverviewDesk, problems: ProblemDesk, clock: Clock
    ) -> None:
        self._reach = reach
        self._overview = overview
        self._problems = problems
        self._clock = clock

    def topics(self) -> Sequence[Topic]:
        """All of them."""
        right = Right.OVERVIEW_READ
        return (
            Topic(name="overview", right=right, every_s=5.0, read=self.overview),
            Topic(name="health", right=right, every_s=5.0, read=self.overview),
            Topic(name="problems", right=right, every_s=5.0, read=self.problems),
        )

    async def overview(self, tenant_id: str | None, _: str) -> OverviewView:
        """The verdict."""
        return view_overview(await self._overview.look(await self._app_keys(tenant_id)))

    async def problems(self, tenant_id: str | None, _: str) -> ProblemsView:
        """What failed in the last day and is not muted."""
        now = self._clock.now()
        app_keys = await self._app_keys(tenant_id)
        found = await self._problems.problems(app_keys, now - timedelta(days=1))
        shown = [view_problem(one, now) for one in found]
        return ProblemsView(items=tuple(one for one in shown if one.state != "muted")[:MAX_TOLD])

    async def _app_keys(self, tenant_id: str | None) -> tuple[str, ...] | None:
        return None if tenant_id is None else await self._reach.app_keys(tenant_id)
