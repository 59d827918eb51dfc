"""Which secrets of applications are still in use: noted in memory, kept from time to time."""

from collections.abc import Sequence
from typing import Protocol

from maskline.domain.application_secret import SecretUse
from maskline.services.clock import Clock

MAX_NOTED = 10_000
"""Secrets whose uses wait to be kept; of more the latest use is not told."""


class SecretUseStore(Protocol):
    """The last use of each secret; the rules of `maskline.services.store` hold here too."""

    async def save_secret_uses(self, uses: Sequence[SecretUse]) -> None:
        """Keep uses of different secrets, each unless a later one of its secret is kept."""
        ...

    async def forget_secret_use(self, app_key: str, secret_id: str) -> None:
        """Forget the last use of a secret, if there was one."""
        ...

    async def secret_uses(self, app_key: str) -> tuple[SecretUse, ...]:
        """The last uses of an application's secrets, by id."""
        ...


class SecretUses:
    """Notes uses at the cost of an entry in a dict, so that requests need not wait for a write."""

    def __init__(self, store: SecretUseStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._noted: dict[tuple[str, str], SecretUse] = {}

    def note(self, app_key: str, secret_id: str, address: str) -> None:
        """A request was signed with this secret just now."""
        key = (app_key, secret_id)
        if key in self._noted or len(self._noted) < MAX_NOTED:
            self._noted[key] = SecretUse(
                app_key=app_key, secret_id=secret_id, used_at=self._clock.now(), address=address
            )

    async def flush(self) -> int:
        """Keep what was noted; returns how many. Raises StoreBusy, StoreFailed."""
        noted, self._noted = self._noted, {}
        if not noted:
            return 0
        try:
            await self._store.save_secret_uses(tuple(noted.values()))
        except BaseException:
            self._noted = noted | self._noted
            raise
        return len(noted)
