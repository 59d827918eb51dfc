"""What to do with a call, decided by pure rules."""

from dataclasses import dataclass, field
from datetime import datetime

from maskline.domain.application import Application, ApplicationState, Tenant, TenantState
from maskline.domain.binding import CallDirection, Role, VoiceOptions
from maskline.domain.number import is_landline
from maskline.domain.release import ReleaseCode
from maskline.domain.route import RouteFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """Forward the call to `callee`, who sees `shown`; `waiting_tone` is heard until the answer."""

    callee: str = field(repr=False)
    shown: str
    binding_id: str
    role: Role
    voice: VoiceOptions
    waiting_tone: str | None = None
    user_data: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """End the call, after `prompt` where one is set.

    `binding_id` and the fields after it are known when a binding was found.
    """

    release: ReleaseCode
    prompt: str | None = None
    binding_id: str | None = None
    role: Role | None = None
    user_data: str | None = field(default=None, repr=False)


_FORBIDDEN = {CallDirection.A_TO_B: Role.B, CallDirection.B_TO_A: Role.A}


def plan_axb(
    route: RouteFound, caller: str, application: Application, tenant: Tenant, now: datetime
) -> Connect | Refuse:
    """The AXB call outcome table, rows 1-6, with its prompts (`spec/axb.md` 13, 14)."""
    number, binding, role = route.number, route.binding, route.role
    prompts = application.prompts
    if tenant.state is TenantState.FROZEN:
        return Refuse(release=ReleaseCode.TENANT_FROZEN, prompt=prompts.no_permission)
    if application.state is not ApplicationState.NORMAL or not application.may_call:
        return Refuse(release=ReleaseCode.NO_PERMISSION, prompt=prompts.no_permission)
    if number is None or not number.state.may_call:
        return Refuse(release=ReleaseCode.NUMBER_UNAVAILABLE)
    if binding is None or role is None or not binding.is_live(now):
        return Refuse(release=ReleaseCode.NO_BINDING, prompt=prompts.no_binding)
    refusal = _refusal(caller, binding.direction, role)
    if refusal is not None:
        return Refuse(
            release=refusal,
            binding_id=binding.binding_id,
            role=role,
            user_data=binding.user_data,
        )
    return Connect(
        callee=binding.other_party(role),
        shown=binding.x,
        binding_id=binding.binding_id,
        role=role,
        voice=binding.voice,
        waiting_tone=binding.waiting_tone(role) or prompts.waiting_tone,
        user_data=binding.user_data,
    )


def _refusal(caller: str, direction: CallDirection, role: Role) -> ReleaseCode | None:
    if is_landline(caller):
        return ReleaseCode.LANDLINE_CALLER
    if _FORBIDDEN.get(direction) is role:
        return ReleaseCode.DIRECTION_FORBIDDEN
    return None
