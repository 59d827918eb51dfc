"""Server transactions (RFC 3261 17.2, RFC 6026 7.1): one request of the peer and our responses."""

from collections.abc import Callable
from enum import IntEnum
from typing import ClassVar, Protocol

from maskline.protocols.sip.compose import Echo, HeaderLines
from maskline.protocols.sip.flow import DEFAULT_PORT, Flow
from maskline.protocols.sip.message import Request
from maskline.protocols.sip.stack import MergeKey, ServerKey, SipStateError, Stack
from maskline.protocols.sip.status import reason_phrase
from maskline.protocols.sip.timer import Timer


class ServerState(IntEnum):
    """States of both kinds of server transaction; only INVITE knows ACCEPTED and CONFIRMED."""

    TRYING = 0
    PROCEEDING = 1
    ACCEPTED = 2
    COMPLETED = 3
    CONFIRMED = 4
    TERMINATED = 5


_REPEATS_RESPONSE = frozenset((ServerState.PROCEEDING, ServerState.COMPLETED))
_PROVISIONAL, _SUCCESS, _REFUSAL = 1, 2, 3


class InviteUser(Protocol):
    """Who answers an INVITE: a session."""

    def cancel_received(
        self, transaction: "InviteServerTransaction", cancel: Request, now: float
    ) -> None:
        """The peer takes the unanswered INVITE back; 200 went out for the CANCEL."""
        ...

    def peer_lost(self, transaction: "InviteServerTransaction", now: float) -> None:
        """The connection of the unanswered INVITE is gone."""
        ...


def server_key(request: Request, method: str) -> ServerKey:
    """What makes a request and its repetitions one transaction (RFC 3261 17.2.3)."""
    via = request.via
    branch = via.params.get("branch")
    if branch is None:
        # A peer without branches (RFC 2543): what else differs from one transaction to the next.
        branch = f"{request.call_id} {request.cseq.number} {request.from_tag}"
    return (branch, f"{via.host}:{via.port}", method)


def reply_flow(request: Request, source: Flow) -> Flow:
    """Where responses go: back to the source, on UDP by rport or sent-by (18.2.2, RFC 3581 4)."""
    if source.is_reliable:
        return source
    via = request.via
    if "rport" in via.params:
        return source
    return Flow("udp", source.host, via.port or DEFAULT_PORT["udp"])


