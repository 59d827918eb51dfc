"""The AXB call outcome table (`spec/axb.md` 13), one row one test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.application import (
    Application,
    ApplicationPrompts,
    ApplicationState,
    Mode,
    Tenant,
    TenantState,
)
from maskline.domain.axb_table import AXB_TABLE
from maskline.domain.binding import AxbBinding, CallDirection, Role
from maskline.domain.outcome_table import Situation, decide
from maskline.domain.plan import Connect, Refuse
from maskline.domain.release import ReleaseCode
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import NumberState, VirtualNumber

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
A, B, X, LANDLINE = "+8613900001001", "+8613900003003", "+8617000002001", "+8675528000001"
TENANT = Tenant(tenant_id="t", name="T", created_at=NOW)
APPLICATION = Application(
    app_key="k", tenant_id="t", name="n", mode=Mode.AXB, secret="s", created_at=NOW
)
NUMBER = VirtualNumber(number=X, app_key="k", area_code="0755", created_at=NOW)
BINDING = AxbBinding(
    binding_id="b1", app_key="k", x=X, a=A, b=B, user_data="trip", created_at=NOW, modified_at=NOW
)


def plan(
    caller=A,
    *,
    role=Role.A,
    binding=BINDING,
    number=NUMBER,
    application=APPLICATION,
    tenant=TENANT,
    is_registered=True,
):
    situation = Situation(
        route=RouteFound(number=number, binding=binding, role=role if binding else None),
        caller=caller,
        application=application,
        tenant=tenant,
        now=NOW,
        is_registered=is_registered,
    )
    return decide(AXB_TABLE, situation)


def test_row_1_a_bound_caller_is_forwarded_to_the_partner():
    forward = plan()
    assert isinstance(forward, Connect)
    assert (forward.callee, forward.shown, forward.role) == (B, X, Role.A)
    back = plan(B, role=Role.B)
    assert isinstance(back, Connect)
    assert (back.callee, back.shown, back.role) == (A, X, Role.B)


def test_row_2_a_caller_who_is_not_bound_is_refused_without_a_binding():
    assert plan(binding=None) == Refuse(release=ReleaseCode.NO_BINDING)


@pytest.mark.parametrize("seconds", [0, 1])
def test_row_2_an_expired_binding_is_none(seconds):
    expired = replace(BINDING, duration_s=60, expires_at=NOW - timedelta(seconds=seconds))
    assert plan(binding=expired) == Refuse(release=ReleaseCode.NO_BINDING)
    alive = replace(expired, expires_at=NOW + timedelta(seconds=1))
    assert isinstance(plan(binding=alive), Connect)


@pytest.mark.parametrize(
    ("direction", "role", "caller", "is_refused"),
    [
        (CallDirection.BOTH, Role.A, A, False),
        (CallDirection.BOTH, Role.B, B, False),
        (CallDirection.A_TO_B, Role.A, A, False),
        (CallDirection.A_TO_B, Role.B, B, True),
        (CallDirection.B_TO_A, Role.A, A, True),
        (CallDirection.B_TO_A, Role.B, B, False),
    ],
)
def test_row_3_a_forbidden_direction_is_refused(direction, role, caller, is_refused):
    outcome = plan(caller, role=role, binding=replace(BINDING, direction=direction))
    assert isinstance(outcome, Refuse) == is_refused
    if isinstance(outcome, Refuse):
        assert outcome.release is ReleaseCode.DIRECTION_FORBIDDEN
        assert outcome.binding_id == "b1"
        assert outcome.user_data == "trip"


def test_row_4_a_landline_may_be_called_but_never_call():
    outcome = plan(LANDLINE, role=Role.B, binding=replace(BINDING, b=LANDLINE))
    assert isinstance(outcome, Refuse)
    assert outcome.release is ReleaseCode.LANDLINE_CALLER
    assert isinstance(plan(binding=replace(BINDING, b=LANDLINE)), Connect)


@pytest.mark.parametrize(
    ("state", "may_call"),
    [
        (NumberState.PAUSED, False),
        (NumberState.UNAVAILABLE, False),
        (NumberState.BLACKLISTED, False),
        (NumberState.IN_TRANSFER, False),
        (NumberState.AWAITING_REAL_NAME, False),
        (NumberState.RETURNED, False),
        (NumberState.BINDING_FROZEN, True),
    ],
)
def test_row_5_an_unavailable_number_connects_nobody(state, may_call):
    outcome = plan(number=replace(NUMBER, state=state))
    if may_call:
        assert isinstance(outcome, Connect)
    else:
        assert outcome == Refuse(release=ReleaseCode.NUMBER_UNAVAILABLE)


@pytest.mark.parametrize(("caller", "role"), [(A, Role.A), (B, Role.B)])
def test_calls_of_an_unregistered_a_are_intercepted_either_way(caller, role):
    outcome = plan(caller, role=role, is_registered=False)
    assert outcome == Refuse(
        release=ReleaseCode.NOT_REGISTERED, binding_id="b1", role=role, user_data="trip"
    )


def test_only_a_missing_binding_and_a_missing_permission_are_told_in_words():
    """`spec/axb.md` 14."""
    prompts = ApplicationPrompts(
        no_permission="no.wav", no_binding="lost.wav", service_abnormal="sorry.wav"
    )
    speaking = replace(APPLICATION, prompts=prompts)
    told = {
        "binding": plan(binding=None, application=speaking),
        "permission": plan(application=replace(speaking, may_call=False)),
        "account": plan(application=speaking, tenant=replace(TENANT, state=TenantState.FROZEN)),
        "direction": plan(
            application=speaking, binding=replace(BINDING, direction=CallDirection.B_TO_A)
        ),
        "landline": plan(LANDLINE, application=speaking, binding=replace(BINDING, a=LANDLINE)),
        "number": plan(application=speaking, number=replace(NUMBER, state=NumberState.PAUSED)),
    }

    assert {name: getattr(outcome, "prompt", ...) for name, outcome in told.items()} == {
        "binding": "lost.wav",
        "permission": "no.wav",
        "account": "no.wav",
        "direction": None,
        "landline": None,
        "number": None,
    }


def test_row_6_a_frozen_account_and_an_application_without_permission_are_refused():
    frozen = replace(TENANT, state=TenantState.FROZEN)
    assert plan(tenant=frozen) == Refuse(release=ReleaseCode.TENANT_FROZEN)
    suspended = replace(APPLICATION, state=ApplicationState.SUSPENDED)
    assert plan(application=suspended) == Refuse(release=ReleaseCode.NO_PERMISSION)
    mute = replace(APPLICATION, may_call=False)
    assert plan(application=mute) == Refuse(release=ReleaseCode.NO_PERMISSION)
