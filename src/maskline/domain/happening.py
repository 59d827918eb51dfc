"""What happened and is kept for a while for people to look at: pushes, requests, refusals."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class HappeningKind(StrEnum):
    """What sort of thing it was."""

    PUSH = "push"
    """A try of a push; its subject is the `webhook-id`, its cause `delivered` or why not."""
    REQUEST = "request"
    """A request of the REST interface that failed; its cause is the result code."""
    REFUSAL = "refusal"
    """INVITEs that were turned away; the subject is where from, the cause the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One of them. `sequence` orders them and is given by the store.

    `app_key` is empty where no application is known. `detail` is JSON by the kind, without real
    numbers, secrets and texts: it is not sealed.
    """

    kind: HappeningKind
    at: datetime
    app_key: str
    subject: str
    cause: str
    detail: bytes = field(repr=False)
    sequence: int = 0
