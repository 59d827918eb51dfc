"""The part of the store seam by which processes that share a store tell each other things."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class BulletinKind(StrEnum):
    """What a bulletin tells, and what its subject names."""

    APPLICATION = "application"
    """An application changed: its `app_key`."""
    TENANT = "tenant"
    """A tenant changed: its id."""
    TRUNKS = "trunks"
    """The trunks changed: nothing."""
    CALL_RULES = "call_rules"
    """Blocked numbers or frequency rules changed: nothing."""
    SMS_LINKS = "sms_links"
    """The links of messages changed: nothing."""
    SMS_LINK_STATES = "sms_link_states"
    """How the links of messages stand with a worker: as `LinkWatch` writes it."""
    WORKER_PARTS = "worker_parts"
    """How trunks and media engines stand with a worker: as `PartWatch` writes it."""
    PROMPT = "prompt"
    """A prompt changed: `APP_KEY NAME`."""
    LOCKED_OUT = "locked_out"
    """An address was locked out: `INTERFACE ADDRESS`."""
    LET_IN = "let_in"
    """It was let in again before its time: `INTERFACE ADDRESS`."""
    STOP_CALL = "stop_call"
    """A call is to end, wherever it lives: its session id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One thing that every process has to hear of; `origin` names the run of the one that told.

    `kind` is a `BulletinKind`, or one of a newer release, which is passed over.
    """

    kind: str
    subject: str
    origin: str
    posted_at: datetime


class BulletinStore(Protocol):
    """Bulletins in the order they were posted, kept for a while.

    The order has no promise about those posted at the same moment: one may appear behind a later
    one, by as long as the unit of work took that posted it. `BulletinReader` looks back for these.
    """

    async def post_bulletin(self, bulletin: Bulletin) -> None:
        """Let all processes see it."""
        ...

    async def bulletins_after(self, sequence: int, limit: int) -> tuple[tuple[int, Bulletin], ...]:
        """Up to `limit` bulletins behind this place in the order (from 0), each with its own."""
        ...

    async def remove_bulletins(self, before: datetime) -> int:
        """Forget those posted before this moment; returns how many."""
        ...
