"""What happened in one call, step by step, for whoever has to find out why it went wrong."""

from dataclasses import dataclass
from datetime import datetime

from maskline.domain.release import ReleaseCode

MAX_STEPS = 200
"""Steps kept of one call; a call of a few minutes has about 25."""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One line. `at_s` counts from the arrival of the call.

    `where` is `A>X`, `X>A`, `X>B` or `B>X` for a SIP message (A calls, B is called), else `plan`,
    `media`, `told` or `end`. `what` never has a number, an address or anything else that a party
    sent. `detail` is the SIP message itself, with tokens in place of numbers, hosts and secrets,
    or facts as lines of `name: value`; empty where nothing more is known.
    """

    at_s: float
    where: str
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The steps of a call in order; `dropped` came after the last place was taken.

    `app_key` is empty for a call to a number that is not ours; `release` None for one that is up.
    """

    session_id: str
    app_key: str
    began_at: datetime
    steps: tuple[TraceStep, ...]
    dropped: int = 0
    release: ReleaseCode | None = None
