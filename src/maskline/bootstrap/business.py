"""What charges tenants, wired to what it charges for."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maskline.domain.charge_run import RunKind
from maskline.services.billing.arrears import Arrears
from maskline.services.billing.charge import ChargeRunner
from maskline.services.billing.walk import Walks

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def charging_sweeps(platform: "Platform") -> Mapping[str, Callable[[], Awaitable[object]]]:
    """Work for the sweeper, by name; none unless charging is switched on."""
    business, store, clock = platform.settings.business, platform.store, platform.clock
    if not business.is_charging:
        return {}
    zone = ZoneInfo(platform.settings.numbers.zone)
    release_after = timedelta(days=business.arrears_release_days)
    arrears = Arrears(store, platform.administration, clock, release_after)
    walks = Walks(store, clock, platform.ids, zone)
    runner = ChargeRunner(
        store,
        {
            RunKind.RENT: walks.rents,
            RunKind.ISSUED: walks.rents,
            RunKind.CALLS: walks.calls,
            RunKind.MESSAGES: walks.messages,
            RunKind.ARREARS: arrears.walk,
        },
        clock,
        zone,
        platform.ids.uuid(),
    )
    return {"what is not charged yet": runner.work}
