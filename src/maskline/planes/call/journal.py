"""What has been told of one call, and what is still to tell."""

from asyncio import Future
from collections.abc import Callable
from datetime import datetime

import structlog

from maskline.domain.application import Mode
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.error import StoreBusy
from maskline.domain.plan import Connect, Refuse
from maskline.domain.recording import CallRecording
from maskline.planes.call.trace import CallTrace
from maskline.services.calls import CallFact, CallLedger, Receivers
from maskline.services.clock import AnchoredClock, Clock

log = structlog.get_logger("calls")


class CallJournal:
    """The snapshot of one call as it grows; every fact is told to the ledger once.

    `resumption` packs what a later run needs of the call besides; it goes with every fact. A call
    of an earlier run `is_resumed`: its arrival was told then.
    """

    __slots__ = (
        "_call",
        "_clock",
        "_has_told_arrival",
        "_ledger",
        "_receivers",
        "_resumption",
        "_trace",
    )

    def __init__(
        self,
        ledger: CallLedger,
        clock: Clock,
        call: Call,
        receivers: Receivers,
        resumption: Callable[[], bytes],
        *,
        trace: CallTrace,
        is_resumed: bool = False,
    ) -> None:
        self._ledger = ledger
        self._trace = trace
        # A wall clock that jumps must not make the call longer or shorter.
        self._clock = AnchoredClock(clock)
        self._call = call
        self._receivers = receivers
        self._resumption = resumption
        # Mode X tells of the arrival by asking, and never again (`spec/x.md` 2.4).
        self._has_told_arrival = is_resumed or call.mode is Mode.X

    @property
    def call(self) -> Call:
        """The call so far."""
        return self._call

    def now(self) -> datetime:
        """The moment, on the clock that this call is dated by."""
        return self._clock.now()

    def planned(self, plan: Connect | Refuse) -> None:
        """It is known what to do with the call; nothing is told of that yet."""
        self._call = self._call.planned(plan)

    def arrived(self) -> None:
        """Tell of the arrival now, not only with the next fact. Raises StoreBusy."""
        if not self._has_told_arrival:
            self._tell(self._call, CallFact.ARRIVED)
            self._has_told_arrival = True

    def asked_customer(self) -> None:
        """The customer's server is about to learn of the call, which leaves a record from here on.

        Raises StoreBusy: then it is not to be asked.
        """
        self._tell(self._call)

    def collected(self, digits: str) -> None:
        """The caller was asked for digits, "" for none. Raises StoreBusy: then nothing was told."""
        call = self._call.collected(digits, self._clock.now())
        self._tell(call, *self._untold_arrival(), CallFact.COLLECTED)
        self._has_told_arrival = True

    def forwarded(self) -> None:
        """The outgoing leg is started. Raises StoreBusy: then nothing was told."""
        call = self._call.forwarded(self._clock.now())
        self._tell(call, *self._untold_arrival(), CallFact.FORWARDED)
        self._has_told_arrival = True

    def alerted(self) -> None:
        """The callee's phone rings; told once. Raises StoreBusy: then nothing was told."""
        if self._call.alerted_at is None:
            self._tell(self._call.alerted(self._clock.now()), CallFact.ALERTED)

    def answered(self, at: datetime) -> "Future[None]":
        """The callee answered; await the result before the caller is told.

        Raises StoreBusy: then nothing was told, and the record knows of no answer.
        """
        return self._tell(self._call.answered(at), CallFact.ANSWERED)

    def recorded(self, recording: CallRecording) -> None:
        """The call is being recorded.

        A snapshot that cannot be kept now is no reason to end it: only a crash would need that.
        """
        self._call = self._call.recorded(recording)
        self.keep()

    def keep(self) -> None:
        """Something has changed that a later run would need to know, if there is one."""
        try:
            self._tell(self._call)
        except StoreBusy:
            log.warning("snapshot not kept", session_id=self._call.session_id)

    async def close(self, end: CallEnd) -> None:
        """Keep the record. Raises StoreBusy or StoreFailed after several tries."""
        # The call is held by what packed it: let go, so that nothing but counting frees it.
        self._resumption = bytes
        record = CallRecord(call=self._call.resumable(b""), end=end)
        await self._ledger.close(record, self._receivers, *self._untold_arrival())

    def _tell(self, call: Call, *facts: CallFact) -> "Future[None]":
        call = call.resumable(self._resumption())
        kept = self._ledger.tell(call, self._receivers, *facts)
        self._call = call
        for fact in facts:
            self._trace.note("told", fact.value)
        return kept

    def _untold_arrival(self) -> tuple[CallFact, ...]:
        return () if self._has_told_arrival else (CallFact.ARRIVED,)
