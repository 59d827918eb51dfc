"""How many bindings were made, ended and live, as people ask for it."""

from datetime import datetime, timedelta

from maskline.domain.tally import DAY, MINUTE, SLOT, Tally, padded, slot_of
from maskline.services.count_question import MAX_ROWS, MAX_SLOTS, Counted, Question, moment_key
from maskline.services.count_subject import BINDING_ENDS, BINDINGS, LIVE_BINDINGS
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

NOT_KNOWN = -1
"""Of how many live: nobody looked at the end of that time."""


class BindingStatistics:
    """Answers with three sums: made, ended, and how many live at the end, or NOT_KNOWN."""

    def __init__(self, store: TallyStore) -> None:
        self._store = store

    async def ask(self, question: Question) -> tuple[Counted, ...]:
        """By time in its order, else the greatest first: by number where by nothing else."""
        match question.by:
            case "time":
                return await self._by_time(question)
            case "application":
                return await self._by_application(question)
            case "code":
                ends = await self._read(BINDING_ENDS.codes, question, SLOT, Grouping.NAME)
                return tuple(Counted(one.name, padded(0, one.sums[0], NOT_KNOWN)) for one in ends)
            case "city":
                made = await self._read(BINDINGS.cities, question, SLOT, Grouping.NAME)
            case _:
                made = await self._read(BINDINGS.numbers, question, DAY, Grouping.NAME)
        return tuple(Counted(one.name, padded(one.sums[0], 0, NOT_KNOWN)) for one in made)

    async def _by_time(self, question: Question) -> tuple[Counted, ...]:
        is_minute = question.step == "minute"
        length = MINUTE if is_minute else SLOT
        sums: dict[datetime, list[int]] = {}
        for place, subjects in enumerate((BINDINGS, BINDING_ENDS)):
            subject = subjects.minute if is_minute else subjects.time
            for one in await self._read(subject, question, length, Grouping.SLOT):
                known = sums.setdefault(question.begin(one.slot), [0, 0, NOT_KNOWN])
                known[place] += one.sums[0]
        if not is_minute:
            # In the order of time: the last look of an hour or a day is what stays.
            for one in await self._read(LIVE_BINDINGS.time, question, SLOT, Grouping.SLOT):
                known = sums.setdefault(question.begin(one.slot), [0, 0, NOT_KNOWN])
                known[2] = one.sums[0]
        return tuple(Counted(moment_key(at), padded(*sums[at])) for at in sorted(sums))

    async def _by_application(self, question: Question) -> tuple[Counted, ...]:
        sums: dict[str, list[int]] = {}
        for place, subjects in enumerate((BINDINGS, BINDING_ENDS)):
            for one in await self._read(subjects.time, question, SLOT, Grouping.APPLICATION):
                sums.setdefault(one.app_key, [0, 0, NOT_KNOWN])[place] = one.sums[0]
        for app_key, live in (await self._live(question)).items():
            sums.setdefault(app_key, [0, 0, NOT_KNOWN])[2] = live
        counted = [Counted(app_key, padded(*some)) for app_key, some in sums.items()]
        counted.sort(key=lambda one: (-one.sums[0], one.key))
        return tuple(counted[:MAX_ROWS])

    async def _live(self, question: Question) -> dict[str, int]:
        """What the last look said of each application."""
        late = max(question.since, question.until - timedelta(hours=1))
        wanted = _filter(LIVE_BINDINGS.time, question, slot_of(late))
        found = await self._store.tallies(wanted, Grouping.ALL, MAX_SLOTS)
        return {one.app_key: one.sums[0] for one in reversed(found)}

    async def _read(
        self, subject: str, question: Question, length: timedelta, by: Grouping
    ) -> tuple[Tally, ...]:
        limit = MAX_SLOTS if by is Grouping.SLOT else MAX_ROWS
        wanted = _filter(subject, question, slot_of(question.since, length))
        return await self._store.tallies(wanted, by, limit)


def _filter(subject: str, question: Question, since: datetime) -> TallyFilter:
    return TallyFilter(
        subject=subject,
        since=since,
        until=question.until,
        app_key=question.app_key,
        app_keys=question.app_keys,
    )
