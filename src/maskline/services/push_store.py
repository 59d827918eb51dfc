"""The seam to pushes as people look at them, also those that are delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maskline.domain.notice import Purpose
from maskline.domain.push import Push, PushState


@dataclass(frozen=True, slots=True, kw_only=True)
class PushFilter:
    """Which are meant; None does not restrict. Only those with a lower sequence than `below`.

    `stream` is a session id, or `number +86...`; `result` one that a try of it ended with.
    `app_keys` are the applications that somebody may see. A push is of the moment its notice was
    written: `since` is the first that counts, `until` the first that does not.
    """

    app_key: str | None = None
    app_keys: Sequence[str] | None = None
    purpose: Purpose | None = None
    state: PushState | None = None
    stream: str | None = None
    push_id: str | None = None
    result: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    below: int | None = None


class PushStore(Protocol):
    """Notices that wait, are dead or were delivered lately."""

    async def pushes(self, wanted: PushFilter, limit: int) -> tuple[Push, ...]:
        """The newest that match."""
        ...

    async def deliver_by_hand(self, sequences: Sequence[int], at: datetime) -> None:
        """Notices that wait or are dead were accepted; what was behind them goes on."""
        ...

    async def remove_delivered(self, before: datetime, limit: int) -> int:
        """Forget notices that were delivered before then; returns how many.

        Of the oldest `limit` notices that were ever written: a young one among them stays, and
        what was written later waits for it.
        """
        ...
