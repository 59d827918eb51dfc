"""The AX call outcome table (`spec/ax.md` 15), one row one test."""

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
from maskline.domain.ax_table import AX_TABLE
from maskline.domain.binding import AxBinding, CallDirection, CloseRule, Onward, Role, VoiceOptions
from maskline.domain.outcome_table import Situation, decide
from maskline.domain.plan import Connect, Refuse
from maskline.domain.release import ReleaseCode
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import NumberState, VirtualNumber

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
A, B, C, X = "+8613900001001", "+8613900003003", "+8613900004004", "+8617000002001"
LANDLINE, SERVICE_400, SERVICE_95 = "+8675528000001", "+864008001234", "+8695588"
TENANT = Tenant(tenant_id="t", name="T", created_at=NOW)
PROMPTS = ApplicationPrompts(no_permission="no.wav", no_binding="unbound.wav")
APPLICATION = Application(
    app_key="k",
    tenant_id="t",
    name="n",
    mode=Mode.AX,
    secret="s",
    prompts=PROMPTS,
    created_at=NOW,
)
REMEMBERING = replace(APPLICATION, remembers_callers=True)
NUMBER = VirtualNumber(number=X, app_key="k", area_code="0755", created_at=NOW)
BINDING = AxBinding(
    binding_id="b1",
    app_key="k",
    x=X,
    a=A,
    user_data="order",
    voice=VoiceOptions(a_waiting_tone="wait_a.wav", b_waiting_tone="wait_b.wav"),
    close=CloseRule(after_calls=3),
    created_at=NOW,
    modified_at=NOW,
)
CALLEE = Onward(number=B, expires_at=NOW + timedelta(seconds=1))


def plan(
    caller=B,
    *,
    binding=BINDING,
    callee=None,
    last=None,
    number=NUMBER,
    application=APPLICATION,
    tenant=TENANT,
    is_registered=True,
):
    role = None if binding is None else Role.A if caller == binding.a else Role.B
    route = RouteFound(
        number=number, binding=binding, role=role, temporary_callee=callee, last_caller=last
    )
    situation = Situation(
        route=route,
        caller=caller,
        application=application,
        tenant=tenant,
        now=NOW,
        is_registered=is_registered,
    )
    return decide(AX_TABLE, situation)


def refused(release, role=Role.B):
    return Refuse(release=release, binding_id="b1", role=role, user_data="order")


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
def test_row_1_an_unavailable_number_connects_nobody(state, may_call):
    outcome = plan(number=replace(NUMBER, state=state))
    if may_call:
        assert isinstance(outcome, Connect)
    else:
        assert outcome == Refuse(release=ReleaseCode.NUMBER_UNAVAILABLE)


def test_row_2_a_frozen_account_is_refused_with_the_prompt_for_that():
    frozen = replace(TENANT, state=TenantState.FROZEN)
    assert plan(tenant=frozen) == Refuse(release=ReleaseCode.TENANT_FROZEN, prompt="no.wav")


@pytest.mark.parametrize("change", [{"state": ApplicationState.SUSPENDED}, {"may_call": False}])
def test_row_2_an_application_that_may_not_call_is_refused_with_the_prompt_for_that(change):
    outcome = plan(application=replace(APPLICATION, **change))
    assert outcome == Refuse(release=ReleaseCode.NO_CALL_ABILITY, prompt="no.wav")


def test_row_3_a_landline_may_not_call():
    assert plan(LANDLINE) == refused(ReleaseCode.LANDLINE_CALLER)
    as_a = plan(LANDLINE, binding=replace(BINDING, a=LANDLINE), callee=CALLEE)
    assert as_a == refused(ReleaseCode.LANDLINE_CALLER, Role.A)
    assert plan(LANDLINE, binding=None) == Refuse(release=ReleaseCode.LANDLINE_CALLER)


@pytest.mark.parametrize("caller", [SERVICE_400, SERVICE_95, "+85212345678", ""])
def test_row_3_anybody_else_may(caller):
    assert isinstance(plan(caller), Connect)


def test_row_4_a_number_without_binding_is_refused_with_the_prompt_for_that():
    unbound = Refuse(release=ReleaseCode.NO_PERMISSION, prompt="unbound.wav")
    assert plan(binding=None) == unbound
    expired = replace(BINDING, expires_at=NOW)
    assert plan(binding=expired) == unbound
    assert plan(A, binding=expired, callee=CALLEE) == unbound


@pytest.mark.parametrize(
    ("direction", "caller", "is_refused"),
    [
        (CallDirection.BOTH, A, False),
        (CallDirection.BOTH, B, False),
        (CallDirection.A_TO_B, A, False),
        (CallDirection.A_TO_B, B, True),
        (CallDirection.B_TO_A, A, True),
        (CallDirection.B_TO_A, B, False),
    ],
)
def test_rows_6_and_7_a_forbidden_direction_is_refused(direction, caller, is_refused):
    outcome = plan(caller, binding=replace(BINDING, direction=direction), callee=CALLEE)
    if is_refused:
        role = Role.A if caller == A else Role.B
        assert outcome == refused(ReleaseCode.DIRECTION_FORBIDDEN, role)
    else:
        assert isinstance(outcome, Connect)


