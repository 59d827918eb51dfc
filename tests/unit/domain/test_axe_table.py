"""The AXE call outcome table (`spec/axe.md` 10, 11, 15), one row one test."""

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
from maskline.domain.axe_table import AXE_TABLE
from maskline.domain.binding import AxeBinding, CloseRule, Onward, Role, VoiceOptions
from maskline.domain.outcome_table import Situation, decide
from maskline.domain.plan import CollectExtension, Connect, Refuse
from maskline.domain.release import ReleaseCode
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import NumberState, VirtualNumber

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
A, B, C, X = "+8613900001001", "+8613900003003", "+8613900004004", "+8617000002001"
LANDLINE = "+8675528000001"
TENANT = Tenant(tenant_id="t", name="T", created_at=NOW)
APPLICATION = Application(
    app_key="k", tenant_id="t", name="n", mode=Mode.AXE, secret="s", created_at=NOW
)
NUMBER = VirtualNumber(number=X, app_key="k", area_code="0755", created_at=NOW)
BINDING = AxeBinding(
    binding_id="b1",
    app_key="k",
    x=X,
    a=A,
    extension="042",
    callback_s=3600,
    user_data="parcel",
    close=CloseRule(after_calls=2),
    created_at=NOW,
    modified_at=NOW,
)


def decided(caller, found, *, number=NUMBER, **known):
    """The plan for a caller who found this; `known` is the rest of the situation."""
    values = {"application": APPLICATION, "tenant": TENANT, "now": NOW} | known
    route = RouteFound(number=number, **found)
    return decide(AXE_TABLE, Situation(route=route, caller=caller, **values))


def keyed(binding=BINDING, *, caller=B, extension="042", **known):
    """Somebody has keyed in an extension."""
    found = {} if binding is None else {"binding": binding, "role": Role.B}
    return decided(caller, found, extension=extension, **known)


def dialled(caller=B, **known):
    """Somebody who is no A dials X."""
    return decided(caller, {}, **known)


def called_back(binding=BINDING, *, last_caller=None, caller=A, **known):
    """A dials X."""
    found = {"binding": binding, "role": Role.A, "last_caller": last_caller}
    return decided(caller, found, **known)


class TestSomebodyCallsA:
    def test_whoever_dials_x_is_asked_for_an_extension(self):
        assert dialled() == CollectExtension(
            digits=4, repeats=2, prompt="default-enter-extension-zh.wav"
        )

    def test_in_the_words_and_as_often_as_the_application_says(self):
        prompts = ApplicationPrompts(
            enter_extension="enter.wav",
            wrong_extension="wrong.wav",
            wrong_extension_end="bad.wav",
            no_extension_end="none.wav",
        )
        application = replace(APPLICATION, extension_digits=3, extension_repeats=0, prompts=prompts)
        assert dialled(application=application) == CollectExtension(
            digits=3,
            repeats=0,
            prompt="enter.wav",
            wrong_prompt="wrong.wav",
            wrong_end="bad.wav",
            none_end="none.wav",
        )

    def test_without_a_file_for_nothing_keyed_that_for_a_wrong_one_is_heard(self):
        prompts = ApplicationPrompts(wrong_extension_end="bad.wav")
        asked = dialled(application=replace(APPLICATION, prompts=prompts))
        assert asked.none_end == "bad.wav"

    def test_the_extension_leads_to_a_who_sees_x(self):
        prompts = ApplicationPrompts(waiting_tone="wait.wav")
        assert keyed(application=replace(APPLICATION, prompts=prompts)) == Connect(
            callee=A,
            shown=X,
            binding_id="b1",
            role=Role.B,
            voice=VoiceOptions(),
            waiting_tone="wait.wav",
            user_data="parcel",
            remembers_caller_s=3600,
            extension="042",
            close=CloseRule(after_calls=2),
        )

    def test_a_caller_without_a_number_is_not_remembered(self):
        assert keyed(caller="").remembers_caller_s is None

    def test_a_landline_a_can_be_called(self):
        assert keyed(replace(BINDING, a=LANDLINE)).callee == LANDLINE

    def test_8022_no_binding_for_x_and_e(self):
        assert keyed(None) == Refuse(release=ReleaseCode.NO_EXTENSION_BINDING)

    @pytest.mark.parametrize("seconds", [0, 1])
    def test_8022_an_expired_binding(self, seconds):
        expired = replace(BINDING, expires_at=NOW - timedelta(seconds=seconds))
        assert keyed(expired) == Refuse(release=ReleaseCode.NO_EXTENSION_BINDING)
        assert isinstance(keyed(replace(expired, expires_at=NOW + timedelta(seconds=1))), Connect)

    def test_8024_showing_the_real_caller_is_not_allowed(self):
        assert keyed(replace(BINDING, shows_caller=True)) == Refuse(
            release=ReleaseCode.REAL_CALLER_SHOWN,
            binding_id="b1",
            role=Role.B,
            user_data="parcel",
        )
        assert isinstance(keyed(replace(BINDING, shows_caller=False)), Connect)

    def test_8058_a_is_not_registered(self):
        assert keyed(is_registered=False).release is ReleaseCode.NOT_REGISTERED

    def test_8022_counts_where_an_expired_a_was_not_registered_either(self):
        outcome = keyed(replace(BINDING, expires_at=NOW), is_registered=False)
        assert outcome.release is ReleaseCode.NO_EXTENSION_BINDING

    def test_8023_a_landline_may_not_call(self):
        assert dialled(LANDLINE) == Refuse(release=ReleaseCode.LANDLINE_CALLER)


