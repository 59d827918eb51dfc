"""No answer about a message, however broken, gives anything but a decision or a name."""

import json

from hypothesis import given
from hypothesis import strategies as st

from maskline.api.message_notification import CompatibleMessageFormat
from maskline.domain.message_decision import Discard, RouteTo
from maskline.domain.number import is_global
from maskline.services.binding_rule import is_user_data
from maskline.services.question import UnusableAnswer

FORMAT = CompatibleMessageFormat()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NUMBERS = st.from_regex(r"\+?86[0-9]{5,12}", fullmatch=True)
MESSAGES = st.fixed_dictionaries({}, optional={"called": NUMBERS | JSON, "calling": NUMBERS | JSON})
ACTIONS = st.fixed_dictionaries(
    {"operation": st.sampled_from(["vNumberRoute", "DiscardMessage"]) | JSON},
    optional={
        "message": MESSAGES | st.lists(MESSAGES, max_size=2) | JSON,
        "userData": st.text(max_size=300) | JSON,
        "extParas": JSON,
    },
)
ANSWERS = st.fixed_dictionaries({}, optional={"actions": ACTIONS | st.lists(ACTIONS) | JSON})


def decision_or_name(body: bytes) -> RouteTo | Discard | str:
    try:
        return FORMAT.read_decision(body)
    except UnusableAnswer as error:
        return error.parameter


def check(body: bytes) -> None:
    found = decision_or_name(body)
    assert found
    if isinstance(found, str):
        return
    assert found.user_data is None or is_user_data(found.user_data)
    if isinstance(found, RouteTo):
        assert found.called is None or is_global(found.called)


@given(st.binary(max_size=200))
def test_any_bytes(body):
    check(body)


@given(JSON | ANSWERS)
def test_any_json(answer):
    check(json.dumps(answer).encode())


@given(ANSWERS, st.data())
def test_an_answer_that_lost_or_won_bytes(answer, data):
    body = bytearray(json.dumps(answer).encode())
    place = data.draw(st.integers(0, len(body)))
    body[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    check(bytes(body))
