"""The built-in receiver: what it thinks of a push, and what it answers."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from maskline.domain.application import Application, Mode
from maskline.lab.rest import signed_headers
from maskline.sandbox.event_log import RunLog
from maskline.sandbox.receiver import BuiltInReceiver, ReceiverAnswers
from maskline.services.clock import SteppedClock

B = "+8613800000012"
APP = Application(
    app_key="key", tenant_id="t", name="n", mode=Mode.X, secret="secret",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip
ASKS_CALL = {"eventType": "callin", "statusInfo": {"notifyMode": "Block", "caller": B}}
ASKS_MESSAGE = {"smsEvent": {"notificationMode": "Block", "calling": B, "called": "+8617000001401"}}


def signed(secret: str = "secret") -> dict[str, str]:
    return {name.lower(): value for name, value in signed_headers("key", secret).items()}


@pytest.fixture
def log() -> RunLog:
    return RunLog(SteppedClock(datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.fixture
def receiver(log: RunLog) -> BuiltInReceiver:
    receiver = BuiltInReceiver("token", ReceiverAnswers.connecting_to(B), log)
    receiver.known = {B}
    return receiver


def _take(receiver: BuiltInReceiver, body: Any, headers: dict[str, str] | None = None) -> Any:
    answered = receiver.take(APP, "status", headers or signed(), json.dumps(body).encode())
    return json.loads(answered.body) if answered.body else None


def test_a_push_that_only_tells_is_accepted_without_a_body(receiver: BuiltInReceiver, log: RunLog):
    assert _take(receiver, {"eventType": "fee"}) is None
    (event,) = log.after(0)
    assert (event.kind, event.detail["signature"], event.detail["status"]) == ("push", "valid", 200)
    assert event.detail["body_signature"] == "missing"


def test_another_secret_is_noticed(receiver: BuiltInReceiver, log: RunLog):
    _take(receiver, {}, signed("another"))
    assert log.after(0)[0].detail["signature"] == "wrong"


def test_calls_and_messages_that_are_asked_about_go_to_b(receiver: BuiltInReceiver):
    assert _take(receiver, ASKS_CALL)["connectInfo"]["calleeNum"] == B
    (action,) = _take(receiver, ASKS_MESSAGE)["actions"]
    assert action["message"] == {"called": B, "calling": B}


def test_answers_are_what_the_developer_wrote(receiver: BuiltInReceiver):
    receiver.answers = ReceiverAnswers(status=500, call={"operation": "close"}, message=["$called"])
    assert _take(receiver, ASKS_CALL) == {"operation": "close"}
    assert _take(receiver, ASKS_MESSAGE) == ["+8617000001401"]
    assert receiver.take(APP, "cdr", {}, b"not JSON").status == 500


def test_numbers_of_people_are_masked_and_those_of_the_run_are_not(
    receiver: BuiltInReceiver, log: RunLog
):
    _take(receiver, {"caller": "+8613912345678", "called": B})
    shown = log.after(0)[0].detail["body"]
    assert shown["called"] == B
    assert "12345678" not in shown["caller"]
