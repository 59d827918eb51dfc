"""What was counted, as people ask for it: by time in their zone, or by what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from maskline.domain.error import InvalidParameter
from maskline.domain.outcome_class import class_of
from maskline.domain.tally import DAY, MINUTE, SLOT, SUMS, Tally, padded, slot_of
from maskline.services.count_subject import CALLS, MESSAGES, PUSHES, REQUESTS, Subjects
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

By = Literal["time", "application", "city", "number", "outcome", "code"]
Step = Literal["minute", "15m", "hour", "day"]
Kind = Literal["calls", "messages", "pushes", "api"]

MAX_ROWS = 500
MAX_SLOTS = 75_000
"""Slots that are read for one answer: two years of quarters of an hour are fewer."""

LONGEST = {
    "minute": timedelta(days=2),
    "15m": timedelta(days=8),
    "hour": timedelta(days=32),
    "day": timedelta(days=732),
}
"""How long a time may be shown with this step."""

_SUBJECTS: dict[Kind, Subjects] = {
    "calls": CALLS,
    "messages": MESSAGES,
    "pushes": PUSHES,
    "api": REQUESTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; `app_keys` are the applications of whoever asks."""

    kind: Kind
    by: By
    step: Step
    since: datetime
    until: datetime
    zone: ZoneInfo
    app_key: str | None = None
    app_keys: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Sums of one key: a moment, an application, a city, a number, an outcome or a code."""

    key: str
    sums: tuple[int, ...]


class Statistics:
    """Answers questions."""

    def __init__(self, store: TallyStore) -> None:
        self._store = store

    async def ask(self, question: Question) -> tuple[Counted, ...]:
        """The sums, by time in its order, else the greatest first. Raises InvalidParameter."""
        subject, length, grouping = _subject(question)
        if question.until - question.since > LONGEST[question.step]:
            days = LONGEST[question.step].days
            raise InvalidParameter("since", f"is too early: {question.step} shows {days} days")
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
        begins = _begin(one.slot, question)
        known = groups.setdefault(begins, [0] * SUMS)
        for place, more in enumerate(one.sums):
            known[place] += more
    return tuple(
        Counted(begins.isoformat().replace("+00:00", "Z"), tuple(groups[begins]))
        for begins in sorted(groups)
    )


def _begin(slot: datetime, question: Question) -> datetime:
    """When the minute, quarter, hour or day of the zone begins, in UTC."""
    if question.step in {"minute", "15m"}:
        return slot
    local = slot.astimezone(question.zone).replace(minute=0)
    if question.step == "day":
        local = local.replace(hour=0)
    return local.astimezone(UTC)


def _by_outcome(found: Sequence[Tally]) -> tuple[Counted, ...]:
    groups: dict[str, list[int]] = {}
    for one in found:
        known = groups.setdefault(class_of(int(one.name)).value, [0] * SUMS)
        for place, more in enumerate(one.sums):
            known[place] += more
    ordered = sorted(groups.items(), key=lambda group: -group[1][0])
    return tuple(Counted(name, padded(*sums)) for name, sums in ordered)
