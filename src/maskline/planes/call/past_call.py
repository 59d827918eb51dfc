"""The calls that a killed worker left in the store, as the next one finds them."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from maskline.domain.call import Call
from maskline.planes.call.call_snapshot import (
    CallSnapshot,
    KeptMedia,
    SnapshotUnreadable,
    unpack_snapshot,
)
from maskline.protocols.sip.session_snapshot import SessionSnapshot
from maskline.services.list_filter import CallFilter
from maskline.services.page import Page
from maskline.services.store import CallStore

READ_PAGE = 500
"""How many calls are read at once."""

log = structlog.get_logger("calls")


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call without a record, and what was kept to go on with it or end it; None: nothing."""

    call: Call
    snapshot: CallSnapshot | None

    @property
    def media(self) -> KeptMedia | None:
        """Its audio, where that may have outlived the worker; both parties were connected then."""
        kept = self.snapshot
        if kept is None or not isinstance(kept.callee, SessionSnapshot):
            return None
        return kept.media if isinstance(kept.caller, SessionSnapshot) else None


async def read_past_calls(store: CallStore, host: str | None) -> list[PastCall]:
    """Every call of an earlier run, to be read before there are new ones. Raises StoreFailed.

    `host` None takes the calls of all workers: for a store that only one may use.
    """
    found, page = list[PastCall](), Page(limit=READ_PAGE)
    while True:
        listed = await store.live_calls(CallFilter(host=host), page)
        found += map(_read, listed.rows)
        if listed.next is None:
            return found
        page = Page(limit=READ_PAGE, after=listed.next)


def keepsakes_of(past: Iterable[PastCall]) -> list[bytes]:
    """What the media engine is told before it starts."""
    return [one.media.keepsake for one in past if one.media is not None]


def _read(call: Call) -> PastCall:
    if not call.resumption:
        return PastCall(call, None)
    try:
        return PastCall(call, unpack_snapshot(call.resumption))
    except SnapshotUnreadable as error:
        log.warning("snapshot not read", session_id=call.session_id, reason=str(error))
        return PastCall(call, None)
