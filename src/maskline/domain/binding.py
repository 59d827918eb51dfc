"""Bindings: the stored relation that makes a virtual number reach somebody."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class CallDirection(IntEnum):
    """Who may call whom through a binding (`spec/axb.md` 4.1)."""

    BOTH = 0
    A_TO_B = 1
    B_TO_A = 2


class Role(StrEnum):
    """Which party of a binding a number is."""

    A = "A"
    B = "B"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOptions:
    """How calls of a binding sound and are limited. Prompt fields hold file names.

    `max_duration_min` counts from the callee's answer, 0 is no limit.
    """

    record: bool = False
    record_hint_tone: str | None = None
    max_duration_min: int = 0
    last_minute_voice: str | None = None
    a_waiting_tone: str | None = None  # heard by A when A dials X
    b_waiting_tone: str | None = None  # heard by B when B dials X


@dataclass(frozen=True, slots=True, kw_only=True)
class AxbBinding:
    """A and B paired on X: each of them dials X and reaches the other.

    `duration_s` 0 never expires; otherwise `expires_at` is the moment it stops routing.
    `may_message` None means "as the application". `area_code` is kept as the customer sent it.
    """

    binding_id: str
    app_key: str
    x: str
    a: str = field(repr=False)
    b: str = field(repr=False)
    direction: CallDirection = CallDirection.BOTH
    duration_s: int = 0
    expires_at: datetime | None = None
    voice: VoiceOptions = VoiceOptions()
    may_message: bool | None = None
    user_data: str | None = field(default=None, repr=False)
    created_at: datetime
    modified_at: datetime

    def is_live(self, now: datetime) -> bool:
        """Whether the binding still routes calls at `now`, swept or not."""
        return self.expires_at is None or now < self.expires_at

    def other_party(self, role: Role) -> str:
        """The real number that the party in `role` reaches through X."""
        return self.b if role is Role.A else self.a

    def waiting_tone(self, role: Role) -> str | None:
        """What the party in `role` hears in place of ring-back when it calls."""
        return self.voice.a_waiting_tone if role is Role.A else self.voice.b_waiting_tone
