from datetime import UTC, datetime, timedelta

import pytest

from maskline.domain.binding import CloseRule
from maskline.domain.error import InvalidParameter
from maskline.services.binding_rule import NO_CLOSING, Closing, close_rule, deadlines

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
BEFORE = CloseRule(after_calls=3, idle_s=60)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        pytest.param(NO_CLOSING, BEFORE, id="nothing asked leaves it"),
        pytest.param(Closing(after_calls=5), CloseRule(after_calls=5, idle_s=60), id="calls"),
        pytest.param(Closing(after_calls=0), CloseRule(idle_s=60), id="no calls"),
        pytest.param(Closing(on_hang_up=True), CloseRule(after_calls=1, idle_s=60), id="one call"),
        pytest.param(Closing(on_hang_up=False), CloseRule(idle_s=60), id="not at hang-up"),
        pytest.param(
            Closing(on_hang_up=True, after_calls=1), CloseRule(after_calls=1, idle_s=60), id="both"
        ),
        pytest.param(
            Closing(on_hang_up=True, after_calls=0),
            CloseRule(after_calls=1, idle_s=60),
            id="at hang-up beats no calls",
        ),
        pytest.param(
            Closing(on_hang_up=False, after_calls=4),
            CloseRule(after_calls=4, idle_s=60),
            id="calls beat not at hang-up",
        ),
        pytest.param(Closing(idle_s=9), CloseRule(after_calls=3, idle_s=9), id="idle"),
        pytest.param(Closing(idle_s=0), CloseRule(after_calls=3), id="no idle"),
    ],
)
def test_the_rule_that_follows_from_what_was_asked(asked, rule):
    assert close_rule(asked, BEFORE) == rule


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        (Closing(after_calls=-1), "close_after_calls"),
        (Closing(after_calls=1001), "close_after_calls"),
        (Closing(after_calls=2, on_hang_up=True), "close_after_calls"),
        (Closing(idle_s=-1), "idle_s"),
        (Closing(idle_s=7_776_001), "idle_s"),
    ],
)
def test_what_cannot_be_asked(asked, parameter):
    with pytest.raises(InvalidParameter) as refused:
        close_rule(asked)
    assert refused.value.parameter == parameter


@pytest.mark.parametrize(
    ("deadline", "idle_s", "expires_at", "ends_at"),
    [
        (None, 0, None, None),
        (after(100), 0, after(100), None),
        (None, 60, after(60), None),
        (after(100), 60, after(60), after(100)),
        (after(30), 60, after(30), after(30)),
    ],
)
def test_the_earlier_of_deadline_and_idle_time_counts(deadline, idle_s, expires_at, ends_at):
    assert deadlines(deadline, CloseRule(idle_s=idle_s), NOW) == (expires_at, ends_at)
