"""A call that goes out: we send the INVITE (RFC 3261 13.2)."""

from dataclasses import replace

from maskline.protocols.sip.authentication import Account
from maskline.protocols.sip.compose import HeaderLines, OutgoingRequest
from maskline.protocols.sip.dialog import Dialog
from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.event import (
    Answered,
    ProgressReceived,
    Rejected,
    Ringing,
    SessionTimedOut,
    TimeoutPhase,
    TransportFailed,
)
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.header import RAck, parse_retry_after, parse_rseq
from maskline.protocols.sip.message import Response
from maskline.protocols.sip.session import Session
from maskline.protocols.sip.session_core import read_reason, reason_lines
from maskline.protocols.sip.session_forks import ForkEnder, acknowledge_invite
from maskline.protocols.sip.session_request import DialogRequest
from maskline.protocols.sip.session_snapshot import OutgoingInvite
from maskline.protocols.sip.session_state import SessionState
from maskline.protocols.sip.stack import SipStateError, Stack
from maskline.protocols.sip.timer import Timer
from maskline.protocols.sip.transaction_client import (
    ClientTransaction,
    Failure,
    InviteClientTransaction,
    Outcome,
)

_CALLING = (SessionState.CALLING, SessionState.PROCEEDING)
_GIVEN_UP = (SessionState.CANCEL_HELD, SessionState.CANCELLING)


