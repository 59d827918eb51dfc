"""Endpoints of imports of numbers into the stock."""

from maskline.domain.access import Right
from maskline.domain.job import JobKind
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer
from maskline.manage.job_view import JobRowsView, JobView
from maskline.manage.sheet_import import ImportVerbs, SheetImports, import_endpoints
from maskline.services.import_sheet import ImportSheets
from maskline.services.job_desk import JobDesk

STOCK_RIGHTS = (Right.STOCK_READ, Right.STOCK_WRITE)


class StockImportEndpoints:
    """Numbers for the stock from spreadsheets."""

    def __init__(self, desk: JobDesk, sheets: ImportSheets) -> None:
        self._imports = SheetImports(desk, sheets)
        self._sheets = sheets

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return import_endpoints(
            "/stock-imports",
            ImportVerbs(
                self.upload_stock,
                self.download_stock_template,
                self.show_stock_import,
                self.list_stock_import_rows,
                self.apply_stock_import,
                self.download_stock_import_errors,
            ),
            STOCK_RIGHTS,
            uploads="Upload an .xlsx of numbers for the stock: it is checked, nothing changes yet",
            applies="Take the rows into stock that can be; asking twice does nothing twice",
        )

    async def upload_stock(self, asked: Asked) -> JobView:
        """Check a file of numbers for the stock."""
        return await self._imports.upload(asked, JobKind.STOCK_IMPORT)

    async def download_stock_template(self, _: Asked) -> FileAnswer:
        """An empty file of numbers for the stock."""
        return FileAnswer(self._sheets.stock_template())

    async def show_stock_import(self, asked: Asked) -> JobView:
        """How an import into the stock stands."""
        return await self._imports.show(asked, JobKind.STOCK_IMPORT)

    async def list_stock_import_rows(self, asked: Asked) -> JobRowsView:
        """Rows of an import into the stock."""
        return await self._imports.rows(asked, JobKind.STOCK_IMPORT)

    async def apply_stock_import(self, asked: Asked) -> JobView:
        """Take the rows into stock that can be."""
        return await self._imports.apply(asked, JobKind.STOCK_IMPORT)

    async def download_stock_import_errors(self, asked: Asked) -> FileAnswer:
        """The rows with errors."""
        return await self._imports.errors(asked, JobKind.STOCK_IMPORT)
