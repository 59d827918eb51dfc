"""The rules that stop calls, wired to what keeps them."""

from collections.abc import Callable

from maskline.manage.call_block import CallBlockEndpoints
from maskline.manage.endpoint import Endpoint
from maskline.manage.frequency_rule import FrequencyRuleEndpoints
from maskline.services.call_rule_desk import CallRuleDesk, DeskStore
from maskline.services.clock import Clock
from maskline.services.ids import Ids


def call_rule_endpoints(
    store: DeskStore, clock: Clock, ids: Ids, changed: Callable[[], None]
) -> tuple[Endpoint, ...]:
    """Blocked numbers and frequency rules; `changed` hears of every change."""
    desk = CallRuleDesk(store, clock, ids, changed)
    return (
        *CallBlockEndpoints(store, desk, clock.now).endpoints(),
        *FrequencyRuleEndpoints(store, desk).endpoints(),
    )
