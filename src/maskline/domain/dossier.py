"""What a tenant hands in and the platform decides on: forms, enterprises, orders, and contacts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from maskline.domain.error import CustomerError

MAX_REASON = 256  # characters
MAX_CONTACTS = 10
"""Of one tenant (`spec/console.md` 9)."""
URGE_PAUSE = timedelta(hours=1)


class StateForbids(CustomerError):
    """What is asked for cannot be done in the state that something is in."""


class RecordChanged(CustomerError):
    """Somebody has changed it since it was read."""

    def __init__(self) -> None:
        super().__init__("somebody has changed it meanwhile; look at it again")


class UrgedAlready(CustomerError):
    """The review was asked for a short time ago."""

    def __init__(self) -> None:
        super().__init__("its review was asked for already; once an hour will do")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What activation forms, enterprises and orders have in common.

    `revision` counts its changes from 1: who decides names the one that was looked at. It is as it
    is `since` then. `reason` is why it was refused, for the tenant to read; `urged_at` is when its
    review was last asked for.
    """

    dossier_id: str
    tenant_id: str
    revision: int = 1
    created_at: datetime
    since: datetime
    reason: str = ""
    urged_at: datetime | None = None

    def looked_at(self, revision: int | None) -> Self:
        """This, if it is what was looked at; None does not say. Raises RecordChanged."""
        if revision not in {None, self.revision}:
            raise RecordChanged
        return self


def check_urge(urged_at: datetime | None, now: datetime) -> None:
    """Whether a review may be asked for again. Raises UrgedAlready."""
    if urged_at is not None and now - urged_at < URGE_PAUSE:
        raise UrgedAlready


class ContactTopic(StrEnum):
    """What a contact wants to hear of."""

    ORDER = "order"
    ENTERPRISE = "enterprise"
    PROMPT = "prompt"
    BALANCE = "balance"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person of a tenant whom the platform may call or write to."""

    contact_id: str
    tenant_id: str
    name: str = field(repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    topics: frozenset[ContactTopic] = frozenset()
    created_at: datetime
