"""Endpoints of imports from spreadsheets: upload, look at every row, apply, take back the bad."""

from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.job import JobKind
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer
from maskline.manage.job_view import JobRowsView, JobView, RowQuery, view_job, view_rows
from maskline.services.import_sheet import ImportSheets
from maskline.services.job_desk import XLSX, JobDesk, Upload

MAX_IMPORT_BYTES = 10_000_000


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
        return (*self._of_numbers(), *self._of_sms_capability())

    def _of_numbers(self) -> tuple[Endpoint, ...]:
        path = "/number-imports"
        one = path + "/{job_id}"
        return (
            Endpoint(
                method="POST",
                path=path,
                summary="Upload an .xlsx of virtual numbers: it is checked, nothing is changed yet",
                run=self.upload_numbers,
                query=WorkbookQuery,
                max_file_bytes=MAX_IMPORT_BYTES,
                answer=JobView,
                status=201,
                right=Right.NUMBER_WRITE,
                refusals=(413,),
            ),
            Endpoint(
                method="GET",
                path=f"{path}/template",
                summary="An empty .xlsx file whose columns are of text, with hints",
                run=self.download_number_template,
                answer=FileAnswer,
                answer_media_type=XLSX,
                right=Right.NUMBER_READ,
            ),
            Endpoint(
                method="GET",
                path=one,
                summary="How an import stands",
                run=self.show_number_import,
                answer=JobView,
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path=f"{one}/rows",
                summary="Rows of an import: what each will do, or what is wrong with it",
                run=self.list_number_import_rows,
                query=RowQuery,
                answer=JobRowsView,
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=f"{one}/apply",
                summary="Import the rows that can be; asking twice does nothing twice",
                run=self.apply_number_import,
                answer=JobView,
                right=Right.NUMBER_WRITE,
                refusals=(404, 409),
            ),
            Endpoint(
                method="GET",
                path=f"{one}/errors.xlsx",
                summary="The rows with errors as they were sent, each with its reason",
                run=self.download_number_import_errors,
                answer=FileAnswer,
                answer_media_type=XLSX,
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
        )

    def _of_sms_capability(self) -> tuple[Endpoint, ...]:
        path = "/sms-capability-imports"
        one = path + "/{job_id}"
        return (
            Endpoint(
                method="POST",
                path=path,
                summary="Upload an .xlsx of numbers and yes or no: it is checked, nothing changes",
                run=self.upload_sms_capability,
                query=WorkbookQuery,
                max_file_bytes=MAX_IMPORT_BYTES,
                answer=JobView,
                status=201,
                right=Right.NUMBER_WRITE,
                refusals=(413,),
            ),
            Endpoint(
                method="GET",
                path=f"{path}/template",
                summary="An empty .xlsx file whose columns are of text, with hints",
                run=self.download_sms_template,
                answer=FileAnswer,
                answer_media_type=XLSX,
                right=Right.NUMBER_READ,
            ),
            Endpoint(
                method="GET",
                path=one,
                summary="How an import stands",
                run=self.show_sms_import,
                answer=JobView,
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path=f"{one}/rows",
                summary="Rows of an import: what each will do, or what is wrong with it",
                run=self.list_sms_import_rows,
                query=RowQuery,
                answer=JobRowsView,
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=f"{one}/apply",
                summary="Switch messages of the rows that can be; off silences their bindings too",
                run=self.apply_sms_import,
                answer=JobView,
                right=Right.NUMBER_WRITE,
                refusals=(404, 409),
            ),
            Endpoint(
                method="GET",
                path=f"{one}/errors.xlsx",
                summary="The rows with errors as they were sent, each with its reason",
                run=self.download_sms_import_errors,
                answer=FileAnswer,
                answer_media_type=XLSX,
                right=Right.NUMBER_READ,
                refusals=(404,),
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
