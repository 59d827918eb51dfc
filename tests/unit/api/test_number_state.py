import json
from datetime import UTC, datetime

import pytest

from maskline.api.number_state import number_state_message
from maskline.domain.virtual_number import NumberCause, NumberState, VirtualNumber


def number(state: NumberState, cause: NumberCause | None = None, **changes: str) -> VirtualNumber:
    fields = {"number": "+8617000002001", "app_key": "key", "area_code": "0755"} | changes
    return VirtualNumber(
        state=state, cause=cause, created_at=datetime(2026, 1, 1, tzinfo=UTC), **fields
    )


def test_the_example_of_the_documentation_is_written_as_printed():
    told = number_state_message([number(NumberState.UNAVAILABLE, NumberCause.ARREARS)])

    assert told == (
        b'{"eventType":"numStatus","numInfo":'
        b'[{"number":"+8617000002001","status":"10","cause":"2"}]}'
    )


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (NumberState.NORMAL, "5"),
        (NumberState.PAUSED, "9"),
        (NumberState.UNAVAILABLE, "10"),
        (NumberState.BINDING_FROZEN, "11"),
    ],
)
def test_every_status_is_a_string_without_a_cause_where_there_is_none(state, status):
    (told,) = json.loads(number_state_message([number(state)]))["numInfo"]

    assert told == {"number": "+8617000002001", "status": status}


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (NumberCause.DELETED, "1"),
        (NumberCause.ARREARS, "2"),
        (NumberCause.STOPPED, "3"),
        (NumberCause.CALLS_RESTRICTED, "5"),
        (NumberCause.RESTRICTION_LIFTED, "6"),
        (NumberCause.FORWARDED_ALWAYS, "7"),
        (NumberCause.FORWARDED_UNANSWERED, "8"),
        (NumberCause.FORWARDED_BUSY, "9"),
    ],
)
def test_every_cause_is_a_string(cause, code):
    (told,) = json.loads(number_state_message([number(NumberState.UNAVAILABLE, cause)]))["numInfo"]

    assert told["cause"] == code


def test_several_numbers_are_one_message_in_their_order():
    numbers = [number(NumberState.NORMAL, number=f"+86170000020{n:02}") for n in range(100)]
    told = json.loads(number_state_message(numbers))["numInfo"]

    assert [entry["number"] for entry in told] == [entry.number for entry in numbers]
