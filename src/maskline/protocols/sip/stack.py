"""What the transactions and sessions of one endpoint share."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from maskline.protocols.sip.config import EndpointConfig
from maskline.protocols.sip.error import SipError
from maskline.protocols.sip.event import Event
from maskline.protocols.sip.flow import Flow, Transport, bracket
from maskline.protocols.sip.timer import TimerQueue

if TYPE_CHECKING:
    from maskline.protocols.sip.session import Session
    from maskline.protocols.sip.transaction_client import ClientTransaction
    from maskline.protocols.sip.transaction_server import ServerTransaction

BRANCH_COOKIE = "z9hG4bK"

METHODS = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE", "INFO")
ALLOW = ", ".join(METHODS)

TokenSource = Callable[[int], str]
"""Gives 2*n random hexadecimal digits for n, as `secrets.token_hex` does."""

# Bytes drawn at once: a system call for every tag and branch would cost more than the message.
TOKEN_POOL_BYTES = 512

ClientKey = tuple[str, str]
ServerKey = tuple[str, str, str]
MergeKey = tuple[str, str | None, int]


class SipStateError(SipError):
    """A verb was called that the session's state does not allow: our own mistake."""


class EndpointBusy(SipError):
    """A bound of the endpoint is reached; the same call may succeed later."""


class FlowUser(Protocol):
    """A transaction that depends on one stream connection."""

    def fail(self, now: float) -> None:
        """The connection is gone or never came to be."""
        ...


@dataclass(slots=True)
class Counters:
    """What the endpoint did without anybody being told by an event."""

    messages_in: int = 0
    messages_out: int = 0
    retransmitted: int = 0
    malformed_dropped: int = 0
    malformed_answered: int = 0
    screened: int = 0
    stray_responses: int = 0
    stray_acks: int = 0
    unknown_dialogs: int = 0
    merged: int = 0
    refused_busy: int = 0


class TokenPool:
    """Hands out each random digit of `source` once, drawn many at a time."""

    __slots__ = ("_at", "_digits", "_source")

    def __init__(self, source: TokenSource) -> None:
        self._source = source
        self._digits = ""
        self._at = 0

    def take(self, size: int) -> str:
        """2*`size` hexadecimal digits, `size` being at most TOKEN_POOL_BYTES."""
        start, end = self._at, self._at + 2 * size
        if end > len(self._digits):
            self._digits = self._source(TOKEN_POOL_BYTES)
            start, end = 0, 2 * size
        self._at = end
        return self._digits[start:end]


class Stack:
    """Identity, tables, timers and outgoing bytes of one endpoint."""

    __slots__ = (
        "_capabilities",
        "_contacts",
        "_vias",
        "clients",
        "config",
        "counters",
        "events",
        "flow_users",
        "merges",
        "outbox",
        "random",
        "servers",
        "sessions",
        "sessions_started",
        "timers",
        "values",
    )

    def __init__(self, config: EndpointConfig, random: TokenSource) -> None:
        self.config = config
        self.random: TokenSource = TokenPool(random).take
        self.values = config.timers
        self.timers = TimerQueue()
        self.counters = Counters()
        self.outbox: list[tuple[bytes, Flow]] = []
        self.events: deque[Event] = deque()
        self.clients: dict[ClientKey, ClientTransaction] = {}
        self.servers: dict[ServerKey, ServerTransaction] = {}
        self.merges: dict[MergeKey, ServerTransaction] = {}
        self.sessions: dict[tuple[str, str], Session] = {}
        self.sessions_started = 0
        self.flow_users: dict[Flow, set[FlowUser]] = {}
        self._vias: dict[Transport, str] = {}
        self._contacts: dict[Transport, str] = {}
        self._capabilities: dict[Transport, tuple[tuple[str, str], ...]] = {}
        for transport, (host, port) in config.local.items():
            self.listen(transport, host, port)

    def listen(self, transport: Transport, host: str, port: int) -> None:
        """Say under which address peers reach us over `transport`."""
        address = f"{bracket(host)}:{port}"
        suffix = "" if transport == "udp" else f";transport={transport}"
        self._capabilities.clear()
        self._vias[transport] = f"SIP/2.0/{transport.upper()} {address}"
        self._contacts[transport] = f"<sip:{self.config.contact_user}@{address}{suffix}>"

    def via(self, flow: Flow) -> str:
        """Our Via for a request on `flow`, without branch; raises EndpointBusy if we have none."""
        via = self._vias.get(flow.transport)
        return self._borrow(flow.transport) if via is None else via

    def contact(self, flow: Flow) -> str:
        """Our Contact towards `flow`: without a port of that transport, one of another."""
        contact = self._contacts.get(flow.transport)
        return next(iter(self._contacts.values())) if contact is None else contact

    def _borrow(self, transport: Transport) -> str:
        """The address of another transport: answers come back on the connection we make."""
        for via in self._vias.values():
            return f"SIP/2.0/{transport.upper()} {via.split(' ', 1)[1]}"
        raise EndpointBusy("no local address")

    def capabilities(self, flow: Flow) -> tuple[tuple[str, str], ...]:
        """Contact, Allow and Supported, as dialog-making messages carry them."""
        known = self._capabilities.get(flow.transport)
        if known is None:
            known = (
                ("Contact", self.contact(flow)),
                ("Allow", ALLOW),
                ("Supported", ", ".join(sorted(self.extensions))),
            )
            self._capabilities[flow.transport] = known
        return known

    @property
    def extensions(self) -> frozenset[str]:
        """The option tags we understand."""
        timer = frozenset(("timer",)) if self.config.session_expires else frozenset[str]()
        return timer | frozenset(("100rel",)) if self.config.offer_reliable else timer

    def host(self, flow: Flow) -> str:
        """Our host name towards `flow`, as it stands in URIs, without port."""
        return self.via(flow).split(" ", 1)[1].rsplit(":", 1)[0]

    def new_branch(self) -> str:
        """A branch nobody else uses (RFC 3261 8.1.1.7)."""
        return BRANCH_COOKIE + self.random(8)

    def new_tag(self) -> str:
        """A From or To tag (RFC 3261 19.3)."""
        return self.random(6)

    def new_call_id(self, flow: Flow) -> str:
        """A Call-ID nobody else uses (RFC 3261 8.1.1.4)."""
        return f"{self.random(12)}@{self.host(flow)}"

    def random_below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1."""
        return int(self.random(4), 16) % bound

    def send(self, data: bytes, flow: Flow) -> None:
        """Put a message into the outbox."""
        self.outbox.append((data, flow))

    def resend(self, data: bytes, flow: Flow) -> None:
        """Put a message into the outbox once more."""
        self.counters.retransmitted += 1
        self.outbox.append((data, flow))

    @property
    def is_full(self) -> bool:
        """Whether the bound of transactions is reached."""
        return len(self.clients) + len(self.servers) >= self.config.max_transactions

    def use_flow(self, flow: Flow, user: FlowUser) -> None:
        """Have `user.fail` called when the connection breaks; nothing to do on UDP."""
        if flow.is_reliable:
            self.flow_users.setdefault(flow, set()).add(user)

    def leave_flow(self, flow: Flow, user: FlowUser) -> None:
        """Undo `use_flow`."""
        users = self.flow_users.get(flow)
        if users is not None:
            users.discard(user)
            if not users:
                del self.flow_users[flow]
