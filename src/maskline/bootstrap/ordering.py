"""From sign-up to issued numbers, wired to the services of one process."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from maskline.bootstrap.job import SHEET_PROGRAM
from maskline.domain.area import load_areas
from maskline.manage.activation import ActivationEndpoints
from maskline.manage.contact import ContactEndpoints
from maskline.manage.endpoint import Endpoint
from maskline.manage.enterprise import EnterpriseEndpoints
from maskline.manage.enterprise_review import EnterpriseReviewEndpoints
from maskline.manage.order import OrderEndpoints
from maskline.manage.order_review import OrderReviewEndpoints
from maskline.manage.order_sheet import OrderSheetEndpoints
from maskline.manage.sign_up import SignUpEndpoints
from maskline.protocols.spreadsheet.write import SheetWriter
from maskline.services.activation import ActivationDesk
from maskline.services.clock import Clock
from maskline.services.contact import ContactDesk
from maskline.services.dossier_store import DossierStore
from maskline.services.enterprise import EnterpriseDesk
from maskline.services.order import LeadTimes, OrderDesk
from maskline.services.order_sheet import OrderSheets
from maskline.services.paper_file import PaperFiles
from maskline.services.sheet import ProcessSheetReader
from maskline.services.sign_up import SignUpDesk
from maskline.services.stock import StockDesk
from maskline.services.stock_watch import StockWatch
from maskline.settings_ordering import read_stock_warning

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


class Desks(Protocol):
    """What the endpoints act through."""

    activations: ActivationDesk
    enterprises: EnterpriseDesk
    contacts: ContactDesk
    orders: OrderDesk
    sheets: OrderSheets


class Ordering:
    """The desks. `key` seals the files of enterprises, `spool` is where they are written."""

    def __init__(self, platform: "Platform", key: bytes, spool: Path) -> None:
        self._platform = platform
        section, store, clock = platform.settings.ordering, platform.store, platform.clock
        zone = ZoneInfo(platform.settings.numbers.zone)
        self.papers = PaperFiles(platform.recordings.storage, key, spool)
        self.activations = ActivationDesk(store, clock)
        self.contacts = ContactDesk(store, clock, platform.ids)
        self.enterprises = EnterpriseDesk(
            store, self.papers, self.activations, clock=clock, ids=platform.ids, zone=zone
        )
        lead_times = LeadTimes(
            stock=section.stock_days,
            virtual_operator=section.virtual_operator_days,
            carrier=section.carrier_days,
        )
        self.orders = OrderDesk(
            store,
            StockDesk(store, clock),
            self.activations,
            clock=clock,
            ids=platform.ids,
            zone=zone,
            lead_times=lead_times,
        )
        self.sheets = OrderSheets(ProcessSheetReader(SHEET_PROGRAM), SheetWriter, load_areas())

    def sweeps(self) -> Mapping[str, Callable[[], Awaitable[object]]]:
        """Work for the sweeper, by name."""
        platform = self._platform
        warnings = platform.settings.ordering.stock_warnings
        wanted = dict(filter(None, map(read_stock_warning, warnings)))
        return {"cities short of numbers": StockWatch(platform.store, platform.clock, wanted).look}

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those of the management API."""
        platform = self._platform
        section = platform.settings.ordering
        desk = SignUpDesk(
            platform.store,
            platform.administration,
            platform.accounts.accounts,
            self.activations,
            clock=platform.clock,
            an_hour=section.sign_ups_per_hour,
        )
        return (
            *SignUpEndpoints(desk if section.has_sign_up else None).endpoints(),
            *ordering_endpoints(self, platform.store, platform.clock),
        )


def ordering_endpoints(desks: Desks, store: DossierStore, clock: Clock) -> tuple[Endpoint, ...]:
    """What tenants, reviewers and operators ask of the desks."""
    enterprises = EnterpriseEndpoints(store, desks.enterprises, clock)
    return (
        *ActivationEndpoints(store, desks.activations).endpoints(),
        *enterprises.endpoints(),
        *EnterpriseReviewEndpoints(desks.enterprises, enterprises).endpoints(),
        *ContactEndpoints(desks.contacts).endpoints(),
        *OrderEndpoints(store, desks.orders).endpoints(),
        *OrderReviewEndpoints(desks.orders).endpoints(),
        *OrderSheetEndpoints(desks.orders, desks.sheets).endpoints(),
    )
