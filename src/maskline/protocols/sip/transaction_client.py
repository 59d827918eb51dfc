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

_UNANSWERED = frozenset((ClientState.TRYING, ClientState.PROCEEDING))
_PROVISIONAL, _SUCCESS, _REFUSAL = 1, 2, 3


class ClientTransaction:
    """One request sent over `flow` until it is answered for good.

    `handler(transaction, outcome, now)` gets every response the transaction lets through, or one
    Failure. Requests other than INVITE; InviteClientTransaction has the states of INVITE.
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
        "request",
        "state",
    )

    def __init__(
        self, stack: Stack, request: OutgoingRequest, flow: Flow, handler: OutcomeHandler
    ) -> None:
        self._stack = stack
        self.request = request
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
            self._end(now)
            self.handler(self, Failure.TRANSPORT, now)
        else:
            self._end(now)

    def abandon(self, now: float) -> None:
        """Forget the transaction without telling the handler."""
        self._end(now)

    @property
    def is_answered(self) -> bool:
        """Whether a final response came, or none will."""
        return self.state not in _UNANSWERED

    def _wait_over(self, now: float) -> None:
        """Timers A and E: send again; timers B and F: give up."""
        if now >= self._deadline:
            self._end(now)
            self.handler(self, Failure.TIMED_OUT, now)
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
        if self.flow.is_reliable:
            self._end(now)
        else:
            self._timer = self._stack.timers.start(now + self._stack.values.t4, self._end)
        self.handler(self, response, now)

    def _stop_waiting(self) -> None:
        self._stack.timers.stop(self._timer)
        self._timer = None

    def _end(self, _now: float) -> None:
        self.state = ClientState.TERMINATED
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
    """An INVITE; it acknowledges refusals itself, the ACK of a 2xx is its handler's."""

    __slots__ = ("_ack", "acks")

    def __init__(
        self, stack: Stack, request: OutgoingRequest, flow: Flow, handler: OutcomeHandler
    ) -> None:
        super().__init__(stack, request, flow, handler)
        self._ack = b""
        self.acks: dict[str | None, tuple[bytes, Flow]] = {}
        """The ACK sent for each 2xx, by To tag, to be sent again when the 2xx comes again."""

    def cancel(self, headers: HeaderLines, now: float) -> None:
        """Send CANCEL; nothing happens unless a provisional response came (RFC 3261 9.1).

        When no final response follows within 64*T1, the INVITE ends as TIMED_OUT.
        """
        if self.state is not ClientState.PROCEEDING:
            return
        request = self.request.cancel(headers)
        ClientTransaction(self._stack, request, self.flow, _ignore).start(now)
        self.expect_end(now)

    def expect_end(self, now: float) -> None:
        """Wait 64*T1 more for a final response to an INVITE nobody needs any longer."""
        if self.state is ClientState.PROCEEDING:
            self._stop_waiting()
            self._deadline = now + self._stack.values.give_up
            self._timer = self._stack.timers.start(self._deadline, self._wait_over)

    def _next_interval(self) -> float:
        return self._interval * 2  # timer A has no cap (17.1.1.2)

    def _proceed(self, response: Response, now: float) -> None:
        self._stop_waiting()
        self.handler(self, response, now)

    def _accept(self, response: Response, now: float) -> None:
        """Timer M: let repeated and forked 2xx through for 64*T1 (RFC 6026 7.2)."""
        self._stop_waiting()
        self._timer = self._stack.timers.start(now + self._stack.values.give_up, self._end)
        self.handler(self, response, now)

    def _refuse(self, response: Response, now: float) -> None:
        """Timer D: acknowledge repeated refusals for 64*T1, none on a reliable transport."""
        self._stop_waiting()
        to = response.headers.get("To", self.request.to) or ""
        self._ack = self.request.acknowledgement(to).to_bytes()
        self._stack.send(self._ack, self.flow)
        if self.flow.is_reliable:
            self._end(now)
        else:
            self._timer = self._stack.timers.start(now + self._stack.values.give_up, self._end)
        self.handler(self, response, now)

    def _inform(self, response: Response, now: float) -> None:
        self.handler(self, response, now)

    def _acknowledge_again(self, _response: Response, _now: float) -> None:
        self._stack.resend(self._ack, self.flow)

    # RFC 3261 figure 5 as RFC 6026 7.2 changed it.
    _STEPS: ClassVar[dict[tuple[int, int], tuple[ClientState, Callable[..., None]]]] = {
        (ClientState.TRYING, _PROVISIONAL): (ClientState.PROCEEDING, _proceed),
        (ClientState.TRYING, _SUCCESS): (ClientState.ACCEPTED, _accept),
        (ClientState.TRYING, _REFUSAL): (ClientState.COMPLETED, _refuse),
        (ClientState.PROCEEDING, _PROVISIONAL): (ClientState.PROCEEDING, _inform),
        (ClientState.PROCEEDING, _SUCCESS): (ClientState.ACCEPTED, _accept),
        (ClientState.PROCEEDING, _REFUSAL): (ClientState.COMPLETED, _refuse),
        (ClientState.ACCEPTED, _SUCCESS): (ClientState.ACCEPTED, _inform),
        (ClientState.COMPLETED, _REFUSAL): (ClientState.COMPLETED, _acknowledge_again),
    }


def _ignore(_transaction: ClientTransaction, _outcome: Outcome, _now: float) -> None:
    """What becomes of a CANCEL shows in the response to the INVITE."""
