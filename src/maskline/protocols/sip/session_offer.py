"""Changes of a standing session: re-INVITE and UPDATE, both ways (RFC 3261 14, RFC 3311)."""

from enum import IntEnum
from typing import Literal

from maskline.protocols.sip.compose import HeaderLines
from maskline.protocols.sip.event import (
    OfferAnswered,
    OfferReceived,
    OfferRejected,
    OfferWithdrawn,
)
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.session_answer import AnswerRepeater
from maskline.protocols.sip.session_core import SessionCore
from maskline.protocols.sip.session_request import DialogRequest, status_of
from maskline.protocols.sip.session_state import SessionState
from maskline.protocols.sip.session_timer import SessionTimer, is_interval_too_small
from maskline.protocols.sip.timer import Timer
from maskline.protocols.sip.transaction_client import InviteClientTransaction, Outcome
from maskline.protocols.sip.transaction_server import InviteServerTransaction, ServerTransaction

OfferMethod = Literal["INVITE", "UPDATE"]

# RFC 3261 14.2: Retry-After of a 500 is random between 0 and 10 s.
MAX_RETRY_AFTER_S = 10


class OfferState(IntEnum):
    """Whose change is under way."""

    IDLE = 0
    SENT = 1
    """Our re-INVITE or UPDATE waits for its final response."""
    BACKING_OFF = 2
    """The peer answered 491 or 500: ours is sent again after a while (RFC 3261 14.1)."""
    RECEIVED = 3
    """The peer's offer waits for the call plane."""


class _Change:
    """One re-INVITE or UPDATE of ours."""

    __slots__ = ("body", "is_refresh", "method", "tries")

    def __init__(self, method: OfferMethod, body: bytes, *, is_refresh: bool) -> None:
        self.method: OfferMethod = method
        self.body = body
        self.is_refresh = is_refresh
        self.tries = 0