class ServerTransaction:
    """One request until its final response needs no repetition. Other requests than INVITE.

    Of the request only what responses repeat is kept, and that only until the final one.
    """

    __slots__ = ("_data", "_echo", "_key", "_stack", "_timer", "flow", "state", "to_tag")

    def __init__(self, stack: Stack, request: Request, key: ServerKey, source: Flow) -> None:
        self._stack = stack
        self._key = key
        self._data = b""
        self._timer: Timer | None = None
        self._echo: Echo | None = Echo(request)
        self.flow = reply_flow(request, source)
        self.state = ServerState.TRYING
        self.to_tag = ""
        stack.servers[key] = self

    def repeat(self) -> None:
        """The request came again: send the last response again, if there is one."""
        if self._data and self.state in _REPEATS_RESPONSE:
            self._stack.resend(self._data, self.flow)

    def respond(
        self,
        status: int,
        reason: str | None = None,
        *,
        headers: HeaderLines = (),
        body: bytes = b"",
        content_type: str = "application/sdp",
        with_route: bool = False,
        now: float,
    ) -> bytes:
        """Send a response and return its bytes; raises SipStateError after a final one."""
        step = self._STEPS.get((self.state, min(status // 100, _REFUSAL)))
        echo = self._echo
        if step is None or echo is None:
            raise SipStateError(f"{status} cannot be sent in {self.state.name}")
        data = echo.compose(
            status,
            reason or reason_phrase(status),
            to_tag=self.to_tag,
            server=self._stack.config.user_agent,
            headers=headers,
            body=body,
            content_type=content_type,
            with_route=with_route,
        )
        self._data = data
        self._stack.send(data, self.flow)
        if status >= 200:
            self._echo = None
        self.state = step[0]
        step[1](self, now)
        return data

    def fail(self, now: float) -> None:
        """The connection is gone: nobody waits for a response any more."""
        self._end(now)

    @property
    def is_answered(self) -> bool:
        """Whether a final response was sent, or none will be."""
        return self.state > ServerState.PROCEEDING

    def _stay(self, now: float) -> None:
        """Nothing to time between two responses."""

    def _complete(self, now: float) -> None:
        """Timer J: answer repetitions for 64*T1, none on a reliable transport."""
        if self.flow.is_reliable:
            self._end(now)
        else:
            self._timer = self._stack.timers.start(now + self._stack.values.give_up, self._end)

    def _end(self, _now: float) -> None:
        self.state = ServerState.TERMINATED
        self._stack.timers.stop(self._timer)
        self._timer = None
        self._stack.servers.pop(self._key, None)

    # (state, class of response) -> (next state, what is done); RFC 3261 figure 8.
    _STEPS: ClassVar[dict[tuple[int, int], tuple[ServerState, Callable[..., None]]]] = {
        (ServerState.TRYING, _PROVISIONAL): (ServerState.PROCEEDING, _stay),
        (ServerState.TRYING, _SUCCESS): (ServerState.COMPLETED, _complete),
        (ServerState.TRYING, _REFUSAL): (ServerState.COMPLETED, _complete),
        (ServerState.PROCEEDING, _PROVISIONAL): (ServerState.PROCEEDING, _stay),
        (ServerState.PROCEEDING, _SUCCESS): (ServerState.COMPLETED, _complete),
        (ServerState.PROCEEDING, _REFUSAL): (ServerState.COMPLETED, _complete),
    }


class InviteServerTransaction(ServerTransaction):
    """An INVITE; the repetition of its 2xx until the ACK is its user's (RFC 3261 13.3.1.4)."""

    __slots__ = ("_deadline", "_interval", "_merge_key", "user")

    def __init__(self, stack: Stack, request: Request, key: ServerKey, source: Flow) -> None:
        super().__init__(stack, request, key, source)
        self.user: InviteUser | None = None
        self._interval = stack.values.t1
        self._deadline = 0.0
        self._merge_key: MergeKey | None = None
        stack.use_flow(self.flow, self)

    def guard_against_merge(self, key: MergeKey) -> None:
        """Have the same request over another path recognised (RFC 3261 8.2.2.2)."""
        self._merge_key = key
        self._stack.merges[key] = self

    @property
    def is_accepted(self) -> bool:
        """Whether a 2xx was sent, whose ACK is the session's."""
        return self.state is ServerState.ACCEPTED

    def acknowledge(self, now: float) -> None:
        """The ACK of our refusal came; timer I absorbs its repetitions for T4."""
        if self.state is not ServerState.COMPLETED:
            return
        self._stack.timers.stop(self._timer)
        self.state = ServerState.CONFIRMED
        if self.flow.is_reliable:
            self._end(now)
        else:
            self._timer = self._stack.timers.start(now + self._stack.values.t4, self._end)

    def cancel(self, cancel: Request, now: float) -> None:
        """A CANCEL matched; after the final response it has no effect (RFC 3261 9.2)."""
        if self.user is not None and not self.is_answered:
            self.user.cancel_received(self, cancel, now)

    def fail(self, now: float) -> None:
        """The connection is gone; an unanswered INVITE is as good as cancelled."""
        user = None if self.is_answered else self.user
        self._end(now)
        if user is not None:
            user.peer_lost(self, now)

    def _wait(self, now: float) -> None:
        """The session answers when it is ready."""

    def _accept(self, now: float) -> None:
        """Timer L: absorb repetitions of the INVITE for 64*T1 (RFC 6026 7.1)."""
        self.user = None
        self._data = b""
        self._timer = self._stack.timers.start(now + self._stack.values.give_up, self._end)

    def _refuse(self, now: float) -> None:
        """Timer G repeats the refusal on UDP, timer H ends the wait for its ACK."""
        self.user = None
        self._deadline = now + self._stack.values.give_up
        due = self._deadline if self.flow.is_reliable else now + self._interval
        self._timer = self._stack.timers.start(due, self._ack_missed)

    def _ack_missed(self, now: float) -> None:
        if now >= self._deadline:
            self._end(now)
            return
        self._stack.resend(self._data, self.flow)
        self._interval = min(self._interval * 2, self._stack.values.t2)
        due = min(now + self._interval, self._deadline)
        self._timer = self._stack.timers.start(due, self._ack_missed)

    def _end(self, now: float) -> None:
        super()._end(now)
        self.user = None
        self._stack.leave_flow(self.flow, self)
        if self._merge_key is not None:
            self._stack.merges.pop(self._merge_key, None)

    # RFC 3261 figure 7 as RFC 6026 7.1 changed it. The 100 goes out on arrival: TRYING is short.
    _STEPS: ClassVar[dict[tuple[int, int], tuple[ServerState, Callable[..., None]]]] = {
        (ServerState.TRYING, _PROVISIONAL): (ServerState.PROCEEDING, _wait),
        (ServerState.TRYING, _SUCCESS): (ServerState.ACCEPTED, _accept),
        (ServerState.TRYING, _REFUSAL): (ServerState.COMPLETED, _refuse),
        (ServerState.PROCEEDING, _PROVISIONAL): (ServerState.PROCEEDING, _wait),
        (ServerState.PROCEEDING, _SUCCESS): (ServerState.ACCEPTED, _accept),
        (ServerState.PROCEEDING, _REFUSAL): (ServerState.COMPLETED, _refuse),
    }
