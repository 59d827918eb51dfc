"""What was counted, as people ask for it: by time in their zone, or by what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from maskline.domain.error import InvalidParameter
from maskline.domain.outcome_class import class_of
from maskline.domain.tally import SLOT, SUMS, Tally, padded, slot_of
from maskline.services.call_count import CALL_CITIES, CALL_CODES, CALL_NUMBERS, CALLS, DAY
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

By = Literal["time", "application", "city", "number", "outcome", "code"]
Step = Literal["15m", "hour", "day"]
Kind = Literal["calls", "pushes", "api"]

MAX_ROWS = 500
MAX_SLOTS = 75_000
"""Slots that are read for one answer: two years of quarters of an hour are fewer."""

LONGEST = {"15m": timedelta(days=8), "hour": timedelta(days=32), "day": timedelta(days=732)}
"""How long a time may be shown with this step."""

_SUBJECTS: dict[By, tuple[str, Grouping]] = {
    "time": (CALLS, Grouping.SLOT),
    "application": (CALLS, Grouping.APPLICATION),
    "city": (CALL_CITIES, Grouping.NAME),
    "number": (CALL_NUMBERS, Grouping.NAME),
    "outcome": (CALL_CODES, Grouping.NAME),
    "code": (CALL_CODES, Grouping.NAME),
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
        subject, grouping = self._subject(question)
        if question.until - question.since > LONGEST[question.step]:
            days = LONGEST[question.step].days
            raise InvalidParameter("since", f"is too early: {question.step} shows {days} days")
        length = DAY if subject == CALL_NUMBERS else SLOT
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

    def _subject(self, question: Question) -> tuple[str, Grouping]:
        if question.kind == "calls":
            return _SUBJECTS[question.by]
        if question.by not in {"time", "application", "code"}:
            raise InvalidParameter("by", f"{question.kind} are by time, application or code")
        grouping = Grouping.NAME if question.by == "code" else _SUBJECTS[question.by][1]
        return question.kind, grouping


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
    """When the quarter, hour or day of the zone begins, in UTC."""
    if question.step == "15m":
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
