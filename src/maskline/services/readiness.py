"""Whether traffic can be served."""

import asyncio
from collections.abc import Callable, Mapping

from maskline.domain.error import MasklineError
from maskline.services.store import DirectoryStore

STORE_TIMEOUT_S = 2.0
ANY_TENANT = "default"  # whether it exists does not matter


class Readiness:
    """What the process depends on, by name.

    `planes` gives the state of each plane, as bootstrap knows it.
    """

    def __init__(self, store: DirectoryStore, planes: Callable[[], Mapping[str, bool]]) -> None:
        self._store = store
        self._planes = planes

    async def checks(self) -> dict[str, bool]:
        """Everything, and whether it works; all of it has to."""
        return {"store": await self._store_answers(), **self._planes()}

    async def _store_answers(self) -> bool:
        try:
            async with asyncio.timeout(STORE_TIMEOUT_S):
                # By key: a list waits behind those of operators, and anybody may ask for this.
                await self._store.tenant(ANY_TENANT)
        except (MasklineError, TimeoutError):
            return False
        return True
