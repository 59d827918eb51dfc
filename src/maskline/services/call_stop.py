"""Ending a call, whichever worker holds it."""

from collections.abc import Callable
from typing import Protocol

from maskline.domain.call import Call
from maskline.services.bulletin import BulletinBoard
from maskline.services.bulletin_store import BulletinKind

StopHere = Callable[[str, str | None], bool]
"""Takes a session id, and an application unless None; False when no such call lives here."""


class LiveCallStore(Protocol):
    """What is asked of the store."""

    async def live_call(self, session_id: str) -> Call | None:
        """One call without a record."""
        ...


class CallStopper:
    """Ends calls of this process at once, and those of other workers by a bulletin.

    `host` is the worker of this process. `stop_here` is set once it has a call plane.
    """

    def __init__(self, store: LiveCallStore, board: BulletinBoard, host: str) -> None:
        self._store = store
        self._board = board
        self._host = host
        self.stop_here: StopHere | None = None

    async def stop(self, session_id: str, app_key: str | None = None) -> bool:
        """End a live call, of this application unless None; False when there is none.

        True for a call of another worker says that its worker is told, within a second.
        Raises StoreBusy, StoreFailed.
        """
        if self.stop_here is not None and self.stop_here(session_id, app_key):
            return True
        if not self._board.has_readers:
            return False
        call = await self._store.live_call(session_id)
        if call is None or app_key not in {None, call.app_key}:
            return False
        if self.stop_here is not None and call.host == self._host:
            # It was here, and is about to have its record.
            return False
        await self._board.post(BulletinKind.STOP_CALL, session_id)
        return True
