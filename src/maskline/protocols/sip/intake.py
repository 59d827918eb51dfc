"""What becomes of a message that comes in: whose it is, or how it is refused (RFC 3261 8.2)."""

from collections.abc import Callable
from enum import Enum
from zlib import crc32

from maskline.protocols.sip.compose import HeaderLines
from maskline.protocols.sip.dialog import Dialog
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.event import InviteReceived
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.message import Request, Response, build_response
from maskline.protocols.sip.session import WITHIN_METHODS, Session
from maskline.protocols.sip.session_incoming import IncomingSession
from maskline.protocols.sip.session_timer import is_interval_too_small
from maskline.protocols.sip.stack import ALLOW, METHODS, ServerKey, Stack
from maskline.protocols.sip.transaction_server import (
    InviteServerTransaction,
    ServerTransaction,
    reply_flow,
    server_key,
)

SDP_TYPE = "application/sdp"

# Known to us, and refused with 405 where the unknown get 501 (RFC 3261 21.4.6, 21.5.2).
REFUSED_METHODS = frozenset(("REGISTER", "REFER", "SUBSCRIBE", "NOTIFY", "MESSAGE", "PUBLISH"))


class Screened(Enum):
    """What a screen may say besides a refusal."""

    DROP = "drop"


DROP = Screened.DROP
"""Send nothing: whoever scans addresses learns nothing."""

Refusal = tuple[int, str | None] | tuple[int, str | None, HeaderLines]
Screen = Callable[[Request, Flow], Refusal | Screened | None]
"""Asked for every request outside a dialog before any state is made. None lets it in; a refusal is
(status, reason or None, optional headers), as 401 with a digest challenge; DROP sends nothing."""


