"""A SIP user agent without sockets and clock: bytes and time in, events and bytes out."""

from collections.abc import Sequence

from maskline.protocols.sip.authentication import Account, Authenticator
from maskline.protocols.sip.compose import HeaderLines, OutgoingRequest
from maskline.protocols.sip.config import EndpointConfig
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.event import Event
from maskline.protocols.sip.flow import Flow, Transport
from maskline.protocols.sip.header import NameAddr
from maskline.protocols.sip.intake import DROP, Intake, Refusal, Screen, Screened
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.out_of_dialog import OutOfDialogRequest
from maskline.protocols.sip.parse import parse_message
from maskline.protocols.sip.session import Session
from maskline.protocols.sip.session_core import reason_lines
from maskline.protocols.sip.session_outgoing import OutgoingSession
from maskline.protocols.sip.session_restore import cancel_invite, refuse_invite
from maskline.protocols.sip.session_snapshot import (
    IncomingInvite,
    OutgoingInvite,
    SessionSnapshot,
)
from maskline.protocols.sip.stack import Counters, EndpointBusy, Stack, TokenSource
from maskline.protocols.sip.witness import Witness

__all__ = ["DROP", "EndpointConfig", "Refusal", "Screen", "Screened", "SipEndpoint"]

SDP_TYPE = "application/sdp"


