"""What a customer may ask of AX bindings: the values `AxDesk` takes (`spec/ax.md` 4, 5, 8)."""

from dataclasses import dataclass, field

from maskline.domain.binding import CallDirection
from maskline.domain.number_choice import NOTHING_ASKED, AskedChoice
from maskline.services.binding_rule import NO_CLOSING, Closing

TEMPORARY_CALLEE_S = 60
MAX_TEMPORARY_CALLEE_S = 259_200  # 3 days


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAxBinding:
    """What a customer asks to bind: A to `x`, or to a number that is chosen in `area_code`.

    `is_area_loose` lets the choice go on to the province and then to any number.
    """

    a: str = field(repr=False)
    x: str | None = None
    area_code: str | None = None
    is_area_loose: bool = False
    choice: AskedChoice = NOTHING_ASKED
    direction: CallDirection = CallDirection.BOTH
    record: bool = False
    record_hint_tone: str | None = None
    max_duration_min: int = 0
    last_minute_voice: str | None = None
    a_waiting_tone: str | None = None
    b_waiting_tone: str | None = None
    may_message: bool | None = None
    shows_caller: bool | None = None
    is_on: bool | None = None
    user_data: str | None = field(default=None, repr=False)
    closing: Closing = NO_CLOSING


@dataclass(frozen=True, slots=True, kw_only=True)
class AxChange:
    """What a customer asks to change: None leaves a field as it is, an empty text removes it.

    With another `a`, X is that one's from now on.
    """

    a: str | None = field(default=None, repr=False)
    direction: CallDirection | None = None
    record: bool | None = None
    record_hint_tone: str | None = None
    max_duration_min: int | None = None
    last_minute_voice: str | None = None
    a_waiting_tone: str | None = None
    b_waiting_tone: str | None = None
    may_message: bool | None = None
    shows_caller: bool | None = None
    is_on: bool | None = None
    user_data: str | None = field(default=None, repr=False)
    closing: Closing = NO_CLOSING


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCallee:
    """Whom A is to reach through X for the next `duration_s` seconds."""

    number: str = field(repr=False)
    duration_s: int = TEMPORARY_CALLEE_S
    user_data: str | None = field(default=None, repr=False)
