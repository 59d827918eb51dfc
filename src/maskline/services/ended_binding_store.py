"""The store seam of bindings that have ended.

The rules of `maskline.services.store` hold here too. A binding's entry is written in the unit of
work that removes the binding, or takes a party out of it; no bind and no call reads or writes any.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maskline.domain.ended_binding import EndCause, EndedBinding
from maskline.services.page import Count, Listing, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedFilter:
    """Which ended bindings a list asks for; None does not restrict.

    `app_keys` are the applications of whoever asks. `party` is a real number that was A or B,
    `mode` as in management: `axb`, `ax`, `axe`, `axyb`, `yb`. `since` is the first moment
    of an end that counts, `until` the first that does not.
    """

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    binding_id: str | None = None
    mode: str | None = None
    x: str | None = None
    y: str | None = None
    party: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """How many bindings of an application ended by a cause."""

    app_key: str
    cause: EndCause
    count: int


class EndedBindingStore(Protocol):
    """Bindings that have ended, as long as their tenant keeps them."""

    async def ended_bindings(self, wanted: EndedFilter, page: Page) -> Listing[EndedBinding]:
        """Ended bindings, the latest end first."""
        ...

    async def count_ended_bindings(self, wanted: EndedFilter) -> Count:
        """How many they are."""
        ...

    async def count_ends(self, since: datetime, until: datetime) -> tuple[Ends, ...]:
        """Ends from one moment on to before another, in no order; for short times: all are read."""
        ...

    async def remove_old_bindings(self, app_key: str, before: datetime, limit: int) -> int:
        """Forget at most `limit` bindings that ended before a moment, oldest first.

        Returns how many went.
        """
        ...
