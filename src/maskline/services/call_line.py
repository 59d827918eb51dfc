"""What is under way of one call to the store, and the bounds of that."""

from asyncio import Future
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from maskline.domain.call import Call
from maskline.services.call_write import CallWrite

ENTRY_BYTES = 2_048
NOTICE_BYTES = 256
"""About what a write takes in the journal, and each of its notices, without what differs much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLimits:
    """Bounds of the journal of one worker.

    max_bytes: what it may hold, in the file and, while that cannot be written, in memory. Beyond
        half of it there is no room for new calls: the rest is for those that are up.
    patience_s: how long the store may take before a fact is kept here as well.
    refuse_after_s: how old the oldest fact here may be before the store counts as failing.
    retry_s, retry_max_s: the pauses between tries of a store, or a file, that fails; they double.
    """

    max_bytes: int = 256 * 1024 * 1024
    patience_s: float = 1.0
    refuse_after_s: float = 5.0
    retry_s: float = 0.1
    retry_max_s: float = 2.0


@dataclass(slots=True)
class JournalCounters:
    """What became of facts that the store did not take at once, since the start."""

    kept: int = 0
    """Written here."""
    written_later: int = 0
    """Of those, in the store by now."""
    refused: int = 0
    """Neither: there was no room."""


class Told(NamedTuple):
    """A fact, and who waits for it."""

    write: CallWrite
    promise: Future[None]


@dataclass(slots=True, eq=False)
class Entry:
    """Facts in the journal; with `told` they may not be in its file yet."""

    number: int
    told: tuple[Told, ...] = ()
    is_gone: bool = False


@dataclass(slots=True, eq=False)
class Line:
    """What is under way of one call.

    At most one unit of work is at the store: either `sent`, straight from the call, or the first
    `covers` of the `entries` in the journal. `waiting` was told since and goes next, together.
    While there are entries, whatever comes becomes one: nothing overtakes.
    """

    session_id: str
    began_at: float
    sent: tuple[Told, ...] = ()
    waiting: tuple[Told, ...] = ()
    entries: tuple[Entry, ...] = ()
    covers: int = 0

    @property
    def is_at_store(self) -> bool:
        """Whether the store has been asked and has not answered."""
        return bool(self.sent or self.covers)


def keep_promises(told: Sequence[Told]) -> None:
    """Say that these facts are durable."""
    for one in told:
        if not one.promise.done():
            one.promise.set_result(None)


def break_promises(told: Sequence[Told], error: BaseException) -> None:
    """Say that these facts are not kept."""
    for one in told:
        if not one.promise.done():
            one.promise.set_exception(error)


def size_of(told: Sequence[Told]) -> int:
    """About how many bytes these facts take in a journal."""
    notices = [notice for one in told for notice in one.write.notices]
    facts = (one.write.fact for one in told)
    resumptions = sum(len(fact.resumption) for fact in facts if isinstance(fact, Call))
    return ENTRY_BYTES + resumptions + sum(NOTICE_BYTES + len(notice.body) for notice in notices)
