"""Bindings that have ended: who was behind a virtual number, until when, and why no longer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from maskline.domain.binding import Binding


class EndCause(StrEnum):
    """Why a binding ended.

    `EXPIRED` is its deadline or its time without calls, also where something else removed it
    later. `REPLACED` binding ids live on with other parties: a change took A or B out.
    """

    UNBOUND = "unbound"
    NUMBER_UNBOUND = "number_unbound"
    RELATION_ENDED = "relation_ended"
    EXPIRED = "expired"
    CALLS_USED_UP = "calls_used_up"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedBinding:
    """A binding as it was when it ended. One that expired ended then, whenever it was swept."""

    binding: Binding
    ended_at: datetime
    cause: EndCause


def ended(binding: Binding, now: datetime, cause: EndCause) -> EndedBinding:
    """What is kept of a binding that is removed at `now` because of `cause`."""
    if binding.expires_at is not None and binding.expires_at <= now:
        return EndedBinding(binding=binding, ended_at=binding.expires_at, cause=EndCause.EXPIRED)
    return EndedBinding(binding=binding, ended_at=now, cause=cause)
