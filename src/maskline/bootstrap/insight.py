"""What the console shows of what goes on, wired to the services of one process."""

from typing import TYPE_CHECKING

from maskline.manage.endpoint import Endpoint
from maskline.manage.event import EventEndpoints
from maskline.manage.event_topic import CallTopics
from maskline.services.event_hub import EventHub
from maskline.services.store import Store
from maskline.services.trace import TraceDesk

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def build_events(store: Store, traces: TraceDesk) -> EventHub:
    """What can be listened to; other parts add theirs."""
    return EventHub(CallTopics(store, traces).topics())


def insight_endpoints(platform: "Platform") -> tuple[Endpoint, ...]:
    """Events, pushes, statistics, problems, and how the parts are."""
    return (*EventEndpoints(platform.events).endpoints(),)
