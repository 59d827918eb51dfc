"""Endpoints of imports of virtual numbers, and of whether they have short messages."""

from maskline.domain.access import Right
from maskline.domain.job import JobKind
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer
from maskline.manage.job_view import JobRowsView, JobView
from maskline.manage.sheet_import import ImportVerbs, SheetImports, import_endpoints
from maskline.services.import_sheet import ImportSheets
from maskline.services.job_desk import JobDesk

NUMBER_RIGHTS = (Right.NUMBER_READ, Right.NUMBER_WRITE)


class NumberImportEndpoints:
    """Virtual numbers, and whether they have short messages, from spreadsheets."""

    def __init__(self, desk: JobDesk, sheets: ImportSheets) -> None:
        self._imports = SheetImports(desk, sheets)
        self._sheets = sheets

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            *import_endpoints(
                "/number-imports",
                ImportVerbs(
                    self.upload_numbers,
                    self.download_number_template,
                    self.show_number_import,
                    self.list_number_import_rows,
                    self.apply_number_import,
                    self.download_number_import_errors,
                ),
                NUMBER_RIGHTS,
                uploads="Upload an .xlsx of virtual numbers: it is checked, nothing is changed yet",
                applies="Import the rows that can be; asking twice does nothing twice",
            ),
            *import_endpoints(
                "/sms-capability-imports",
                ImportVerbs(
                    self.upload_sms_capability,
                    self.download_sms_template,
                    self.show_sms_import,
                    self.list_sms_import_rows,
                    self.apply_sms_import,
                    self.download_sms_import_errors,
                ),
                NUMBER_RIGHTS,
                uploads="Upload an .xlsx of numbers and yes or no: it is checked, nothing changes",
                applies="Switch messages of the rows that can be; off silences their bindings too",
            ),
        )

    async def upload_numbers(self, asked: Asked) -> JobView:
        """Check a file of virtual numbers."""
        return await self._imports.upload(asked, JobKind.NUMBER_IMPORT)

    async def download_number_template(self, _: Asked) -> FileAnswer:
        """An empty file of virtual numbers."""
        return FileAnswer(self._sheets.number_template())

    async def show_number_import(self, asked: Asked) -> JobView:
        """How an import of numbers stands."""
        return await self._imports.show(asked, JobKind.NUMBER_IMPORT)

    async def list_number_import_rows(self, asked: Asked) -> JobRowsView:
        """Rows of an import of numbers."""
        return await self._imports.rows(asked, JobKind.NUMBER_IMPORT)

    async def apply_number_import(self, asked: Asked) -> JobView:
        """Import the rows that can be."""
        return await self._imports.apply(asked, JobKind.NUMBER_IMPORT)

    async def download_number_import_errors(self, asked: Asked) -> FileAnswer:
        """The rows with errors."""
        return await self._imports.errors(asked, JobKind.NUMBER_IMPORT)

    async def upload_sms_capability(self, asked: Asked) -> JobView:
        """Check a file of numbers and whether they have messages."""
        return await self._imports.upload(asked, JobKind.SMS_CAPABILITY_IMPORT)

    async def download_sms_template(self, _: Asked) -> FileAnswer:
        """An empty file of numbers and whether they have messages."""
        return FileAnswer(self._sheets.sms_template())

    async def show_sms_import(self, asked: Asked) -> JobView:
        """How an import of whether numbers have messages stands."""
        return await self._imports.show(asked, JobKind.SMS_CAPABILITY_IMPORT)

    async def list_sms_import_rows(self, asked: Asked) -> JobRowsView:
        """Rows of an import of whether numbers have messages."""
        return await self._imports.rows(asked, JobKind.SMS_CAPABILITY_IMPORT)

    async def apply_sms_import(self, asked: Asked) -> JobView:
        """Switch what can be switched."""
        return await self._imports.apply(asked, JobKind.SMS_CAPABILITY_IMPORT)

    async def download_sms_import_errors(self, asked: Asked) -> FileAnswer:
        """The rows with errors."""
        return await self._imports.errors(asked, JobKind.SMS_CAPABILITY_IMPORT)
