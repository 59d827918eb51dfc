"""What may be asked of bindings: one form for all modes; the mode says what of it is known."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.binding import CallDirection, TimeUnit
from maskline.domain.number_choice import AskedChoice
from maskline.services.binding_ax_request import MAX_TEMPORARY_CALLEE_S, TEMPORARY_CALLEE_S
from maskline.services.binding_rule import MAX_CALL_MINUTES, MAX_DURATION_S
from maskline.services.given import given_fields
from maskline.services.number_choice import NumberChoiceForm

MAX_UNBOUND_AT_ONCE = 500

Text = Annotated[str, Meta(max_length=256)]
Whole = Annotated[int, Meta(ge=0, le=MAX_DURATION_S)]
Minutes = Annotated[int, Meta(ge=0, le=MAX_CALL_MINUTES)]
Direction = Literal["both", "a_to_b", "b_to_a"]
Unit = Literal["hour", "minute"]


class BindingFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be set, and changed later. A text of null is none.

    `duration_s` is for AXB and AXYB, `bound_for` and `callback_for`, in `time_unit`, for AXE; 0 is
    for ever. `shows_caller` and `is_on` are for AX, `callback_...` for AXE.
    """

    a: Text | UnsetType = UNSET
    b: Text | UnsetType = UNSET
    direction: Direction | UnsetType = UNSET
    duration_s: Whole | UnsetType = UNSET
    record: bool | UnsetType = UNSET
    record_hint_tone: Text | UnsetType | None = UNSET
    max_duration_min: Minutes | UnsetType = UNSET
    last_minute_voice: Text | UnsetType | None = UNSET
    a_waiting_tone: Text | UnsetType | None = UNSET
    b_waiting_tone: Text | UnsetType | None = UNSET
    may_message: bool | UnsetType = UNSET
    shows_caller: bool | UnsetType = UNSET
    is_on: bool | UnsetType = UNSET
    callback_tone: Text | UnsetType | None = UNSET
    callback_number: Text | UnsetType | None = UNSET
    time_unit: Unit | UnsetType = UNSET
    bound_for: Whole | UnsetType = UNSET
    callback_for: Whole | UnsetType = UNSET
    user_data: Text | UnsetType | None = UNSET
    close_after_calls: Whole | UnsetType = UNSET
    close_on_hang_up: bool | UnsetType = UNSET
    idle_s: Whole | UnsetType = UNSET


class BindingForm(BindingFields, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A binding to make in an application, whose mode says what is needed.

    Without `x` a number is chosen, of `area_code` or of A's home; `is_area_loose` lets the choice
    go on elsewhere, `choice` says more of it. In AXYB `relation_id` adds a B to that relation.
    """

    app_key: str
    x: Text | UnsetType = UNSET
    area_code: Text | UnsetType = UNSET
    is_area_loose: bool | UnsetType = UNSET
    choice: NumberChoiceForm | UnsetType = UNSET
    extension: Text | UnsetType = UNSET
    yb_duration_s: Whole | UnsetType = UNSET
    relation_id: Text | UnsetType = UNSET


class CalleeForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom A of AX reaches through X for the next `duration_s` seconds."""

    number: Text
    duration_s: Annotated[int, Meta(ge=1, le=MAX_TEMPORARY_CALLEE_S)] = TEMPORARY_CALLEE_S
    user_data: Text | None = None


class UnbindForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bindings to remove."""

    binding_ids: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=MAX_UNBOUND_AT_ONCE)]


def wanted_of(form: BindingFields) -> Mapping[str, Any]:
    """What was given, as the desks name it; a text that is to be none is empty."""
    given = given_fields(form)
    given.pop("app_key", None)
    wanted = {name: "" if value is None else value for name, value in given.items()}
    choice = wanted.get("choice")
    if isinstance(choice, NumberChoiceForm):
        asked = given_fields(choice)
        if "pool" in asked:
            asked["pool"] = asked["pool"] or ""
        wanted["choice"] = AskedChoice(**asked)
    if "direction" in wanted:
        wanted["direction"] = CallDirection[wanted["direction"].upper()]
    if "time_unit" in wanted:
        wanted["time_unit"] = TimeUnit[wanted["time_unit"].upper()]
    return wanted