class SipEndpoint:
    """Transactions, dialogs and sessions of one user agent.

    After every call that takes `now`: drain `next_event()` and `data_to_send()`, and have
    `handle_timer` called at `next_timer()`. `random(n)` gives 2*n hexadecimal digits, as
    `secrets.token_hex` does.
    """

    def __init__(self, config: EndpointConfig, random: TokenSource) -> None:
        self.config = config
        self.witness: Witness | None = None
        self._stack = Stack(config, random)
        self._intake = Intake(self._stack)

    @property
    def screen(self) -> Screen | None:
        """Asked before any state is made for a request outside a dialog."""
        return self._intake.screen

    @screen.setter
    def screen(self, screen: Screen | None) -> None:
        self._intake.screen = screen

    @property
    def counters(self) -> Counters:
        """What happened without an event."""
        return self._stack.counters

    @property
    def session_count(self) -> int:
        """Sessions that are not closed."""
        return len(self._stack.sessions)

    @property
    def transaction_count(self) -> int:
        """Transactions that are not forgotten yet."""
        return len(self._stack.clients) + len(self._stack.servers)

    @property
    def timer_count(self) -> int:
        """Pending timers; 0 when everything has come to its end."""
        return len(self._stack.timers)

    def listen(self, transport: Transport, host: str, port: int) -> None:
        """Say under which address peers reach us over `transport`, once it is known."""
        self._stack.listen(transport, host, port)

    # Bytes and time

    def receive(self, data: bytes, source: Flow, now: float) -> None:
        """Take one datagram, or the bytes of one framed message."""
        try:
            message = parse_message(data, self.config.limits)
        except SipParseError as error:
            self.receive_error(error, source)
            return
        self.receive_message(message, source, now, data)

    def receive_error(self, error: SipParseError, source: Flow) -> None:
        """Take what could not be parsed: answered when enough of a request stands, else dropped."""
        self._intake.answer_error(error, source)

    def receive_message(
        self,
        message: Request | Response,
        source: Flow,
        now: float,
        data: bytes | None = None,
    ) -> None:
        """Take a message a stream parser cut out, or that of a whole datagram."""
        stack = self._stack
        stack.counters.messages_in += 1
        if self.witness is not None:
            self.witness.received(message, data)
        if isinstance(message, Response):
            self._intake.receive_response(message, now)
        else:
            self._intake.receive_request(message, source, now)

    def flow_failed(self, flow: Flow, now: float) -> None:
        """A connection could not be made or broke, or sending failed for good."""
        for user in list(self._stack.flow_users.pop(flow, ())):
            user.fail(now)

    def next_event(self) -> Event | None:
        """The oldest event not fetched yet."""
        events = self._stack.events
        return events.popleft() if events else None

    def data_to_send(self) -> list[tuple[bytes, Flow]]:
        """What has to go out, in order; the caller keeps the list."""
        stack = self._stack
        data = stack.outbox
        if data:
            stack.outbox = []
            stack.counters.messages_out += len(data)
            if self.witness is not None:
                for message, _ in data:
                    self.witness.sent(message)
        return data

    def next_timer(self) -> float | None:
        """When `handle_timer` has something to do, or None."""
        return self._stack.timers.next_due()

    def handle_timer(self, now: float) -> None:
        """Do what is due."""
        self._stack.timers.run(now)

    # Verbs

    def invite(
        self,
        *,
        target: str,
        flow: Flow,
        from_: NameAddr,
        to: str,
        body: bytes | None,
        content_type: str = SDP_TYPE,
        headers: Sequence[tuple[str, str]] = (),
        credentials: Account | None = None,
        max_forwards: int = 70,
        session_expires: int | None = None,
        now: float,
        owner: object = None,
    ) -> OutgoingSession:
        """Call `target` over `flow`; `body` None leaves the offer to the peer.

        `to` is a URI; `session_expires` None takes the endpoint's default, 0 asks for no session
        timer. Raises EndpointBusy over a bound, ValueError when a value has a line break.
        """
        stack = self._stack
        if len(stack.sessions) >= self.config.max_sessions or stack.is_full:
            raise EndpointBusy("too many sessions or transactions")
        local_tag = stack.new_tag()
        outgoing = self._outgoing(
            "INVITE",
            flow,
            local_tag,
            target=target,
            from_=from_,
            to=to,
            headers=headers,
            body=body,
            content_type=content_type,
            max_forwards=max_forwards,
        )
        default = self.config.session_expires
        session = OutgoingSession(
            stack,
            outgoing,
            local_tag,
            flow,
            interval=default if session_expires is None else session_expires,
            account=credentials,
        )
        session.owner = owner
        try:
            session.start(now)
        except ValueError:
            session.abandon()
            raise
        return session

    def restore(
        self,
        kept: SessionSnapshot,
        *,
        elapsed_s: float,
        credentials: Account | None = None,
        now: float,
        owner: object = None,
    ) -> Session:
        """Go on with a session of an earlier run, `elapsed_s` after its snapshot was made.

        To be done before anything is received: a peer that asks after a session which is not here
        yet is told that there is none.
        """
        session = Session.from_snapshot(
            self._stack, kept, elapsed_s=elapsed_s, account=credentials, now=now
        )
        session.owner = owner
        return session

    def give_up(self, kept: IncomingInvite | OutgoingInvite, *, q850: int, now: float) -> None:
        """Refuse (500) or take back an INVITE that an earlier run left; no event follows.

        Raises SipParseError when what was kept cannot be read.
        """
        lines = reason_lines(q850, None, None)
        if isinstance(kept, IncomingInvite):
            refuse_invite(self._stack, kept, 500, lines, now)
        else:
            cancel_invite(self._stack, kept, lines, now)

    def request(
        self,
        *,
        method: str,
        target: str,
        flow: Flow,
        from_: NameAddr,
        to: str,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        content_type: str = "text/plain",
        credentials: Account | None = None,
        now: float,
        owner: object = None,
    ) -> OutOfDialogRequest:
        """Send a request outside a dialog, as an OPTIONS ping; RequestAnswered follows.

        Raises EndpointBusy over the bound of transactions, ValueError on a line break.
        """
        stack = self._stack
        if stack.is_full:
            raise EndpointBusy("too many transactions")
        outgoing = self._outgoing(
            method,
            flow,
            stack.new_tag(),
            target=target,
            from_=from_,
            to=to,
            headers=headers,
            body=body,
            content_type=content_type,
        )
        authenticator = None if credentials is None else Authenticator(credentials, stack.random)
        request = OutOfDialogRequest(stack, outgoing, flow, authenticator, owner)
        request.send(now)
        return request

    def _outgoing(
        self,
        method: str,
        flow: Flow,
        local_tag: str,
        *,
        target: str,
        from_: NameAddr,
        to: str,
        headers: HeaderLines,
        body: bytes | None,
        content_type: str,
        max_forwards: int = 70,
    ) -> OutgoingRequest:
        stack = self._stack
        return OutgoingRequest(
            method=method,
            uri=target,
            via=stack.via(flow),
            branch=stack.new_branch(),
            from_=f"{NameAddr(from_.display, from_.uri)};tag={local_tag}",
            to=f"<{to}>",
            call_id=stack.new_call_id(flow),
            cseq=1,
            user_agent=self.config.user_agent,
            max_forwards=max_forwards,
            headers=headers,
            body=body or b"",
            content_type=content_type,
        )
