"""How far a live call has come."""

from enum import StrEnum

from maskline.domain.call import Call


class LiveState(StrEnum):
    """Of a call without a record."""

    CONNECTING = "connecting"
    RINGING = "ringing"
    TALKING = "talking"


def state_of(call: Call) -> LiveState:
    """The state of a live call."""
    if call.answered_at is not None:
        return LiveState.TALKING
    return LiveState.CONNECTING if call.alerted_at is None else LiveState.RINGING
