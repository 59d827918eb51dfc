"""Call outcome tables: what a mode does with a call, row by row, the first that applies counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from maskline.domain.application import Application, ApplicationState, Tenant
from maskline.domain.binding import Binding, CallDirection, Onward, Role
from maskline.domain.number import is_landline
from maskline.domain.plan import Connect, Plan, Refuse
from maskline.domain.release import ReleaseCode
from maskline.domain.route import RouteFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a table looks at.

    `extension` is what the caller keyed in, None before; `is_registered` says whether the
    binding's A is an actual user where the application asks for that.
    """

    route: RouteFound
    caller: str
    application: Application
    tenant: Tenant
    now: datetime
    extension: str | None = None
    is_registered: bool = True

    @property
    def binding(self) -> Binding | None:
        """The binding that counts, None when there is none or it has expired."""
        found = self.route.binding
        return found if found is not None and found.is_live(self.now) else None

    @property
    def role(self) -> Role | None:
        """The caller's role in it."""
        return self.route.role if self.binding is not None else None

    @property
    def temporary_callee(self) -> Onward | None:
        """Whom A calls through X for now."""
        return self._live(self.route.temporary_callee)

    @property
    def last_caller(self) -> Onward | None:
        """Who reached A through X last."""
        return self._live(self.route.last_caller)

    def _live(self, onward: Onward | None) -> Onward | None:
        return onward if onward is not None and onward.is_live(self.now) else None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its situation in words and as a test, and what follows."""

    name: str
    applies: Callable[[Situation], bool]
    outcome: Callable[[Situation], Plan]


def decide(table: Sequence[Row], situation: Situation) -> Plan:
    """The outcome of the first row that applies; the last row of a table always does."""
    for row in table:
        if row.applies(situation):
            plan = row.outcome(situation)
            return replace(plan, rule=row.name) if isinstance(plan, Connect | Refuse) else plan
    raise LookupError("a call outcome table without a last row")


def always(_: Situation) -> bool:
    """The situation of a table's last row."""
    return True


def refuse(release: ReleaseCode) -> Callable[[Situation], Refuse]:
    """An outcome: refused, with the binding that was found, in silence."""

    def outcome(situation: Situation) -> Refuse:
        binding = situation.binding
        if binding is None:
            return Refuse(release=release)
        return Refuse(
            release=release,
            binding_id=known_id(binding),
            role=situation.role,
            user_data=binding.user_data,
        )

    return outcome


def refuse_outright(release: ReleaseCode) -> Callable[[Situation], Refuse]:
    """An outcome: refused before any binding counts, in silence."""

    def outcome(_: Situation) -> Refuse:
        return Refuse(release=release)

    return outcome


def refuse_without_permission(release: ReleaseCode) -> Callable[[Situation], Refuse]:
    """An outcome: refused before any binding counts, with the prompt for that."""

    def outcome(situation: Situation) -> Refuse:
        return Refuse(release=release, prompt=situation.application.prompts.no_permission)

    return outcome


def refuse_without_binding(release: ReleaseCode) -> Callable[[Situation], Refuse]:
    """An outcome: there is no binding, with the prompt for that."""

    def outcome(situation: Situation) -> Refuse:
        return Refuse(release=release, prompt=situation.application.prompts.no_binding)

    return outcome


def known_id(binding: Binding) -> str:
    """The id that the customer knows a binding by: parts of a group have the group's."""
    relation_id: str | None = getattr(binding, "relation_id", None)
    return relation_id or binding.binding_id


def is_tenant_frozen(situation: Situation) -> bool:
    """The tenant may neither bind nor call."""
    return situation.tenant.is_frozen


def may_not_call(situation: Situation) -> bool:
    """The application is suspended, or has no calls."""
    application = situation.application
    return application.state is not ApplicationState.NORMAL or not application.may_call


def is_number_unavailable(situation: Situation) -> bool:
    """X is paused, unavailable or blacklisted."""
    number = situation.route.number
    return number is None or not number.state.may_call


def is_caller_landline(situation: Situation) -> bool:
    """Fixed lines may be called, and never call."""
    return is_landline(situation.caller)


def is_unbound(situation: Situation) -> bool:
    """There is no binding, or it has expired."""
    return situation.binding is None


def is_unregistered(situation: Situation) -> bool:
    """The binding's A is no registered actual user, and the application asks for that."""
    return not situation.is_registered


_FORBIDDEN = {CallDirection.A_TO_B: Role.B, CallDirection.B_TO_A: Role.A}


def is_direction_forbidden(situation: Situation) -> bool:
    """The binding lets only the other side call."""
    direction: CallDirection | None = getattr(situation.binding, "direction", None)
    return direction is not None and _FORBIDDEN.get(direction) is situation.role
