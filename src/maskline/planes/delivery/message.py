"""What goes over the wire for claimed notices: address, headers, body."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from maskline.domain.application import Application
from maskline.domain.notice import QueuedNotice
from maskline.domain.webhook_secret import signatures_under, signing_keys
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


MAX_SIGNERS = 10_000
"""Applications whose keys are kept ready."""


class PushSigner:
    """Writes the headers by which a customer knows a push as ours."""

    def __init__(self, sign: Sign, clock: Clock, ids: Ids) -> None:
        self._sign = sign
        self._clock = clock
        self._ids = ids
        self._keys: dict[str, tuple[Application, tuple[bytes, ...]]] = {}

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
            "webhook-signature": signatures_under(
                self._keys_of(application), push_id, timestamp, body
            ),
        }

    def _keys_of(self, application: Application) -> tuple[bytes, ...]:
        """Made once as long as it is the same copy of the application."""
        known = self._keys.get(application.app_key)
        if known is not None and known[0] is application:
            return known[1]
        if len(self._keys) >= MAX_SIGNERS:
            self._keys.clear()
        keys = signing_keys(application.signing_secrets)
        self._keys[application.app_key] = (application, keys)
        return keys


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
