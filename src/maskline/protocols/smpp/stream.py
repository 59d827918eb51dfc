"""Cutting what a connection brings into PDUs."""

from maskline.protocols.smpp.error import PduError
from maskline.protocols.smpp.pdu import HEADER, Pdu, command_length, parse_pdu
from maskline.protocols.smpp.status import Status

MAX_PDU_BYTES = 70_000
"""A message_payload of 64 KiB with all that may stand around it."""


class PduStream:
    """Holds at most one unfinished PDU beside what was fed last."""

    __slots__ = ("_at", "_data", "_is_lost")

    def __init__(self) -> None:
        self._data = bytearray()
        self._at = 0
        self._is_lost = False

    def feed(self, data: bytes) -> None:
        """Add what came; nothing once the stream is lost."""
        if not self._is_lost:
            del self._data[: self._at]
            self._at = 0
            self._data += data

    def next_pdu(self) -> Pdu | None:
        """The next PDU, None when more has to come first.

        Raises `PduError`: with a sequence the PDU is skipped and the next may be asked for; without
        one nobody knows where the next begins, and the connection has to end.
        """
        data, at = self._data, self._at
        if len(data) - at < HEADER.size:
            return None
        try:
            length = command_length(data, at)
        except PduError:
            self._lose()
            raise
        if length > MAX_PDU_BYTES:
            self._lose()
            raise PduError("longer than any message", Status.INVALID_COMMAND_LENGTH, None)
        end = at + length
        if len(data) < end:
            return None
        self._at = end
        return parse_pdu(bytes(data[at:end]))

    def _lose(self) -> None:
        self._is_lost = True
        self._data.clear()
        self._at = 0
