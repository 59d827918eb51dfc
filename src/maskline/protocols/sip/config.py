from collections.abc import Mapping
from dataclasses import dataclass, field

from maskline.protocols.sip.flow import Transport
from maskline.protocols.sip.limits import DEFAULT_LIMITS, MessageLimits
from maskline.protocols.sip.timer import TimerValues


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """Settings of one endpoint. Durations are seconds.

    `local` says, for each transport, under which host and port peers reach us: what Via and
    Contact carry. `SipEndpoint.listen` adds to it once a port is known.
    """

    local: Mapping[Transport, tuple[str, int]] = field(
        default_factory=dict[Transport, tuple[str, int]]
    )
    timers: TimerValues = field(default_factory=TimerValues)
    limits: MessageLimits = DEFAULT_LIMITS
    user_agent: str = "maskline"
    contact_user: str = "maskline"

    session_expires: int = 1800
    """What we ask for and grant at most (RFC 4028); 0 switches session timers off."""
    min_session_expires: int = 90
    """Below it a peer gets 422; the standard's own floor (RFC 4028 5)."""
    offer_reliable: bool = True
    """Whether our INVITEs say `Supported: 100rel` (RFC 3262)."""

    max_sessions: int = 20_000
    max_transactions: int = 400_000
    """Over either bound a new request is answered 503 with `retry_after_s`."""
    max_early_dialogs: int = 8
    """Forks of one INVITE that are told apart; further ones are still ended when they answer."""
    max_waiting_provisionals: int = 4
    """Reliable provisional responses that wait for the PRACK of an earlier one."""
    max_tries: int = 3
    """How often one request is repeated for credentials, Min-SE or glare before it has failed."""
    retry_after_s: int = 5

    invite_timeout_s: float = 190.0
    """From our INVITE to its final response; more than the 3 minutes of timer C (16.6)."""
    answer_timeout_s: float = 300.0
    """How long an INVITE we received may wait for answer or reject before it gets 480."""
    ring_interval_s: float = 60.0
    """How often a ringing call says so again, or a proxy gives it up (RFC 3261 13.3.1.1)."""
    offer_timeout_s: float = 8.0
    """How long an offer of the peer waits for accept_offer before it gets 488, and how long a
    2xx with an offer waits for acknowledge before the session is ended."""
    reinvite_timeout_s: float = 32.0
    """From our re-INVITE to its final response."""
