"""Reliable provisional responses (RFC 3262), as the side that sends them."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from maskline.protocols.sip.compose import HeaderLines
from maskline.protocols.sip.header import CSeq, RAck
from maskline.protocols.sip.stack import EndpointBusy, Stack
from maskline.protocols.sip.timer import Timer
from maskline.protocols.sip.transaction_server import InviteServerTransaction

# RFC 3262 3: the first RSeq is between 1 and 2**31 - 1; this leaves room to count up.
FIRST_RSEQ_BELOW = 2**30


@dataclass(frozen=True, slots=True)
class _Provisional:
    status: int
    reason: str | None
    headers: HeaderLines
    body: bytes


class ReliableProvisionals:
    """Sends one provisional response at a time, again and again until its PRACK comes."""

    __slots__ = (
        "_cseq",
        "_data",
        "_deadline",
        "_interval",
        "_on_missed",
        "_rseq",
        "_sent",
        "_stack",
        "_timer",
        "_transaction",
        "_waiting",
    )

    def __init__(
        self,
        stack: Stack,
        transaction: InviteServerTransaction,
        cseq: CSeq,
        on_missed: Callable[[float], None],
    ) -> None:
        self._stack = stack
        self._transaction = transaction
        self._cseq = cseq
        self._on_missed = on_missed
        self._rseq = stack.random_below(FIRST_RSEQ_BELOW)
        self._sent: _Provisional | None = None
        self._waiting: deque[_Provisional] = deque()
        self._data = b""
        self._interval = 0.0
        self._deadline = 0.0
        self._timer: Timer | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no response waits for its PRACK."""
        return self._sent is None

    @property
    def holds_answer(self) -> bool:
        """Whether the final answer has to wait for a PRACK, as SDP is on its way (3262 3)."""
        return self._sent is not None and (bool(self._sent.body) or self.holds_body)

    @property
    def holds_body(self) -> bool:
        """Whether a response with SDP waits for its turn."""
        return any(waiting.body for waiting in self._waiting)

    def send(
        self, status: int, reason: str | None, headers: HeaderLines, body: bytes, now: float
    ) -> None:
        """Send it, or have it wait for the PRACK of the one before.

        Raises EndpointBusy when `max_waiting_provisionals` wait already.
        """
        provisional = _Provisional(status, reason, headers, body)
        if self._sent is None:
            self._transmit(provisional, now)
        elif len(self._waiting) < self._stack.config.max_waiting_provisionals:
            self._waiting.append(provisional)
        else:
            raise EndpointBusy("too many provisional responses wait for PRACK")

    def acknowledge(self, rack: RAck, now: float) -> bool:
        """Take a PRACK; False when it matches nothing we wait for (481)."""
        cseq = self._cseq
        if self._sent is None or (rack.response_number, rack.cseq_number, rack.method) != (
            self._rseq,
            cseq.number,
            cseq.method,
        ):
            return False
        self._sent = None
        self._stack.timers.stop(self._timer)
        if self._waiting:
            self._transmit(self._waiting.popleft(), now)
        return True

    def stop(self) -> None:
        """A final response goes out or the session ended."""
        self._stack.timers.stop(self._timer)
        self._waiting.clear()

    def _transmit(self, provisional: _Provisional, now: float) -> None:
        self._sent = provisional
        self._rseq += 1
        headers = [*provisional.headers, ("Require", "100rel"), ("RSeq", str(self._rseq))]
        self._data = self._transaction.respond(
            provisional.status,
            provisional.reason,
            headers=headers,
            body=provisional.body,
            with_route=True,
            now=now,
        )
        self._interval = self._stack.values.t1
        self._deadline = now + self._stack.values.give_up
        self._timer = self._stack.timers.start(now + self._interval, self._repeat)

    def _repeat(self, now: float) -> None:
        if now >= self._deadline:
            self._on_missed(now)
            return
        self._stack.resend(self._data, self._transaction.flow)
        self._interval *= 2
        due = min(now + self._interval, self._deadline)
        self._timer = self._stack.timers.start(due, self._repeat)
