from maskline.protocols.smpp.status import Status


class SmppError(Exception):
    """Something that SMPP does not allow."""


class PduError(SmppError):
    """The peer's PDU cannot be read. `status` is what to answer it with.

    `sequence` is its number, None when not even its header can be read: then the stream is lost.
    """

    def __init__(self, reason: str, status: Status, sequence: int | None) -> None:
        super().__init__(reason)
        self.status = status
        self.sequence = sequence


class WindowFull(SmppError):
    """As many requests wait for their answer as may."""


class NotBound(SmppError):
    """The session is not, or no more, in a state in which this may be sent (SMPP 3.4 2.3)."""
