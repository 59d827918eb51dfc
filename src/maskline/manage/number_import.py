"""Endpoints of imports from spreadsheets: upload, look at every row, apply, take back the bad."""

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


class NumberImportEndpoints:
    """Virtual numbers, and whether they have short messages, from spreadsheets."""

    def __init__(self, desk: JobDesk, sheets: ImportSheets) -> None:
        self._desk = desk
        self._sheets = sheets

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            *_endpoints(
                "/number-imports",
                _Verbs(
                    self.upload_numbers,
                    self.download_number_template,
                    self.show_number_import,
                    self.list_number_import_rows,
                    self.apply_number_import,
                    self.download_number_import_errors,
                ),
                uploads="Upload an .xlsx of virtual numbers: it is checked, nothing is changed yet",
                applies="Import the rows that can be; asking twice does nothing twice",
            ),
            *_endpoints(
                "/sms-capability-imports",
                _Verbs(
                    self.upload_sms_capability,
                    self.download_sms_template,
                    self.show_sms_import,
                    self.list_sms_import_rows,
                    self.apply_sms_import,
                    self.download_sms_import_errors,
                ),
                uploads="Upload an .xlsx of numbers and yes or no: it is checked, nothing changes",
                applies="Switch messages of the rows that can be; off silences their bindings too",
            ),
        )

    async def upload_numbers(self, asked: Asked) -> JobView:
        """Check a file of virtual numbers."""
        return await self._upload(asked, JobKind.NUMBER_IMPORT)

    async def download_number_template(self, _: Asked) -> FileAnswer:
        """An empty file of virtual numbers."""
        return FileAnswer(self._sheets.number_template())

    async def show_number_import(self, asked: Asked) -> JobView:
        """How an import of numbers stands."""
        return await self._show(asked, JobKind.NUMBER_IMPORT)

    async def list_number_import_rows(self, asked: Asked) -> JobRowsView:
        """Rows of an import of numbers."""
        return await self._rows(asked, JobKind.NUMBER_IMPORT)

    async def apply_number_import(self, asked: Asked) -> JobView:
        """Import the rows that can be."""
        kind = JobKind.NUMBER_IMPORT
        return view_job(await self._desk.apply(asked.caller, asked.path["job_id"], kind))

    async def download_number_import_errors(self, asked: Asked) -> FileAnswer:
        """The rows with errors."""
        return await self._errors(asked, JobKind.NUMBER_IMPORT)

    async def upload_sms_capability(self, asked: Asked) -> JobView:
        """Check a file of numbers and whether they have messages."""
        return await self._upload(asked, JobKind.SMS_CAPABILITY_IMPORT)

    async def download_sms_template(self, _: Asked) -> FileAnswer:
        """An empty file of numbers and whether they have messages."""
        return FileAnswer(self._sheets.sms_template())

    async def show_sms_import(self, asked: Asked) -> JobView:
        """How an import of whether numbers have messages stands."""
        return await self._show(asked, JobKind.SMS_CAPABILITY_IMPORT)

    async def list_sms_import_rows(self, asked: Asked) -> JobRowsView:
        """Rows of an import of whether numbers have messages."""
        return await self._rows(asked, JobKind.SMS_CAPABILITY_IMPORT)

    async def apply_sms_import(self, asked: Asked) -> JobView:
        """Switch what can be switched."""
        kind = JobKind.SMS_CAPABILITY_IMPORT
        return view_job(await self._desk.apply(asked.caller, asked.path["job_id"], kind))

    async def download_sms_import_errors(self, asked: Asked) -> FileAnswer:
        """The rows with errors."""
        return await self._errors(asked, JobKind.SMS_CAPABILITY_IMPORT)

    async def _upload(self, asked: Asked, kind: JobKind) -> JobView:
        query: WorkbookQuery = asked.query
        upload = Upload(query.name, asked.body)
        return view_job(await self._desk.upload(asked.caller, kind, upload))

    async def _show(self, asked: Asked, kind: JobKind) -> JobView:
        return view_job(await self._desk.find(asked.caller, asked.path["job_id"], kind))

    async def _rows(self, asked: Asked, kind: JobKind) -> JobRowsView:
        query: RowQuery = asked.query
        job = await self._desk.find(asked.caller, asked.path["job_id"], kind)
        rows = await self._desk.rows(
            asked.caller, job.job_id, query.state, query.after, query.limit + 1
        )
        return view_rows(job.header, rows, query.limit)

    async def _errors(self, asked: Asked, kind: JobKind) -> FileAnswer:
        job = await self._desk.find(asked.caller, asked.path["job_id"], kind)
        return FileAnswer(await self._sheets.errors(job))


@dataclass(frozen=True, slots=True)
class _Verbs:
    """What is done with imports of one kind, in the order in which people do it."""

    upload: Verb
    template: Verb
    show: Verb
    rows: Verb
    apply: Verb
    errors: Verb


def _endpoints(path: str, verbs: _Verbs, *, uploads: str, applies: str) -> tuple[Endpoint, ...]:
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
            right=Right.NUMBER_WRITE,
            refusals=(413,),
        ),
        _file(f"{path}/template", verbs.template, TEMPLATE),
        *_of_one(f"{path}/{{job_id}}", verbs, applies),
    )


def _of_one(path: str, verbs: _Verbs, applies: str) -> tuple[Endpoint, ...]:
    return (
        Endpoint(
            method="GET",
            path=path,
            summary="How an import stands",
            run=verbs.show,
            answer=JobView,
            right=Right.NUMBER_READ,
            refusals=(404,),
        ),
        Endpoint(
            method="GET",
            path=f"{path}/rows",
            summary="Rows of an import: what each will do, or what is wrong with it",
            run=verbs.rows,
            query=RowQuery,
            answer=JobRowsView,
            right=Right.NUMBER_READ,
            refusals=(404,),
        ),
        Endpoint(
            method="POST",
            path=f"{path}/apply",
            summary=applies,
            run=verbs.apply,
            answer=JobView,
            right=Right.NUMBER_WRITE,
            refusals=(404, 409),
        ),
        _file(f"{path}/errors.xlsx", verbs.errors, ERRORS, refusals=(404,)),
    )


def _file(path: str, run: Verb, summary: str, *, refusals: tuple[int, ...] = ()) -> Endpoint:
    return Endpoint(
        method="GET",
        path=path,
        summary=summary,
        run=run,
        answer=FileAnswer,
        answer_media_type=XLSX,
        right=Right.NUMBER_READ,
        refusals=refusals,
    )
