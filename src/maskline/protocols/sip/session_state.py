from enum import IntEnum


class SessionState(IntEnum):
    """Where a session stands, for both directions."""

    INCOMING = 0
    """The peer's INVITE is here; only 100 was sent."""
    CALLING = 1
    """Our INVITE is out; nothing came back."""
    PROCEEDING = 2
    """A provisional response was sent or came."""
    CANCEL_HELD = 3
    """We gave up before any response: CANCEL waits for one (RFC 3261 9.1)."""
    CANCELLING = 4
    """CANCEL is out; the final response is awaited."""
    ANSWERED = 5
    """A 2xx was sent or came, its ACK not yet."""
    LEAVING = 6
    """We gave up after our 2xx: BYE waits for its ACK (RFC 3261 15)."""
    CONFIRMED = 7
    """The call stands."""
    ENDING = 8
    """BYE is out; its response is awaited."""
    CLOSED = 9
    """Nothing more will come."""


_S = SessionState

TRANSITIONS: dict[SessionState, frozenset[SessionState]] = {
    _S.INCOMING: frozenset((_S.PROCEEDING, _S.ANSWERED, _S.CLOSED)),
    _S.CALLING: frozenset((_S.PROCEEDING, _S.CANCEL_HELD, _S.ANSWERED, _S.CONFIRMED, _S.CLOSED)),
    # Back to CALLING: the INVITE was sent again, with credentials or a longer interval.
    _S.PROCEEDING: frozenset((_S.CALLING, _S.CANCELLING, _S.ANSWERED, _S.CONFIRMED, _S.CLOSED)),
    _S.CANCEL_HELD: frozenset((_S.CANCELLING, _S.ENDING, _S.CLOSED)),
    _S.CANCELLING: frozenset((_S.ENDING, _S.CLOSED)),
    _S.ANSWERED: frozenset((_S.CONFIRMED, _S.LEAVING, _S.ENDING, _S.CLOSED)),
    _S.LEAVING: frozenset((_S.ENDING, _S.CLOSED)),
    _S.CONFIRMED: frozenset((_S.ENDING, _S.CLOSED)),
    _S.ENDING: frozenset((_S.CLOSED,)),
    _S.CLOSED: frozenset(),
}
"""State -> the states that may follow."""
