"""Long work behind the console, wired to the services of one process."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from maskline.domain.area import load_areas
from maskline.domain.job import JobKind
from maskline.manage.endpoint import Endpoint
from maskline.manage.export import ExportEndpoints
from maskline.manage.job import JobEndpoints
from maskline.manage.number_import import NumberImportEndpoints
from maskline.manage.number_job import NumberJobEndpoints
from maskline.manage.number_life import NumberLifeEndpoints
from maskline.manage.push_replay import PushReplayEndpoints
from maskline.manage.stock_import import StockImportEndpoints
from maskline.protocols.spreadsheet.write import SheetWriter
from maskline.services.administration import Administration
from maskline.services.clock import Clock
from maskline.services.export import Exports
from maskline.services.ids import Ids
from maskline.services.import_quota import ImportQuota
from maskline.services.import_sheet import ImportSheets
from maskline.services.job_desk import JobDesk
from maskline.services.job_file import FileStorage, JobFiles
from maskline.services.job_run import JobWork
from maskline.services.job_runner import JobRunner
from maskline.services.number_change import NumberChanges
from maskline.services.number_import import NumberImport
from maskline.services.number_life import NumberLives
from maskline.services.number_life_job import NumberReturns, NumberTransfers
from maskline.services.number_token import NumberTokens
from maskline.services.number_verb import NumberVerbs
from maskline.services.push_replay import PushReplays
from maskline.services.sheet import ProcessSheetReader, SheetReader
from maskline.services.sms_capability_import import SmsCapabilityImport
from maskline.services.stock_import import StockImport
from maskline.services.store import Store

SHEET_PROGRAM = "maskline.protocols.spreadsheet.program"


class Jobs:
    """Everything about jobs in one process: `runner` does them, `endpoints` are how people ask.

    `hint` wakes the delivery plane of this process, if it has one; `import_rows` is how many rows a
    tenant may import in a day, 0 is no limit, `months` the zone whose months statements are of.
    """

    def __init__(
        self,
        store: Store,
        administration: Administration,
        lives: NumberLives,
        *,
        storage: FileStorage,
        key: bytes,
        spool: Path,
        clock: Clock,
        ids: Ids,
        sheets: SheetReader | None = None,
        hint: Callable[[], None] = lambda: None,
        import_rows: int = 0,
        months: ZoneInfo = ZoneInfo("UTC"),  # noqa: B008 - it is never changed
    ) -> None:
        self._clock = clock
        files = JobFiles(storage, key, spool)
        self.desk = JobDesk(store, files, clock, ids)
        sheets = sheets or ProcessSheetReader(SHEET_PROGRAM)
        areas = load_areas()
        verbs = NumberVerbs(store, administration, clock)
        self._changes = NumberChanges(store, verbs)
        self.replays = PushReplays(store, clock, hint)
        self.transfers = NumberTransfers(store, lives)
        self.returns = NumberReturns(store, lives)
        rows = ImportQuota(store, clock, import_rows)
        works: dict[JobKind, JobWork] = {
            JobKind.NUMBER_IMPORT: NumberImport(
                store,
                administration,
                files,
                sheets=sheets,
                areas=areas,
                clock=clock,
                rows=rows,
            ),
            JobKind.SMS_CAPABILITY_IMPORT: SmsCapabilityImport(store, verbs, files, sheets, rows),
            JobKind.NUMBER_CHANGE: self._changes,
            JobKind.EXPORT: Exports(store, files, SheetWriter, clock, months),
            JobKind.PUSH_REPLAY: self.replays,
            JobKind.NUMBER_TRANSFER: self.transfers,
            JobKind.NUMBER_RETURN: self.returns,
            JobKind.STOCK_IMPORT: StockImport(store, files, sheets, areas, clock),
        }
        self.runner = JobRunner(
            store,
            clock,
            ids.uuid(),
            works,
            is_alone=not store.is_shared,
        )
        self.desk.wake = self.runner.wake
        self._sheets = ImportSheets(store, SheetWriter)

    def endpoints(self, tokens: NumberTokens) -> tuple[Endpoint, ...]:
        """Those of the management API; `tokens` are names of real numbers in filters."""
        return (
            *JobEndpoints(self.desk).endpoints(),
            *NumberImportEndpoints(self.desk, self._sheets).endpoints(),
            *StockImportEndpoints(self.desk, self._sheets).endpoints(),
            *NumberJobEndpoints(self.desk, self._changes).endpoints(),
            *NumberLifeEndpoints(self.desk, self.transfers, self.returns, self._sheets).endpoints(),
            *ExportEndpoints(self.desk, tokens, self._clock).endpoints(),
            *PushReplayEndpoints(self.desk, self.replays).endpoints(),
        )
