"""The AX call outcome table, rows 1-15 and 25, with its prompts (`spec/ax.md` 15, 16).

Whoever is not A of the number's binding calls as B. Rows 5 and 26 are lists and counts that do
not exist here; row 14 is for the call plane, which knows the calls of a number.
"""

from maskline.domain.binding import AxBinding, Onward, Role
from maskline.domain.outcome_table import (
    Row,
    Situation,
    always,
    is_caller_landline,
    is_direction_forbidden,
    is_number_unavailable,
    is_tenant_frozen,
    is_unbound,
    is_unregistered,
    may_not_call,
    refuse,
    refuse_outright,
    refuse_without_binding,
    refuse_without_permission,
)
from maskline.domain.plan import Connect, Refuse
from maskline.domain.release import ReleaseCode

AS_LONG_AS_BOUND = 0


def _is_switched_off(situation: Situation) -> bool:
    binding = situation.binding
    return isinstance(binding, AxBinding) and binding.is_on is False


def _would_show_the_caller(situation: Situation) -> bool:
    """It is A's phone that would show the number: A's own calls are none of these."""
    binding = situation.binding
    return (
        isinstance(binding, AxBinding) and situation.role is Role.B and bool(binding.shows_caller)
    )


def _is_a(situation: Situation) -> bool:
    return situation.role is Role.A


def _has_temporary_callee(situation: Situation) -> bool:
    return _is_a(situation) and situation.temporary_callee is not None


def _only_calls_set_numbers(situation: Situation) -> bool:
    return _is_a(situation) and not situation.application.remembers_callers


def _has_last_caller(situation: Situation) -> bool:
    return _is_a(situation) and situation.last_caller is not None


def _to_the_temporary_callee(situation: Situation) -> Connect | Refuse:
    return _onward(situation, situation.temporary_callee)


def _to_the_last_caller(situation: Situation) -> Connect | Refuse:
    return _onward(situation, situation.last_caller)


def _onward(situation: Situation, onward: Onward | None) -> Connect | Refuse:
    binding = situation.binding
    if binding is None or onward is None:
        return Refuse(release=ReleaseCode.INTERNAL)
    return Connect(
        callee=onward.number,
        shown=binding.x,
        binding_id=binding.binding_id,
        role=Role.A,
        voice=binding.voice,
        waiting_tone=binding.waiting_tone(Role.A) or situation.application.prompts.waiting_tone,
        user_data=onward.user_data or binding.user_data,
        is_exclusive=True,
        close=binding.close,
    )


def _to_a(situation: Situation) -> Connect | Refuse:
    binding, application = situation.binding, situation.application
    if binding is None:
        return Refuse(release=ReleaseCode.INTERNAL)
    # Nobody can call back who showed no number.
    is_remembered = application.remembers_callers and bool(situation.caller)
    return Connect(
        callee=binding.a,
        shown=binding.x,
        binding_id=binding.binding_id,
        role=Role.B,
        voice=binding.voice,
        waiting_tone=binding.waiting_tone(Role.B) or application.prompts.waiting_tone,
        user_data=binding.user_data,
        is_exclusive=True,
        remembers_caller_s=AS_LONG_AS_BOUND if is_remembered else None,
        close=binding.close,
    )


AX_TABLE = (
    Row("X is unavailable", is_number_unavailable, refuse_outright(ReleaseCode.NUMBER_UNAVAILABLE)),
    Row(
        "the tenant is frozen",
        is_tenant_frozen,
        refuse_without_permission(ReleaseCode.TENANT_FROZEN),
    ),
    Row(
        "the application may not call",
        may_not_call,
        refuse_without_permission(ReleaseCode.NO_CALL_ABILITY),
    ),
    Row("the caller is a landline", is_caller_landline, refuse(ReleaseCode.LANDLINE_CALLER)),
    Row("X has no binding", is_unbound, refuse_without_binding(ReleaseCode.NO_PERMISSION)),
    Row(
        "the direction is forbidden",
        is_direction_forbidden,
        refuse(ReleaseCode.DIRECTION_FORBIDDEN),
    ),
    Row("the binding is switched off", _is_switched_off, refuse(ReleaseCode.NO_PERMISSION)),
    Row("A would see the caller", _would_show_the_caller, refuse(ReleaseCode.REAL_CALLER_SHOWN)),
    Row("A is not registered", is_unregistered, refuse(ReleaseCode.NOT_REGISTERED)),
    Row("A calls the temporary callee", _has_temporary_callee, _to_the_temporary_callee),
    Row(
        "A calls, and no temporary callee is set",
        _only_calls_set_numbers,
        refuse(ReleaseCode.NO_TEMPORARY_CALLEE),
    ),
    Row("A calls the last caller back", _has_last_caller, _to_the_last_caller),
    Row(
        "A calls, and there is nobody to call back",
        _is_a,
        refuse(ReleaseCode.NOBODY_TO_CALL_BACK),
    ),
    Row("somebody calls A", always, _to_a),
)
