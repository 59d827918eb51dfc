"""How the SMS links of this process stand, for those who look after them."""

from dataclasses import dataclass
from enum import StrEnum


class LinkCondition(StrEnum):
    """BOUND: messages can be sent. PARTLY: only one of its two connections is bound."""

    BOUND = "bound"
    PARTLY = "partly"
    CONNECTING = "connecting"
    DOWN = "down"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsLinkState:
    """One link as one worker sees it.

    `reason` says why it was lost last, or cannot be made; empty while it is bound. `waiting`
    submits were not sent yet, `in_flight` wait for their answers.
    """

    name: str
    condition: LinkCondition
    reason: str = ""
    waiting: int = 0
    in_flight: int = 0
