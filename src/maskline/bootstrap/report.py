"""Reports, wired to the services of one process."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maskline.manage.endpoint import Endpoint
from maskline.manage.report import ReportEndpoints
from maskline.protocols.spreadsheet.write import SheetWriter
from maskline.services.report import ReportDesk

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


class Reports:
    """The desk of a process: `sweep` makes and forgets, `endpoints` tell."""

    def __init__(self, platform: "Platform") -> None:
        settings = platform.settings
        zone, self._currency = ZoneInfo(settings.numbers.zone), settings.business.currency
        self.desk = ReportDesk(
            platform.store, platform.clock, zone, kept_days=settings.business.report_days
        )

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those of the management API."""
        return ReportEndpoints(self.desk, SheetWriter, self._currency).endpoints()
