"""Client transactions (RFC 3261 17.1, RFC 6026 7.2): one request of ours and its responses."""

from collections.abc import Callable
from enum import Enum, IntEnum
from typing import ClassVar

from maskline.protocols.sip.compose import HeaderLines, OutgoingRequest
from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.message import Response
from maskline.protocols.sip.stack import Stack
from maskline.protocols.sip.timer import Timer


class ClientState(IntEnum):
    """States of both kinds of client transaction; CALLING is the INVITE's name for TRYING."""

    TRYING = 0
    PROCEEDING = 1
    ACCEPTED = 2
    COMPLETED = 3
    TERMINATED = 4


class Failure(Enum):
    """How a transaction ends without a final response."""

    TIMED_OUT = 408
    TRANSPORT = 503


Outcome = Response | Failure
OutcomeHandler = Callable[["ClientTransaction", Outcome, float], None]


def ignore_outcome(_transaction: "ClientTransaction", _outcome: Outcome, _now: float) -> None:
    """Nobody waits for it, or nobody any longer."""


_UNANSWERED = frozenset((ClientState.TRYING, ClientState.PROCEEDING))
_PROVISIONAL, _SUCCESS, _REFUSAL = 1, 2, 3


class ClientTransaction:
    """One request sent over `flow` until it is answered for good.

    `handler(transaction, outcome, now)` gets every response the transaction lets through, or one
    Failure, and is let go of with the last: what waits for its timer holds on to no session.
    Requests other than INVITE; InviteClientTransaction has the states of INVITE.
    """

    __slots__ = (
        "_data",
        "_deadline",
        "_interval",
        "_key",
        "_stack",
        "_timer",
        "flow",
        "handler",
        "state",
    )

    def __init__(
        self, stack: Stack, request: OutgoingRequest, flow: Flow, handler: OutcomeHandler
    ) -> None:
        self._stack = stack
        self.flow = flow
        self.handler = handler
        self.state = ClientState.TRYING
        self._data = request.to_bytes()
        self._key = (request.branch, request.method)
        self._timer: Timer | None = None
        self._interval = stack.values.t1
        self._deadline = 0.0

    def start(self, now: float) -> None:
        """Send the request and wait for responses."""
        stack = self._stack
        stack.clients[self._key] = self
        stack.use_flow(self.flow, self)
        stack.send(self._data, self.flow)
        self._deadline = now + stack.values.give_up
        due = self._deadline if self.flow.is_reliable else now + self._interval
        self._timer = stack.timers.start(due, self._wait_over)

    def receive(self, response: Response, now: float) -> None:
        """Take a response that matches (17.1.3); what the state does not expect is absorbed."""
        step = self._STEPS.get((self.state, min(response.status // 100, _REFUSAL)))
        if step is not None:
            self.state = step[0]
            step[1](self, response, now)

    def fail(self, now: float) -> None:
        """The transport failed (17.1.4); unless it was answered already, the handler is told."""
        if self.state in _UNANSWERED:
            handler = self._let_go()
            self._end(now)
            handler(self, Failure.TRANSPORT, now)
        else:
            self._end(now)

    @property
    def is_answered(self) -> bool:
        """Whether a final response came, or none will."""
        return self.state not in _UNANSWERED

    def _wait_over(self, now: float) -> None:
        """Timers A and E: send again; timers B and F: give up."""
        if now >= self._deadline:
            handler = self._let_go()
            self._end(now)
            handler(self, Failure.TIMED_OUT, now)
            return
        self._stack.resend(self._data, self.flow)
        self._interval = self._next_interval()
        due = min(now + self._interval, self._deadline)
        self._timer = self._stack.timers.start(due, self._wait_over)

    def _next_interval(self) -> float:
        t2 = self._stack.values.t2
        # In Proceeding timer E fires every T2 (17.1.2.2).
        return t2 if self.state is ClientState.PROCEEDING else min(self._interval * 2, t2)

    def _pass_on(self, response: Response, now: float) -> None:
        self.handler(self, response, now)

    def _complete(self, response: Response, now: float) -> None:
        """Timer K: absorb repeated responses for T4, none on a reliable transport."""
        self._stop_waiting()
        handler = self._let_go()
        if self.flow.is_reliable:
            self._end(now)
        else:
            self._timer = self._stack.timers.start(now + self._stack.values.t4, self._end)
        handler(self, response, now)

    def _let_go(self) -> OutcomeHandler:
        """Keep neither the handler, returned for its last call, nor what will not be sent again."""
        handler, self.handler = self.handler, ignore_outcome
        self._data = b""
        return handler

    def _stop_waiting(self) -> None:
        self._stack.timers.stop(self._timer)
        self._timer = None

    def _end(self, _now: float) -> None:
        self.state = ClientState.TERMINATED
        self.handler = ignore_outcome
        self._stop_waiting()
        self._stack.clients.pop(self._key, None)
        self._stack.leave_flow(self.flow, self)

    # (state, class of response) -> (next state, what is done); RFC 3261 figure 6.
    _STEPS: ClassVar[dict[tuple[int, int], tuple[ClientState, Callable[..., None]]]] = {
        (ClientState.TRYING, _PROVISIONAL): (ClientState.PROCEEDING, _pass_on),
        (ClientState.TRYING, _SUCCESS): (ClientState.COMPLETED, _complete),
        (ClientState.TRYING, _REFUSAL): (ClientState.COMPLETED, _complete),
        (ClientState.PROCEEDING, _PROVISIONAL): (ClientState.PROCEEDING, _pass_on),
        (ClientState.PROCEEDING, _SUCCESS): (ClientState.COMPLETED, _complete),
        (ClientState.PROCEEDING, _REFUSAL): (ClientState.COMPLETED, _complete),
    }


class InviteClientTransaction(ClientTransaction):
    """An INVITE; it acknowledges refusals itself, the ACK of a 2xx is its handler's to write.

    The first 2xx is the handler's last outcome. Who wants those of other forks sets another.
    """

    __slots__ = ("_acks", "_is_unwanted", "_request")

    def __init__(
        self, stack: Stack, request: OutgoingRequest, flow: Flow, handler: OutcomeHandler
    ) -> None:
        super().__init__(stack, request, flow, handler)
        self._request: OutgoingRequest | None = request
        self._is_unwanted = False
        self._acks: dict[str | None, tuple[bytes, Flow]] = {}

    def acknowledge(self, to_tag: str | None, ack: bytes, flow: Flow) -> None:
        """Send the ACK of a 2xx, and again whenever the 2xx with that To tag comes again."""
        self._acks[to_tag] = (ack, flow)
        self._stack.send(ack, flow)

    def resume(self) -> None:
        """Go on with an INVITE that an earlier run sent, as if it had had a provisional response.

        That is not known; a far end that has never seen the INVITE refuses its CANCEL.
        """
        self.state = ClientState.PROCEEDING
        self._stack.clients[self._key] = self
        self._stack.use_flow(self.flow, self)

    def cancel(self, headers: HeaderLines, now: float) -> None:
        """Send CANCEL; nothing happens unless a provisional response came (RFC 3261 9.1).

        When no final response follows within 64*T1, the INVITE ends as TIMED_OUT.
        """
        if self.state is not ClientState.PROCEEDING or self._request is None:
            return
        request = self._request.cancel(headers)
        ClientTransaction(self._stack, request, self.flow, ignore_outcome).start(now)
        self.expect_end(now)

    def expect_end(self, now: float) -> None:
        """Wait 64*T1 more for a final response to an INVITE nobody needs any longer.

        Before any response, that time begins with the first.
        """
        self._is_unwanted = True
        if self.state is ClientState.PROCEEDING:
            self._stop_waiting()
            self._deadline = now + self._stack.values.give_up
            self._timer = self._stack.timers.start(self._deadline, self._wait_over)

    def _next_interval(self) -> float:
        return self._interval * 2  # timer A has no cap (17.1.1.2)

    def _proceed(self, response: Response, now: float) -> None:
        self._stop_waiting()
        if self._is_unwanted:
            self.expect_end(now)
        self.handler(self, response, now)

    def _accept(self, response: Response, now: float) -> None:
        """Timer M: let repeated and forked 2xx through for 64*T1 (RFC 6026 7.2)."""
        self._stop_waiting()
        self._timer = self._stack.timers.start(now + self._stack.values.give_up, self._end)
        handler = self._let_go()
        handler(self, response, now)

    def _refuse(self, response: Response, now: float) -> None:
        """Timer D: acknowledge repeated refusals for 64*T1, none on a reliable transport."""
        self._stop_waiting()
        request = self._request
        handler = self._let_go()
        if request is not None:
            self._data = request.acknowledgement(response.headers.get("To", request.to)).to_bytes()
            self._stack.send(self._data, self.flow)
        if self.flow.is_reliable:
            self._end(now)
        else:
            self._timer = self._stack.timers.start(now + self._stack.values.give_up, self._end)
        handler(self, response, now)

    def _let_go(self) -> OutcomeHandler:
        self._request = None
        return super()._let_go()

    def _inform(self, response: Response, now: float) -> None:
        self.handler(self, response, now)

    def _accept_again(self, response: Response, now: float) -> None:
        """The same 2xx means that our ACK was lost; another is a fork's."""
        sent = self._acks.get(response.to_tag)
        if sent is None:
            self.handler(self, response, now)
        else:
            self._stack.resend(*sent)

    def _acknowledge_again(self, _response: Response, _now: float) -> None:
        self._stack.resend(self._data, self.flow)

    # RFC 3261 figure 5 as RFC 6026 7.2 changed it.
    _STEPS: ClassVar[dict[tuple[int, int], tuple[ClientState, Callable[..., None]]]] = {
        (ClientState.TRYING, _PROVISIONAL): (ClientState.PROCEEDING, _proceed),
        (ClientState.TRYING, _SUCCESS): (ClientState.ACCEPTED, _accept),
        (ClientState.TRYING, _REFUSAL): (ClientState.COMPLETED, _refuse),
        (ClientState.PROCEEDING, _PROVISIONAL): (ClientState.PROCEEDING, _inform),
        (ClientState.PROCEEDING, _SUCCESS): (ClientState.ACCEPTED, _accept),
        (ClientState.PROCEEDING, _REFUSAL): (ClientState.COMPLETED, _refuse),
        (ClientState.ACCEPTED, _SUCCESS): (ClientState.ACCEPTED, _accept_again),
        (ClientState.COMPLETED, _REFUSAL): (ClientState.COMPLETED, _acknowledge_again),
    }
