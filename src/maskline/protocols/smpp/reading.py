"""Fields of a PDU, one after the other."""

from collections.abc import Mapping
from struct import Struct

from maskline.protocols.smpp.error import PduError
from maskline.protocols.smpp.status import Status

MAX_TLVS = 64
"""Optional parameters of one PDU; the standard knows fewer."""

_TLV = Struct("!HH")


class Reader:
    """Reads the fields of a PDU. Every method raises `PduError`."""

    __slots__ = ("_at", "_data", "_sequence")

    def __init__(self, data: bytes, at: int, sequence: int) -> None:
        self._data = data
        self._at = at
        self._sequence = sequence

    @property
    def is_at_end(self) -> bool:
        """Whether all has been read."""
        return self._at == len(self._data)

    def octet(self) -> int:
        """One integer of one octet."""
        at = self._at
        if at >= len(self._data):
            raise self._error("it ends in a field", Status.INVALID_COMMAND_LENGTH)
        self._at = at + 1
        return self._data[at]

    def octets(self, count: int) -> bytes:
        """So many octets."""
        end = self._at + count
        if end > len(self._data):
            raise self._error("it ends in a field", Status.INVALID_COMMAND_LENGTH)
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def string(self, size: int, status: Status) -> str:
        """A string of at most `size` octets with the zero at its end; else it is `status`."""
        end = self._data.find(0, self._at, self._at + size)
        if end < 0:
            raise self._error("a string does not end where it should", status)
        text = self._data[self._at : end].decode("latin-1")
        self._at = end + 1
        return text

    def loose_string(self, size: int) -> str:
        """The last string, up to a zero or the end; its first `size` octets."""
        text = self._data[self._at :].partition(b"\0")[0][:size]
        self._at = len(self._data)
        return text.decode("latin-1")

    def tlvs(self) -> dict[int, bytes]:
        """All optional parameters, the last of each tag (SMPP 3.4 3.2.4)."""
        found: dict[int, bytes] = {}
        if self._at == len(self._data):
            return found
        for _ in range(MAX_TLVS):
            if self.is_at_end:
                return found
            tag, length = _TLV.unpack(self.octets(_TLV.size))
            found[tag] = self.octets(length)
        if not self.is_at_end:
            raise self._error("too many optional parameters", Status.INVALID_TLV)
        return found

    def _error(self, reason: str, status: Status) -> PduError:
        return PduError(reason, status, self._sequence)


def write_string(text: str, size: int) -> bytes:
    """A string with the zero at its end, of at most `size` octets. Raises `ValueError`."""
    data = text.encode("latin-1")
    if len(data) >= size or 0 in data:
        raise ValueError(f"a string of {len(data)} octets where {size - 1} fit, or with a zero")
    return data + b"\0"


def write_tlvs(tlvs: Mapping[int, bytes]) -> bytes:
    """Optional parameters. Raises `ValueError` for a value that is too long."""
    if not tlvs:
        return b""
    if any(len(value) > 0xFFFF for value in tlvs.values()):
        raise ValueError("an optional parameter is longer than 65,535 octets")
    return b"".join(_TLV.pack(tag, len(value)) + value for tag, value in tlvs.items())
