"""Endpoints of replays of many pushes: what they would do, and the job that does them."""

import msgspec

from maskline.domain.access import Right
from maskline.domain.job import JobKind
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.job_view import JobView, view_job
from maskline.services.job_desk import JobDesk
from maskline.services.push_replay import PushReplays, ReplayEffects, ReplayOrder

PATH = "/replay-jobs"


class PushReplayEndpoints:
    """Many dead pushes made again."""

    def __init__(self, desk: JobDesk, replays: PushReplays) -> None:
        self._desk = desk
        self._replays = replays

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Both of them."""
        return (
            Endpoint(
                method="POST",
                path=f"{PATH}/preview",
                summary="What a replay of many dead pushes would do; nothing is pushed",
                run=self.preview_replay_job,
                body=ReplayOrder,
                answer=ReplayEffects,
                right=Right.PUSH_READ,
            ),
            Endpoint(
                method="POST",
                path=PATH,
                summary="Have dead pushes made again at a rate, as a job; many need a step-up",
                run=self.begin_replay_job,
                body=ReplayOrder,
                answer=JobView,
                status=202,
                right=Right.PUSH_RESEND,
                refusals=(404,),
            ),
        )

    async def preview_replay_job(self, asked: Asked) -> ReplayEffects:
        """What it would do."""
        return await self._replays.preview(asked.body, asked.caller.tenant_id)

    async def begin_replay_job(self, asked: Asked) -> JobView:
        """Have many dead pushes made again."""
        order: ReplayOrder = asked.body
        await self._replays.check(order, asked.caller)
        content = msgspec.json.encode(order)
        return view_job(await self._desk.begin(asked.caller, JobKind.PUSH_REPLAY, content))
