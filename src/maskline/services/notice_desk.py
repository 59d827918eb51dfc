"""What operators do about pushes: have them made again, and let receivers be pushed to again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from maskline.domain.application import Application
from maskline.domain.error import CustomerError, UnknownRecord
from maskline.domain.notice import Endpoint, KeptNotice, NoticeState, Purpose, Trouble
from maskline.services.clock import Clock
from maskline.services.notice_store import MAX_TROUBLES, NoticeFilter, NoticeStore
from maskline.services.notification import receiver_mark, receiver_url
from maskline.services.page import Page
from maskline.services.store import DirectoryStore, Store

MAX_REVIVED = 10_000
"""Notices that one request has pushed again."""

REVIVED_AT_ONCE = 500
"""Of these, those in one unit of work, so that calls need not wait for all of them."""


class ReceiverDisabled(CustomerError):
    """What would be pushed again would be dead at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReport:
    """One test push as it was made, and what became of it.

    `status` is that of the answer, None without one; `error` None means it was accepted.
    """

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    status: int | None
    error: str | None
    took_s: float


class Trial(Protocol):
    """Makes test pushes."""

    async def push(self, application: Application, purpose: Purpose, url: str) -> TrialReport:
        """Push a message that is marked as a test, once, now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Revived:
    """How many notices are pushed again, and at least how many more that match are still dead."""

    revived: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubledReceiver:
    """A receiver in trouble and the address it has now."""

    trouble: Trouble
    url: str


class TroubleStore(NoticeStore, DirectoryStore, Protocol):
    """Where receivers in trouble and their addresses are."""


class NoticeDesk:
    """The verbs. All of them raise StoreBusy and StoreFailed.

    `hint` wakes the delivery plane of this process, if it has one.
    """

    def __init__(self, store: Store, trial: Trial, clock: Clock, hint: Callable[[], None]) -> None:
        self._store = store
        self._trial = trial
        self._clock = clock
        self._hint = hint

    async def revive(self, wanted: NoticeFilter, limit: int = MAX_REVIVED) -> Revived:
        """Have dead notices pushed again, oldest first, under their ids.

        Raises ReceiverDisabled, and UnknownRecord when none is dead.
        """
        dead = replace(wanted, state=NoticeState.DEAD)
        notice = (await self._first(dead)).notice
        await self._refuse_disabled(notice.app_key, wanted.purpose or notice.purpose)
        # What dies again meanwhile is not taken up a second time, unless there are too many to
        # be counted.
        there_are = await self._store.count_notices(dead)
        left_to_do = min(limit, MAX_REVIVED)
        if not there_are.is_bounded:
            left_to_do = min(left_to_do, there_are.count)
        revived = 0
        while left_to_do > 0:
            share = min(left_to_do, REVIVED_AT_ONCE)
            count = len(await self._store.revive(dead, self._clock.now(), share))
            revived += count
            left_to_do -= max(count, share)
        self._hint()
        return Revived(revived=revived, left=max(0, there_are.count - revived))

    async def _first(self, wanted: NoticeFilter) -> KeptNotice:
        """The newest. Raises UnknownRecord."""
        page = Page(limit=1)
        while True:
            found = await self._store.notices(wanted, page)
            if found.rows:
                return found.rows[0]
            if found.next is None:
                raise UnknownRecord("no dead notice matches")
            page = Page(limit=1, after=found.next)

    async def receivers(self, app_key: str | None) -> tuple[TroubledReceiver, ...]:
        """Receivers in trouble, longest first; one whose address was changed is in none."""
        return await troubled_receivers(self._store, app_key)

    async def enable(self, endpoint: Endpoint) -> None:
        """Let a receiver be pushed to again. Raises UnknownRecord when it is not in trouble."""
        if all(one.endpoint != endpoint for one in await self._store.troubles(MAX_TROUBLES)):
            raise UnknownRecord(
                f"the {endpoint.purpose} receiver of {endpoint.app_key} is not in trouble"
            )
        await self._store.forget_trouble(endpoint)

    async def test(self, endpoint: Endpoint) -> TrialReport:
        """Push a test event now, also to a disabled receiver; nothing of it is kept.

        Raises UnknownRecord: no such application, or it has no such receiver.
        """
        application = await self._store.application(endpoint.app_key)
        if application is None:
            raise UnknownRecord(f"there is no application {endpoint.app_key}")
        url = receiver_url(application, endpoint.purpose)
        if url is None:
            raise UnknownRecord(f"the application has no receiver for {endpoint.purpose} pushes")
        return await self._trial.push(application, endpoint.purpose, url)

    async def _refuse_disabled(self, app_key: str, purpose: Purpose) -> None:
        for one in await self.receivers(app_key):
            if one.trouble.endpoint.purpose is purpose and one.trouble.disabled_at is not None:
                raise ReceiverDisabled(
                    f"the {purpose} receiver of {app_key} is disabled ({one.trouble.error}): "
                    "enable it, or change its address, before its notices are pushed again"
                )


async def troubled_receivers(
    store: TroubleStore, app_key: str | None
) -> tuple[TroubledReceiver, ...]:
    """Receivers in trouble, longest first, of an application or all."""
    troubled: list[TroubledReceiver] = []
    for trouble in await store.troubles(MAX_TROUBLES):
        endpoint = trouble.endpoint
        if app_key not in {None, endpoint.app_key}:
            continue
        application = await store.application(endpoint.app_key)
        url = None if application is None else receiver_url(application, endpoint.purpose)
        if url is not None and receiver_mark(url) == trouble.receiver:
            troubled.append(TroubledReceiver(trouble=trouble, url=url))
    return tuple(troubled)
