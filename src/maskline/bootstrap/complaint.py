"""Complaints and violations, wired to the services of one process."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maskline.manage.complaint import ComplaintEndpoints
from maskline.manage.endpoint import Endpoint
from maskline.services.complaint import ComplaintDesk

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def complaint_endpoints(platform: "Platform") -> tuple[Endpoint, ...]:
    """What operators do about complaints, and what tenants see of it."""
    settings, store = platform.settings, platform.store
    desk = ComplaintDesk(
        store,
        platform.administration,
        platform.ordering.activations,
        clock=platform.clock,
        ids=platform.ids,
        zone=ZoneInfo(settings.numbers.zone),
        per_10k=settings.business.complaints_per_10k,
    )
    return ComplaintEndpoints(store, desk).endpoints()
