"""Endpoints of jobs: list, look, pause, go on, cancel, download."""

from maskline.domain.access import Right
from maskline.manage.endpoint import Answered, Asked, Endpoint, StreamAnswer
from maskline.manage.job_view import (
    JobQuery,
    JobRowsView,
    JobsView,
    JobView,
    RowQuery,
    read_job_cursor,
    view_job,
    view_rows,
    write_job_cursor,
)
from maskline.services.job_desk import JobDesk
from maskline.services.job_store import JobFilter

PATH = "/jobs/{job_id}"


class JobEndpoints:
    """What people do with long work, whatever kind it is."""

    def __init__(self, desk: JobDesk) -> None:
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._reading(), *self._changing())

    def _reading(self) -> tuple[Endpoint, ...]:
        right = Right.OVERVIEW_READ
        return (
            Endpoint(
                method="GET",
                path="/jobs",
                summary="Long work, newest first",
                run=self.list_jobs,
                query=JobQuery,
                answer=JobsView,
                right=right,
            ),
            Endpoint(
                method="GET",
                path=PATH,
                summary="One job and how far it is",
                run=self.show_job,
                answer=JobView,
                right=right,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/rows",
                summary="What became of the rows of a job",
                run=self.list_job_rows,
                query=RowQuery,
                answer=JobRowsView,
                right=right,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/file",
                summary="The file that a job has made, for whoever began it",
                run=self.download_job_file,
                answer=StreamAnswer,
                answer_media_type="application/octet-stream",
                right=right,
                is_download=True,
                audited=lambda asked: {"job_id": asked.path["job_id"]},
                refusals=(404,),
            ),
        )

    def _changing(self) -> tuple[Endpoint, ...]:
        verbs = (
            ("cancel", self.cancel_job, "Do nothing more of a job; what is done stays done"),
            ("pause", self.pause_job, "Let a job rest"),
            ("resume", self.resume_job, "Go on with a job that rests, or has failed"),
        )
        return tuple(
            Endpoint(
                method="POST",
                path=f"{PATH}/{verb}",
                summary=summary,
                run=run,
                answer=JobView,
                right=Right.OVERVIEW_READ,
                refusals=(404, 409),
            )
            for verb, run, summary in verbs
        )

    async def list_jobs(self, asked: Asked) -> JobsView:
        """Long work, newest first."""
        query: JobQuery = asked.query
        wanted = JobFilter(
            tenant_id=asked.caller.tenant_id,
            kind=query.kind,
            state=query.state,
            owner=asked.caller.name if query.mine else None,
        )
        before = read_job_cursor(query.after)
        jobs = await self._desk.list(wanted, before, query.limit + 1)
        shown = jobs[: query.limit]
        return JobsView(
            items=tuple(map(view_job, shown)),
            next=write_job_cursor(shown[-1]) if len(jobs) > query.limit else None,
        )

    async def show_job(self, asked: Asked) -> JobView:
        """One job."""
        return view_job(await self._desk.find(asked.caller, asked.path["job_id"]))

    async def list_job_rows(self, asked: Asked) -> JobRowsView:
        """Rows of a job."""
        query: RowQuery = asked.query
        job = await self._desk.find(asked.caller, asked.path["job_id"])
        rows = await self._desk.rows(
            asked.caller, job.job_id, query.state, query.after, query.limit + 1
        )
        return view_rows(job.header, rows, query.limit)

    async def download_job_file(self, asked: Asked) -> Answered:
        """The file of a job."""
        file, pieces = await self._desk.download(asked.caller, asked.path["job_id"])
        headers = {
            "Content-Type": file.media_type,
            "Content-Length": str(file.size),
            "Content-Disposition": f'attachment; filename="{file.name}"',
        }
        return Answered(StreamAnswer(pieces), headers)

    async def cancel_job(self, asked: Asked) -> JobView:
        """Do nothing more of a job."""
        return view_job(await self._desk.cancel(asked.caller, asked.path["job_id"]))

    async def pause_job(self, asked: Asked) -> JobView:
        """Let a job rest."""
        return view_job(await self._desk.pause(asked.caller, asked.path["job_id"]))

    async def resume_job(self, asked: Asked) -> JobView:
        """Go on with a job."""
        return view_job(await self._desk.resume(asked.caller, asked.path["job_id"]))
