"""Facts of calls reach the store, whether or not it answers when they happen."""

import asyncio
from asyncio import Future
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import TypeVar

import structlog

from maskline.domain.call import Call, CallRecord
from maskline.domain.error import BusyError, PlatformError, StoreBusy, StoreFailed
from maskline.domain.notice import Notice
from maskline.services.call_line import (
    Entry,
    JournalCounters,
    JournalLimits,
    Line,
    Told,
    break_promises,
    keep_promises,
    size_of,
)
from maskline.services.call_write import CallWrite, CallWriter, Journal, KeptWrite, together
from maskline.services.clock import Clock

Result = TypeVar("Result")

WRITES_AT_ONCE = 64
"""Calls whose facts are written together once the store answers again."""

LOOK_S = 0.2
"""How often what is under way is looked at for what takes too long."""

TOLD_AGAIN_S = 10.0
"""How often the log is told again that the journal is full, or that the store fails."""

log = structlog.get_logger("calls")


class JournaledCalls:
    """`CallWriter` over a store that may fail: what it does not take waits in a journal.

    A promise is done once the fact is durable in one of the two; `run` brings what waits to the
    store, in order per call, once. Only a full journal refuses, with StoreBusy when awaited. Facts
    of one call that come while the store is busy with an earlier one are written together.

    A file that cannot be written either does not end the calls that are up: their facts then wait
    in memory, and only a crash loses them.
    """

    def __init__(
        self, store: CallWriter, journal: Journal, clock: Clock, limits: JournalLimits | None = None
    ) -> None:
        self.counters = JournalCounters()
        self._store = store
        self._journal = journal
        self._clock = clock
        self._limits = limits or JournalLimits()
        self._lines: dict[str, Line] = {}
        self._backlog: dict[str, Line] = {}
        self._late: list[Line] = []
        self._unwritten: list[Entry] = []
        self._used_bytes = 0
        self._next_number = 1
        self._has_failed = False
        self._is_file_failing = False
        self._full_told_at = float("-inf")
        self._failure_told_at = float("-inf")
        self._to_write = asyncio.Event()
        self._to_replay = asyncio.Event()
        self._closing = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="call-journal")

    @property
    def is_failing(self) -> bool:
        """Whether the store fails, or is so slow that a new call would only make it worse."""
        if self._has_failed:
            return True
        oldest = next(iter(self._backlog.values()), None)
        if oldest is None:
            return False
        return self._clock.monotonic() - oldest.began_at > self._limits.refuse_after_s

    @property
    def has_room(self) -> bool:
        """Whether the journal can take what a new call would leave in it."""
        return self._used_bytes <= self._limits.max_bytes // 2

    @property
    def waiting_calls(self) -> int:
        """Calls with facts that are in the journal and not in the store yet."""
        return len(self._backlog)

    def save_call(self, call: Call, notices: Sequence[Notice]) -> Future[None]:
        """See `CallStore`; StoreBusy comes when awaited, and only from a full journal."""
        return self._take(call.session_id, CallWrite(call, tuple(notices)))

    def finish_call(self, record: CallRecord, notices: Sequence[Notice]) -> Future[None]:
        """See `CallStore`; StoreBusy comes when awaited, and only from a full journal."""
        return self._take(record.call.session_id, CallWrite(record, tuple(notices)))

    async def start(self) -> int:
        """Open the journal and write what an earlier run left in it; how many calls that was.

        Raises StoreFailed, also when the store takes it no more than it did then.
        """
        left = await self._in_thread(self._journal.open)
        now = self._clock.monotonic()
        for kept in left:
            line = self._lines.setdefault(kept.session_id, Line(kept.session_id, now))
            line.entries += (Entry(kept.number),)
            self._backlog[kept.session_id] = line
            self._next_number = max(self._next_number, kept.number + 1)
        self._used_bytes = self._journal.size_bytes
        calls = len(self._backlog)
        while self._backlog:
            failure = await self._replay_some(WRITES_AT_ONCE)
            if failure is not None:
                raise failure
        await self._clear()
        return calls

    async def run(self) -> None:
        """Keep what is told and bring it to the store, until `stop`."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write())
            looking = [group.create_task(self._replay()), group.create_task(self._watch())]
            await self._closing.wait()
            for task in looking:
                task.cancel()
        if self._backlog:
            log.warning("facts of calls wait in the journal", calls=len(self._backlog))

    def stop(self) -> None:
        """Let `run` end; what waits is in the file and is written at the next start."""
        self._closing.set()
        self._to_write.set()

    async def aclose(self) -> None:
        """Let go of the file."""
        await self._in_thread(self._journal.close)
        self._thread.shutdown()

    def _take(self, session_id: str, write: CallWrite) -> Future[None]:
        told = Told(write, asyncio.get_running_loop().create_future())
        line = self._lines.get(session_id)
        if line is None:
            line = self._lines[session_id] = Line(session_id, 0.0)
            self._send(line, (told,))
        elif line.entries:
            if not self._keep(line, (told,)):
                self._refuse((told,))
        else:
            line.waiting += (told,)
        return told.promise

    def _send(self, line: Line, told: tuple[Told, ...]) -> None:
        """Offer facts to the store, as one unit."""
        line.sent, line.began_at = told, self._clock.monotonic()
        try:
            unit = together([one.write for one in told]).submit(self._store)
        except (BusyError, PlatformError) as error:
            self._failed(line, error)
        else:
            unit.add_done_callback(partial(self._answered, line))

    def _answered(self, line: Line, unit: Future[None]) -> None:
        """What became of facts that came straight from a call."""
        error = StoreFailed("given up") if unit.cancelled() else unit.exception()
        if isinstance(error, BusyError | PlatformError):
            self._failed(line, error)
            return
        sent, line.sent = line.sent, ()
        if error is not None:
            log.error("a fact of a call was refused", session_id=line.session_id, error=repr(error))
            break_promises(sent, error)
        else:
            self._store_answers()
        if line.entries:
            # It took so long that it was kept meanwhile, as the first entry.
            line.covers = 1
            self._late.append(line)
            self._to_replay.set()
            return
        keep_promises(sent)
        if line.waiting:
            waiting, line.waiting = line.waiting, ()
            self._send(line, waiting)
        else:
            del self._lines[line.session_id]

    def _failed(self, line: Line, error: BaseException) -> None:
        if not self._has_failed:
            self._has_failed = True
            log.error("the store fails: facts of calls are kept in the journal", error=str(error))
        told, line.sent, line.waiting = line.sent + line.waiting, (), ()
        if line.entries:
            self._to_replay.set()
        elif not self._keep(line, told):
            del self._lines[line.session_id]
            self._refuse(told)

    def _store_answers(self) -> None:
        if self._has_failed:
            self._has_failed = False
            log.warning("the store answers again", calls_waiting=len(self._backlog))

    def _keep(self, line: Line, told: tuple[Told, ...]) -> bool:
        """Have facts written to the journal; False when it is full."""
        size = size_of(told)
        if self._used_bytes + size > self._limits.max_bytes:
            return False
        self._used_bytes += size
        if not line.entries:
            line.began_at = self._clock.monotonic()
            self._backlog[line.session_id] = line
        entry = Entry(self._next_number, told)
        self._next_number += 1
        line.entries += (entry,)
        self._unwritten.append(entry)
        self._to_write.set()
        self._to_replay.set()
        return True

    def _refuse(self, told: Sequence[Told]) -> None:
        self.counters.refused += len(told)
        now = self._clock.monotonic()
        if now - self._full_told_at > TOLD_AGAIN_S:
            self._full_told_at = now
            log.error("the journal of calls is full", facts_refused=self.counters.refused)
        break_promises(told, StoreBusy("the journal of calls is full"))

    async def _watch(self) -> None:
        """Keep what the store does not answer for: it may never have got it."""
        while True:
            await asyncio.sleep(LOOK_S)
            late = self._clock.monotonic() - self._limits.patience_s
            for line in list(self._lines.values()):
                if line.sent and not line.entries and line.began_at < late:
                    waiting, line.waiting = line.waiting, ()
                    if not self._keep(line, line.sent):
                        line.waiting = waiting
                    elif waiting and not self._keep(line, waiting):
                        self._refuse(waiting)

    async def _write(self) -> None:
        """Put entries into the file, together as they come."""
        while self._unwritten or not self._closing.is_set():
            await self._to_write.wait()
            if not self._closing.is_set():
                self._to_write.clear()
            if await self._write_some():
                continue
            if self._closing.is_set():
                return
            await asyncio.sleep(self._limits.retry_max_s)
            self._to_write.set()

    async def _write_some(self) -> bool:
        """Write what there is; False when the file fails: then the facts stay in memory."""
        entries = [entry for entry in self._unwritten if not entry.is_gone]
        self._unwritten = []
        if not entries:
            return True
        units = [(entry.number, together([o.write for o in entry.told])) for entry in entries]
        try:
            await self._in_thread(self._journal.append, units)
        except PlatformError as error:
            if not self._is_file_failing:
                self._is_file_failing = True
                log.error("the journal fails: facts of calls are in memory only", error=str(error))  # noqa: TRY400 - no traceback: the disk is at fault
            self._unwritten = entries + self._unwritten
        else:
            self._is_file_failing = False
            self.counters.kept += len(entries)
        for entry in entries:
            keep_promises(entry.told)
            if not self._is_file_failing:
                entry.told = ()
        return not self._is_file_failing

    async def _replay(self) -> None:
        """Offer the store what waits, one call at a time until it takes that."""
        pause_s = self._limits.retry_s
        while True:
            await self._to_replay.wait()
            self._to_replay.clear()
            while self._backlog:
                failure = await self._replay_some(1 if self._has_failed else WRITES_AT_ONCE)
                if failure is None:
                    pause_s = self._limits.retry_s
                else:
                    await asyncio.sleep(pause_s)
                    pause_s = min(2 * pause_s, self._limits.retry_max_s)
            await self._clear()

    async def _replay_some(self, limit: int) -> BaseException | None:
        """Offer the store the facts of some calls; why it did not take them, if so."""
        late, self._late = self._late, []
        ready = (line for line in self._backlog.values() if not line.is_at_store)
        lines = list(islice(ready, limit))
        if not late and not lines:
            await asyncio.sleep(LOOK_S)  # all of it is at the store
            return None
        for line in lines:
            line.covers = len(line.entries)
        try:
            failures = await self._offer(lines)
        except PlatformError as error:
            failures = [error] * len(lines)
        for line, failure in zip(lines, failures, strict=True):
            if failure is not None:
                self._put_off(line, failure)
        written = late + [line for line in lines if line.covers]
        if written:
            await self._settle(written)
        return next((failure for failure in failures if failure is not None), None)

    def _put_off(self, line: Line, failure: BaseException) -> None:
        """Let others go first: a call that is never taken must not hold them up."""
        line.covers = 0
        line.began_at = now = self._clock.monotonic()
        self._backlog[line.session_id] = self._backlog.pop(line.session_id)
        if now - self._failure_told_at > TOLD_AGAIN_S:
            self._failure_told_at = now
            error = f"{type(failure).__name__}: {failure}"
            log.warning("facts of calls still wait", calls=len(self._backlog), error=error)

    async def _offer(self, lines: Sequence[Line]) -> list[BaseException | None]:
        """Hand units to the store. Raises StoreFailed when they cannot be read."""
        units: list[Future[None]] = []
        for write in await self._read(lines):
            try:
                units.append(write.submit(self._store))
            except (BusyError, PlatformError) as error:
                refused: Future[None] = asyncio.get_running_loop().create_future()
                refused.set_exception(error)
                units.append(refused)
        outcomes = await asyncio.gather(*units, return_exceptions=True)
        if any(outcome is None for outcome in outcomes):
            self._store_answers()
        return outcomes

    async def _read(self, lines: Sequence[Line]) -> list[CallWrite]:
        """The unit of each call: what is still in memory, and the rest from the file."""
        entries = [line.entries[: line.covers] for line in lines]
        known = {
            entry.number: together([one.write for one in entry.told])
            for of_one in entries
            for entry in of_one
            if entry.told
        }
        numbers = [entry.number for of_one in entries for entry in of_one if not entry.told]
        if numbers:
            read = await self._in_thread(self._journal.read, numbers)
            known |= dict(zip(numbers, read, strict=True))
        return [together([known[entry.number] for entry in of_one]) for of_one in entries]

    async def _settle(self, lines: Sequence[Line]) -> None:
        """Note that the store has what it was offered, before anything else of these calls."""
        reached = [
            KeptWrite(line.entries[line.covers - 1].number, line.session_id) for line in lines
        ]
        try:
            await self._in_thread(self._journal.settle, reached)
        except PlatformError as error:
            # After a crash it would be offered again, under the same ids.
            log.warning("journal not brought up to date", error=str(error))
        for line in lines:
            self._release(line)

    def _release(self, line: Line) -> None:
        gone, line.entries = line.entries[: line.covers], line.entries[line.covers :]
        line.covers = 0
        self.counters.written_later += len(gone)
        for entry in gone:
            entry.is_gone = True
            keep_promises(entry.told)
        if not line.entries:
            del self._backlog[line.session_id], self._lines[line.session_id]

    async def _clear(self) -> None:
        """Empty the file when nothing waits any more."""
        if self._backlog or not self._used_bytes:
            return
        used_bytes = self._used_bytes
        try:
            await self._in_thread(self._journal.clear)
        except PlatformError as error:
            log.warning("journal not emptied", error=str(error))
        else:
            # Not to nothing: facts may have come meanwhile.
            self._used_bytes -= used_bytes

    async def _in_thread(self, work: Callable[..., Result], *arguments: object) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(work, *arguments))
