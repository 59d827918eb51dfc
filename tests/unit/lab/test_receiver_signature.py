"""The receiver recomputes digests on its own: what it says must not depend on our signer."""

import base64
import hashlib
import hmac

import pytest

from maskline.lab.receiver import Answer, Receiver, Signature, flapping

SECRET = "s3cret"
AUTHORIZATION = 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'


def signed(secret: str = SECRET, separator: str = ", ", key: str = "app") -> dict[str, str]:
    nonce, created = "66C92B11FF8A425FB8D4CCFE0ED9ED1F", "2026-11-20T10:00:00Z"
    mac = hmac.digest(secret.encode(), (nonce + created).encode(), hashlib.sha256)
    digest = base64.b64encode(mac).decode()
    parts = (
        f'UsernameToken Username="{key}"',
        f'PasswordDigest="{digest}"',
        f'Nonce="{nonce}"',
        f'Created="{created}"',
    )
    return {"authorization": AUTHORIZATION, "x-aksk": separator.join(parts)}


@pytest.mark.parametrize("separator", [",", ", "])
def test_a_right_digest_is_valid_with_either_separator(separator: str):
    assert Receiver({"app": SECRET})._check(signed(separator=separator)) is Signature.VALID


@pytest.mark.parametrize(
    "headers",
    [
        signed(secret="other"),
        signed(key="stranger"),
        {**signed(), "authorization": 'WSSE realm="SDP"'},
        {**signed(), "x-aksk": "UsernameToken"},
    ],
)
def test_anything_else_is_wrong(headers: dict[str, str]):
    assert Receiver({"app": SECRET})._check(headers) is Signature.WRONG


def test_a_push_without_headers_is_told_apart():
    assert Receiver({"app": SECRET})._check({}) is Signature.MISSING
    assert Receiver()._check({}) is Signature.NOT_CHECKED


def test_flapping_follows_its_rhythm():
    behaviour = flapping(2, 1)
    answers = [behaviour(None) for _ in range(6)]
    assert answers == [Answer(), Answer(), Answer(status=503)] * 2


def webhook(secret: str, body: bytes) -> dict[str, str]:
    key = hmac.digest(secret.encode(), b"maskline webhook secret", hashlib.sha256)
    mac = hmac.digest(key, b"n1.1795168800." + body, hashlib.sha256)
    return {
        **signed(),
        "webhook-id": "n1",
        "webhook-timestamp": "1795168800",
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }


def test_a_signature_over_the_body_is_valid_for_that_body_only():
    receiver = Receiver({"app": SECRET})
    headers = webhook(SECRET, b"{}")
    assert receiver._check_body(headers, b"{}") is Signature.VALID
    assert receiver._check_body(headers, b"{ }") is Signature.WRONG
    assert receiver._check_body(webhook("other", b"{}"), b"{}") is Signature.WRONG
    assert receiver._check_body({**headers, "x-aksk": ""}, b"{}") is Signature.WRONG


def test_a_push_without_a_body_signature_is_told_apart():
    assert Receiver({"app": SECRET})._check_body(signed(), b"{}") is Signature.MISSING
    assert Receiver()._check_body(signed(), b"{}") is Signature.NOT_CHECKED
