"""What the call plane needs of whatever carries its SIP."""

from typing import Protocol

from maskline.protocols.sip.endpoint import SipEndpoint


class SipShell(Protocol):
    """Sockets and timers around one endpoint; its events go to the handler it was made with."""

    @property
    def endpoint(self) -> SipEndpoint:
        """The endpoint whose verbs are called."""
        ...

    @property
    def backlog_bytes(self) -> int:
        """What waits in the UDP socket to be read; 0 while reading keeps up."""
        ...

    async def start(self) -> None:
        """Open the ports. Raises OSError when one is taken."""
        ...

    def wake(self) -> None:
        """A verb was called: send what it left, and look at the timers again."""
        ...

    async def close(self) -> None:
        """Send what is left and close the ports."""
        ...
