"""What went over a SIP socket, with times: the raw material of ladders and privacy checks."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from maskline.protocols.sip.error import SipParseError
from maskline.protocols.sip.message import Request, Response
from maskline.protocols.sip.parse import parse_message

KEPT_MESSAGES = 5_000
"""Messages a trace remembers; older ones are forgotten first."""


@dataclass(frozen=True, slots=True)
class TracedMessage:
    """One datagram. `at` is in seconds of the monotonic clock; `far` the other host and port."""

    at: float
    is_sent: bool
    far: tuple[str, int]
    data: bytes

    @property
    def message(self) -> Request | Response | None:
        """The message in it; None when it is malformed."""
        try:
            return parse_message(self.data)
        except SipParseError:
            return None

    @property
    def call_id(self) -> str | None:
        """Its Call-ID; None when it is malformed."""
        message = self.message
        return None if message is None else message.call_id

    @property
    def title(self) -> str:
        """The method, or status and reason, with `(SDP)` when it carries a body."""
        message = self.message
        if message is None:
            return "?"
        body = " (SDP)" if message.body else ""
        if isinstance(message, Request):
            return message.method + body
        return f"{message.status} {message.reason}{body}"


class SipTrace:
    """The newest messages of one socket, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[TracedMessage] = deque(maxlen=KEPT_MESSAGES)

    def note(self, message: TracedMessage) -> None:
        """Remember one more."""
        self._kept.append(message)

    def of_call(self, call_id: str) -> list[TracedMessage]:
        """The messages of one call."""
        return [message for message in self._kept if message.call_id == call_id]

    def __iter__(self) -> Iterator[TracedMessage]:
        return iter(list(self._kept))

    def __len__(self) -> int:
        return len(self._kept)
