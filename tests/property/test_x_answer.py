"""No answer of a customer, however broken, gives anything but a sense or a name."""

import json

from hypothesis import given
from hypothesis import strategies as st

from maskline.api.x_answer import read_answer
from maskline.domain.customer_answer import CloseWith, ConnectTo
from maskline.services.question import UnusableAnswer

FIELDS = st.sampled_from(
    [
        "calleeNum",
        "displayCalleeNum",
        "maxDuration",
        "waitVoice",
        "calleeHintVoice",
        "recordFlag",
        "recordHintTone",
        "lastMinVoice",
        "closeHintTone",
        "userData",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NUMBERS = st.from_regex(r"\+86[0-9]{5,12}", fullmatch=True)
INFO = st.dictionaries(FIELDS, NUMBERS | JSON, max_size=10)
ANSWERS = st.fixed_dictionaries(
    {"operation": st.sampled_from(["connect", "close"]) | JSON},
    optional={
        "connectInfo": INFO | st.lists(INFO, max_size=2) | JSON,
        "closeInfo": INFO | st.lists(INFO, max_size=2) | JSON,
    },
)


def sense_or_name(body):
    try:
        return read_answer(body)
    except UnusableAnswer as error:
        return error.parameter


def check(body):
    found = sense_or_name(body)
    assert found
    assert isinstance(found, ConnectTo | CloseWith | str)
    if isinstance(found, ConnectTo):
        assert 0 <= found.voice.max_duration_min <= 1440
        assert len(found.user_data or "") <= 256


@given(st.binary(max_size=200))
def test_any_bytes(body):
    check(body)


@given(ANSWERS)
def test_anything_like_an_answer(answer):
    check(json.dumps(answer).encode())


@given(ANSWERS, st.integers(min_value=0), st.binary(min_size=1, max_size=3))
def test_an_answer_that_was_damaged(answer, place, damage):
    body = json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")
    at = place % len(body)
    check(body[:at] + damage + body[at + len(damage) :])
    check(body[:at])


def test_nesting_deeper_than_any_parser_follows():
    check(b'{"operation":' + b"[" * 200_000)
