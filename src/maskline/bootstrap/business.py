"""What charges tenants, wired to what it charges for and to who asks about it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maskline.domain.charge_run import RunKind
from maskline.manage.charge_run import ChargeRunEndpoints
from maskline.manage.endpoint import Endpoint
from maskline.manage.ledger import LedgerEndpoints
from maskline.manage.money import MoneyEndpoints, MoneyTold
from maskline.manage.package import PackageEndpoints
from maskline.manage.tariff import TariffEndpoints
from maskline.services.administration import Administration
from maskline.services.billing.arrears import Arrears
from maskline.services.billing.charge import ChargeRunner
from maskline.services.billing.desk import BillingDesk
from maskline.services.billing.run_desk import RunDesk
from maskline.services.billing.walk import Walks
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.store import Store
from maskline.settings_business import BusinessSection

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


class Business:
    """Money in one process: `runner` charges, `desk` books, `endpoints` are how people ask."""

    def __init__(
        self,
        section: BusinessSection,
        store: Store,
        administration: Administration,
        *,
        clock: Clock,
        ids: Ids,
        zone: ZoneInfo,
    ) -> None:
        release_after = timedelta(days=section.arrears_release_days)
        arrears = Arrears(store, administration, clock, release_after)
        walks = Walks(store, clock, ids, zone)
        by_kind = {
            RunKind.RENT: walks.rents,
            RunKind.ISSUED: walks.rents,
            RunKind.CALLS: walks.calls,
            RunKind.MESSAGES: walks.messages,
            RunKind.ARREARS: arrears.walk,
        }
        self.runner: ChargeRunner | None = None
        if section.is_charging:
            self.runner = ChargeRunner(store, by_kind, clock, zone, ids.uuid())
        self._store, self._clock, self._zone = store, clock, zone
        self.desk = BillingDesk(store, arrears, clock, ids)
        self._told = MoneyTold(
            currency=section.currency,
            is_charging=section.is_charging,
            how_to_pay=section.how_to_pay,
            release_after=release_after,
        )

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those of the management API."""
        store, desk, clock, zone = self._store, self.desk, self._clock, self._zone
        return (
            *MoneyEndpoints(store, desk, clock, zone, self._told).endpoints(),
            *TariffEndpoints(store, desk, clock).endpoints(),
            *PackageEndpoints(store, desk, clock).endpoints(),
            *LedgerEndpoints(store, clock, zone).endpoints(),
            *ChargeRunEndpoints(RunDesk(store, self.runner, clock)).endpoints(),
        )

    def sweeps(self) -> Mapping[str, Callable[[], Awaitable[object]]]:
        """Work for the sweeper, by name; none unless charging is switched on."""
        if self.runner is None:
            return {}
        return {"what is not charged yet": self.runner.work}


def build_business(platform: "Platform") -> Business:
    """By the settings of the section `business`."""
    return Business(
        platform.settings.business,
        platform.store,
        platform.administration,
        clock=platform.clock,
        ids=platform.ids,
        zone=ZoneInfo(platform.settings.numbers.zone),
    )