class TestACallsX:
    def test_the_most_recent_caller_is_called_back_and_sees_x(self):
        assert called_back(last_caller=Onward(number=B)) == Connect(
            callee=B,
            shown=X,
            binding_id="b1",
            role=Role.A,
            voice=VoiceOptions(),
            user_data="parcel",
            extension="042",
            close=CloseRule(after_calls=2),
        )

    def test_before_whatever_else_there_is(self):
        binding = replace(BINDING, callback_number=C)
        application = replace(APPLICATION, callback_number=C)
        outcome = called_back(binding, last_caller=Onward(number=B), application=application)
        assert outcome.callee == B

    def test_an_expired_record_is_none(self):
        binding = replace(BINDING, callback_number=C)
        expired = Onward(number=B, expires_at=NOW)
        assert called_back(binding, last_caller=expired).callee == C
        live = Onward(number=B, expires_at=NOW + timedelta(seconds=1))
        assert called_back(binding, last_caller=live).callee == B

    def test_without_a_record_the_number_of_the_binding_is_called(self):
        assert called_back(replace(BINDING, callback_number=C)).callee == C

    def test_8019_after_the_tone_of_the_binding(self):
        application = replace(
            APPLICATION, callback_number=C, prompts=ApplicationPrompts(no_callback="app.wav")
        )
        outcome = called_back(replace(BINDING, callback_tone="own.wav"), application=application)
        assert outcome == Refuse(
            release=ReleaseCode.NOBODY_TO_CALL_BACK,
            prompt="own.wav",
            binding_id="b1",
            role=Role.A,
            user_data="parcel",
        )

    def test_then_the_number_of_the_application(self):
        assert called_back(application=replace(APPLICATION, callback_number=C)).callee == C

    @pytest.mark.parametrize("prompt", ["app.wav", None])
    def test_8019_no_callback_record(self, prompt):
        prompts = ApplicationPrompts(no_callback=prompt)
        outcome = called_back(application=replace(APPLICATION, prompts=prompts))
        assert (outcome.release, outcome.prompt) == (ReleaseCode.NOBODY_TO_CALL_BACK, prompt)

    def test_no_waiting_tone_is_meant_for_a(self):
        prompts = ApplicationPrompts(waiting_tone="wait.wav")
        application = replace(APPLICATION, prompts=prompts)
        outcome = called_back(last_caller=Onward(number=B), application=application)
        assert outcome.waiting_tone is None

    def test_a_with_an_expired_binding_is_anybody(self):
        expired = replace(BINDING, expires_at=NOW)
        assert isinstance(called_back(expired), CollectExtension)
        assert isinstance(called_back(expired, is_registered=False), CollectExtension)

    def test_8023_a_landline_cannot_call_back(self):
        outcome = called_back(replace(BINDING, a=LANDLINE), caller=LANDLINE)
        assert (outcome.release, outcome.binding_id) == (ReleaseCode.LANDLINE_CALLER, "b1")

    def test_8058_a_is_not_registered(self):
        outcome = called_back(last_caller=Onward(number=B), is_registered=False)
        assert outcome.release is ReleaseCode.NOT_REGISTERED


@pytest.mark.parametrize("call", [dialled, keyed, called_back])
class TestBeforeAnythingElse:
    def test_7108_the_account_is_frozen(self, call):
        outcome = call(tenant=replace(TENANT, state=TenantState.FROZEN))
        assert outcome == Refuse(release=ReleaseCode.TENANT_FROZEN)

    @pytest.mark.parametrize("change", [{"state": ApplicationState.SUSPENDED}, {"may_call": False}])
    def test_7106_the_application_has_no_calls(self, call, change):
        prompts = ApplicationPrompts(no_permission="no.wav")
        outcome = call(application=replace(APPLICATION, prompts=prompts, **change))
        assert outcome == Refuse(release=ReleaseCode.NO_CALL_ABILITY, prompt="no.wav")

    @pytest.mark.parametrize("state", [one for one in NumberState if not one.may_call])
    def test_8055_x_is_unavailable(self, call, state):
        outcome = call(number=replace(NUMBER, state=state))
        assert outcome == Refuse(release=ReleaseCode.NUMBER_UNAVAILABLE)

    def test_existing_bindings_of_a_number_that_is_frozen_for_new_ones_go_on(self, call):
        outcome = call(number=replace(NUMBER, state=NumberState.BINDING_FROZEN))
        assert outcome == call()
