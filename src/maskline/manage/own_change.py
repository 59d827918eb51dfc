"""What a caller may change of an application or a number: the rest is the platform's."""

from maskline.domain.access import Caller, Right
from maskline.domain.virtual_number import NumberState, VirtualNumber
from maskline.manage.problem import Problem
from maskline.services.administration_request import (
    ApplicationChange,
    NewApplication,
    NumberChange,
)
from maskline.services.given import given_fields

LIMITS = ("request_limit_per_s", "pairs_per_number", "binds_per_day")
"""Fields of an application that protect the others on the platform."""

FIELD_RIGHTS = {
    "state": Right.APPLICATION_PAUSE,
    # In a sandbox developers may bind: they must not make one of an application that serves.
    "is_sandbox": Right.BINDING_WRITE,
}


def check_new_application(caller: Caller, new: NewApplication) -> None:
    """Limits are the platform's to set. Raises Problem."""
    if caller.tenant_id is not None:
        standard = NewApplication(name=new.name, mode=new.mode)
        for field in LIMITS:
            if getattr(new, field) != getattr(standard, field):
                raise _platforms_own(field)


def check_application_change(caller: Caller, change: ApplicationChange) -> None:
    """The state needs a right of its own, and so does all else. Raises Problem."""
    for field in given_fields(change):
        needed = FIELD_RIGHTS.get(field, Right.APPLICATION_WRITE)
        if not caller.may(needed):
            raise _not_allowed(field, f"it needs the right {needed}")
        if caller.tenant_id is not None and field in LIMITS:
            raise _platforms_own(field)
        # Who may bind in sandboxes only must not make one of what is in use.
        may_mark = caller.tenant_id is None or caller.may(Right.BINDING_WRITE)
        if field == "is_sandbox" and not may_mark:
            raise _not_allowed(field, f"it needs the right {Right.BINDING_WRITE}")


def check_number_change(caller: Caller, before: VirtualNumber, change: NumberChange) -> None:
    """What the platform or a carrier has made of a number only the platform changes.

    Raises Problem.
    """
    if caller.tenant_id is None:
        return
    given = given_fields(change)
    if "cause" in given:
        raise _platforms_own("cause")
    if given.get("state") is NumberState.UNAVAILABLE:
        raise _platforms_own("state")
    if "state" in given and before.is_held_by_platform:
        by = " by the platform" if before.state is NumberState.BLACKLISTED else ""
        hint = f"the number is {before.state}{by}: only the platform changes that"
        raise _not_allowed("state", hint)


def _platforms_own(field: str) -> Problem:
    return _not_allowed(field, "only the platform sets this")


def _not_allowed(field: str, hint: str) -> Problem:
    return Problem(
        status=403, code="not_allowed", message=f"you may not set {field}", field=field, hint=hint
    )
