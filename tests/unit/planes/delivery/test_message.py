import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime

from maskline.api.signature import sign
from maskline.domain.application import Application, Mode
from maskline.domain.notice import Notice, Purpose, QueuedNotice
from maskline.domain.webhook_secret import derived_secret, written_secret
from maskline.lab.receiver import Receiver, Signature
from maskline.planes.delivery.message import MessageWriter, Target
from maskline.services.clock import SteppedClock
from maskline.services.ids import CountedIds

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
APPLICATION = Application(
    app_key="app", tenant_id="t", name="n", mode=Mode.AXB, secret="s3cret", created_at=NOW
)
TARGET = Target(APPLICATION, "http://receiver.example/")


def queued(notice_id: str, batch_id: str | None = None) -> QueuedNotice:
    notice = Notice(
        notice_id=notice_id,
        stream="s",
        app_key="app",
        purpose=Purpose.STATUS if batch_id is None else Purpose.RECORD,
        origin="http://receiver.example",
        body=notice_id.encode(),
        created_at=NOW,
    )
    return QueuedNotice(sequence=1, notice=notice, attempts=1, batch_id=batch_id)


def writer(clock: SteppedClock | None = None) -> MessageWriter:
    return MessageWriter(sign, b"+".join, clock or SteppedClock(NOW), CountedIds())


def test_an_event_is_one_message_under_its_own_id():
    message = writer().write(TARGET, [queued("n1")])
    assert (message.push_id, message.body) == ("n1", b"n1")
    assert message.headers["webhook-id"] == "n1"
    assert message.headers["Content-Type"] == "application/json;charset=UTF-8"


def test_records_are_one_message_under_the_id_of_their_batch():
    message = writer().write(TARGET, [queued("r1", "b"), queued("r2", "b")])
    assert (message.push_id, message.body) == ("b", b"r1+r2")


def test_each_try_is_signed_anew_and_keeps_its_id():
    clock = SteppedClock(NOW)
    write = writer(clock).write
    first = write(TARGET, [queued("n1")])
    clock.step(60)
    second = write(TARGET, [queued("n1")])
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["X-AKSK"] != second.headers["X-AKSK"]
    assert second.headers["webhook-timestamp"] == str(int(NOW.timestamp()) + 60)


def test_a_customer_can_check_the_compatible_digest():
    headers = writer().write(TARGET, [queued("n1")]).headers
    lower = {name.lower(): value for name, value in headers.items()}
    assert Receiver({"app": "s3cret"})._check(lower) is Signature.VALID


def verify(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As the specification of Standard Webhooks tells receivers to do it, without our code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = (one.split(",", 1) for one in headers["webhook-signature"].split(" "))
    return any(version == "v1" and digest == expected for version, digest in given)


def test_a_customer_can_check_that_the_body_is_whole():
    message = writer().write(TARGET, [queued("n1")])
    (secret,) = APPLICATION.signing_secrets
    assert secret.startswith("whsec_")
    assert verify(secret, message.headers, b"n1")
    assert not verify(secret, message.headers, b"n2")
    assert not verify(secret, {**message.headers, "webhook-timestamp": "1"}, b"n1")


def test_the_secret_of_the_body_can_be_made_from_that_of_the_application_but_not_back():
    key = hmac.new(b"s3cret", b"maskline webhook secret", hashlib.sha256).digest()
    assert derived_secret("s3cret") == "whsec_" + base64.b64encode(key).decode()


def test_a_renewed_secret_signs_beside_the_one_before_it():
    new, old = written_secret(b"n" * 32), written_secret(b"o" * 32)
    target = Target(replace(APPLICATION, webhook_secrets=(new, old)), TARGET.url)
    headers = writer().write(target, [queued("n1")]).headers
    assert verify(new, headers, b"n1")
    assert verify(old, headers, b"n1")
    assert not verify(derived_secret("s3cret"), headers, b"n1")
