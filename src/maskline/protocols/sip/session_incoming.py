"""A call that comes in: we answer the INVITE (RFC 3261 13.3)."""

from maskline.protocols.sip.compose import HeaderLines
from maskline.protocols.sip.dialog import Dialog
from maskline.protocols.sip.event import (
    AckMissed,
    Acknowledged,
    OfferAnswered,
    SessionTimedOut,
    TimeoutPhase,
    TransportFailed,
)
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.header import RAck
from maskline.protocols.sip.message import Request
from maskline.protocols.sip.reliable import ReliableProvisionals
from maskline.protocols.sip.session import Session
from maskline.protocols.sip.session_answer import AnswerRepeater
from maskline.protocols.sip.session_core import reason_lines
from maskline.protocols.sip.session_snapshot import IncomingInvite
from maskline.protocols.sip.session_state import SessionState
from maskline.protocols.sip.session_timer import names_option
from maskline.protocols.sip.stack import SipStateError, Stack
from maskline.protocols.sip.timer import Timer
from maskline.protocols.sip.transaction_server import InviteServerTransaction, ServerTransaction


class IncomingSession(Session):
    """The called side. `request` is the INVITE; `has_offer` says whether it carried SDP."""

    __slots__ = (
        "_answer_due",
        "_held_answer",
        "_held_leave",
        "_invite",
        "_last_ring",
        "_patience",
        "_reliable",
        "_repeater",
        "_wants_reliable",
        "has_offer",
        "request",
    )

    def __init__(
        self,
        stack: Stack,
        request: Request,
        transaction: InviteServerTransaction,
        dialog: Dialog,
        source: Flow,
        *,
        now: float,
    ) -> None:
        super().__init__(
            stack,
            call_id=request.call_id,
            local_tag=dialog.local_tag,
            flow=source,
            state=SessionState.INCOMING,
            interval=stack.config.session_expires,
        )
        self.request = request
        self.adopt(dialog)
        self.learn_peer(request)
        self.has_offer = bool(request.body)
        self.remote_sdp = request.body
        self._invite = transaction
        transaction.user = self
        self._wants_reliable = names_option(request, "Require", "100rel")
        self._reliable: ReliableProvisionals | None = None
        self._repeater: AnswerRepeater | None = None
        self._held_answer: tuple[bytes, HeaderLines] | None = None
        self._held_leave: HeaderLines = ()
        self._last_ring = 0
        self._answer_due = now + stack.config.answer_timeout_s
        self._patience: Timer | None = None
        self._wait_on(now)

    def ring(
        self,
        status: int = 180,
        *,
        body: bytes | None = None,
        reliable: bool | None = None,
        now: float,
    ) -> None:
        """Send a provisional response, with early SDP if given.

        `reliable` None sends it reliably only if the peer requires that, True if the peer can.
        Raises EndpointBusy when too many wait for their PRACK.
        """
        if self.state > SessionState.PROCEEDING:
            self._refuse_verb("ring")
            return
        if self.state is SessionState.INCOMING:
            self.move(SessionState.PROCEEDING)
        self._last_ring = status
        if body:
            self.local_sdp = body
        headers = self.stack.capabilities(self.flow)
        if self._wants_reliable or (reliable and names_option(self.request, "Supported", "100rel")):
            if self._reliable is None:
                self._reliable = ReliableProvisionals(
                    self.stack, self._invite, self.request.cseq, self._prack_missed
                )
            self._reliable.send(status, None, headers, body or b"", now)
        else:
            self._invite.respond(
                status, headers=headers, body=body or b"", with_route=True, now=now
            )

    def answer(self, body: bytes, *, headers: HeaderLines = (), now: float) -> None:
        """Accept the call; `body` is our answer, or our offer when the INVITE had none.

        The 200 is repeated until Acknowledged or AckMissed. It waits for the PRACK of an earlier
        response with SDP (RFC 3262 3).
        """
        if self.state > SessionState.PROCEEDING:
            self._refuse_verb("answer")
            return
        if self._reliable is not None and self._reliable.holds_answer:
            self._held_answer = (body, headers)
            return
        self._send_answer(body, headers, now)

    def reject(
        self,
        status: int,
        reason: str | None = None,
        *,
        headers: HeaderLines = (),
        q850: int | None = None,
        now: float,
    ) -> None:
        """Refuse the call with a status of 300 to 699; SessionClosed follows at once."""
        if self.state > SessionState.PROCEEDING:
            self._refuse_verb("reject")
            return
        lines = (*headers, *reason_lines(q850, None, None))
        self._invite.respond(status, reason, headers=lines, now=now)
        self.close(now)

    def end(self, *, q850: int | None = None, text: str | None = None, now: float) -> None:
        """Leave the call: 603 before the answer, BYE after it and its ACK."""
        if self.state <= SessionState.PROCEEDING:
            self._invite.respond(603, headers=reason_lines(q850, None, text), now=now)
            self.close(now)
        elif self.state is SessionState.ANSWERED:
            self._held_leave = reason_lines(q850, None, text)
            self.move(SessionState.LEAVING)
        else:
            super().end(q850=q850, text=text, now=now)

    def invite_snapshot(self) -> IncomingInvite:
        """What a later run needs to refuse the INVITE."""
        headers = self.request.headers
        return IncomingInvite(
            call_id=self.call_id,
            vias=tuple(headers.get_all("Via")),
            from_=headers.get("From", ""),
            to=headers.get("To", ""),
            cseq=self.request.cseq.number,
            local_tag=self.local_tag,
            source=self.flow,
        )

    def receive_ack(self, request: Request, now: float) -> bool:
        """The ACK of the first 2xx establishes the call; later ones belong to re-INVITEs."""
        if self._repeater is None or request.cseq.number != self._repeater.cseq:
            return super().receive_ack(request, now)
        self._stop_repeating()
        if self.state is SessionState.LEAVING:
            self.hang_up(self._held_leave, now)
            return True
        self.move(SessionState.CONFIRMED)
        if request.body:
            self.remote_sdp = request.body
        self.stack.events.append(Acknowledged(self, request.body))
        self._resume_offers(now)
        return True

    def cancel_received(
        self, transaction: InviteServerTransaction, cancel: Request, now: float
    ) -> None:
        """The caller gave up: 487 (RFC 3261 9.2)."""
        if transaction is not self._invite:
            super().cancel_received(transaction, cancel, now)
            return
        self._give_way(cancel, now)

    def peer_lost(self, transaction: InviteServerTransaction, now: float) -> None:
        """The caller's connection is gone before our answer."""
        if transaction is not self._invite:
            super().peer_lost(transaction, now)
            return
        self.stack.events.append(TransportFailed(self))
        self.close(now)

    def hang_up(self, headers: HeaderLines, now: float) -> None:
        """Send BYE and stop everything else."""
        self._stop_repeating()
        super().hang_up(headers, now)

    def close(self, now: float) -> None:
        """Nothing more will come."""
        self._stop_repeating()
        self._stop_waiting()
        self._reliable = None
        super().close(now)

    def _agreed_timer(self) -> tuple[int, bool]:
        if self.state <= SessionState.PROCEEDING:
            return self._timer.agree(self.request)
        return super()._agreed_timer()

    def _send_answer(self, body: bytes, headers: HeaderLines, now: float) -> None:
        lines = (
            *self.stack.capabilities(self.flow),
            *self._timer.answer(self.request, now),
            *headers,
        )
        self._stop_waiting()
        self.move(SessionState.ANSWERED)
        data = self._invite.respond(200, headers=lines, body=body, with_route=True, now=now)
        if body:
            self.local_sdp = body
        self._repeater = AnswerRepeater(
            self.stack,
            (data, self._invite.flow),
            self.request.cseq.number,
            self._ack_missed,
            now=now,
        )

    def _receive_bye(self, transaction: ServerTransaction, request: Request, now: float) -> None:
        if self.state > SessionState.PROCEEDING:
            super()._receive_bye(transaction, request, now)
            return
        # The caller may end an early dialog by BYE (RFC 3261 15).
        transaction.respond(200, now=now)
        self._give_way(request, now)

    def _receive_prack(self, transaction: ServerTransaction, request: Request, now: float) -> None:
        rack = RAck.parse(request.headers.get("RAck", ""))
        reliable = self._reliable
        if reliable is None or not reliable.acknowledge(rack, now):
            transaction.respond(481, now=now)
            return
        if request.body and self.has_offer:
            # A second offer within PRACK (RFC 3262 5) is one we have no answer for.
            transaction.respond(488, now=now)
        else:
            transaction.respond(200, now=now)
            self.has_early_answer = bool(self.local_sdp)
            if request.body:
                self.remote_sdp = request.body
                self.stack.events.append(OfferAnswered(self, request.body))
        if self._held_answer is not None and not reliable.holds_answer:
            body, headers = self._held_answer
            self._held_answer = None
            self._send_answer(body, headers, now)

    def _give_way(self, request: Request, now: float) -> None:
        self._invite.respond(487, now=now)
        self.report_cancel(request)
        self.close(now)

    def _ack_missed(self, now: float) -> None:
        self._repeater = None
        if self.state is SessionState.ANSWERED:
            self.stack.events.append(AckMissed(self))
        self.hang_up(reason_lines(None, 408, None), now)

    def _prack_missed(self, now: float) -> None:
        """Nobody took our reliable response: RFC 3262 3 asks for a 5xx."""
        self._invite.respond(504, now=now)
        self.stack.events.append(AckMissed(self))
        self.close(now)

    def _wait_on(self, now: float) -> None:
        due = min(now + self.stack.config.ring_interval_s, self._answer_due)
        self._patience = self.stack.timers.start(due, self._answer_missed)

    def _answer_missed(self, now: float) -> None:
        """Say again that it rings, or give up on our own side."""
        if now >= self._answer_due:
            self._invite.respond(480, now=now)
            self.stack.events.append(SessionTimedOut(self, TimeoutPhase.NO_ANSWER))
            self.close(now)
            return
        self._wait_on(now)
        if self._last_ring and (self._reliable is None or self._reliable.is_idle):
            self.ring(self._last_ring, now=now)

    def _stop_waiting(self) -> None:
        self.stack.timers.stop(self._patience)
        self._patience = None
        if self._reliable is not None:
            self._reliable.stop()

    def _stop_repeating(self) -> None:
        if self._repeater is not None:
            self._repeater.stop()
            self._repeater = None

    def _refuse_verb(self, verb: str) -> None:
        """Late verbs race with a CANCEL or BYE and are dropped; others are a mistake."""
        if self.state is not SessionState.CLOSED:
            raise SipStateError(f"{verb} while {self.state.name}")
