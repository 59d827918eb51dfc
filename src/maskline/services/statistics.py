"""What was counted, as people ask for it: by time in their zone, or by what it is about."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from maskline.domain.error import InvalidParameter
from maskline.domain.outcome_class import class_of
from maskline.domain.tally import DAY, MINUTE, SLOT, SUMS, Tally, padded, slot_of
from maskline.services.binding_statistics import BindingStatistics
from maskline.services.clock import Clock
from maskline.services.concurrent_statistics import ConcurrentStatistics
from maskline.services.count_question import (
    LONGEST,
    MAX_ROWS,
    MAX_SLOTS,
    By,
    Counted,
    Kind,
    Question,
    moment_key,
)
from maskline.services.count_subject import CALLS, MESSAGES, PUSHES, REQUESTS, Subjects
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

_SUBJECTS: dict[Kind, Subjects] = {
    "calls": CALLS,
    "messages": MESSAGES,
    "pushes": PUSHES,
    "api": REQUESTS,
}

_BYS: dict[Kind, tuple[By, ...]] = {
    "concurrent": ("time", "application"),
    "bindings": ("time", "application", "city", "number", "code"),
}


class Statistics:
    """Answers questions."""

    def __init__(self, store: TallyStore, clock: Clock) -> None:
        self._store = store
        self._bindings = BindingStatistics(store)
        self._concurrent = ConcurrentStatistics(store, clock)

    async def ask(self, question: Question) -> tuple[Counted, ...]:
        """The sums, by time in its order, else the greatest first. Raises InvalidParameter."""
        check_question(question)
        if question.kind == "concurrent":
            return await self._concurrent.ask(question)
        if question.kind == "bindings":
            return await self._bindings.ask(question)
        subject, length, grouping = _subject(question)
        wanted = TallyFilter(
            subject=subject,
            since=slot_of(question.since, length),
            until=question.until,
            app_key=question.app_key,
            app_keys=question.app_keys,
        )
        limit = MAX_SLOTS if grouping is Grouping.SLOT else MAX_ROWS
        found = await self._store.tallies(wanted, grouping, limit)
        if question.by == "time":
            return _by_time(found, question)
        if question.by == "outcome":
            return _by_outcome(found)
        by_app = grouping is Grouping.APPLICATION
        return tuple(Counted(one.app_key if by_app else one.name, one.sums) for one in found)


def check_question(question: Question) -> None:
    """Whether it can be asked. Raises InvalidParameter."""
    if question.until - question.since > LONGEST[question.step]:
        days = LONGEST[question.step].days
        raise InvalidParameter("since", f"is too early: {question.step} shows {days} days")
    if question.kind in _SUBJECTS:
        _subject(question)
    elif question.by not in (known := _BYS[question.kind]):
        raise InvalidParameter("by", f"{question.kind} are counted by {', '.join(known)}")


def _subject(question: Question) -> tuple[str, timedelta, Grouping]:
    """What is read, how long its slots are, and by what it is added up."""
    subjects, by = _SUBJECTS[question.kind], question.by
    if by == "time" and question.step == "minute":
        return subjects.minute, MINUTE, Grouping.SLOT
    if by == "time":
        return subjects.time, SLOT, Grouping.SLOT
    if by == "application":
        return subjects.time, SLOT, Grouping.APPLICATION
    is_call = question.kind == "calls"
    codes = subjects.codes if by == "code" or is_call else ""
    named = {"city": subjects.cities, "number": subjects.numbers}.get(by, codes)
    if not named:
        raise InvalidParameter("by", f"{question.kind} are not counted by {by}")
    return named, DAY if by == "number" else SLOT, Grouping.NAME


def _by_time(found: Sequence[Tally], question: Question) -> tuple[Counted, ...]:
    groups: dict[datetime, list[int]] = {}
    for one in found:
        begins = question.begin(one.slot)
        known = groups.setdefault(begins, [0] * SUMS)
        for place, more in enumerate(one.sums):
            known[place] += more
    return tuple(Counted(moment_key(begins), tuple(groups[begins])) for begins in sorted(groups))


def _by_outcome(found: Sequence[Tally]) -> tuple[Counted, ...]:
    groups: dict[str, list[int]] = {}
    for one in found:
        known = groups.setdefault(class_of(int(one.name)).value, [0] * SUMS)
        for place, more in enumerate(one.sums):
            known[place] += more
    ordered = sorted(groups.items(), key=lambda group: -group[1][0])
    return tuple(Counted(name, padded(*sums)) for name, sums in ordered)
