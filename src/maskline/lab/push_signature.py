"""Checking the signatures of a push, as a customer does (`spec/auth.md` 3, 9)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from maskline.domain.webhook_secret import signatures

_AUTHORIZATION = 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'
_TOKEN = re.compile(
    r'UsernameToken Username="(?P<key>[^"]*)", ?PasswordDigest="(?P<digest>[^"]*)", ?'
    r'Nonce="(?P<nonce>[^"]*)", ?Created="(?P<created>[^"]*)"'
)


class Signature(Enum):
    """What became of the signature of a push."""

    NOT_CHECKED = "not checked"
    VALID = "valid"
    WRONG = "wrong"
    MISSING = "missing"


def signing_key(headers: Mapping[str, str]) -> str | None:
    """The application key that a push names; `headers` have lower-case names."""
    token = _TOKEN.fullmatch(headers.get("x-aksk", ""))
    return None if token is None else token["key"]


def check_digest(secret_of: Callable[[str], str | None], headers: Mapping[str, str]) -> Signature:
    """Recompute the digest of the compatible headers with the secret of the key they name."""
    if "x-aksk" not in headers or "authorization" not in headers:
        return Signature.MISSING
    parts = _TOKEN.fullmatch(headers["x-aksk"])
    secret = None if parts is None else secret_of(parts["key"])
    if parts is None or secret is None or headers["authorization"] != _AUTHORIZATION:
        return Signature.WRONG
    message = (parts["nonce"] + parts["created"]).encode()
    expected = base64.b64encode(hmac.digest(secret.encode(), message, hashlib.sha256))
    is_equal = hmac.compare_digest(expected, parts["digest"].encode())
    return Signature.VALID if is_equal else Signature.WRONG


def check_body(signing: Sequence[str], headers: Mapping[str, str], body: bytes) -> Signature:
    """Recompute the signature over id, time and body (Standard Webhooks).

    `signing` are the webhook secrets, any of which may have signed.
    """
    given = headers.get("webhook-signature")
    if given is None:
        return Signature.MISSING
    push_id, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    expected = {signatures((secret,), push_id, moment, body) for secret in signing}
    return Signature.WRONG if expected.isdisjoint(given.split(" ")) else Signature.VALID
