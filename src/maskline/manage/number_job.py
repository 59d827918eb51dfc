"""Endpoints of changes to many virtual numbers: what they would do, and the job that does them."""

import msgspec

from maskline.domain.access import Caller, Right
from maskline.domain.job import JobKind
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.job_view import JobView, view_job
from maskline.services.job_desk import JobDesk
from maskline.services.number_change import NumberChanges, NumberEffects, NumberOrder

PATH = "/number-jobs"


class NumberJobEndpoints:
    """One thing done to many virtual numbers."""

    def __init__(self, desk: JobDesk, changes: NumberChanges) -> None:
        self._desk = desk
        self._changes = changes

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Both of them."""
        return (
            Endpoint(
                method="POST",
                path=f"{PATH}/preview",
                summary="What a change of many virtual numbers would do; nothing is changed",
                run=self.preview_number_job,
                body=NumberOrder,
                answer=NumberEffects,
                right=Right.NUMBER_READ,
            ),
            Endpoint(
                method="POST",
                path=PATH,
                summary="Change many virtual numbers, as a job with a result for each",
                run=self.begin_number_job,
                body=NumberOrder,
                answer=JobView,
                status=202,
                right=Right.NUMBER_WRITE,
            ),
        )

    async def preview_number_job(self, asked: Asked) -> NumberEffects:
        """What it would do."""
        return await self._changes.preview(asked.body, asked.caller.tenant_id)

    async def begin_number_job(self, asked: Asked) -> JobView:
        """Change many virtual numbers."""
        order: NumberOrder = asked.body
        caller: Caller = asked.caller
        await self._changes.check(order, caller.tenant_id)
        kind = JobKind.NUMBER_CHANGE
        return view_job(await self._desk.begin(caller, kind, msgspec.json.encode(order)))