class Intake:
    """Finds the transaction, session or refusal for each message of one endpoint."""

    __slots__ = ("_stack", "screen")

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.screen: Screen | None = None

    def receive_response(self, response: Response, now: float) -> None:
        """Hand a response to its transaction (RFC 3261 17.1.3); one without is dropped (18.1.2)."""
        branch = response.via.params.get("branch")
        client = self._stack.clients.get((branch or "", response.cseq.method))
        if client is None:
            self._stack.counters.stray_responses += 1
            return
        client.receive(response, now)

    def receive_request(self, request: Request, source: Flow, now: float) -> None:
        """Hand a request to its transaction or session, or refuse it."""
        request.mark_source(source.host, source.port)
        try:
            self._route(request, source, now)
        except SipParseError as error:
            # A header that is only read on demand turned out to be broken.
            error.request = None if request.method == "ACK" else request
            self.answer_error(error, source)

    def answer_error(self, error: SipParseError, source: Flow) -> None:
        """Answer what could not be read, if enough of it stands and the screen lets us."""
        request = error.request
        if request is None:
            self._stack.counters.malformed_dropped += 1
            return
        if self._is_dropped(request, source):
            return
        self._stack.counters.malformed_answered += 1
        self._answer(request, source, error.status, error.reason)

    def _route(self, request: Request, source: Flow, now: float) -> None:
        method = request.method
        if method == "ACK":
            self._receive_ack(request, now)
            return
        if method == "CANCEL":
            self._receive_cancel(request, source, now)
            return
        key = server_key(request, method)
        known = self._stack.servers.get(key)
        if known is not None:
            known.repeat()
        elif request.to_tag is not None:
            self._receive_within(request, key, source, now)
        else:
            self._receive_outside(request, key, source, now)

    def _receive_ack(self, request: Request, now: float) -> None:
        server = self._stack.servers.get(server_key(request, "INVITE"))
        if isinstance(server, InviteServerTransaction) and not server.is_accepted:
            server.acknowledge(now)
            return
        session = self._find_session(request)
        if session is None or not session.receive_ack(request, now):
            self._stack.counters.stray_acks += 1

    def _receive_cancel(self, request: Request, source: Flow, now: float) -> None:
        key = server_key(request, "CANCEL")
        known = self._stack.servers.get(key)
        if known is not None:
            known.repeat()
            return
        invite = self._stack.servers.get((key[0], key[1], "INVITE"))
        if not isinstance(invite, InviteServerTransaction):
            if not self._is_dropped(request, source):
                self._answer(request, source, 481)
            return
        transaction = ServerTransaction(self._stack, request, key, source)
        transaction.to_tag = invite.to_tag
        transaction.respond(200, now=now)
        invite.cancel(request, now)

    # Within a dialog

    def _receive_within(self, request: Request, key: ServerKey, source: Flow, now: float) -> None:
        session = self._find_session(request)
        dialog = None if session is None else session.find_dialog(request.from_tag)
        if session is None or dialog is None:
            self._stack.counters.unknown_dialogs += 1
            if not self._is_dropped(request, source):
                self._answer(request, source, 481)
            return
        if self._refuse_unsuited(request, source, WITHIN_METHODS):
            return
        if not dialog.accept_cseq(request.cseq.number):
            self._answer(request, source, 500)
            return
        kind = InviteServerTransaction if request.method == "INVITE" else ServerTransaction
        transaction = kind(self._stack, request, key, source)
        try:
            session.receive_request(transaction, request, now)
        except SipParseError as error:
            if not transaction.is_answered:
                transaction.respond(error.status, error.reason, now=now)

    def _find_session(self, request: Request) -> Session | None:
        return self._stack.sessions.get((request.call_id, request.to_tag or ""))

    # Outside a dialog

    def _receive_outside(self, request: Request, key: ServerKey, source: Flow, now: float) -> None:
        if self._refuse_screened(request, source):
            return
        if self._refuse_unsuited(request, source, _OUTSIDE_METHODS):
            return
        if request.method == "INVITE":
            self._receive_invite(request, key, source, now)
        else:
            # BYE, UPDATE, INFO, PRACK without a To tag belong to nothing.
            self._answer(request, source, 481)

    def _receive_invite(self, request: Request, key: ServerKey, source: Flow, now: float) -> None:
        stack = self._stack
        merge_key = (request.call_id, request.from_tag, request.cseq.number)
        if merge_key in stack.merges:
            stack.counters.merged += 1
            self._answer(request, source, 482)
            return
        config = stack.config
        if len(stack.sessions) >= config.max_sessions or stack.is_full:
            stack.counters.refused_busy += 1
            retry = [("Retry-After", str(config.retry_after_s))]
            self._answer(request, source, 503, headers=retry)
            return
        if is_interval_too_small(request, config.min_session_expires):
            floor = [("Min-SE", str(config.min_session_expires))]
            self._answer(request, source, 422, headers=floor)
            return
        dialog = Dialog.as_callee(request, stack.new_tag(), source)
        transaction = InviteServerTransaction(stack, request, key, source)
        transaction.guard_against_merge(merge_key)
        transaction.respond(100, now=now)
        transaction.to_tag = dialog.local_tag
        session = IncomingSession(stack, request, transaction, dialog, source, now=now)
        stack.events.append(InviteReceived(session, request, source))

    # Refusals: stateless, so that a flood costs no memory (RFC 3261 8.2.7)

    def _is_dropped(self, request: Request, source: Flow) -> bool:
        """Whether the screen wants nothing sent to this source at all."""
        if self.screen is None or self.screen(request, source) is not DROP:
            return False
        self._stack.counters.screened += 1
        return True

    def _refuse_screened(self, request: Request, source: Flow) -> bool:
        verdict = None if self.screen is None else self.screen(request, source)
        if verdict is None:
            return False
        self._stack.counters.screened += 1
        if not isinstance(verdict, Screened):
            headers = verdict[2] if len(verdict) == 3 else ()
            self._answer(request, source, verdict[0], verdict[1], headers=headers)
        return True

    def _refuse_unsuited(self, request: Request, source: Flow, methods: frozenset[str]) -> bool:
        """Answer what no session has to see: RFC 3261 8.2.1 to 8.2.3, and OPTIONS (11.2)."""
        method = request.method
        if method == "OPTIONS":
            self._answer_options(request, source)
        elif method not in methods:
            is_known = method in REFUSED_METHODS or method in METHODS
            self._answer(request, source, 405 if is_known else 501, headers=[("Allow", ALLOW)])
        elif request.max_forwards == 0:
            self._answer(request, source, 483)
        elif unsupported := self._unsupported(request):
            self._answer(request, source, 420, headers=[("Unsupported", ", ".join(unsupported))])
        elif request.body and method in _SDP_METHODS and not _is_plain_sdp(request):
            accepted = [("Accept", SDP_TYPE), ("Accept-Encoding", "identity")]
            self._answer(request, source, 415, headers=accepted)
        else:
            return False
        return True

    def _unsupported(self, request: Request) -> list[str]:
        if "Require" not in request.headers:
            return []
        return sorted(request.options("Require") - self._stack.extensions - {"100rel"})

    def _answer_options(self, request: Request, source: Flow) -> None:
        lines = [*self._stack.capabilities(source), ("Accept", SDP_TYPE)]
        self._answer(request, source, 200, headers=lines)

    def _answer(
        self,
        request: Request,
        source: Flow,
        status: int,
        reason: str | None = None,
        *,
        headers: HeaderLines = (),
    ) -> None:
        lines = [*headers, ("Server", self._stack.config.user_agent)]
        # Without state the tag has to be the same for each repetition (RFC 3261 8.2.7).
        tag = f"{crc32(request.headers.get('Via', '').encode('utf-8', 'replace')):08x}"
        response = build_response(request, status, reason, to_tag=tag, headers=lines)
        self._stack.send(response.to_bytes(), reply_flow(request, source))


_OUTSIDE_METHODS = frozenset(("INVITE", "BYE", "UPDATE", "INFO", "PRACK"))
_SDP_METHODS = frozenset(("INVITE", "UPDATE", "PRACK"))


def _is_plain_sdp(request: Request) -> bool:
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    return request.content_type == SDP_TYPE and encoding == "identity"
