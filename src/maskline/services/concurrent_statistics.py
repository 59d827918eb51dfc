"""How many calls were up at once, as people ask for it."""

from datetime import datetime, timedelta

from maskline.domain.tally import DAY, MINUTE, SLOT, Tally, padded, slot_of
from maskline.services.clock import Clock
from maskline.services.concurrency import SAMPLE, WHOLE, tenant_name
from maskline.services.count_question import MAX_ROWS, MAX_SLOTS, Counted, Question, moment_key
from maskline.services.count_subject import CONCURRENT
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore


class ConcurrentStatistics:
    """Answers with three sums: the greatest sample, all added up, and how many there were."""

    def __init__(self, store: TallyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def ask(self, question: Question) -> tuple[Counted, ...]:
        """By time in its order, else by application, the greatest first."""
        if question.by == "time":
            return await self._by_time(question)
        return await self._by_application(question)

    async def _by_time(self, question: Question) -> tuple[Counted, ...]:
        is_minute = question.step == "minute"
        length = MINUTE if is_minute else SLOT
        tenant_id = question.tenant_id
        whole = WHOLE if tenant_id is None else tenant_name(tenant_id)
        wanted = TallyFilter(
            subject=CONCURRENT.minute if is_minute else CONCURRENT.time,
            since=slot_of(question.since, length),
            until=question.until,
            app_key=question.app_key or "",
            app_keys=question.app_keys if question.app_key else None,
            name="" if question.app_key else whole,
        )
        found = await self._store.tallies(wanted, Grouping.SLOT, MAX_SLOTS)
        ends: dict[datetime, datetime] = {}
        peaks: dict[datetime, int] = {}
        totals: dict[datetime, int] = {}
        for one in found:
            begins = question.begin(one.slot)
            peaks[begins] = max(peaks.get(begins, 0), one.sums[0])
            totals[begins] = totals.get(begins, 0) + one.sums[1]
            ends[begins] = one.slot + length
        return tuple(
            Counted(
                moment_key(at),
                padded(peaks[at], totals[at], self._samples(at, _end(at, ends[at], question))),
            )
            for at in sorted(peaks)
        )

    async def _by_application(self, question: Question) -> tuple[Counted, ...]:
        """The greatest of days of UTC, the mean of the time that is asked for."""
        since = slot_of(question.since)
        days = await self._of_applications(CONCURRENT.days, question, slot_of(since, DAY))
        peaks: dict[str, int] = {}
        for one in days:
            peaks[one.app_key] = max(peaks.get(one.app_key, 0), one.sums[0])
        totals = await self._of_applications(CONCURRENT.time, question, since)
        samples = self._samples(since, question.until)
        counted = [
            Counted(one.app_key, padded(peaks.get(one.app_key, 0), one.sums[1], samples))
            for one in totals
        ]
        return tuple(sorted(counted, key=lambda one: (-one.sums[0], one.key)))

    async def _of_applications(
        self, subject: str, question: Question, since: datetime
    ) -> tuple[Tally, ...]:
        wanted = TallyFilter(
            subject=subject,
            since=since,
            until=question.until,
            app_key=question.app_key,
            app_keys=question.app_keys,
            name="",
        )
        if subject == CONCURRENT.days:
            return await self._store.tallies(wanted, Grouping.ALL, MAX_SLOTS)
        return await self._store.tallies(wanted, Grouping.APPLICATION, MAX_ROWS)

    def _samples(self, since: datetime, until: datetime) -> int:
        """How many moments there were for samples; of the running time those that have been."""
        return max(1, (min(until, self._clock.now()) - since) // SAMPLE)


def _end(begins: datetime, last: datetime, question: Question) -> datetime:
    """When the time ends that began then, of which the last count ends at `last`."""
    if question.step in {"minute", "15m"}:
        return last
    if question.step == "hour":
        return begins + timedelta(hours=1)
    # A day of its zone, which may have 23 or 25 hours.
    return question.begin(begins + timedelta(hours=36))