class OfferExchange:
    """At most one change at a time; one more of ours may wait for its turn."""

    __slots__ = (
        "_change",
        "_core",
        "_offer",
        "_repeater",
        "_request",
        "_session_timer",
        "_timer",
        "_transaction",
        "_waiting",
        "state",
    )

    def __init__(self, core: SessionCore, session_timer: SessionTimer) -> None:
        self._core = core
        self._session_timer = session_timer
        self._change: _Change | None = None
        self._waiting: _Change | None = None
        self._request: DialogRequest | None = None
        self._transaction: ServerTransaction | None = None
        self._offer: Request | None = None
        self._repeater: AnswerRepeater | None = None
        self._timer: Timer | None = None
        self.state = OfferState.IDLE

    # Ours

    def offer(self, method: OfferMethod, body: bytes, now: float) -> None:
        """Send a change, or keep it until the present one is through.

        One that waited already gives way to the newer and is reported as rejected with 491.
        """
        self._submit(_Change(method, body, is_refresh=False), now)

    def refresh(self, now: float) -> None:
        """Keep the session alive, by UPDATE if the peer knows it (RFC 4028 7.4)."""
        method = "UPDATE" if self._core.peer_knows("UPDATE") else "INVITE"
        body = self._core.local_sdp if method == "INVITE" else b""
        if self.state is OfferState.IDLE and self._waiting is None:
            self._submit(_Change(method, body, is_refresh=True), now)

    def resume(self, now: float) -> None:
        """Send what waited, now that the session stands."""
        if self._waiting is not None and self._is_free(self._waiting):
            waiting, self._waiting = self._waiting, None
            self._send(waiting, now)

    def _submit(self, change: _Change, now: float) -> None:
        if self._is_free(change):
            self._send(change, now)
            return
        if self._waiting is not None:
            self._report_rejection(self._waiting, 491)
        self._waiting = change

    def _is_free(self, change: _Change) -> bool:
        if self.state is not OfferState.IDLE or self._repeater is not None:
            return False
        # An UPDATE may change what a re-INVITE cannot yet: the call before its answer.
        return self._core.state is SessionState.CONFIRMED or (
            change.method == "UPDATE" and self._core.state is SessionState.PROCEEDING
        )

    def _send(self, change: _Change, now: float) -> None:
        core = self._core
        change.tries += 1
        self._change = change
        self.state = OfferState.SENT
        headers = (*core.stack.capabilities(core.flow), *self._session_timer.request_headers())
        self._request = core.request_within(
            change.method, self._answered, now, headers=headers, body=change.body
        )
        if change.method == "INVITE":
            due = now + core.stack.config.reinvite_timeout_s
            self._timer = core.stack.timers.start(due, self._give_up)

    def _answered(self, request: DialogRequest, outcome: Outcome, now: float) -> None:
        if request is not self._request:
            return
        if isinstance(outcome, Response):
            if outcome.status < 200:
                return
            if outcome.status < 300:
                self._accepted(request, outcome, now)
                return
        self._refused(outcome, now)

    def _accepted(self, request: DialogRequest, response: Response, now: float) -> None:
        core = self._core
        change = self._finish()
        request.dialog.refresh_target(response)
        core.learn_peer(response)
        if request.method == "INVITE":
            _acknowledge(core, request, response)
        if change.body:
            core.local_sdp = change.body
        if core.state is SessionState.CONFIRMED:
            self._session_timer.accept_response(response, now)
        is_news = response.body != core.remote_sdp
        if response.body:
            core.remote_sdp = response.body
        if not change.is_refresh or (is_news and response.body):
            core.stack.events.append(OfferAnswered(core.as_session, response.body))
        self.resume(now)

    def _refused(self, outcome: Outcome, now: float) -> None:
        status = status_of(outcome)
        change = self._finish()
        if self._core.state not in (SessionState.CONFIRMED, SessionState.PROCEEDING):
            return
        if change.tries < self._core.stack.config.max_tries and self._tries_again(
            change, outcome, status, now
        ):
            return
        self._report_rejection(change, status)
        if status in (408, 481):
            # The peer no longer knows the dialog, or is gone (RFC 3261 12.2.1.2).
            self._core.expire(now)
        else:
            self.resume(now)

    def _tries_again(self, change: _Change, outcome: Outcome, status: int, now: float) -> bool:
        if not isinstance(outcome, Response):
            return False
        if status == 422 and self._session_timer.lengthen(outcome):
            self._send(change, now)
            return True
        if status != 491 and not (status == 500 and "Retry-After" in outcome.headers):
            return False
        self._change = change
        self.state = OfferState.BACKING_OFF
        self._timer = self._core.stack.timers.start(now + self._back_off(), self._retry)
        return True

    def _back_off(self) -> float:
        """RFC 3261 14.1: 2.1 to 4 s for who made the Call-ID, up to 2 s for the other."""
        if self._core.is_outgoing:
            return 2.1 + self._core.stack.random_below(191) / 100
        return self._core.stack.random_below(201) / 100

    def _retry(self, now: float) -> None:
        change = self._finish()
        if self._waiting is not None:
            # A newer one overtook it.
            self._report_rejection(change, 491)
            self.resume(now)
        elif self._is_free(change):
            self._send(change, now)
        else:
            self._waiting = change

    def _report_rejection(self, change: _Change, status: int) -> None:
        if not change.is_refresh:
            self._core.stack.events.append(OfferRejected(self._core.as_session, status))

    def _give_up(self, now: float) -> None:
        """Our re-INVITE rings at the far end for too long: take it back."""
        request = self._request
        if request is not None and isinstance(request.transaction, InviteClientTransaction):
            request.transaction.cancel((), now)

    # The peer's

    def receive(self, transaction: ServerTransaction, request: Request, now: float) -> None:
        """Take a re-INVITE or UPDATE of the peer and answer it, or have it wait for accept."""
        core = self._core
        min_se = core.stack.config.min_session_expires
        if self._refuse_glare(transaction, has_offer=bool(request.body), now=now):
            return
        if is_interval_too_small(request, min_se):
            transaction.respond(422, headers=[("Min-SE", str(min_se))], now=now)
            return
        core.learn_peer(request)
        is_invite = isinstance(transaction, InviteServerTransaction)
        asks_for_offer = is_invite and not request.body
        if asks_for_offer or (request.body and request.body != core.remote_sdp):
            self._give_precedence()
            self._transaction = transaction
            self._offer = request
            self.state = OfferState.RECEIVED
            if is_invite:
                transaction.respond(100, now=now)
            due = now + core.stack.config.offer_timeout_s
            self._timer = core.stack.timers.start(due, self._unanswered)
            core.stack.events.append(
                OfferReceived(core.as_session, request.body, request.cseq.number)
            )
        else:
            # A refresh: what stands is said again where anything was said.
            self._answer(transaction, request, core.local_sdp if request.body else b"", now)

    def _give_precedence(self) -> None:
        """Ours that backs off waits for the end of the peer's instead of its own timer."""
        if self.state is OfferState.BACKING_OFF:
            change = self._finish()
            if self._waiting is None:
                self._waiting = change
            else:
                self._report_rejection(change, 491)

    def _refuse_glare(self, transaction: ServerTransaction, *, has_offer: bool, now: float) -> bool:
        is_invite = isinstance(transaction, InviteServerTransaction)
        if not is_invite and not has_offer:
            return False
        early = self._core.state is not SessionState.CONFIRMED and not (
            self._core.state is SessionState.PROCEEDING and self._core.has_early_answer
        )
        if self.state is OfferState.SENT or (early and self._core.is_outgoing):
            transaction.respond(491, now=now)
            return True
        if self.state is OfferState.RECEIVED or self._repeater is not None or early:
            wait = self._core.stack.random_below(MAX_RETRY_AFTER_S + 1)
            transaction.respond(500, headers=[("Retry-After", str(wait))], now=now)
            return True
        return False

    def is_waiting(self, cseq: int | None) -> bool:
        """Whether the peer's offer with this number, None for any, waits for its answer."""
        return self._offer is not None and cseq in {None, self._offer.cseq.number}

    def accept(self, body: bytes, now: float) -> None:
        """Answer the peer's offer with 200; nothing happens when none waits any more."""
        transaction, offer = self._transaction, self._offer
        if transaction is not None and offer is not None:
            self._settle()
            self._answer(transaction, offer, body, now)
            self.resume(now)

    def reject(self, status: int, now: float, headers: HeaderLines = ()) -> None:
        """Refuse the peer's offer; nothing happens when none waits any more."""
        if self.state is OfferState.RECEIVED and self._transaction is not None:
            if not self._transaction.is_answered:  # its connection may be gone
                self._transaction.respond(status, headers=headers, now=now)
            self._settle()
            self.resume(now)

    def withdraw(self, status: int, now: float) -> None:
        """The peer's offer is cancelled, nobody answered it, or the session ends."""
        if self.state is OfferState.RECEIVED:
            self.reject(status, now)
            self._core.stack.events.append(OfferWithdrawn(self._core.as_session))

    def receive_ack(self, request: Request, now: float) -> bool:
        """Take the ACK of our 2xx to a re-INVITE; False when it is none of ours."""
        if self._repeater is None or self._repeater.cseq != request.cseq.number:
            return False
        self._repeater.stop()
        self._repeater = None
        if request.body and request.body != self._core.remote_sdp:
            self._core.remote_sdp = request.body
            self._core.stack.events.append(OfferAnswered(self._core.as_session, request.body))
        self.resume(now)
        return True

    def stop(self, now: float) -> None:
        """The session ends: answer what the peer waits for and forget the rest."""
        if self.state is OfferState.RECEIVED and self._transaction is not None:
            self._transaction.respond(487, now=now)
        if self._request is not None:
            ours = self._request.transaction
            if isinstance(ours, InviteClientTransaction):
                ours.expect_end(now)
        self._settle()
        self._waiting = None
        if self._repeater is not None:
            self._repeater.stop()
            self._repeater = None

    def _unanswered(self, now: float) -> None:
        self.withdraw(488, now)

    def _answer(
        self, transaction: ServerTransaction, request: Request, body: bytes, now: float
    ) -> None:
        core = self._core
        core.established().refresh_target(request)
        headers: HeaderLines = core.stack.capabilities(core.flow)
        if core.state is SessionState.CONFIRMED:
            headers = (*headers, *self._session_timer.answer(request, now))
        data = transaction.respond(200, headers=headers, body=body, now=now)
        if request.body:
            core.remote_sdp = request.body
        if body:
            core.local_sdp = body
        if isinstance(transaction, InviteServerTransaction):
            self._repeater = AnswerRepeater(
                core.stack, (data, transaction.flow), request.cseq.number, core.expire, now=now
            )

    def _settle(self) -> None:
        self._core.stack.timers.stop(self._timer)
        self._timer = None
        self._transaction = None
        self._offer = None
        self._request = None
        self._change = None
        self.state = OfferState.IDLE

    def _finish(self) -> _Change:
        change = self._change
        if change is None:
            raise AssertionError("a change ends that never began")
        self._settle()
        return change


def _acknowledge(core: SessionCore, request: DialogRequest, response: Response) -> None:
    """Send the ACK of a 2xx to our re-INVITE, for repetitions too (RFC 3261 13.2.2.4)."""
    transaction = request.transaction
    if not isinstance(transaction, InviteClientTransaction):
        return
    dialog = request.dialog
    ack = dialog.request(
        core.stack,
        "ACK",
        cseq=request.cseq,
        headers=request.credentials("INVITE"),
    )
    transaction.acknowledge(response.to_tag, ack.to_bytes(), dialog.flow)
