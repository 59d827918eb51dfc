"""Facts of calls on their way to the store, and the file in which they wait while it fails."""

from asyncio import Future
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from maskline.domain.call import Call, CallRecord
from maskline.domain.notice import Notice


class CallWriter(Protocol):
    """The half of `CallStore` that writes."""

    def save_call(self, call: Call, notices: Sequence[Notice]) -> Future[None]:
        """See `CallStore`."""
        ...

    def finish_call(self, record: CallRecord, notices: Sequence[Notice]) -> Future[None]:
        """See `CallStore`."""
        ...


class CallWrite(NamedTuple):
    """What `save_call` (with a call) or `finish_call` (with a record) was given."""

    fact: Call | CallRecord
    notices: tuple[Notice, ...]

    @property
    def session_id(self) -> str:
        """The call it is about."""
        return (self.fact if isinstance(self.fact, Call) else self.fact.call).session_id

    def submit(self, store: CallWriter) -> Future[None]:
        """Have it written. Raises what the store raises at once."""
        if isinstance(self.fact, Call):
            return store.save_call(self.fact, self.notices)
        return store.finish_call(self.fact, self.notices)


def together(writes: Sequence[CallWrite]) -> CallWrite:
    """One unit of work that does what these of one call would do one after another.

    What would be ignored, as it comes after the record, is left out.
    """
    if len(writes) == 1:
        return writes[0]
    notices: list[Notice] = []
    for write in writes:
        notices += write.notices
        if isinstance(write.fact, CallRecord):
            return CallWrite(write.fact, tuple(notices))
    return CallWrite(writes[-1].fact, tuple(notices))


@dataclass(frozen=True, slots=True)
class KeptWrite:
    """What lies in a journal: its number, which grows, and the call it is about."""

    number: int
    session_id: str


class Journal(Protocol):
    """A file in which writes wait. Every method blocks and raises StoreFailed.

    One thread at a time uses it.
    """

    def open(self) -> list[KeptWrite]:
        """Take hold of the file; what an earlier run left there, in order."""
        ...

    def append(self, writes: Sequence[tuple[int, CallWrite]]) -> None:
        """Keep writes under their numbers; they are on the disk when it returns."""
        ...

    def read(self, numbers: Sequence[int]) -> list[CallWrite]:
        """Writes that were appended and not settled."""
        ...

    def settle(self, reached: Sequence[KeptWrite]) -> None:
        """The writes of these calls up to these numbers are in the store."""
        ...

    def clear(self) -> None:
        """Nothing waits any more."""
        ...

    @property
    def size_bytes(self) -> int:
        """How far the file is written."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