class OutgoingSession(Session):
    """The calling side."""

    __slots__ = (
        "_caller_headers",
        "_early",
        "_held_cancel",
        "_invite",
        "_limit",
        "_outgoing",
        "_tries",
    )

    def __init__(
        self,
        stack: Stack,
        outgoing: OutgoingRequest,
        local_tag: str,
        flow: Flow,
        *,
        interval: int,
        account: Account | None,
    ) -> None:
        super().__init__(
            stack,
            call_id=outgoing.call_id,
            local_tag=local_tag,
            flow=flow,
            state=SessionState.CALLING,
            interval=interval,
            account=account,
        )
        self.local_sdp = outgoing.body
        self._caller_headers = outgoing.headers
        self._outgoing = outgoing
        self._early: dict[str | None, Dialog] = {}
        self._held_cancel: HeaderLines = ()
        self._invite: InviteClientTransaction | None = None
        self._limit: Timer | None = None
        self._tries = 0

    def start(self, now: float) -> None:
        """Send the INVITE; raises ValueError when a value in it has a line break."""
        self._send_invite(now)
        limit = self.stack.config.invite_timeout_s
        self._limit = self.stack.timers.start(now + limit, self._final_missed)

    def end(self, *, q850: int | None = None, text: str | None = None, now: float) -> None:
        """Leave the call: CANCEL, held until the far end says anything, or BYE."""
        lines = reason_lines(q850, None, text)
        if self.state in _CALLING:
            self._cancel(lines, now)
        elif self.state is SessionState.ANSWERED:
            self._acknowledge(b"")
            self.hang_up(lines, now)
        else:
            super().end(q850=q850, text=text, now=now)

    def acknowledge(self, body: bytes, *, now: float) -> None:
        """Send the ACK with our answer to the offer that came in the 2xx.

        Raises SipStateError unless Answered brought an offer to an INVITE without one.
        """
        if self.state is not SessionState.ANSWERED:
            if self.state < SessionState.ENDING:
                raise SipStateError(f"acknowledge while {self.state.name}")
            return
        self._stop_limit()
        self.local_sdp = body
        self._acknowledge(body)
        self.move(SessionState.CONFIRMED)
        self._resume_offers(now)

    def invite_snapshot(self) -> OutgoingInvite:
        """What a later run needs to take the INVITE back."""
        sent = self._outgoing
        return OutgoingInvite(
            call_id=self.call_id,
            uri=sent.uri,
            via=sent.via,
            branch=sent.branch,
            from_=sent.from_,
            to=sent.to,
            cseq=sent.cseq,
            local_tag=self.local_tag,
            flow=self.flow,
        )

    def find_dialog(self, remote_tag: str | None) -> Dialog | None:
        """The dialog a request of the peer belongs to, of the forks or the established one."""
        dialog = self.dialog
        if dialog is not None and dialog.remote_tag == remote_tag:
            return dialog
        return self._early.get(remote_tag)

    def close(self, now: float) -> None:
        """Nothing more will come."""
        self._stop_limit()
        self._early.clear()
        invite, self._invite = self._invite, None
        if invite is not None and not invite.is_answered:
            # Ended before its answer: a 2xx that still comes is of no dialog of ours any more.
            invite.expect_end(now)
            self._leave_to_forks(invite, None)
        super().close(now)

    # The INVITE and its responses

    def _send_invite(self, now: float) -> None:
        self._tries += 1
        outgoing = self._outgoing
        headers: list[tuple[str, str]] = [
            *self.stack.capabilities(self.flow),
            *self._timer.request_headers(),
            *self._caller_headers,
        ]
        if not outgoing.body:
            # A reliable response would carry the offer and its PRACK our answer: don't ask for it.
            headers = [line for line in headers if line[0] != "Supported"]
        if self.authenticator is not None:
            headers += self.authenticator.headers("INVITE", outgoing.uri, outgoing.body)
        outgoing.headers = headers
        self._invite = InviteClientTransaction(
            self.stack, outgoing, self.flow, self._receive_outcome
        )
        self._invite.start(now)

    def _send_again(self, now: float) -> None:
        """A new transaction of the same call: next CSeq, new branch (RFC 3261 8.1.3.5)."""
        sent = self._outgoing
        self._outgoing = replace(sent, cseq=sent.cseq + 1, branch=self.stack.new_branch())
        self._early.clear()
        self.has_early_answer = False
        if self.state is SessionState.PROCEEDING:
            self.move(SessionState.CALLING)
        self._send_invite(now)

    def _receive_outcome(
        self, transaction: ClientTransaction, outcome: Outcome, now: float
    ) -> None:
        invite = self._invite
        if invite is None or transaction is not invite:
            return
        if isinstance(outcome, Failure):
            self._fail(outcome, now)
        elif outcome.status < 200:
            self._proceed(outcome, now)
        elif outcome.status < 300:
            self._succeed(invite, outcome, now)
        else:
            self._refused(outcome, now)

    def _proceed(self, response: Response, now: float) -> None:
        if self.state is SessionState.CANCEL_HELD:
            self._send_cancel(now)
            return
        if self.state not in _CALLING:
            return
        if self.state is SessionState.CALLING:
            self.move(SessionState.PROCEEDING)
        if response.status == 100 or response.to_tag is None:
            return
        dialog = self._early_dialog(response)
        is_reliable = "100rel" in response.headers.get("Require", "").lower()
        if dialog is None or (is_reliable and not self._take_reliable(dialog, response, now)):
            return
        self._report_progress(response, is_reliable=is_reliable)

    def _report_progress(self, response: Response, *, is_reliable: bool) -> None:
        self.learn_peer(response)
        if response.body:
            self.remote_sdp = response.body
            self.has_early_answer = self.has_early_answer or is_reliable
        kind = Ringing if response.status == 180 else ProgressReceived
        self.stack.events.append(
            kind(self, response.status, response.reason, response.body, is_reliable)
        )

    def _early_dialog(self, response: Response) -> Dialog | None:
        """The early dialog of a response; None over the bound of forks."""
        tag = response.to_tag
        known = self._early.get(tag)
        if known is None and len(self._early) < self.stack.config.max_early_dialogs:
            known = self._new_dialog(response)
            self._early[tag] = known
        if known is not None and known is not self.dialog:
            self.adopt(known)
        return known

    def _new_dialog(self, response: Response) -> Dialog:
        return Dialog.as_caller(self._outgoing, self.local_tag, response, self.flow)

    def _take_reliable(self, dialog: Dialog, response: Response, now: float) -> bool:
        """Send PRACK (RFC 3262 4); False for a repetition, a gap or what cannot be read."""
        try:
            rseq = parse_rseq(response.headers.get("RSeq", ""))
        except SipParseError:
            return False
        if dialog.last_rseq is not None and rseq != dialog.last_rseq + 1:
            return False
        dialog.last_rseq = rseq
        rack = RAck(rseq, response.cseq.number, response.cseq.method)
        DialogRequest(
            self.stack,
            dialog,
            "PRACK",
            _ignore_answer,
            headers=[("RAck", str(rack))],
            authenticator=self.authenticator,
        ).send(now)
        return True

    def _succeed(self, invite: InviteClientTransaction, response: Response, now: float) -> None:
        if self.state in _CALLING:
            self._establish(response)
            self._conclude(response, now)
        elif self.state in _GIVEN_UP:
            # The 200 crossed our CANCEL (RFC 3261 9.1): take the call and end it.
            self._establish(response)
            self._acknowledge(b"")
            self.hang_up(self._held_cancel, now)
        self._leave_to_forks(invite, None if self.dialog is None else self.dialog.remote_tag)

    def _leave_to_forks(self, invite: InviteClientTransaction, tag: str | None) -> None:
        """Have what else comes of the INVITE dealt with by one that does not hold the session."""
        invite.handler = ForkEnder(
            self.stack, self._outgoing, self.local_tag, tag, self.authenticator
        ).receive

    def _establish(self, response: Response) -> None:
        """Make the dialog of the 2xx that of the session; its route is final (13.2.2.4)."""
        dialog = self._early.get(response.to_tag)
        if dialog is None:
            dialog = self._new_dialog(response)
        else:
            dialog.confirm(response)
        self.adopt(dialog)
        self._early.clear()
        self.learn_peer(response)
        self._stop_limit()

    def _conclude(self, response: Response, now: float) -> None:
        if response.body:
            self.remote_sdp = response.body
        self._timer.accept_response(response, now)
        if self._outgoing.body:
            self._acknowledge(b"")
            self.move(SessionState.CONFIRMED)
        else:
            self.move(SessionState.ANSWERED)
            due = now + self.stack.config.offer_timeout_s
            self._limit = self.stack.timers.start(due, self._answer_missed)
        self.stack.events.append(Answered(self, response.body, response))
        if self.state is SessionState.CONFIRMED:
            self._resume_offers(now)

    def _refused(self, response: Response, now: float) -> None:
        if self.state not in _CALLING:
            self.close(now)
            return
        if self._tries < self.stack.config.max_tries and self._may_retry(response):
            self._send_again(now)
            return
        q850, _ = read_reason(response.headers)
        retry_after = response.headers.get("Retry-After")
        self.stack.events.append(
            Rejected(
                self,
                response.status,
                response.reason,
                q850,
                response,
                None if retry_after is None else parse_retry_after(retry_after),
            )
        )
        self.close(now)

    def _may_retry(self, response: Response) -> bool:
        if response.status in (401, 407):
            return self.authenticator is not None and self.authenticator.take_challenge(
                response, is_first=self._tries == 1
            )
        return response.status == 422 and self._timer.lengthen(response)

    def _fail(self, failure: Failure, now: float) -> None:
        if self.state in _CALLING:
            self.stack.events.append(
                TransportFailed(self)
                if failure is Failure.TRANSPORT
                else SessionTimedOut(self, TimeoutPhase.NO_RESPONSE)
            )
        self.close(now)

    def _cancel(self, lines: HeaderLines, now: float) -> None:
        self._stop_limit()
        self._held_cancel = lines
        if self.state is SessionState.CALLING:
            self.move(SessionState.CANCEL_HELD)
        else:
            self._send_cancel(now)

    def _send_cancel(self, now: float) -> None:
        self.move(SessionState.CANCELLING)
        self._sent().cancel(self._held_cancel, now)

    def _final_missed(self, now: float) -> None:
        if self.state in _CALLING:
            self.stack.events.append(SessionTimedOut(self, TimeoutPhase.NO_FINAL_RESPONSE))
            self._cancel((), now)

    def _answer_missed(self, now: float) -> None:
        """The call plane had no answer to the offer in the 2xx: take the call and end it."""
        self.end(now=now)

    def _acknowledge(self, body: bytes) -> None:
        acknowledge_invite(self.stack, self._sent(), self._outgoing, self.established(), body)

    def _sent(self) -> InviteClientTransaction:
        if self._invite is None:
            raise SipStateError("the INVITE was not sent yet")
        return self._invite

    def _stop_limit(self) -> None:
        self.stack.timers.stop(self._limit)
        self._limit = None


def _ignore_answer(_request: DialogRequest, _outcome: Outcome, _now: float) -> None:
    """Nobody waits for the answer of a PRACK."""
