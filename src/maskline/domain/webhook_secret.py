"""Secrets for signatures over the body of a push, in the form of Standard Webhooks."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence

PREFIX = "whsec_"
MAX_SECRETS = 2
"""Secrets that sign at once: the present one, and the one before it until it is forgotten."""

_LABEL = b"maskline webhook secret"


def derived_secret(application_secret: str) -> str:
    """The secret of an application that was never given one of its own.

    It does not tell the application's secret, whose owner can make it too.
    """
    return written_secret(hmac.digest(application_secret.encode(), _LABEL, "sha256"))


def written_secret(key: bytes) -> str:
    """A key of 24 to 64 bytes as libraries take it."""
    return PREFIX + b64encode(key).decode("ascii")


def signatures(secrets: Sequence[str], push_id: str, timestamp: str, body: bytes) -> str:
    """The value of `webhook-signature`: one signature a secret, with a blank between them."""
    return signatures_under(signing_keys(secrets), push_id, timestamp, body)


def signing_keys(secrets: Sequence[str]) -> tuple[bytes, ...]:
    """What secrets stand for; for `signatures_under`, where the same ones sign often."""
    return tuple(b64decode(secret.removeprefix(PREFIX)) for secret in secrets)


def signatures_under(keys: Sequence[bytes], push_id: str, timestamp: str, body: bytes) -> str:
    """The same as `signatures` for keys."""
    signed = b"%b.%b.%b" % (push_id.encode(), timestamp.encode(), body)
    return " ".join(
        "v1," + b64encode(hmac.digest(key, signed, "sha256")).decode("ascii") for key in keys
    )
