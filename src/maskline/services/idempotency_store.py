"""The part of the store seam that keeps what was asked for under keys of those who asked."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedChange:
    """A change by way of the management API under a key of its caller's own.

    `caller` is `maskline.domain.access.Caller.mark`, `request` a hash of what was asked. `attempt`
    is the same for this carrying out of it and for no other. `status` and `answer` as of a bind.
    """

    caller: str
    key: str = field(repr=False)
    request: bytes
    attempt: str
    status: int = 0
    answer: bytes = field(default=b"", repr=False)
    created_at: datetime


class IdempotencyStore(Protocol):
    """Keyed binds and changes: reserved before the work, answered or released after it."""

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

    async def reserve_change(self, wanted: KeyedChange, since: datetime, limit: int) -> KeyedChange:
        """As `reserve_key`, for changes. Raises TooManyKeys: the caller has `limit`."""
        ...

    async def keep_change_answer(self, change: KeyedChange) -> None:
        """Keep status and answer of a reserved change; one that is gone is ignored."""
        ...

    async def release_change(self, change: KeyedChange) -> None:
        """Forget a reserved change, so that its key is free; one that is gone is ignored."""
        ...

    async def remove_old_changes(self, before: datetime, limit: int) -> int:
        """Forget at most `limit` changes from before this moment, oldest first; how many."""
        ...
