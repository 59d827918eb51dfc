"""Answers of customers of mode X, read with the tolerances of `spec/x.md` 2.3."""

import json

import pytest

from maskline.api.x_answer import read_answer
from maskline.domain.binding import VoiceOptions
from maskline.domain.customer_answer import CloseWith, ConnectTo
from maskline.services.question import UnusableAnswer

X, B = "+8617000002001", "+8613900003003"
FULL = {
    "displayCalleeNum": X,
    "calleeNum": B,
    "maxDuration": 60,
    "waitVoice": "waitVoice001.wav",
    "calleeHintVoice": "hint001.wav",
    "recordFlag": "true",
    "recordHintTone": "recordHintTone001.wav",
    "lastMinVoice": "lastMinVoice001.wav",
    "userData": "userflag001",
}


def read(value):
    return read_answer(json.dumps(value).encode())


def connect(**changes):
    return read({"operation": "connect", "connectInfo": {"calleeNum": B, **changes}})


def wrong(value):
    with pytest.raises(UnusableAnswer) as caught:
        read_answer(value if isinstance(value, bytes) else json.dumps(value).encode())
    return caught.value.parameter


def test_the_printed_sample_of_connect_is_read():
    assert read({"operation": "connect", "connectInfo": FULL}) == ConnectTo(
        callee=B,
        shown=X,
        voice=VoiceOptions(
            record=True,
            record_hint_tone="recordHintTone001.wav",
            max_duration_min=60,
            last_minute_voice="lastMinVoice001.wav",
            a_waiting_tone="waitVoice001.wav",
            callee_hint="hint001.wav",
        ),
        user_data="userflag001",
    )


def test_the_printed_sample_of_close_is_read():
    info = {"closeHintTone": "closeHintTone001.wav", "userData": "userflag001"}
    expected = CloseWith(prompt="closeHintTone001.wav", user_data="userflag001")
    assert read({"operation": "close", "closeInfo": info}) == expected


def test_one_element_arrays_are_read_as_the_vendors_samples_send_them():
    assert read({"operation": "connect", "connectInfo": [FULL]}) == read(
        {"operation": "connect", "connectInfo": FULL}
    )
    assert read({"operation": "close", "closeInfo": [{"closeHintTone": "bye.wav"}]}) == CloseWith(
        prompt="bye.wav"
    )


@pytest.mark.parametrize("nothing", [{}, {"closeInfo": None}, {"closeInfo": []}, {"closeInfo": {}}])
def test_close_needs_nothing_more(nothing):
    assert read({"operation": "close", **nothing}) == CloseWith()


def test_connect_needs_the_callee_alone():
    assert connect() == ConnectTo(callee=B)


def test_null_and_empty_texts_are_absent():
    nothing = {name: None for name in FULL if name != "calleeNum"}
    empty = dict.fromkeys(nothing, "")
    assert connect(**nothing) == connect(**empty) == ConnectTo(callee=B)


@pytest.mark.parametrize("flag", ["true", True, "True", "TRUE"])
def test_a_flag_may_be_text_or_boolean(flag):
    assert connect(recordFlag=flag).voice.record
    assert not connect(recordFlag="false").voice.record


@pytest.mark.parametrize(("given", "minutes"), [(0, 0), (1440, 1440), ("60", 60), (60.0, 60)])
def test_the_longest_duration_may_be_integer_text_or_float(given, minutes):
    assert connect(maxDuration=given).voice.max_duration_min == minutes


def test_a_byte_order_mark_and_unknown_fields_are_passed_over():
    body = json.dumps({"operation": "close", "code": 0, "closeInfo": {"tone": 1}}).encode()
    assert read_answer(b"\xef\xbb\xbf" + body) == CloseWith()


def test_the_other_operations_part_does_not_matter():
    assert connect() == read(
        {"operation": "connect", "connectInfo": {"calleeNum": B}, "closeInfo": "nonsense"}
    )


@pytest.mark.parametrize("user_data", ["a^b", "x" * 256, "5rWL6K+V"])
def test_user_data_may_hold_a_caret_and_256_characters(user_data):
    assert connect(userData=user_data).user_data == user_data


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("maxDuration", 7200),
        ("maxDuration", 1441),
        ("maxDuration", -1),
        ("maxDuration", 1.5),
        ("maxDuration", "long"),
        ("maxDuration", True),
        ("calleeNum", "13900003003"),
        ("calleeNum", 8613900003003),
        ("calleeNum", "+86 13900003003"),
        ("displayCalleeNum", "x"),
        ("recordFlag", "yes"),
        ("recordFlag", 1),
        ("waitVoice", "w" * 129),
        ("waitVoice", ["wait.wav"]),
        ("calleeHintVoice", {}),
        ("userData", "{}"),
        ("userData", "测试"),
        ("userData", "x" * 257),
    ],
)
def test_a_value_out_of_range_is_named(field, value):
    info = {"calleeNum": B, field: value}
    assert wrong({"operation": "connect", "connectInfo": info}) == field


@pytest.mark.parametrize(
    ("answer", "parameter"),
    [
        (b"", "body"),
        (b" \r\n", "body"),
        (b"\xef\xbb\xbf", "body"),
        (b"OK", "body"),
        (b"[]", "body"),
        (b"\x1f\x8b\x08garbage", "body"),
        (b'{"operation":"close"', "body"),
        ({}, "operation"),
        ({"operation": "vNumberRoute"}, "operation"),
        ({"operation": ["connect"]}, "operation"),
        ({"connectInfo": {"calleeNum": B}}, "operation"),
        ({"operation": "connect"}, "connectInfo"),
        ({"operation": "connect", "connectInfo": None}, "connectInfo"),
        ({"operation": "connect", "connectInfo": B}, "connectInfo"),
        ({"operation": "connect", "connectInfo": [FULL, FULL]}, "connectInfo"),
        ({"operation": "connect", "connectInfo": [[]]}, "connectInfo"),
        ({"operation": "connect", "connectInfo": {}}, "calleeNum"),
        ({"operation": "connect", "connectInfo": {"calleeNum": ""}}, "calleeNum"),
        ({"operation": "close", "closeInfo": 5}, "closeInfo"),
        ({"operation": "close", "closeInfo": {"closeHintTone": "c" * 129}}, "closeHintTone"),
    ],
)
def test_what_is_missing_or_no_answer_is_named(answer, parameter):
    assert wrong(answer) == parameter
