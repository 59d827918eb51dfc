"""What goes over the wire for claimed notices: address, headers, body."""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from maskline.domain.application import Application
from maskline.domain.notice import Purpose, QueuedNotice
from maskline.services.clock import Clock
from maskline.services.ids import Ids

Sign = Callable[[str, str, str, datetime], Mapping[str, str]]
"""(app key, secret, nonce, created) to the headers of `spec/auth.md` 9."""

RecordMessage = Callable[[Sequence[bytes]], bytes]
"""Entries of call records to the message around them, in their order."""

CONTENT_TYPE = "application/json;charset=UTF-8"  # `spec/auth.md` 9


@dataclass(frozen=True, slots=True)
class Target:
    """Where the notices of one endpoint go now, and on whose behalf."""

    application: Application
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `push_id` stays the same on every try."""

    push_id: str
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def receiver_url(application: Application, purpose: Purpose) -> str | None:
    """The address an application wants these notices at, None when it wants none."""
    match purpose:
        case Purpose.STATUS:
            return application.status_url
        case Purpose.RECORD:
            return application.cdr_url
        case Purpose.NUMBER_STATE:
            return application.number_state_receiver


class PushSigner:
    """Writes the headers by which a customer knows a push as ours."""

    def __init__(self, sign: Sign, clock: Clock, ids: Ids) -> None:
        self._sign = sign
        self._clock = clock
        self._ids = ids

    def headers(self, application: Application, push_id: str, body: bytes) -> dict[str, str]:
        """All headers of one try, with a nonce and time of its own."""
        now = self._clock.now()
        nonce = self._ids.uuid().replace("-", "")
        timestamp = str(int(now.timestamp()))
        return {
            "Content-Type": CONTENT_TYPE,
            **self._sign(application.app_key, application.secret, nonce, now),
            "webhook-id": push_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": body_signature(application.secret, push_id, timestamp, body),
        }


class MessageWriter:
    """Writes messages, signed for the application that receives them."""

    def __init__(self, sign: Sign, record_message: RecordMessage, clock: Clock, ids: Ids) -> None:
        self._signer = PushSigner(sign, clock, ids)
        self._record_message = record_message

    def write(self, target: Target, claimed: Sequence[QueuedNotice]) -> Message:
        """The message of one notice, or of a batch of call records."""
        first = claimed[0]
        if first.batch_id is None:
            push_id, body = first.notice.notice_id, first.notice.body
        else:
            push_id = first.batch_id
            body = self._record_message([queued.notice.body for queued in claimed])
        headers = self._signer.headers(target.application, push_id, body)
        return Message(push_id, target.url, headers, body)


def body_signature(secret: str, push_id: str, timestamp: str, body: bytes) -> str:
    """The Standard Webhooks signature, which covers the body; the compatible digest does not.

    The key is the application's secret as UTF-8; a library that wants it as `whsec_...` is given
    `whsec_` and the Base64 of those bytes.
    """
    signed = b"%b.%b.%b" % (push_id.encode(), timestamp.encode(), body)
    return "v1," + b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode("ascii")
