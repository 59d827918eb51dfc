"""The AXYB call outcome table (`spec/axyb.md` 6, 9), one row one test."""

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
from maskline.domain.axyb_table import AXYB_TABLE
from maskline.domain.binding import CallDirection, Role, VoiceOptions, XyRelation, YbBinding
from maskline.domain.outcome_table import Situation, decide
from maskline.domain.plan import AllotY, Connect, Refuse
from maskline.domain.release import ReleaseCode
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import NumberState, VirtualNumber

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
A, B, STRANGER = "+8613900001001", "+8613900003003", "+8613900004004"
LANDLINE = "+8675528000001"
X, Y = "+8617000002001", "+8617000002002"
TENANT = Tenant(tenant_id="t", name="T", created_at=NOW)
PROMPTS = ApplicationPrompts(
    no_permission="no.wav", no_binding="unbound.wav", waiting_tone="app.wav"
)
APPLICATION = Application(
    app_key="k", tenant_id="t", name="n", mode=Mode.AXYB, secret="s", created_at=NOW,
    prompts=PROMPTS,
)  # fmt: skip
RELATION = XyRelation(
    binding_id="r1", app_key="k", x=X, a=A, user_data="trip", created_at=NOW, modified_at=NOW
)
PART = YbBinding(
    binding_id="p1", relation_id="r1", app_key="k", x=X, a=A, b=B, y=Y, user_data="trip",
    voice=VoiceOptions(a_waiting_tone="x.wav", b_waiting_tone="y.wav"),
    created_at=NOW, modified_at=NOW,
)  # fmt: skip


def plan(
    caller=B,
    dialled=X,
    *,
    role=Role.B,
    binding=PART,
    application=APPLICATION,
    tenant=TENANT,
    state=NumberState.NORMAL,
    is_own_number=False,
    is_registered=True,
):
    number = VirtualNumber(
        number=dialled, app_key="k", area_code="0755", state=state, created_at=NOW
    )
    route = RouteFound(
        number=number,
        binding=binding,
        role=role if binding else None,
        is_own_number=is_own_number,
    )
    situation = Situation(
        route=route,
        caller=caller,
        application=application,
        tenant=tenant,
        now=NOW,
        is_registered=is_registered,
    )
    return decide(AXYB_TABLE, situation)


def known(release, role=Role.B):
    return Refuse(release=release, binding_id="r1", role=role, user_data="trip")


def test_b_who_dials_x_is_forwarded_to_a_who_sees_y_and_hears_pre_voice_y():
    assert plan() == Connect(
        callee=A,
        shown=Y,
        binding_id="r1",
        role=Role.B,
        voice=PART.voice,
        waiting_tone="y.wav",
        user_data="trip",
    )


def test_a_who_dials_y_is_forwarded_to_b_who_sees_x_and_hears_pre_voice_x():
    assert plan(A, Y, role=Role.A) == Connect(
        callee=B,
        shown=X,
        binding_id="r1",
        role=Role.A,
        voice=PART.voice,
        waiting_tone="x.wav",
        user_data="trip",
    )


def test_without_a_tone_of_the_binding_the_applications_is_heard():
    outcome = plan(binding=replace(PART, voice=VoiceOptions()))
    assert isinstance(outcome, Connect)
    assert outcome.waiting_tone == "app.wav"


def test_who_dials_x_without_a_yb_part_is_allotted_a_y():
    allotted = AllotY(relation_id="r1", user_data="trip")
    assert plan(STRANGER, binding=RELATION) == allotted
    assert plan(B, binding=RELATION) == allotted


def test_8032_a_who_dials_its_own_x():
    outcome = plan(A, binding=RELATION, role=Role.A)
    assert outcome == known(ReleaseCode.CALLED_OWN_NUMBER, Role.A)


def test_8032_b_who_dials_its_own_y():
    outcome = plan(B, Y, binding=None, is_own_number=True)
    assert outcome == Refuse(release=ReleaseCode.CALLED_OWN_NUMBER)


def test_8032_a_call_that_was_forwarded_to_the_number_it_showed():
    assert plan(X, binding=RELATION) == known(ReleaseCode.CALLED_OWN_NUMBER)


