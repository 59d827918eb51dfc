"""The part of the store seam that keeps binds under the keys their customers gave them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedBind:
    """A bind under a key of the application's own (`docs/extensions.md`).

    `request` is a hash of what was asked. The binding has `binding_id`, or will have it: a repeat
    after a crash finds by it what was bound. `status` is the HTTP status of the answer, 0 while
    there is none.
    """

    app_key: str
    key: str = field(repr=False)
    request: bytes
    binding_id: str
    status: int = 0
    answer: bytes = field(default=b"", repr=False)
    created_at: datetime


class IdempotencyStore(Protocol):
    """Keyed binds: reserved before the bind, answered or released after it."""

    async def reserve_key(self, wanted: KeyedBind, since: datetime, limit: int) -> KeyedBind:
        """Keep a bind that has no answer yet, unless its key is in use; returns what now stands.

        A key from before `since` is free again. Raises TooManyKeys: the application has `limit`.
        """
        ...

    async def keep_answer(self, bind: KeyedBind) -> None:
        """Keep status and answer of a reserved bind; one that is gone is ignored."""
        ...

    async def release_key(self, bind: KeyedBind) -> None:
        """Forget a reserved bind, so that its key is free; one that is gone is ignored."""
        ...

    async def remove_old_keys(self, before: datetime, limit: int) -> int:
        """Forget at most `limit` keys from before this moment, oldest first; returns how many."""
        ...
