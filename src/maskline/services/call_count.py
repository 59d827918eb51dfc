"""Counts call records by quarters of an hour, each once."""

from datetime import timedelta

from maskline.domain.call import CallRecord
from maskline.domain.outcome_class import OutcomeClass, class_of
from maskline.domain.tally import DAY, MINUTE, SLOT, Tally, padded, slot_of
from maskline.services.clock import Clock
from maskline.services.count_subject import CALL_PROBLEMS, CALLS
from maskline.services.number_city import UNKNOWN, NumberCities
from maskline.services.tally_store import TallyStore

RECORDS_AT_ONCE = 1_000
MAX_ROUNDS = 20
"""Units of work in one run; what is left is counted by the next."""


class CallCount:
    """Several processes may count one store: each record is counted by one of them."""

    def __init__(self, store: TallyStore, cities: NumberCities, clock: Clock) -> None:
        self._store = store
        self._cities = cities
        self._clock = clock

    async def sweep(self) -> int:
        """Count what is not counted yet; how many records it was. Raises StoreBusy, StoreFailed."""
        done = 0
        for _ in range(MAX_ROUNDS):
            found = await self._store.uncounted_records(self._clock.now(), RECORDS_AT_ONCE)
            if found.after == found.upto:
                break
            cities = await self._cities.of(record.call.x for record in found.records)
            tallies = [tally for record in found.records for tally in tallies_of(record, cities)]
            if await self._store.count_records(found, tallies):
                done += len(found.records)
        return done


def tallies_of(record: CallRecord, cities: dict[str, str]) -> tuple[Tally, ...]:
    """What one record adds. A call counts for the moment at which it ended.

    The sums are: calls, connected, seconds of talk, milliseconds from arrival to ringing and from
    ringing to answer or end, how many rang, refused, failed.
    """
    call, end = record.call, record.end
    outcome = class_of(end.release)
    is_connected = record.is_answered
    rang = call.alerted_at
    ringing = (call.answered_at or end.at) - rang if rang else timedelta()
    sums = padded(
        1,
        is_connected,
        record.talk_time_s,
        _ms(rang - call.arrived_at) if rang else 0,
        _ms(ringing),
        rang is not None,
        not is_connected and outcome is OutcomeClass.REFUSED,
        not is_connected and outcome is OutcomeClass.FAILED,
    )

    def tally(subject: str, name: str, length: timedelta = SLOT) -> Tally:
        return Tally(
            subject=subject,
            slot=slot_of(end.at, length),
            app_key=call.app_key,
            name=name,
            sums=sums,
            first_at=end.at,
            last_at=end.at,
        )

    counted = (
        tally(CALLS.time, ""),
        tally(CALLS.minute, "", MINUTE),
        tally(CALLS.codes, str(int(end.release))),
        tally(CALLS.cities, cities.get(call.x, UNKNOWN)),
        tally(CALLS.numbers, call.x, DAY),
    )
    if outcome is not OutcomeClass.FAILED:
        return counted
    return (*counted, tally(CALL_PROBLEMS, str(int(end.release)), timedelta(minutes=5)))


def _ms(time: timedelta) -> int:
    return max(0, round(time / timedelta(milliseconds=1)))
