"""A session as the call plane drives it: the verbs of both directions."""

from maskline.protocols.sip.authentication import Account, Authenticator
from maskline.protocols.sip.compose import HeaderLines
from maskline.protocols.sip.dialog import Dialog
from maskline.protocols.sip.event import CancelReceived, EndReceived, InfoReceived
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.message import Request
from maskline.protocols.sip.session_core import SessionCore, read_reason, reason_lines
from maskline.protocols.sip.session_offer import OfferExchange
from maskline.protocols.sip.session_request import DialogRequest
from maskline.protocols.sip.session_snapshot import SessionSnapshot
from maskline.protocols.sip.session_state import SessionState
from maskline.protocols.sip.session_timer import SessionTimer
from maskline.protocols.sip.stack import SipStateError, Stack
from maskline.protocols.sip.transaction_client import Outcome
from maskline.protocols.sip.transaction_server import InviteServerTransaction, ServerTransaction


class Session(SessionCore):
    """One call leg: an INVITE, its dialog and what happens within.

    `owner` is the call plane's; `id` is unique within the endpoint. After SessionClosed every
    verb does nothing. Other verbs than `end` raise SipStateError where the state has no place
    for them.
    """

    __slots__ = ("_offers", "_timer")

    def __init__(
        self,
        stack: Stack,
        *,
        call_id: str,
        local_tag: str,
        flow: Flow,
        state: SessionState,
        interval: int,
        account: Account | None = None,
    ) -> None:
        super().__init__(stack, call_id=call_id, local_tag=local_tag, flow=flow, state=state)
        self._timer = SessionTimer(stack, interval, self._refresh, self.expire)
        self._offers: OfferExchange | None = None
        if account is not None:
            self.authenticator = Authenticator(account, stack.random)

    @classmethod
    def from_snapshot(
        cls,
        stack: Stack,
        kept: SessionSnapshot,
        *,
        elapsed_s: float,
        account: Account | None,
        now: float,
    ) -> "Session":
        """A session of an earlier run as it stands `elapsed_s` after it was kept."""
        session = cls(
            stack,
            call_id=kept.call_id,
            local_tag=kept.local_tag,
            flow=kept.flow,
            state=SessionState.CONFIRMED,
            interval=kept.interval,
            account=account,
        )
        session.is_outgoing = kept.is_outgoing
        session.local_sdp, session.remote_sdp = kept.local_sdp, kept.remote_sdp
        session._peer_allow = kept.peer_allow
        session.adopt(Dialog.from_snapshot(kept, elapsed_s))
        session._timer.resume(kept.is_refresher, now)
        return session

    def snapshot(self) -> SessionSnapshot:
        """What a later run needs to go on with it. Raises SipStateError without a dialog."""
        dialog = self.established()
        interval, is_refresher = self._agreed_timer()
        return SessionSnapshot(
            call_id=self.call_id,
            local=dialog.local,
            local_tag=self.local_tag,
            remote=dialog.remote,
            remote_tag=dialog.remote_tag,
            target=dialog.target,
            routes=dialog.routes,
            flow=self.flow,
            local_cseq=dialog.local_cseq,
            remote_cseq=dialog.remote_cseq,
            is_outgoing=self.is_outgoing,
            interval=interval,
            is_refresher=is_refresher,
            peer_allow=self._peer_allow,
            local_sdp=self.local_sdp,
            remote_sdp=self.remote_sdp,
        )

    def refresh(self, *, now: float) -> None:
        """Ask the peer whether the session stands; SessionExpired follows when it does not."""
        if self.state is SessionState.CONFIRMED:
            self._refresh(now)

    @property
    def is_closed(self) -> bool:
        """Whether SessionClosed was reported, or is about to be."""
        return self.state is SessionState.CLOSED

    def end(self, *, q850: int | None = None, text: str | None = None, now: float) -> None:
        """Leave the call in the way the state asks for: CANCEL, BYE or a refusal.

        Only SessionClosed is reported afterwards. Calling it again does nothing.
        """
        if self.state is SessionState.CONFIRMED:
            self.hang_up(reason_lines(q850, None, text), now)

    def reinvite(self, body: bytes, *, now: float) -> None:
        """Offer a change by re-INVITE; OfferAnswered or OfferRejected follows."""
        self._change("INVITE", body, now)

    def update(self, body: bytes, *, now: float) -> None:
        """Offer a change by UPDATE, or by re-INVITE to a peer that does not know UPDATE."""
        is_known = self.peer_knows("UPDATE") or self.state is SessionState.PROCEEDING
        self._change("UPDATE" if is_known else "INVITE", body, now)

    def info(self, content_type: str, body: bytes, *, now: float) -> None:
        """Send INFO within the dialog; its answer is not reported."""
        if not self.is_closed:
            self.request_within("INFO", _ignore_answer, now, body=body, content_type=content_type)

    def accept_offer(self, body: bytes, *, cseq: int | None = None, now: float) -> None:
        """Answer the peer's re-INVITE or UPDATE; nothing happens when it no longer waits.

        `cseq` is that of its OfferReceived; None is whichever waits.
        """
        if self._offers is not None and self._offers.is_waiting(cseq):
            self._offers.accept(body, now)

    def reject_offer(
        self, status: int, *, headers: HeaderLines = (), cseq: int | None = None, now: float
    ) -> None:
        """Refuse the peer's re-INVITE or UPDATE, chosen as for `accept_offer`."""
        if self._offers is not None and self._offers.is_waiting(cseq):
            self._offers.reject(status, now, headers)

    # Below: called by the endpoint and by the parts of the session.

    def receive_request(self, transaction: ServerTransaction, request: Request, now: float) -> None:
        """Take a request within the dialog, CSeq already checked."""
        if self.state >= SessionState.ENDING and request.method != "BYE":
            transaction.respond(481, now=now)
            return
        match request.method:
            case "BYE":
                self._receive_bye(transaction, request, now)
            case "INFO":
                self._receive_info(transaction, request, now)
            case "PRACK":
                self._receive_prack(transaction, request, now)
            case _:
                self._receive_offer(transaction, request, now)

    def find_dialog(self, remote_tag: str | None) -> Dialog | None:
        """The dialog a request of the peer belongs to."""
        dialog = self.dialog
        return dialog if dialog is not None and dialog.remote_tag == remote_tag else None

    def receive_ack(self, request: Request, now: float) -> bool:
        """Take an ACK of a 2xx of ours; False when it acknowledges nothing."""
        return self._offers is not None and self._offers.receive_ack(request, now)

    def cancel_received(
        self, transaction: InviteServerTransaction, cancel: Request, now: float
    ) -> None:
        """The peer takes back a re-INVITE."""
        del transaction, cancel
        self._withdraw_offer(now)

    def peer_lost(self, transaction: InviteServerTransaction, now: float) -> None:
        """The connection of a re-INVITE is gone before it was answered."""
        del transaction
        self._withdraw_offer(now)

    def hang_up(self, headers: HeaderLines, now: float) -> None:
        """Send BYE and stop everything else."""
        self._end_offers(now)
        self._timer.stop()
        super().hang_up(headers, now)

    def close(self, now: float) -> None:
        """Nothing more will come."""
        self._end_offers(now)
        self._timer.release()
        super().close(now)

    def abandon(self) -> None:
        """Leave the tables without a word: the session never began."""
        self._timer.release()
        super().abandon()

    def _agreed_timer(self) -> tuple[int, bool]:
        return self._timer.agreed

    @property
    def _exchange(self) -> OfferExchange:
        """The changes of this session; most calls see none."""
        if self._offers is None:
            self._offers = OfferExchange(self, self._timer)
        return self._offers

    def _resume_offers(self, now: float) -> None:
        if self._offers is not None:
            self._offers.resume(now)

    def _withdraw_offer(self, now: float) -> None:
        if self._offers is not None:
            self._offers.withdraw(487, now)

    def _end_offers(self, now: float) -> None:
        offers, self._offers = self._offers, None
        if offers is not None:
            offers.stop(now)

    def _change(self, method: str, body: bytes, now: float) -> None:
        if self.state not in _STANDING:
            if self.state < SessionState.ENDING:
                raise SipStateError(f"no offer while {self.state.name}")
            return
        self._exchange.offer("UPDATE" if method == "UPDATE" else "INVITE", body, now)

    def _refresh(self, now: float) -> None:
        self._exchange.refresh(now)

    def _receive_bye(self, transaction: ServerTransaction, request: Request, now: float) -> None:
        transaction.respond(200, now=now)
        if self.state in _STANDING:
            q850, _ = read_reason(request.headers)
            self.stack.events.append(EndReceived(self, q850, request.headers))
        self.close(now)

    def _receive_offer(self, transaction: ServerTransaction, request: Request, now: float) -> None:
        if isinstance(transaction, InviteServerTransaction):
            transaction.user = self
        self._exchange.receive(transaction, request, now)

    def _receive_info(self, transaction: ServerTransaction, request: Request, now: float) -> None:
        transaction.respond(200, now=now)
        self.stack.events.append(InfoReceived(self, request.content_type, request.body))

    def _receive_prack(self, transaction: ServerTransaction, request: Request, now: float) -> None:
        del request
        transaction.respond(481, now=now)

    def report_cancel(self, request: Request) -> None:
        """Say that the caller gave up, with the causes of its CANCEL or early BYE."""
        self.stack.events.append(CancelReceived(self, *read_reason(request.headers)))


# There is a dialog, and neither end has left it as far as we know.
_STANDING = (SessionState.PROCEEDING, SessionState.ANSWERED, SessionState.CONFIRMED)

WITHIN_METHODS = frozenset(("BYE", "INVITE", "UPDATE", "INFO", "PRACK"))
"""What a session takes within its dialog; the endpoint answers anything else."""


def _ignore_answer(_request: DialogRequest, _outcome: Outcome, _now: float) -> None:
    """An INFO is sent in good faith."""
