"""Who looks on while messages come and go."""

from typing import Protocol

from maskline.protocols.sip.message import Request, Response


class Witness(Protocol):
    """Sees every message that could be read and every one that goes out; it changes nothing."""

    def received(self, message: Request | Response, data: bytes | None) -> None:
        """A message came in; a repeated one, too. `data` is how it came, None over a stream."""
        ...

    def sent(self, data: bytes) -> None:
        """A message is about to leave."""
        ...