@pytest.mark.parametrize(("is_on", "is_refused"), [(None, False), (True, False), (False, True)])
def test_row_8_a_binding_that_is_switched_off_connects_nobody(is_on, is_refused):
    binding = replace(BINDING, is_on=is_on)
    for caller, role in ((A, Role.A), (B, Role.B)):
        outcome = plan(caller, binding=binding, callee=CALLEE)
        assert isinstance(outcome, Refuse) == is_refused
        if is_refused:
            assert outcome == refused(ReleaseCode.NO_PERMISSION, role)


def test_row_9_a_reaches_the_temporary_callee_who_sees_x():
    assert plan(A, callee=CALLEE) == Connect(
        callee=B,
        shown=X,
        binding_id="b1",
        role=Role.A,
        voice=BINDING.voice,
        waiting_tone="wait_a.wav",
        user_data="order",
        is_exclusive=True,
        close=BINDING.close,
    )


def test_row_9_the_user_data_of_the_temporary_callee_wins():
    outcome = plan(A, callee=replace(CALLEE, user_data="this call"))
    assert isinstance(outcome, Connect)
    assert outcome.user_data == "this call"


def test_row_9_the_temporary_callee_wins_over_the_last_caller():
    outcome = plan(A, callee=CALLEE, last=Onward(number=C), application=REMEMBERING)
    assert isinstance(outcome, Connect)
    assert outcome.callee == B


@pytest.mark.parametrize("callee", [None, replace(CALLEE, expires_at=NOW)])
def test_row_10_a_without_a_temporary_callee_is_refused(callee):
    assert plan(A, callee=callee) == refused(ReleaseCode.NO_TEMPORARY_CALLEE, Role.A)
    with_record = plan(A, callee=callee, last=Onward(number=C))
    assert with_record == refused(ReleaseCode.NO_TEMPORARY_CALLEE, Role.A)


def test_row_11_a_calls_the_last_caller_back():
    expired = replace(CALLEE, expires_at=NOW)
    outcome = plan(A, callee=expired, last=Onward(number=C), application=REMEMBERING)
    assert isinstance(outcome, Connect)
    assert (outcome.callee, outcome.shown, outcome.role) == (C, X, Role.A)
    assert (outcome.user_data, outcome.remembers_caller_s) == ("order", None)


def test_row_12_a_without_anybody_to_call_back_is_refused():
    outcome = plan(A, application=REMEMBERING)
    assert outcome == refused(ReleaseCode.NOBODY_TO_CALL_BACK, Role.A)


def test_row_13_anybody_reaches_a_who_sees_x():
    assert plan(B) == Connect(
        callee=A,
        shown=X,
        binding_id="b1",
        role=Role.B,
        voice=BINDING.voice,
        waiting_tone="wait_b.wav",
        user_data="order",
        is_exclusive=True,
        close=BINDING.close,
    )


def test_row_13_the_caller_is_remembered_where_the_application_asks_for_it():
    outcome = plan(B, application=REMEMBERING)
    assert isinstance(outcome, Connect)
    assert outcome.remembers_caller_s == 0
    unknown = plan("", application=REMEMBERING)
    assert isinstance(unknown, Connect)
    assert unknown.remembers_caller_s is None


def test_row_13_the_waiting_tone_of_the_application_is_used_without_one_of_the_binding():
    prompts = replace(PROMPTS, waiting_tone="wait.wav")
    silent = replace(BINDING, voice=VoiceOptions())
    for caller in (A, B):
        outcome = plan(
            caller,
            binding=silent,
            callee=CALLEE,
            application=replace(APPLICATION, prompts=prompts),
        )
        assert isinstance(outcome, Connect)
        assert outcome.waiting_tone == "wait.wav"


def test_row_15_a_call_that_would_show_the_caller_is_intercepted():
    binding = replace(BINDING, shows_caller=True)
    assert plan(B, binding=binding) == refused(ReleaseCode.REAL_CALLER_SHOWN)
    assert isinstance(plan(A, binding=binding, callee=CALLEE), Connect)
    assert isinstance(plan(B, binding=replace(BINDING, shows_caller=False)), Connect)


@pytest.mark.parametrize(("caller", "role"), [(A, Role.A), (B, Role.B)])
def test_row_25_calls_of_an_unregistered_a_are_intercepted(caller, role):
    outcome = plan(caller, callee=CALLEE, is_registered=False)
    assert outcome == refused(ReleaseCode.NOT_REGISTERED, role)


def test_of_several_reasons_the_first_of_the_table_is_told():
    """The call of each step has the faults of all later ones too."""
    wrong = replace(BINDING, direction=CallDirection.A_TO_B, is_on=False, shows_caller=True)
    faults = {
        "number": replace(NUMBER, state=NumberState.PAUSED),
        "tenant": replace(TENANT, state=TenantState.FROZEN),
        "application": replace(APPLICATION, may_call=False),
        "caller": LANDLINE,
        "binding": None,
        "is_registered": False,
    }
    mended = [
        {"number": NUMBER},
        {"tenant": TENANT},
        {"application": APPLICATION},
        {"caller": B},
        {"binding": wrong},
        {"binding": replace(wrong, direction=CallDirection.BOTH)},
        {"binding": replace(wrong, direction=CallDirection.BOTH, is_on=True)},
        {"binding": BINDING},
        {"caller": A, "is_registered": True},
    ]
    releases = []
    for step in [{}, *mended]:
        faults |= step
        outcome = plan(**faults)
        assert isinstance(outcome, Refuse)
        releases.append(outcome.release)

    assert releases == [8055, 7108, 7106, 8023, 8018, 8016, 8018, 8024, 8058, 8013]
