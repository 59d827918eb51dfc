"""The AXB call outcome table, rows 1-6, with its prompts (`spec/axb.md` 13, 14)."""

from maskline.domain.binding import AxbBinding
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


def _to_the_partner(situation: Situation) -> Connect | Refuse:
    binding, role = situation.binding, situation.role
    if not isinstance(binding, AxbBinding) or role is None:
        return Refuse(release=ReleaseCode.INTERNAL)
    return Connect(
        callee=binding.other_party(role),
        shown=binding.x,
        binding_id=binding.binding_id,
        role=role,
        voice=binding.voice,
        waiting_tone=binding.waiting_tone(role) or situation.application.prompts.waiting_tone,
        user_data=binding.user_data,
        close=binding.close,
    )


AXB_TABLE = (
    Row(
        "the tenant is frozen",
        is_tenant_frozen,
        refuse_without_permission(ReleaseCode.TENANT_FROZEN),
    ),
    Row(
        "the application may not call",
        may_not_call,
        refuse_without_permission(ReleaseCode.NO_PERMISSION),
    ),
    Row("X is unavailable", is_number_unavailable, refuse_outright(ReleaseCode.NUMBER_UNAVAILABLE)),
    Row("the caller is not bound", is_unbound, refuse_without_binding(ReleaseCode.NO_BINDING)),
    Row("the caller is a landline", is_caller_landline, refuse(ReleaseCode.LANDLINE_CALLER)),
    Row(
        "the direction is forbidden",
        is_direction_forbidden,
        refuse(ReleaseCode.DIRECTION_FORBIDDEN),
    ),
    Row("A is not registered", is_unregistered, refuse(ReleaseCode.NOT_REGISTERED)),
    Row("the caller is bound", always, _to_the_partner),
)
