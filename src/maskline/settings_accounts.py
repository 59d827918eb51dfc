"""The `[accounts]` section: people who sign in, and what is kept of what they do."""

from typing import Annotated

from msgspec import Meta, Struct

Hours = Annotated[float, Meta(gt=0, le=8_760)]
PositiveCount = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0)]


class AccountsSection(Struct, frozen=True, kw_only=True):
    """People who sign in to the console, their sessions, and the audit log.

    session_idle_h: hours after which a session that nobody uses ends.
    session_max_h: hours after which every session ends.
    step_up_s: how long showing the password again counts for what needs it.
    invitation_h: hours for which an invitation, or a link for a new password, is good.
    setup_h: hours for which the link for the first operator is good.
    login_failures: failed sign-ins with one login within a quarter of an hour that lock it.
    address_failures: the same from one address, with any login.
    lock_s: how long a login, or an address, is locked.
    audit_days: how long events of the audit log are kept.
    """

    session_idle_h: Hours = 12.0
    session_max_h: Hours = 168.0
    step_up_s: Seconds = 900.0
    invitation_h: Hours = 72.0
    setup_h: Hours = 24.0
    login_failures: PositiveCount = 10
    address_failures: PositiveCount = 100
    lock_s: Seconds = 900.0
    audit_days: Annotated[int, Meta(ge=1, le=3650)] = 365
