"""The AXE call outcome table: A calls back, or somebody keys in A's extension.

`spec/axe.md` 10, 11 and 15; the order of the checks is that of 10.1.
"""

from maskline.domain.binding import AxeBinding, Role
from maskline.domain.outcome_table import (
    Row,
    Situation,
    always,
    is_caller_landline,
    is_number_unavailable,
    is_tenant_frozen,
    is_unbound,
    is_unregistered,
    may_not_call,
    refuse,
    refuse_outright,
    refuse_without_permission,
)
from maskline.domain.plan import CollectExtension, Connect, Refuse
from maskline.domain.release import ReleaseCode

ENTER_EXTENSION = "default-enter-extension-zh.wav"
"""Asks for an extension where the application has no prompt for that (`spec/axe.md` 9)."""


def _is_bound_unregistered(situation: Situation) -> bool:
    return not is_unbound(situation) and is_unregistered(situation)


def _is_a(situation: Situation) -> bool:
    return situation.role is Role.A


def _has_last_caller(situation: Situation) -> bool:
    return _is_a(situation) and situation.last_caller is not None


def _has_number_of_binding(situation: Situation) -> bool:
    return _is_a(situation) and _axe(situation).callback_number is not None


def _has_tone_of_binding(situation: Situation) -> bool:
    return _is_a(situation) and _axe(situation).callback_tone is not None


def _has_number_of_application(situation: Situation) -> bool:
    return _is_a(situation) and situation.application.callback_number is not None


def _is_nothing_keyed(situation: Situation) -> bool:
    return situation.extension is None


def _shows_caller(situation: Situation) -> bool:
    return bool(_axe(situation).shows_caller)


def _axe(situation: Situation) -> AxeBinding:
    binding = situation.binding
    if not isinstance(binding, AxeBinding):
        raise TypeError("an AXE application with a binding of another mode")
    return binding


def _to_last_caller(situation: Situation) -> Connect | Refuse:
    onward = situation.last_caller
    return _call_back(situation, None if onward is None else onward.number)


def _to_number_of_binding(situation: Situation) -> Connect | Refuse:
    return _call_back(situation, _axe(situation).callback_number)


def _to_number_of_application(situation: Situation) -> Connect | Refuse:
    return _call_back(situation, situation.application.callback_number)


def _call_back(situation: Situation, callee: str | None) -> Connect | Refuse:
    """A reaches somebody, who sees X; the tone for callers who wait for A is not for A."""
    binding = _axe(situation)
    if callee is None:
        return Refuse(release=ReleaseCode.INTERNAL)
    return Connect(
        callee=callee,
        shown=binding.x,
        binding_id=binding.binding_id,
        role=Role.A,
        voice=binding.voice,
        user_data=binding.user_data,
        extension=binding.extension,
        close=binding.close,
    )


def _nobody_to_call_back(situation: Situation) -> Refuse:
    binding = _axe(situation)
    return Refuse(
        release=ReleaseCode.NOBODY_TO_CALL_BACK,
        prompt=binding.callback_tone or situation.application.prompts.no_callback,
        binding_id=binding.binding_id,
        role=Role.A,
        user_data=binding.user_data,
    )


def _ask_for_extension(situation: Situation) -> CollectExtension:
    application, prompts = situation.application, situation.application.prompts
    return CollectExtension(
        digits=application.extension_digits,
        repeats=application.extension_repeats,
        prompt=prompts.enter_extension or ENTER_EXTENSION,
        wrong_prompt=prompts.wrong_extension,
        wrong_end=prompts.wrong_extension_end,
        none_end=prompts.no_extension_end or prompts.wrong_extension_end,
    )


def _to_a(situation: Situation) -> Connect:
    binding = _axe(situation)
    return Connect(
        callee=binding.a,
        shown=binding.x,
        binding_id=binding.binding_id,
        role=Role.B,
        voice=binding.voice,
        waiting_tone=situation.application.prompts.waiting_tone,
        user_data=binding.user_data,
        # Who withholds the number cannot be called back; who called before still can.
        remembers_caller_s=binding.callback_s if situation.caller else None,
        extension=binding.extension,
        close=binding.close,
    )


AXE_TABLE = (
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
    Row("X is unavailable", is_number_unavailable, refuse_outright(ReleaseCode.NUMBER_UNAVAILABLE)),
    Row("the caller is a landline", is_caller_landline, refuse(ReleaseCode.LANDLINE_CALLER)),
    Row("A is not registered", _is_bound_unregistered, refuse(ReleaseCode.NOT_REGISTERED)),
    Row("A calls back who called last", _has_last_caller, _to_last_caller),
    Row("A calls, to the binding's number", _has_number_of_binding, _to_number_of_binding),
    Row("A calls, and hears the binding's tone", _has_tone_of_binding, _nobody_to_call_back),
    Row(
        "A calls, to the application's number",
        _has_number_of_application,
        _to_number_of_application,
    ),
    Row("A calls, and there is nobody", _is_a, _nobody_to_call_back),
    Row("no extension was keyed in yet", _is_nothing_keyed, _ask_for_extension),
    Row("nobody has the extension", is_unbound, refuse(ReleaseCode.NO_EXTENSION_BINDING)),
    Row("A is to see the real caller", _shows_caller, refuse(ReleaseCode.REAL_CALLER_SHOWN)),
    Row("the extension leads to A", always, _to_a),
)
