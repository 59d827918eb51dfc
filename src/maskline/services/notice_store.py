"""The seam to notices as operators see them: found, pushed again, forgotten; their receivers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maskline.domain.notice import Endpoint, KeptNotice, NoticeState, Purpose, Trouble
from maskline.services.page import Count, Listing, Page

MAX_TROUBLES = 10_000
"""Receivers in trouble that are known at once; those in trouble for longest come first."""


NOT_ANSWERED = "none"
"""The `answer` of notices that were tried and not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFilter:
    """Which notices are meant; None does not restrict.

    `app_keys` are the applications of whoever asks; `revive` takes none. `push_id` is what a
    receiver saw as `webhook-id`: the id of a notice, or of a batch. `stream` is the session id of a
    call, or `number +86...`. A notice is of the moment it was written: `since` is the first that
    counts, `until` the first that does not. `answer` is the class of the last answer: `4xx`, `5xx`
    and the like, or `none` after tries without one.
    """

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    purpose: Purpose | None = None
    state: NoticeState | None = None
    stream: str | None = None
    push_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    answer: str | None = None


class NoticeStore(Protocol):
    """Notices that wait or are dead, and receivers in trouble."""

    async def notices(self, wanted: NoticeFilter, page: Page) -> Listing[KeptNotice]:
        """Notices, newest first."""
        ...

    async def count_notices(self, wanted: NoticeFilter) -> Count:
        """How many they are."""
        ...

    async def revive(
        self, wanted: NoticeFilter, now: datetime, limit: int, above: int = 0
    ) -> tuple[int, ...]:
        """Have dead notices pushed again, oldest first, as if never tried.

        Returns their sequences, in order. `wanted.state` is ignored; `above` is a sequence, all
        that are chosen come behind it. They keep their ids and their place in their stream. Records
        that died in one batch come back as that batch, also those beyond `limit` and `above`.
        """
        ...

    async def remove_dead(self, died_before: datetime, limit: int) -> int:
        """Forget up to `limit` notices that died before then; returns how many."""
        ...

    async def troubles(self, limit: int) -> tuple[Trouble, ...]:
        """Receivers in trouble, longest first."""
        ...

    async def save_trouble(self, trouble: Trouble) -> None:
        """Add or replace the trouble of an endpoint."""
        ...

    async def forget_trouble(self, endpoint: Endpoint) -> None:
        """The endpoint is well; without trouble this changes nothing."""
        ...
