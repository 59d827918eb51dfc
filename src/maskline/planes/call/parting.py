"""Sessions of an earlier run that are being ended."""

import asyncio
from collections.abc import Iterable

from maskline.protocols.sip.session import Session
from maskline.protocols.sip.session_state import SessionState


class Parting:
    """Owns sessions from the moment at which only their end is waited for."""

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._left = [one for one in sessions if not one.is_closed]
        self._is_over = asyncio.Event()
        for session in self._left:
            session.owner = self
        self._look()

    def hang_up(self, *, q850: int, now: float) -> None:
        """Send BYE to every party that has not sent its own."""
        for session in list(self._left):
            if session.state is SessionState.CONFIRMED:
                session.end(q850=q850, now=now)

    def closed(self, session: Session) -> None:
        """The far end has answered, or never will."""
        if session in self._left:
            self._left.remove(session)
        self._look()

    async def over(self, timeout_s: float) -> None:
        """Wait until all have closed, but no longer than that."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._is_over.wait()
        except TimeoutError:
            return  # their BYE is repeated for half a minute, whoever waits

    def _look(self) -> None:
        if not self._left:
            self._is_over.set()
