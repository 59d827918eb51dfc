"""Notifications of messages against the samples of `spec/ax.md` 11, `axb.md` 10, `common.md` 5."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maskline.api.message_notification import CompatibleMessageFormat
from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.message import Message, MessageState, SendResult
from maskline.domain.message_decision import Discard, RouteTo
from maskline.services.question import UnusableAnswer

A, B, X = "+8613900001001", "+8613900003003", "+8617000002001"
CAME = datetime(2024, 6, 11, 2, 10, 16, 23000, tzinfo=UTC)
DONE = datetime(2024, 6, 11, 2, 12, 0, 500000, tzinfo=UTC)
FORMAT = CompatibleMessageFormat()
ASKING = Message(
    message_id="sms-0001",
    app_key="k3y",
    tenant_id="t",
    mode=Mode.AX,
    x=X,
    sender=A,
    text="你好 😀",
    link="l",
    connection="c",
    digest=b"d",
    came_at=CAME,
    state=MessageState.ASKING,
)
FORWARDED = replace(
    ASKING,
    message_id="sms-0002",
    sender=B,
    role=Role.B,
    binding_id="5c1a",
    state=MessageState.DONE,
    receiver=A,
    result=SendResult.SUCCESS,
    total=1,
    sent=1,
    done_at=DONE,
)


def notify(message, *, shows_text=False):
    return json.loads(FORMAT.notify(message, shows_text=shows_text))["smsEvent"]


def read(answer):
    return FORMAT.read_decision(json.dumps(answer).encode())


def wrong(answer):
    with pytest.raises(UnusableAnswer) as caught:
        FORMAT.read_decision(answer if isinstance(answer, bytes) else json.dumps(answer).encode())
    return caught.value.parameter


def paras(event):
    return {para["key"]: para["value"] for para in event["extInfo"]["extParas"]}


def test_the_block_sample_is_written_as_printed():
    assert FORMAT.block(ASKING, shows_text=False) == (
        b'{"appKey":"k3y","smsEvent":{"smsIdentifier":"sms-0001","notificationMode":"Block",'
        b'"calling":"+8613900001001","virtualNumber":"+8617000002001","event":"Text SMS ",'
        b'"timeStamp":"2024-06-11T02:10:16.023Z"}}'
    )


def test_the_notify_sample_is_written_as_printed():
    assert FORMAT.notify(FORWARDED, shows_text=False) == (
        b'{"appKey":"k3y","smsEvent":{"smsIdentifier":"sms-0002","notificationMode":"Notify",'
        b'"calling":"+8613900003003","called":"+8613900001001","virtualNumber":"+8617000002001",'
        b'"event":"Text SMS ","timeStamp":"2024-06-11T02:12:00.500Z","subscriptionId":"5c1a",'
        b'"sendResult":0,"extInfo":{"extParas":[{"key":"splitNum","value":"1"},'
        b'{"key":"direction","value":"0"}]}}}'
    )


def test_the_failing_sample_of_axb_has_neither_receiver_nor_binding():
    unbound = replace(
        ASKING,
        mode=Mode.AXB,
        message_id="sms-0003",
        state=MessageState.DONE,
        result=SendResult.NO_BINDING,
        done_at=datetime(2024, 6, 11, 9, 6, 16, 450000, tzinfo=UTC),
    )
    assert notify(unbound) == json.loads(
        '{"smsIdentifier":"sms-0003","notificationMode":"Notify","calling":"+8613900001001",'
        '"virtualNumber":"+8617000002001","event":"Text SMS ",'
        '"timeStamp":"2024-06-11T09:06:16.450Z","extInfo":{"extParas":'
        '[{"key":"splitNum","value":"0"},{"key":"direction","value":"2"}]},"sendResult":2}'
    )


def test_the_text_is_told_only_where_the_application_has_that_and_up_to_2000_characters():
    assert "smsContent" not in notify(FORWARDED)
    assert notify(FORWARDED, shows_text=True)["smsContent"] == "你好 😀"
    assert FORMAT.notify(FORWARDED, shows_text=True).isascii()
    long = notify(replace(FORWARDED, text="字" * 2001), shows_text=True)
    assert long["smsContent"] == "字" * 2000
    assert json.loads(FORMAT.block(ASKING, shows_text=True))["smsEvent"]["smsContent"] == "你好 😀"
    assert "smsContent" not in notify(replace(FORWARDED, text=""), shows_text=True)


@pytest.mark.parametrize("result", SendResult)
def test_the_receiver_is_told_only_of_what_was_forwarded(result):
    event = notify(replace(FORWARDED, result=result))
    assert event["sendResult"] == result
    assert ("called" in event) == (result in {0, 9})


@pytest.mark.parametrize(
    ("mode", "role", "direction"),
    [
        (Mode.AX, Role.B, "0"),
        (Mode.AX, Role.A, "1"),
        (Mode.AX, None, "2"),
        (Mode.AXB, Role.B, "0"),
        (Mode.AXB, Role.A, "1"),
        (Mode.AXB, None, "2"),
        (Mode.X, None, "1"),
    ],
)
def test_the_direction_says_who_wrote(mode, role, direction):
    event = notify(replace(FORWARDED, mode=mode, role=role, sent=3))
    assert paras(event) == {"splitNum": "3", "direction": direction}


def test_user_data_is_told_at_the_end_and_never_asked_with():
    data = replace(FORWARDED, user_data="order-42")
    assert notify(data)["userData"] == "order-42"
    block = json.loads(FORMAT.block(data, shows_text=False))["smsEvent"]
    assert block.keys().isdisjoint({"userData", "sendResult", "called", "extInfo"})
    assert block["subscriptionId"] == "5c1a"


def test_a_message_is_not_told_of_before_it_is_over():
    with pytest.raises(ValueError, match="over"):
        FORMAT.notify(ASKING, shows_text=False)


ROUTE = {"operation": "vNumberRoute", "message": {"called": B, "calling": A}}


def test_the_answer_of_the_sample_is_read():
    answer = {"actions": [{**ROUTE, "userData": "order-42"}]}
    assert read(answer) == RouteTo(called=B, calling=A, user_data="order-42")


def test_an_action_may_be_an_object_or_a_list_of_one():
    assert read({"actions": ROUTE}) == read({"actions": [ROUTE]}) == RouteTo(called=B, calling=A)
    listed = {**ROUTE, "message": [ROUTE["message"]]}
    assert read({"actions": listed}) == RouteTo(called=B, calling=A)


def test_a_message_may_be_discarded():
    assert read({"actions": [{"operation": "DiscardMessage"}]}) == Discard()
    said = {"operation": "DiscardMessage", "userData": "why", "extParas": []}
    assert read({"actions": said}) == Discard(user_data="why")


@pytest.mark.parametrize("nothing", [{}, {"message": None}, {"message": []}, {"message": ""}])
def test_a_route_may_leave_open_where_to(nothing):
    assert read({"actions": [{"operation": "vNumberRoute", **nothing}]}) == RouteTo()


@pytest.mark.parametrize("calling", [{}, {"calling": None}, {"calling": ""}])
def test_who_wrote_need_not_be_repeated(calling):
    message = {"called": B, **calling}
    assert read({"actions": {"operation": "vNumberRoute", "message": message}}).calling is None


@pytest.mark.parametrize("data", ["订单", "{a}", "x" * 257, "", None, 1.5, ["a"]])
def test_user_data_that_may_not_be_told_back_is_passed_over(data):
    assert read({"actions": [{**ROUTE, "userData": data}]}) == RouteTo(called=B, calling=A)


@pytest.mark.parametrize(
    ("answer", "parameter"),
    [
        (b"", "body"),
        (b" \r\n", "body"),
        (b"OK", "body"),
        (b"[]", "body"),
        (b'{"actions":', "body"),
        ({}, "actions"),
        ({"actions": []}, "actions"),
        ({"actions": None}, "actions"),
        ({"actions": "vNumberRoute"}, "actions"),
        ({"actions": [ROUTE, ROUTE]}, "actions"),
        ({"actions": [{}]}, "operation"),
        ({"actions": [{"operation": "connect"}]}, "operation"),
        ({"actions": [{"operation": ["vNumberRoute"]}]}, "operation"),
        ({"actions": {**ROUTE, "message": B}}, "message"),
        ({"actions": {**ROUTE, "message": {}}}, "called"),
        ({"actions": {**ROUTE, "message": {"calling": A}}}, "called"),
        ({"actions": {**ROUTE, "message": {"called": "13900003003"}}}, "called"),
        ({"actions": {**ROUTE, "message": {"called": B, "calling": "9" * 65}}}, "calling"),
    ],
)
def test_what_is_no_answer_is_named(answer, parameter):
    assert wrong(answer) == parameter
