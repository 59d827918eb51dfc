"""Handsets of the lab: what their owners have been sent, put together from its parts."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maskline.domain.number import read_number
from maskline.protocols.smpp.pdu import Message
from maskline.protocols.smpp.segment import Segment, read_segment
from maskline.protocols.smpp.text import Coding, Dialect, coding_of, decode_text

KEPT_MESSAGES = 10_000
"""Messages that are remembered; older ones are forgotten first."""

OPEN_MESSAGES = 1_000
"""Messages of which parts are still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage:
    """What a handset shows. `parts` counts how many it came in, `sequence` messages, from 1."""

    sequence: int
    number: str
    sender: str
    text: str = field(repr=False)
    parts: int
    at: datetime


@dataclass(frozen=True, slots=True)
class _Place:
    """What the parts of one message have in common."""

    number: str
    sender: str
    reference: int
    total: int


class Handsets:
    """All handsets there are. A part that comes twice is shown once, as phones do it."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._received: deque[ReceivedMessage] = deque(maxlen=KEPT_MESSAGES)
        self._open: dict[_Place, dict[int, str]] = {}
        self._count = 0

    def receive(self, message: Message, at: datetime) -> ReceivedMessage | None:
        """Take a submit_sm; the message, once it is whole."""
        segment = read_segment(message)
        text = self._text(message, segment)
        place = _Place(
            _global(message.destination.number),
            _global(message.source.number),
            segment.reference,
            segment.total,
        )
        if segment.total > 1:
            parts = self._open.setdefault(place, {})
            parts[segment.number] = text
            self._bound()
            if len(parts) < segment.total:
                return None
            del self._open[place]
            text = "".join(parts[number] for number in sorted(parts))
        self._count += 1
        received = ReceivedMessage(
            sequence=self._count,
            number=place.number,
            sender=place.sender,
            text=text,
            parts=segment.total,
            at=at,
        )
        self._received.append(received)
        return received

    def received(self, number: str | None = None) -> tuple[ReceivedMessage, ...]:
        """What a handset, or all of them, got; oldest first."""
        return tuple(one for one in self._received if number in {None, one.number})

    def _text(self, message: Message, segment: Segment) -> str:
        coding = coding_of(message.data_coding, self._dialect) or Coding.LATIN1
        return decode_text(segment.body, coding, fill_bits=segment.fill_bits)

    def _bound(self) -> None:
        while len(self._open) > OPEN_MESSAGES:
            del self._open[next(iter(self._open))]


def _global(number: str) -> str:
    return read_number(number) or number


def as_json(received: ReceivedMessage) -> Mapping[str, object]:
    """The message for programs."""
    return {
        "sequence": received.sequence,
        "number": received.number,
        "sender": received.sender,
        "text": received.text,
        "parts": received.parts,
        "at": received.at.isoformat(timespec="milliseconds"),
    }
