from dataclasses import replace
from datetime import UTC, datetime

from maskline.domain.application import Application, ApplicationPrompts, Mode
from maskline.services.application_rule import notes_of

COMPLETE = Application(
    app_key="k",
    tenant_id="t",
    name="n",
    mode=Mode.AX,
    secret="s",
    status_url="https://one.example/status",
    cdr_url="https://one.example/record",
    created_at=datetime(2026, 11, 20, tzinfo=UTC),
)


def _codes(**fields: object) -> list[str]:
    return [note.code for note in notes_of(replace(COMPLETE, **fields))]


def test_nothing_is_said_of_a_complete_application():
    assert _codes() == []
    assert _codes(may_record=True, has_voice_check=True) == []


def test_sms_without_its_control_url_is_told_first_where_it_is_mandatory():
    assert _codes(may_message=True, cdr_url=None) == ["sms_control_url_missing", "cdr_url_missing"]
    assert _codes(may_message=True, mode=Mode.AXB) == []
    assert _codes(may_message=True, mode=Mode.AXYB) == ["no_messages_in_mode"]


def test_switches_that_need_one_another_are_told():
    assert _codes(may_record=True) == ["voice_check_missing"]
    assert _codes(has_voice_check=True) == ["voice_check_without_recording"]
    prompts = ApplicationPrompts(random_check="check.wav")
    assert _codes(prompts=prompts) == ["random_check_unused"]
    assert _codes(pushes_number_state=True, status_url=None) == [
        "number_state_url_missing",
        "status_url_missing",
    ]
