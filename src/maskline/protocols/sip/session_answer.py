from collections.abc import Callable

from maskline.protocols.sip.flow import Flow
from maskline.protocols.sip.stack import Stack
from maskline.protocols.sip.timer import Timer


class AnswerRepeater:
    """Sends our 2xx again until its ACK comes, over any transport (RFC 3261 13.3.1.4)."""

    __slots__ = (
        "_data",
        "_deadline",
        "_flow",
        "_interval",
        "_on_missed",
        "_stack",
        "_timer",
        "cseq",
    )

    def __init__(
        self,
        stack: Stack,
        answer: tuple[bytes, Flow],
        cseq: int,
        on_missed: Callable[[float], None],
        *,
        now: float,
    ) -> None:
        self._stack = stack
        self._data, self._flow = answer
        self._on_missed = on_missed
        self._interval = stack.values.t1
        self._deadline = now + stack.values.give_up
        self._timer: Timer | None = stack.timers.start(now + self._interval, self._repeat)
        self.cseq = cseq

    def stop(self) -> None:
        """The ACK came, or the session ended."""
        self._stack.timers.stop(self._timer)
        self._timer = None

    def _repeat(self, now: float) -> None:
        if now >= self._deadline:
            self._timer = None
            self._on_missed(now)
            return
        self._stack.resend(self._data, self._flow)
        self._interval = min(self._interval * 2, self._stack.values.t2)
        due = min(now + self._interval, self._deadline)
        self._timer = self._stack.timers.start(due, self._repeat)