def test_8032_goes_before_a_forbidden_direction_and_a_landline():
    relation = replace(RELATION, a=LANDLINE, direction=CallDirection.B_TO_A)
    outcome = plan(LANDLINE, binding=relation, role=Role.A)
    assert outcome == known(ReleaseCode.CALLED_OWN_NUMBER, Role.A)


def test_8030_no_relation_with_the_prompt_for_that():
    unbound = Refuse(release=ReleaseCode.NO_XY_BINDING, prompt="unbound.wav")
    assert plan(STRANGER, Y, binding=None) == unbound
    assert plan(binding=None) == unbound


@pytest.mark.parametrize("seconds", [0, 1])
@pytest.mark.parametrize("binding", [RELATION, PART])
def test_8030_an_expired_relation_is_none(binding, seconds):
    expired = replace(binding, expires_at=NOW - timedelta(seconds=seconds))
    outcome = plan(binding=expired)
    assert outcome == Refuse(release=ReleaseCode.NO_XY_BINDING, prompt="unbound.wav")
    alive = replace(binding, expires_at=NOW + timedelta(seconds=1))
    assert not isinstance(plan(binding=alive), Refuse)


def test_8030_a_caller_without_a_number_is_given_no_y():
    outcome = plan("", binding=RELATION)
    assert outcome == Refuse(release=ReleaseCode.NO_XY_BINDING, prompt="unbound.wav")


def test_8023_a_landline_may_be_called_but_never_call():
    landline_b = replace(PART, b=LANDLINE)
    assert plan(LANDLINE, binding=landline_b) == known(ReleaseCode.LANDLINE_CALLER)
    assert plan(LANDLINE, binding=RELATION) == known(ReleaseCode.LANDLINE_CALLER)
    assert isinstance(plan(A, Y, role=Role.A, binding=landline_b), Connect)
    landline_a = replace(PART, a=LANDLINE)
    outcome = plan(LANDLINE, Y, role=Role.A, binding=landline_a)
    assert outcome == known(ReleaseCode.LANDLINE_CALLER, Role.A)


@pytest.mark.parametrize(
    ("direction", "role", "is_refused"),
    [
        (CallDirection.BOTH, Role.A, False),
        (CallDirection.BOTH, Role.B, False),
        (CallDirection.A_TO_B, Role.A, False),
        (CallDirection.A_TO_B, Role.B, True),
        (CallDirection.B_TO_A, Role.A, True),
        (CallDirection.B_TO_A, Role.B, False),
    ],
)
def test_8016_a_forbidden_direction(direction, role, is_refused):
    caller, dialled = (A, Y) if role is Role.A else (B, X)
    outcome = plan(caller, dialled, role=role, binding=replace(PART, direction=direction))
    assert isinstance(outcome, Refuse) == is_refused
    if is_refused:
        assert outcome == known(ReleaseCode.DIRECTION_FORBIDDEN, role)


def test_8016_goes_before_the_allotment_of_a_y():
    outcome = plan(binding=replace(RELATION, direction=CallDirection.A_TO_B))
    assert outcome == known(ReleaseCode.DIRECTION_FORBIDDEN)


def test_8058_an_a_who_is_not_registered():
    assert plan(is_registered=False) == known(ReleaseCode.NOT_REGISTERED)
    assert plan(binding=RELATION, is_registered=False) == known(ReleaseCode.NOT_REGISTERED)


def test_7108_a_frozen_tenant():
    frozen = replace(TENANT, state=TenantState.FROZEN)
    assert plan(tenant=frozen) == Refuse(release=ReleaseCode.TENANT_FROZEN, prompt="no.wav")


@pytest.mark.parametrize(
    "changes", [{"state": ApplicationState.SUSPENDED}, {"may_call": False}], ids=str
)
def test_7106_an_application_that_may_not_call(changes):
    outcome = plan(application=replace(APPLICATION, **changes))
    assert outcome == Refuse(release=ReleaseCode.NO_CALL_ABILITY, prompt="no.wav")


@pytest.mark.parametrize("state", [s for s in NumberState if not s.may_call])
def test_8055_a_number_that_is_unavailable(state):
    for dialled, caller, role in ((X, B, Role.B), (Y, A, Role.A)):
        outcome = plan(caller, dialled, role=role, state=state)
        assert outcome == Refuse(release=ReleaseCode.NUMBER_UNAVAILABLE)
