"""The AXYB call outcome table (`spec/axyb.md` 6, 9)."""

from maskline.domain.binding import Role, XyRelation, YbBinding
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
from maskline.domain.plan import AllotY, Connect, Refuse
from maskline.domain.release import ReleaseCode


def _calls_own_number(situation: Situation) -> bool:
    """A dials its own X, B its own Y; or a call was forwarded to the number that it showed."""
    number = situation.route.number
    return (
        situation.route.is_own_number
        or (isinstance(situation.binding, XyRelation) and situation.role is Role.A)
        or (number is not None and situation.caller == number.number)
    )


def _is_nobody(situation: Situation) -> bool:
    """A caller without a number, who could not be called back."""
    return is_unbound(situation) or not situation.caller


def _has_no_y(situation: Situation) -> bool:
    return isinstance(situation.binding, XyRelation)


def _allot(situation: Situation) -> AllotY | Refuse:
    relation = situation.binding
    if not isinstance(relation, XyRelation):
        return Refuse(release=ReleaseCode.INTERNAL)
    return AllotY(relation_id=relation.binding_id, user_data=relation.user_data)


def _to_the_other_party(situation: Situation) -> Connect | Refuse:
    binding, role = situation.binding, situation.role
    if not isinstance(binding, YbBinding) or role is None:
        return Refuse(release=ReleaseCode.INTERNAL)
    return Connect(
        callee=binding.other_party(role),
        shown=binding.shown_to_other(role),
        binding_id=binding.relation_id,
        role=role,
        voice=binding.voice,
        waiting_tone=binding.waiting_tone(role) or situation.application.prompts.waiting_tone,
        user_data=binding.user_data,
    )


AXYB_TABLE = (
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
    Row(
        "the number dialled is unavailable",
        is_number_unavailable,
        refuse_outright(ReleaseCode.NUMBER_UNAVAILABLE),
    ),
    Row(
        "the caller dials its own virtual number",
        _calls_own_number,
        refuse(ReleaseCode.CALLED_OWN_NUMBER),
    ),
    Row("there is no relation", _is_nobody, refuse_without_binding(ReleaseCode.NO_XY_BINDING)),
    Row("the caller is a landline", is_caller_landline, refuse(ReleaseCode.LANDLINE_CALLER)),
    Row(
        "the direction is forbidden",
        is_direction_forbidden,
        refuse(ReleaseCode.DIRECTION_FORBIDDEN),
    ),
    Row("A is not registered", is_unregistered, refuse(ReleaseCode.NOT_REGISTERED)),
    Row("the caller of X has no Y yet", _has_no_y, _allot),
    Row("the caller has a YB part", always, _to_the_other_party),
)
