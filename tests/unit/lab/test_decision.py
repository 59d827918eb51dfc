"""The lab's customer of mode X: answers what asks, and accepts what only tells."""

import json

import pytest

from maskline.lab.decision import close, connect, deciding
from maskline.lab.receiver import Push, Signature, failing

B = "+8613900003003"


def push(body):
    return Push(
        method="POST",
        path="/status",
        headers={},
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        received_at=0.0,
        signature=Signature.VALID,
    )


ASKS = push({"eventType": "callin", "statusInfo": {"caller": "+1", "notifyMode": "Block"}})


def test_a_question_is_answered_with_what_the_test_says_of_the_call():
    answer = deciding(lambda call: connect(B, userData=call["caller"]), delay_s=0.5)(ASKS)
    assert (answer.status, answer.delay_s) == (200, 0.5)
    assert json.loads(answer.body) == {
        "operation": "connect",
        "connectInfo": {"calleeNum": B, "userData": "+1"},
    }


def test_close_is_an_answer_too_and_nothing_is_an_empty_one():
    assert json.loads(deciding(lambda _: close())(ASKS).body)["operation"] == "close"
    assert deciding(lambda _: None)(ASKS).body == b""


@pytest.mark.parametrize(
    "told",
    [
        {"eventType": "alerting", "statusInfo": {"caller": "+1"}},
        {"eventType": "fee", "feeLst": [{"notifyMode": "Block"}]},
        b"no JSON",
        [],
        {"statusInfo": None},
    ],
)
def test_what_only_tells_is_accepted_or_treated_as_the_test_says(told):
    assert deciding(lambda _: close())(push(told)).body == b""
    assert deciding(lambda _: close(), others=failing())(push(told)).status == 500
