"""What every part of a session works on: its state, its dialog and the stack below it."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from maskline.protocols.sip.authentication import Authenticator
from maskline.protocols.sip.compose import HeaderLines
from maskline.protocols.sip.dialog import Dialog
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.event import SessionClosed, SessionExpired
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.header import Reason
from maskline.protocols.sip.message import Headers, Request, Response
from maskline.protocols.sip.session_request import DialogRequest, RequestHandler
from maskline.protocols.sip.session_state import TRANSITIONS, SessionState
from maskline.protocols.sip.stack import SipStateError, Stack
from maskline.protocols.sip.transaction_client import Outcome

if TYPE_CHECKING:
    from maskline.protocols.sip.session import Session


class SessionCore:
    """The base of a session, without its verbs. The call plane uses Session."""

    __slots__ = (
        "_peer_allow",
        "authenticator",
        "call_id",
        "dialog",
        "flow",
        "has_early_answer",
        "id",
        "is_outgoing",
        "local_sdp",
        "local_tag",
        "owner",
        "remote_sdp",
        "stack",
        "state",
    )

    def __init__(
        self, stack: Stack, *, call_id: str, local_tag: str, flow: Flow, state: SessionState
    ) -> None:
        stack.sessions_started += 1
        self.id: int = stack.sessions_started
        """Unique within the endpoint."""
        self.owner: Any = None
        """The call plane's own; the core never looks at it."""
        self.stack = stack
        self.call_id = call_id
        self.local_tag = local_tag
        self.flow = flow
        self.state = state
        self.remote_sdp: bytes = b""
        """The last session description of the peer."""
        self.local_sdp: bytes = b""
        """The last session description we sent."""
        self.is_outgoing = state is SessionState.CALLING
        """Whether the call is ours: then the Call-ID is, too."""
        self.has_early_answer = False
        """Whether offer and answer were exchanged reliably before the 2xx (RFC 3262 5)."""
        self.dialog: Dialog | None = None
        self.authenticator: Authenticator | None = None
        self._peer_allow = ""
        stack.sessions[call_id, local_tag] = cast("Session", self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id} {self.state.name}>"

    @property
    def as_session(self) -> "Session":
        """This object as events carry it."""
        return cast("Session", self)

    def move(self, to: SessionState) -> None:
        """Change state; raises SipStateError when the table has no such transition."""
        if to not in TRANSITIONS[self.state]:
            raise SipStateError(f"a session that is {self.state.name} cannot become {to.name}")
        self.state = to

    def adopt(self, dialog: Dialog) -> None:
        """Make a dialog the one of the session."""
        self.drop_dialog()
        self.dialog = dialog
        self.stack.use_flow(self.flow, dialog)

    def drop_dialog(self) -> None:
        """Forget that the dialog depends on a connection."""
        if self.dialog is not None:
            self.stack.leave_flow(self.flow, self.dialog)

    def established(self) -> Dialog:
        """The dialog; raises SipStateError before there is one."""
        if self.dialog is None:
            raise SipStateError(f"no dialog while {self.state.name}")
        return self.dialog

    def learn_peer(self, message: Request | Response) -> None:
        """Note which methods the peer allows, if it says so."""
        allowed = message.headers.get("Allow")
        if allowed is not None:
            self._peer_allow = allowed

    def peer_knows(self, method: str) -> bool:
        """Whether the peer said that it allows a method."""
        return method in [word.strip().upper() for word in self._peer_allow.split(",")]

    def request_within(
        self,
        method: str,
        handler: RequestHandler,
        now: float,
        *,
        headers: HeaderLines = (),
        body: bytes = b"",
        content_type: str = "application/sdp",
    ) -> DialogRequest:
        """Send a request within the dialog."""
        request = DialogRequest(
            self.stack,
            self.established(),
            method,
            handler,
            headers=headers,
            body=body,
            content_type=content_type,
            authenticator=self.authenticator,
        )
        request.send(now)
        return request

    def hang_up(self, headers: HeaderLines, now: float) -> None:
        """Send BYE; the session closes when it is answered or given up."""
        self.move(SessionState.ENDING)
        self.request_within("BYE", self._bye_done, now, headers=headers)

    def expire(self, now: float) -> None:
        """The peer is gone as far as we can tell: say so and send BYE all the same."""
        if self.state is SessionState.CONFIRMED:
            self.stack.events.append(SessionExpired(self.as_session))
            self.hang_up(reason_lines(None, 408, None), now)

    def abandon(self) -> None:
        """Leave the tables without a word: the session never began."""
        self.stack.sessions.pop((self.call_id, self.local_tag), None)

    def close(self, now: float) -> None:
        """Nothing more will come: leave the tables and say so."""
        del now
        if self.state is SessionState.CLOSED:
            return
        self.move(SessionState.CLOSED)
        self.drop_dialog()
        self.stack.sessions.pop((self.call_id, self.local_tag), None)
        self.stack.events.append(SessionClosed(self.as_session))

    def _bye_done(self, _request: DialogRequest, outcome: Outcome, now: float) -> None:
        if not isinstance(outcome, Response) or outcome.status >= 200:
            self.close(now)


def reason_lines(q850: int | None, sip_cause: int | None, text: str | None) -> HeaderLines:
    """Reason headers (RFC 3326) for what is known of why."""
    lines: list[tuple[str, str]] = []
    if q850 is not None:
        lines.append(("Reason", str(Reason("Q.850", q850, text))))
    elif sip_cause is not None or text is not None:
        lines.append(("Reason", str(Reason("SIP", sip_cause, text))))
    return lines


def read_reason(headers: Headers) -> tuple[int | None, int | None]:
    """The Q.850 and the SIP cause of the Reason headers; what cannot be read is left out."""
    if "Reason" not in headers:
        return None, None
    causes: dict[str, int | None] = {}
    # It is advice only: a broken one is as good as none.
    with suppress(SipParseError):
        for value in headers.values("Reason"):
            reason = Reason.parse(value)
            causes.setdefault(reason.protocol, reason.cause)
    return causes.get("Q.850"), causes.get("SIP")
