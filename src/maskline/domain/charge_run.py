"""Runs that charge: what each is about, and how far it got."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunKind(StrEnum):
    """What a run goes through."""

    CALLS = "calls"
    MESSAGES = "messages"
    RENT = "rent"
    """Of all numbers, once a month."""
    ISSUED = "issued"
    """Rent of numbers that came since."""
    ARREARS = "arrears"


class RunState(StrEnum):
    """A run that was cut off stays RUNNING until somebody goes on with it."""

    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRun:
    """One run of a kind for a period, of which there is one: an hour `2026-12-01T05`, or a month.

    `cursor` is what it goes on behind. `postings` are those that it added, which charged `amount`
    in all; `skipped` is what it had no tariff for. In ARREARS `postings` are the tenants that it
    froze, thawed or told. Nobody but `holder` works on it until `leased_until`.
    """

    kind: RunKind
    period: str
    state: RunState = RunState.RUNNING
    cursor: str = ""
    postings: int = 0
    amount: int = 0
    skipped: int = 0
    started_at: datetime
    ended_at: datetime | None = None
    holder: str = ""
    leased_until: datetime
