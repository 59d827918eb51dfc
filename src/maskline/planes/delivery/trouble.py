"""Receivers that accept nothing: known across restarts, and in the end not pushed to any more."""

from dataclasses import replace
from datetime import timedelta

import structlog

from maskline.domain.notice import Endpoint, Trouble
from maskline.services.clock import Clock
from maskline.services.notice_store import MAX_TROUBLES, NoticeStore
from maskline.services.notification import receiver_mark

DISABLED = "the receiver is disabled"

log = structlog.get_logger("delivery")


class TroubleBoard:
    """A copy of the receivers in trouble, which `sync` brings in step with the store.

    A receiver is disabled when it says that it is gone for good, or when a notice is given up and
    it has accepted nothing for `disable_after` (None: never). A new URL is a new receiver. What is
    noted here between two syncs and lost in a crash is noted again by the failures that follow.
    """

    def __init__(self, store: NoticeStore, clock: Clock, disable_after: timedelta | None) -> None:
        self._store = store
        self._clock = clock
        self._disable_after = disable_after
        self._known: dict[Endpoint, Trouble] = {}
        self._unwritten: dict[Endpoint, Trouble | None] = {}

    def is_in_trouble(self, endpoint: Endpoint) -> bool:
        """Whether the last that is known of the endpoint is that it accepts nothing."""
        return endpoint in self._known

    def is_disabled(self, endpoint: Endpoint, url: str) -> bool:
        """Whether nothing is pushed to the receiver."""
        trouble = self._of(endpoint, url)
        return trouble is not None and trouble.disabled_at is not None

    def accepted(self, endpoint: Endpoint) -> bool:
        """Note a success; True when it ended a trouble."""
        if self._known.pop(endpoint, None) is None:
            return False
        self._unwritten[endpoint] = None
        return True

    def failed(self, endpoint: Endpoint, url: str, error: str, *, was_last: bool) -> None:
        """Note that a receiver got into trouble, or, `was_last`, that a notice was given up."""
        now = self._clock.now()
        trouble = self._of(endpoint, url) or _begun(endpoint, url, error, self._clock)
        is_hopeless = self._disable_after is not None and trouble.since + self._disable_after <= now
        if was_last and is_hopeless and trouble.disabled_at is None:
            self._disable(trouble, error)
        else:
            self._note(trouble)

    def gone(self, endpoint: Endpoint, url: str, error: str) -> None:
        """Note that a receiver says it is gone for good."""
        trouble = self._of(endpoint, url) or _begun(endpoint, url, error, self._clock)
        if trouble.disabled_at is None:
            self._disable(trouble, error)

    async def sync(self) -> None:
        """Write what was noted, then read what others wrote. Raises StoreBusy, StoreFailed."""
        for endpoint, trouble in list(self._unwritten.items()):
            if trouble is None:
                await self._store.forget_trouble(endpoint)
            else:
                await self._store.save_trouble(trouble)
            if self._unwritten.get(endpoint) is trouble:
                del self._unwritten[endpoint]
        known = {one.endpoint: one for one in await self._store.troubles(MAX_TROUBLES)}
        for endpoint, trouble in self._unwritten.items():
            if trouble is None:
                known.pop(endpoint, None)
            else:
                known[endpoint] = trouble
        self._known = known

    def _of(self, endpoint: Endpoint, url: str) -> Trouble | None:
        trouble = self._known.get(endpoint)
        if trouble is None or trouble.receiver != receiver_mark(url):
            return None
        return trouble

    def _disable(self, trouble: Trouble, error: str) -> None:
        log.warning(
            "receiver disabled",
            app_key=trouble.endpoint.app_key,
            purpose=trouble.endpoint.purpose.value,
            error=error,
            in_trouble_since=trouble.since.isoformat(),
        )
        self._note(replace(trouble, disabled_at=self._clock.now(), error=error))

    def _note(self, trouble: Trouble) -> None:
        if self._known.get(trouble.endpoint) == trouble or len(self._known) >= MAX_TROUBLES:
            return
        self._known[trouble.endpoint] = self._unwritten[trouble.endpoint] = trouble


def _begun(endpoint: Endpoint, url: str, error: str, clock: Clock) -> Trouble:
    return Trouble(endpoint=endpoint, receiver=receiver_mark(url), since=clock.now(), error=error)
