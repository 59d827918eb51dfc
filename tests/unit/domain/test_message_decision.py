from datetime import UTC, datetime

import pytest

from maskline.domain.application import Mode
from maskline.domain.message import Message, MessageState, SendResult
from maskline.domain.message_decision import Discard, RouteTo, follow_decision
from maskline.domain.message_table import Forward, Reject

A, B, C, X = "+8613900001001", "+8613900003003", "+8613900004004", "+8617000002001"
MESSAGE = Message(
    message_id="m",
    app_key="k",
    tenant_id="t",
    mode=Mode.X,
    x=X,
    sender=A,
    text="hello",
    link="l",
    connection="c",
    digest=b"",
    came_at=datetime(2026, 1, 1, tzinfo=UTC),
    state=MessageState.ASKING,
)


def followed(decision, onward=None):
    return follow_decision(decision, MESSAGE, onward=onward)


def test_the_receiver_that_is_named_gets_the_text_as_it_was_written():
    expected = Forward(receiver=B, text="hello")
    assert followed(RouteTo(called=B, calling=A)) == followed(RouteTo(called=B), C) == expected


def test_without_a_receiver_it_goes_to_whom_the_sender_reaches():
    assert followed(RouteTo(), C) == Forward(receiver=C, text="hello")
    assert followed(RouteTo()) == Reject(result=SendResult.NO_DECISION)


def test_a_message_may_be_discarded():
    assert followed(Discard()) == Reject(result=SendResult.DISCARDED_AS_TOLD)


@pytest.mark.parametrize(
    "decision", [RouteTo(called=X), RouteTo(called=A), RouteTo(called=B, calling=C)]
)
def test_what_cannot_be_followed_is_no_decision(decision):
    assert followed(decision) == Reject(result=SendResult.NO_DECISION)


@pytest.mark.parametrize("number", ["+8675528000001", "+85212345678", "+864008001234"])
def test_only_mobile_phones_get_messages(number):
    assert followed(RouteTo(called=number)) == Reject(result=SendResult.BLOCKED)
