"""Bindings: the stored relations that make a virtual number reach somebody, one class a mode.

Every binding holds two routes: A's, and that of whoever may reach A. Both vanish with it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class CallDirection(IntEnum):
    """Who may call whom through a binding (`spec/axb.md` 4.1).

    In AX and AXYB, B stands for whoever is not A.
    """

    BOTH = 0
    A_TO_B = 1
    B_TO_A = 2


class Role(StrEnum):
    """Which party of a binding a number is; B is whoever is not A."""

    A = "A"
    B = "B"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOptions:
    """How calls of a binding sound and are limited. Prompt fields hold file names.

    `max_duration_min` counts from the callee's answer, 0 is no limit. `callee_hint` is heard by
    the callee alone before the two are connected (mode X only).
    """

    record: bool = False
    record_hint_tone: str | None = None
    max_duration_min: int = 0
    last_minute_voice: str | None = None
    a_waiting_tone: str | None = None  # heard by A when A calls through the binding
    b_waiting_tone: str | None = None  # heard by B when B does
    callee_hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRule:
    """When a binding ends by itself, beside its deadline (`docs/extensions.md`).

    `after_calls` more answered calls, 0 is no limit. `idle_s` seconds without a call, counted from
    the bind, the latest change of the rule, and the end of each call; 0 is no limit.
    """

    after_calls: int = 0
    idle_s: int = 0


STAYS_OPEN = CloseRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What bindings of every mode have.

    `expires_at` is the moment it stops routing, None never. Where the idle time of `close` makes
    that earlier than the deadline, `ends_at` is the deadline.
    """

    binding_id: str
    app_key: str
    x: str
    a: str = field(repr=False)
    expires_at: datetime | None = None
    ends_at: datetime | None = None
    voice: VoiceOptions = VoiceOptions()
    user_data: str | None = field(default=None, repr=False)
    close: CloseRule = STAYS_OPEN
    created_at: datetime
    modified_at: datetime

    def is_live(self, now: datetime) -> bool:
        """Whether the binding still routes calls at `now`, swept or not."""
        return self.expires_at is None or now < self.expires_at

    def waiting_tone(self, role: Role) -> str | None:
        """What the party in `role` hears in place of ring-back when it calls."""
        return self.voice.a_waiting_tone if role is Role.A else self.voice.b_waiting_tone


@dataclass(frozen=True, slots=True, kw_only=True)
class AxbBinding(Binding):
    """A and B paired on X: each of them dials X and reaches the other.

    `duration_s` 0 never expires. `may_message` None means "as the application".
    """

    b: str = field(repr=False)
    direction: CallDirection = CallDirection.BOTH
    duration_s: int = 0
    may_message: bool | None = None

    def other_party(self, role: Role) -> str:
        """The real number that the party in `role` reaches through X."""
        return self.b if role is Role.A else self.a


@dataclass(frozen=True, slots=True, kw_only=True)
class AxBinding(Binding):
    """A alone behind X: everybody who dials X reaches A (`spec/ax.md` 1).

    `shows_caller` None was never set; true asks that A sees the real caller (1 in
    `calleeNumDisplay`). `is_on` is `turnFlag`, None was never set.
    """

    direction: CallDirection = CallDirection.BOTH
    may_message: bool | None = None
    shows_caller: bool | None = None
    is_on: bool | None = None


class TimeUnit(IntEnum):
    """In what AXE counts its durations (`spec/axe.md` 3.1)."""

    HOUR = 0
    MINUTE = 1

    @property
    def seconds(self) -> int:
        """Seconds of one unit."""
        return 3600 if self is TimeUnit.HOUR else 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AxeBinding(Binding):
    """A behind X and the extension: who dials X and keys it in reaches A (`spec/axe.md` 1).

    `extension` keeps its leading zeros; empty until one was allotted. `time_unit` and
    `bound_for`, in that unit and 0 for ever, are those of the bind: queries show them also after a
    change. A callback record lives for `callback_s`. `callback_tone` and `callback_number` say what
    A meets who calls X without one; at most one of them is set.
    """

    extension: str = ""
    shows_caller: bool | None = None
    callback_tone: str | None = None
    callback_number: str | None = field(default=None, repr=False)
    time_unit: TimeUnit = TimeUnit.HOUR
    bound_for: int = 0
    callback_for: int = 0
    callback_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class XyRelation(Binding):
    """The AX part of AXYB: A behind X, without anybody beyond it yet (`spec/axyb.md` 1).

    `duration_s` and `yb_duration_s` 0 mean for ever, and as long as this relation.
    """

    direction: CallDirection = CallDirection.BOTH
    duration_s: int = 0
    yb_duration_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class YbBinding(Binding):
    """The YB part of AXYB: B dials X and reaches A, who sees Y; A dials Y and reaches B.

    It repeats what calls need of its relation, `relation_id`, which never changes. `y` is empty
    until one was allotted. `duration_s` 0 lasts as long as the relation.
    """

    relation_id: str
    b: str = field(repr=False)
    y: str = ""
    direction: CallDirection = CallDirection.BOTH
    duration_s: int = 0

    def other_party(self, role: Role) -> str:
        """The real number that the party in `role` reaches."""
        return self.b if role is Role.A else self.a

    def shown_to_other(self, role: Role) -> str:
        """The virtual number that the other party sees (`spec/axyb.md` 6.3)."""
        return self.x if role is Role.A else self.y


class OnwardKind(StrEnum):
    """Where A's next call through X goes, when the binding itself does not say."""

    TEMPORARY_CALLEE = "temporary_callee"
    LAST_CALLER = "last_caller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """A number that A reaches through X until `expires_at`, None for as long as the binding lives.

    `user_data` goes with the call in place of the binding's.
    """

    number: str = field(repr=False)
    expires_at: datetime | None = None
    user_data: str | None = field(default=None, repr=False)

    def is_live(self, now: datetime) -> bool:
        """Whether it still leads somewhere at `now`."""
        return self.expires_at is None or now < self.expires_at
