"""What customers ask of AXE bindings, and what they are told (`spec/axe.md` 3-8)."""

from dataclasses import dataclass, field

from maskline.domain.binding import AxeBinding, TimeUnit
from maskline.domain.number_choice import NOTHING_ASKED, AskedChoice
from maskline.services.binding_rule import NO_CLOSING, Closing


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAxeBinding:
    """What a customer asks to bind. Without `x` one is chosen, of `area_code` or of A's home.

    `extension` None or empty has one allotted. `bound_for` and `callback_for` count `time_unit`:
    0 is for ever, and as long as the binding; None are 168 hours, and 0.
    """

    a: str = field(repr=False)
    x: str | None = None
    area_code: str | None = None
    is_area_loose: bool = False
    choice: AskedChoice = NOTHING_ASKED
    extension: str | None = None
    shows_caller: bool | None = None
    record: bool = False
    record_hint_tone: str | None = None
    callback_tone: str | None = None
    callback_number: str | None = field(default=None, repr=False)
    time_unit: TimeUnit = TimeUnit.HOUR
    bound_for: int | None = None
    callback_for: int | None = None
    user_data: str | None = field(default=None, repr=False)
    closing: Closing = NO_CLOSING


@dataclass(frozen=True, slots=True, kw_only=True)
class AxeChange:
    """What a customer asks to change: None leaves a field as it is, an empty text removes it.

    `bound_for` counts anew from the change. Of a tone and a number for A's calls the number wins,
    and each takes the place of the other.
    """

    shows_caller: bool | None = None
    record: bool | None = None
    record_hint_tone: str | None = None
    callback_tone: str | None = None
    callback_number: str | None = field(default=None, repr=False)
    time_unit: TimeUnit = TimeUnit.HOUR
    bound_for: int | None = None
    callback_for: int | None = None
    user_data: str | None = field(default=None, repr=False)
    closing: Closing = NO_CLOSING


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingId:
    """Which binding: by its id."""

    binding_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAndExtension:
    """Which binding: by what callers dial and key in."""

    x: str
    extension: str


BindingKey = BindingId | NumberAndExtension


@dataclass(frozen=True, slots=True)
class PlacedBindings:
    """Bindings of one X, in the order of binding; `last` is the place of the last of them.

    With `has_more` others follow.
    """

    rows: tuple[AxeBinding, ...]
    last: int
    has_more: bool
