"""What endpoints of imports share: upload, look at every row, apply, take back the bad."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.job import JobKind
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer, Shown
from maskline.manage.job_view import JobRowsView, JobView, RowQuery, view_job, view_rows
from maskline.services.import_sheet import ImportSheets
from maskline.services.job_desk import XLSX, JobDesk, Upload

MAX_IMPORT_BYTES = 10_000_000
TEMPLATE = "An empty .xlsx file whose columns are of text, with hints"
ERRORS = "The rows with errors as they were sent, each with its reason"

Verb = Callable[[Asked], Awaitable[Shown]]


class WorkbookQuery(Struct, frozen=True, kw_only=True):
    """What the uploaded file is called."""

    name: Annotated[str, Meta(max_length=255)] = "upload.xlsx"


class SheetImports:
    """The verbs of imports, whatever they import."""

    def __init__(self, desk: JobDesk, sheets: ImportSheets) -> None:
        self._desk = desk
        self._sheets = sheets

    async def upload(self, asked: Asked, kind: JobKind) -> JobView:
        """Check a file."""
        query: WorkbookQuery = asked.query
        upload = Upload(query.name, asked.body)
        return view_job(await self._desk.upload(asked.caller, kind, upload))

    async def show(self, asked: Asked, kind: JobKind) -> JobView:
        """How an import stands."""
        return view_job(await self._desk.find(asked.caller, asked.path["job_id"], kind))

    async def rows(self, asked: Asked, kind: JobKind) -> JobRowsView:
        """Rows of an import."""
        query: RowQuery = asked.query
        job = await self._desk.find(asked.caller, asked.path["job_id"], kind)
        rows = await self._desk.rows(
            asked.caller, job.job_id, query.state, query.after, query.limit + 1
        )
        return view_rows(job.header, rows, query.limit)

    async def apply(self, asked: Asked, kind: JobKind) -> JobView:
        """Do what can be done."""
        return view_job(await self._desk.apply(asked.caller, asked.path["job_id"], kind))

    async def errors(self, asked: Asked, kind: JobKind) -> FileAnswer:
        """The rows with errors."""
        job = await self._desk.find(asked.caller, asked.path["job_id"], kind)
        return FileAnswer(await self._sheets.errors(job))


@dataclass(frozen=True, slots=True)
class ImportVerbs:
    """What is done with imports of one kind, in the order in which people do it."""

    upload: Verb
    template: Verb
    show: Verb
    rows: Verb
    apply: Verb
    errors: Verb


def import_endpoints(
    path: str, verbs: ImportVerbs, rights: tuple[Right, Right], *, uploads: str, applies: str
) -> tuple[Endpoint, ...]:
    """Those of one kind of import; `rights` are the ones to look and to import."""
    reads, writes = rights
    return (
        Endpoint(
            method="POST",
            path=path,
            summary=uploads,
            run=verbs.upload,
            query=WorkbookQuery,
            max_file_bytes=MAX_IMPORT_BYTES,
            answer=JobView,
            status=201,
            right=writes,
            refusals=(413,),
        ),
        _file(f"{path}/template", verbs.template, TEMPLATE, reads),
        *_of_one(f"{path}/{{job_id}}", verbs, rights, applies),
    )


def _of_one(
    path: str, verbs: ImportVerbs, rights: tuple[Right, Right], applies: str
) -> tuple[Endpoint, ...]:
    reads, writes = rights
    return (
        Endpoint(
            method="GET",
            path=path,
            summary="How an import stands",
            run=verbs.show,
            answer=JobView,
            right=reads,
            refusals=(404,),
        ),
        Endpoint(
            method="GET",
            path=f"{path}/rows",
            summary="Rows of an import: what each will do, or what is wrong with it",
            run=verbs.rows,
            query=RowQuery,
            answer=JobRowsView,
            right=reads,
            refusals=(404,),
        ),
        Endpoint(
            method="POST",
            path=f"{path}/apply",
            summary=applies,
            run=verbs.apply,
            answer=JobView,
            right=writes,
            refusals=(404, 409),
        ),
        _file(f"{path}/errors.xlsx", verbs.errors, ERRORS, reads, refusals=(404,)),
    )


def _file(
    path: str, run: Verb, summary: str, right: Right, *, refusals: tuple[int, ...] = ()
) -> Endpoint:
    return Endpoint(
        method="GET",
        path=path,
        summary=summary,
        run=run,
        answer=FileAnswer,
        answer_media_type=XLSX,
        right=right,
        refusals=refusals,
    )
