from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.prompt import Prompt, PromptAudio, PromptState, is_prompt_name

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ONE = PromptAudio(digest="1" * 64, size=100, duration_ms=10)
TWO = PromptAudio(digest="2" * 64, size=200, duration_ms=20)
NEW = Prompt(app_key="app", name="wait.wav", created_at=NOW, modified_at=NOW).submit(ONE, NOW)


def test_a_new_prompt_waits_and_is_not_played():
    assert (NEW.state, NEW.approved, NEW.latest) == (PromptState.WAITING, None, ONE)


def test_an_approved_prompt_is_played():
    approved = NEW.approve(LATER)
    assert (approved.state, approved.approved, approved.submitted) == (
        PromptState.APPROVED, ONE, None,
    )  # fmt: skip
    assert (approved.created_at, approved.modified_at) == (NOW, LATER)


def test_the_approved_sound_is_played_until_its_replacement_is_approved():
    replaced = NEW.approve(NOW).submit(TWO, LATER)
    assert (replaced.state, replaced.approved, replaced.latest) == (PromptState.WAITING, ONE, TWO)
    rejected = replaced.reject("too loud", LATER)
    assert (rejected.state, rejected.approved) == (PromptState.REJECTED, ONE)
    again = rejected.submit(TWO, LATER)
    assert (again.state, again.rejection) == (PromptState.WAITING, None)
    assert again.approve(LATER).approved == TWO


def test_without_a_submission_there_is_nothing_to_decide():
    approved = NEW.approve(NOW)
    assert approved.approve(LATER) == approved
    assert approved.reject("late", LATER) == approved


@pytest.mark.parametrize("name", ["wait_voice1.wav", "A", "a@b-c.d_e", "x" * 128])
def test_names_of_the_rule_are_taken(name: str):
    assert is_prompt_name(name)


@pytest.mark.parametrize("name", ["", "a b", "a/b.wav", "等.wav", "a\n", "x" * 129, "a\0"])
def test_other_names_are_not(name: str):
    assert not is_prompt_name(name)
