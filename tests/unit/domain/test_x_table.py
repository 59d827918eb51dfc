"""What is decided before the customer is asked, and what follows from its answer (`spec/x.md`)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maskline.domain.application import (
    Application,
    ApplicationPrompts,
    ApplicationState,
    Mode,
    Tenant,
    TenantState,
)
from maskline.domain.binding import Role, VoiceOptions
from maskline.domain.customer_answer import CloseWith, ConnectTo, follow, without_idle_wishes
from maskline.domain.outcome_table import Situation, decide
from maskline.domain.plan import AskCustomer, Connect, Refuse
from maskline.domain.release import ReleaseCode
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import NumberState, VirtualNumber
from maskline.domain.x_table import X_TABLE

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
A, B, X, LANDLINE = "+8613900001001", "+8613900003003", "+8617000002001", "+8675528000001"
TENANT = Tenant(tenant_id="t", name="T", created_at=NOW)
APPLICATION = Application(
    app_key="k",
    tenant_id="t",
    name="n",
    mode=Mode.X,
    secret="s",
    created_at=NOW,
    status_url="https://customer.example/status",
    may_record=True,
    prompts=ApplicationPrompts(
        no_permission="no.wav", service_abnormal="sorry.wav", waiting_tone="music.wav"
    ),
)
NUMBER = VirtualNumber(number=X, app_key="k", area_code="0755", created_at=NOW)


def plan(caller=A, *, number=NUMBER, application=APPLICATION, tenant=TENANT):
    situation = Situation(
        route=RouteFound(number=number),
        caller=caller,
        application=application,
        tenant=tenant,
        now=NOW,
    )
    return decide(X_TABLE, situation)


class TestBeforeTheQuestion:
    @pytest.mark.parametrize("caller", [A, "+442071838750", ""])
    def test_the_customer_decides_about_every_caller(self, caller):
        assert plan(caller) == AskCustomer()

    def test_a_frozen_tenant_is_7108(self):
        frozen = replace(TENANT, state=TenantState.FROZEN)
        assert plan(tenant=frozen) == Refuse(release=ReleaseCode.TENANT_FROZEN, prompt="no.wav")

    def test_a_suspended_application_is_8018(self):
        suspended = replace(APPLICATION, state=ApplicationState.SUSPENDED)
        assert plan(application=suspended) == Refuse(
            release=ReleaseCode.NO_PERMISSION, prompt="no.wav"
        )

    def test_an_application_without_calls_is_7106(self):
        mute = replace(APPLICATION, may_call=False)
        assert plan(application=mute) == Refuse(
            release=ReleaseCode.NO_CALL_ABILITY, prompt="no.wav"
        )

    @pytest.mark.parametrize(
        ("state", "is_asked"),
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
    def test_an_unavailable_number_is_8055(self, state, is_asked):
        outcome = plan(number=replace(NUMBER, state=state))
        unavailable = Refuse(release=ReleaseCode.NUMBER_UNAVAILABLE)
        assert outcome == (AskCustomer() if is_asked else unavailable)

    def test_a_landline_may_not_call_and_is_8023(self):
        assert plan(LANDLINE) == Refuse(release=ReleaseCode.LANDLINE_CALLER)

    @pytest.mark.parametrize("url", [None, ""])
    def test_without_a_status_url_there_is_nobody_to_ask_and_it_is_8014(self, url):
        outcome = plan(application=replace(APPLICATION, status_url=url))
        assert outcome == Refuse(release=ReleaseCode.NO_BINDING, prompt="sorry.wav")


class TestTheAnswer:
    def test_connect_shows_x_and_knows_no_binding(self):
        outcome = follow(ConnectTo(callee=B, user_data="u1"), X, APPLICATION)
        assert outcome == Connect(
            callee=B,
            shown=X,
            binding_id=None,
            role=Role.A,
            voice=VoiceOptions(),
            waiting_tone="music.wav",
            user_data="u1",
        )

    def test_a_waiting_voice_takes_the_place_of_the_applications(self):
        voice = VoiceOptions(a_waiting_tone="wait.wav")
        outcome = follow(ConnectTo(callee=B, voice=voice), X, APPLICATION)
        assert isinstance(outcome, Connect)
        assert outcome.waiting_tone == "wait.wav"

    def test_the_x_of_the_call_may_be_named(self):
        outcome = follow(ConnectTo(callee=B, shown=X), X, APPLICATION)
        assert isinstance(outcome, Connect)
        assert outcome.shown == X

    @pytest.mark.parametrize("shown", [A, "+8617000002002"])
    def test_any_other_number_to_show_is_8024(self, shown):
        outcome = follow(ConnectTo(callee=B, shown=shown, user_data="u1"), X, APPLICATION)
        assert outcome == Refuse(
            release=ReleaseCode.REAL_CALLER_SHOWN, prompt="sorry.wav", user_data="u1"
        )

    def test_x_itself_as_the_callee_is_8014(self):
        outcome = follow(ConnectTo(callee=X), X, APPLICATION)
        assert outcome == Refuse(release=ReleaseCode.NO_BINDING, prompt="sorry.wav")

    def test_close_is_8017_after_its_tone(self):
        outcome = follow(CloseWith(prompt="bye.wav", user_data="u1"), X, APPLICATION)
        assert outcome == Refuse(release=ReleaseCode.STOPPED, prompt="bye.wav", user_data="u1")


class TestWishesWithoutEffect:
    ALL = VoiceOptions(
        record=True,
        record_hint_tone="hint.wav",
        max_duration_min=2,
        last_minute_voice="last.wav",
        a_waiting_tone="wait.wav",
        callee_hint="whisper.wav",
    )

    def left(self, application=APPLICATION, **changes):
        voice = replace(self.ALL, **changes)
        answer = without_idle_wishes(ConnectTo(callee=B, voice=voice), application)
        assert isinstance(answer, ConnectTo)
        return answer

    def test_what_has_effect_stays(self):
        assert self.left().voice == self.ALL
        assert self.left().prompts == ("wait.wav", "whisper.wav", "hint.wav", "last.wav")

    def test_a_last_minute_voice_without_an_end_is_ignored(self):
        assert self.left(max_duration_min=0).voice.last_minute_voice is None

    def test_a_notice_without_a_recording_is_ignored(self):
        assert self.left(record=False).prompts == ("wait.wav", "whisper.wav", "last.wav")

    def test_a_recording_that_the_application_may_not_make_is_ignored(self):
        voice = self.left(replace(APPLICATION, may_record=False)).voice
        assert (voice.record, voice.record_hint_tone) == (False, None)

    def test_closing_stays_as_it_is(self):
        answer = CloseWith(prompt="bye.wav")
        assert without_idle_wishes(answer, APPLICATION) is answer
        assert (answer.prompts, CloseWith().prompts) == (("bye.wav",), ())
