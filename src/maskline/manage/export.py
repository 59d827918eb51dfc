"""Endpoints of exports."""

import msgspec

from maskline.domain.access import Right
from maskline.domain.job import JobKind
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.job_view import JobView, view_job
from maskline.services.export import ExportOrder, check_export
from maskline.services.job_desk import JobDesk


class ExportEndpoints:
    """Lists as files."""

    def __init__(self, desk: JobDesk) -> None:
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The only one: what follows is `/jobs`."""
        return (
            Endpoint(
                method="POST",
                path="/exports",
                summary="Write a list into a file, as a job: its /jobs/{job_id}/file, for 24 hours",
                run=self.begin_export,
                body=ExportOrder,
                answer=JobView,
                status=202,
                right=Right.EXPORT_CREATE,
            ),
        )

    async def begin_export(self, asked: Asked) -> JobView:
        """Write a list into a file."""
        order: ExportOrder = asked.body
        check_export(order, asked.caller)
        content = msgspec.json.encode(order)
        return view_job(await self._desk.begin(asked.caller, JobKind.EXPORT, content))
