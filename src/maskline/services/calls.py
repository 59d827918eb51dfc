"""The ledger of calls: the one place where facts become notices and the call record."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import structlog

from maskline.domain.application import Application
from maskline.domain.call import Call, CallEnd, CallRecord
from maskline.domain.error import BusyError, PlatformError
from maskline.domain.notice import Notice, Purpose
from maskline.domain.release import ReleaseCode
from maskline.services.call_write import CallWriter
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.notification import NotificationFormat, origin_of

RECORD_TRIES = 6
"""How often a record is offered to a store that is busy or failing before its live row is left."""

RECORD_RETRY_S = 0.25
"""The first pause between those tries; it doubles."""

log = structlog.get_logger("calls")


class CallFact(Enum):
    """What can be told of a call while it lives."""

    ARRIVED = "arrived"
    COLLECTED = "collected"
    FORWARDED = "forwarded"
    ALERTED = "alerted"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Receivers:
    """The origins (scheme, host, port) an application wants events and records at; None: not."""

    status: str | None
    record: str | None

    @classmethod
    def of(cls, application: Application) -> "Receivers":
        """Where notices of this application go now."""
        return cls(origin_of(application.status_url), origin_of(application.cdr_url))


class CallLedger:
    """Writes what happens in calls: snapshot, notices and record, each fact in one unit of work.

    `hint` is called after a unit is durable, to wake the delivery plane.
    """

    def __init__(
        self,
        store: CallWriter,
        formats: NotificationFormat,
        clock: Clock,
        ids: Ids,
        hint: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._hint = hint
        self._record_entry = formats.record
        self._disconnect = formats.disconnect
        self._event = {
            CallFact.ARRIVED: formats.call_in,
            CallFact.COLLECTED: formats.collect_info,
            CallFact.FORWARDED: formats.call_out,
            CallFact.ALERTED: formats.alerting,
            CallFact.ANSWERED: formats.answer,
        }

    def tell(self, call: Call, receivers: Receivers, *facts: CallFact) -> asyncio.Future[None]:
        """Keep the call as it is now and queue an event for each fact.

        The work is taken at once; await the result before promising anything to a carrier.
        Raises StoreBusy at once, StoreFailed when awaited.
        """
        kept = self._store.save_call(call, self._events(call, receivers, facts))
        kept.add_done_callback(self._kept)
        return kept

    async def close(self, record: CallRecord, receivers: Receivers, *untold: CallFact) -> None:
        """Keep the record, queue the last event and the record; `untold` facts go before them.

        A store that is busy or failing is tried again a few times; after that the snapshot of
        the live call stays and the record is made from it at the next start.
        """
        notices = self._events(record.call, receivers, untold)
        if receivers.status is not None:
            notices.append(
                self._notice(
                    record.call, Purpose.STATUS, receivers.status, self._disconnect(record)
                )
            )
        if receivers.record is not None:
            notices.append(
                self._notice(
                    record.call, Purpose.RECORD, receivers.record, self._record_entry(record)
                )
            )
        await self._finish(record, notices)
        self._hint()

    def _kept(self, kept: asyncio.Future[None]) -> None:
        if kept.cancelled():
            return
        error = kept.exception()
        if error is None:
            self._hint()
        else:
            log.error("call event not kept", error=type(error).__name__)

    def _events(self, call: Call, receivers: Receivers, facts: Sequence[CallFact]) -> list[Notice]:
        if receivers.status is None:
            return []
        return [
            self._notice(call, Purpose.STATUS, receivers.status, self._event[fact](call))
            for fact in facts
        ]

    def _notice(self, call: Call, purpose: Purpose, origin: str, body: bytes) -> Notice:
        return Notice(
            notice_id=self._ids.uuid(),
            stream=call.session_id,
            app_key=call.app_key,
            purpose=purpose,
            origin=origin,
            body=body,
            created_at=self._clock.now(),
        )

    async def _finish(self, record: CallRecord, notices: Sequence[Notice]) -> None:
        pause = RECORD_RETRY_S
        for tries_left in reversed(range(RECORD_TRIES)):
            try:
                await self._store.finish_call(record, notices)
            except (BusyError, PlatformError):
                if not tries_left:
                    log.exception("call record not kept", session_id=record.call.session_id)
                    raise
                await asyncio.sleep(pause)
                pause *= 2
            else:
                return


def end_of_orphan(call: Call, recorded_s: float, alive_at: datetime | None) -> CallEnd:
    """How a call ended that a killed worker left behind and that cannot go on.

    An answered call is put to its end at the last moment at which it is known to have lived:
    `alive_at` is when its worker last did, None when that is unknown. So nobody pays for time in
    which nothing is known. `recorded_s` says how much of it was recorded.
    """
    at = _last_known(call, recorded_s)
    if call.answered_at is not None and alive_at is not None:
        at = max(at, alive_at)
    return CallEnd(at=at, release=ReleaseCode.SERVICE_ABNORMAL, recorded_s=recorded_s)


def _last_known(call: Call, recorded_s: float) -> datetime:
    last = call.answered_at or call.alerted_at or call.forwarded_at or call.arrived_at
    if call.recording is None:
        return last
    # While there was something to record, the call lived.
    return max(last, call.recording.started_at + timedelta(seconds=recorded_s))
