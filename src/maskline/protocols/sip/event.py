"""What happened, as the endpoint reports it: frozen facts with past-tense names."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.message import Headers, Request, Response

if TYPE_CHECKING:
    from maskline.protocols.sip.session import Session
    from maskline.protocols.sip.session_incoming import IncomingSession


class TimeoutPhase(Enum):
    """What was waited for in vain."""

    NO_RESPONSE = "no response"  # timer B: the far end said nothing at all
    NO_FINAL_RESPONSE = "no final response"  # provisional responses only; CANCEL was sent
    NO_ANSWER = "no answer"  # the INVITE was the peer's and our side did nothing; 480 was sent


@dataclass(frozen=True, slots=True)
class InviteReceived:
    """A new call. Answer it with ring, answer, reject or end of its session."""

    session: "IncomingSession"
    request: Request
    source: Flow


@dataclass(frozen=True, slots=True)
class Ringing:
    """180 came for our INVITE. `body` is empty or early SDP."""

    session: "Session"
    status: int
    reason: str
    body: bytes
    reliable: bool


@dataclass(frozen=True, slots=True)
class ProgressReceived:
    """Another provisional response than 100 and 180 came for our INVITE."""

    session: "Session"
    status: int
    reason: str
    body: bytes
    reliable: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """Our INVITE was answered by a 2xx.

    With an offer in the INVITE, `body` is the answer (or empty, when a reliable 1xx carried it)
    and the ACK is on its way. Without one, `body` is the offer: call `acknowledge` with an answer.
    """

    session: "Session"
    body: bytes
    response: Response


@dataclass(frozen=True, slots=True)
class Rejected:
    """Our INVITE was refused for good: credentials and Min-SE were tried. SessionClosed follows.

    `retry_after` is in seconds.
    """

    session: "Session"
    status: int
    reason: str
    q850: int | None
    response: Response | None
    retry_after: int | None


@dataclass(frozen=True, slots=True)
class SessionTimedOut:
    """An INVITE was not answered in time; a record may call it 408. SessionClosed follows."""

    session: "Session"
    phase: TimeoutPhase


@dataclass(frozen=True, slots=True)
class TransportFailed:
    """The far end of an INVITE could not be reached, or its connection broke before the answer."""

    session: "Session"


@dataclass(frozen=True, slots=True)
class CancelReceived:
    """The caller gave up before our answer; 487 was sent. SessionClosed follows."""

    session: "Session"
    q850: int | None
    sip_cause: int | None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The ACK of our 2xx came. `body` is the answer when our 2xx carried the offer."""

    session: "Session"
    body: bytes


@dataclass(frozen=True, slots=True)
class EndReceived:
    """The peer sent BYE; 200 was sent. SessionClosed follows.

    Of an INVITE of ours it may come before any answer: the BYE overtook the 2xx, or the peer ends
    an early dialog, which only the caller should (RFC 3261 15).
    """

    session: "Session"
    q850: int | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class SessionExpired:
    """No refresh came, ours failed, or the peer no longer knows the session; BYE was sent."""

    session: "Session"


@dataclass(frozen=True, slots=True)
class AckMissed:
    """Our 2xx was never acknowledged and BYE was sent, or a reliable 1xx had no PRACK and 504 was.

    SessionClosed follows.
    """

    session: "Session"


@dataclass(frozen=True, slots=True)
class OfferReceived:
    """The peer offers a change: call accept_offer or reject_offer within `offer_timeout_s`.

    An empty `body` is a re-INVITE that asks for our offer (RFC 3261 14.2): accept with one;
    OfferAnswered follows when its ACK brings news. `cseq` tells it from a later offer.
    """

    session: "Session"
    body: bytes
    cseq: int


@dataclass(frozen=True, slots=True)
class OfferWithdrawn:
    """The peer's offer no longer waits: it was cancelled, or refused as nobody answered it."""

    session: "Session"


@dataclass(frozen=True, slots=True)
class OfferAnswered:
    """The peer accepted our re-INVITE or UPDATE, or answered an offer made in its stead."""

    session: "Session"
    body: bytes


@dataclass(frozen=True, slots=True)
class OfferRejected:
    """The peer refused our re-INVITE or UPDATE; the session stands as before."""

    session: "Session"
    status: int


@dataclass(frozen=True, slots=True)
class InfoReceived:
    """An INFO came within the dialog; 200 was sent."""

    session: "Session"
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """Nothing more will come of this session: forget it."""

    session: "Session"


@dataclass(frozen=True, slots=True)
class RequestAnswered:
    """A request outside a dialog ended; without a response: 408 (none came) or 503 (transport)."""

    owner: Any
    status: int
    response: Response | None


Event = (
    InviteReceived
    | Ringing
    | ProgressReceived
    | Answered
    | Rejected
    | SessionTimedOut
    | TransportFailed
    | CancelReceived
    | Acknowledged
    | EndReceived
    | SessionExpired
    | AckMissed
    | OfferReceived
    | OfferWithdrawn
    | OfferAnswered
    | OfferRejected
    | InfoReceived
    | SessionClosed
    | RequestAnswered
)
