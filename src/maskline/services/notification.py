"""How what happened in a call becomes what a customer receives: the seam to the wire format."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Protocol
from urllib.parse import urlsplit

from maskline.domain.application import Application
from maskline.domain.call import Call, CallRecord
from maskline.domain.notice import Purpose

NATS = "nats:"
"""The address of a receiver that is pushed to over NATS, on the subject that is its own."""

RECORDS_PER_MESSAGE = 50  # `spec/auth.md` 10: records that end together are merged up to this many


class NotificationFormat(Protocol):
    """Writes the call events and the call record in the form a customer reads.

    A format is pure: the moments come from the values themselves.
    """

    def call_in(self, call: Call) -> bytes:
        """A whole message: the call arrived (`arrived_at`)."""
        ...

    def collect_info(self, call: Call) -> bytes:
        """A whole message: the caller was asked for digits. Needs `collected_at` and `digits`."""
        ...

    def call_out(self, call: Call) -> bytes:
        """A whole message: the outgoing leg was started. Needs `forwarded_at` and `callee`."""
        ...

    def alerting(self, call: Call) -> bytes:
        """A whole message: the callee's phone rang. Needs `alerted_at` and `callee`."""
        ...

    def answer(self, call: Call) -> bytes:
        """A whole message: the callee answered. Needs `answered_at` and `callee`."""
        ...

    def disconnect(self, record: CallRecord) -> bytes:
        """A whole message: the call ended."""
        ...

    def record(self, record: CallRecord) -> bytes:
        """One entry of a record message, without the message around it."""
        ...

    def record_message(self, entries: Sequence[bytes]) -> bytes:
        """The message around 1 to `RECORDS_PER_MESSAGE` entries, in their order."""
        ...


def origin_of(url: str | None) -> str | None:
    """Scheme, host and port of a receiver, None for none."""
    if not url:
        return None
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def receiver_url(application: Application, purpose: Purpose) -> str | None:
    """The address an application wants these notices at, None when it wants none.

    Over NATS it is `nats:APP_KEY.PURPOSE`, the end of a subject.
    """
    match purpose:
        case Purpose.STATUS:
            url = application.status_url
        case Purpose.RECORD:
            url = application.cdr_url
        case Purpose.NUMBER_STATE:
            url = application.number_state_receiver
        case Purpose.MESSAGE:
            url = application.sms_url
    return f"{NATS}{application.app_key}.{purpose}" if url == NATS else url


def receiver_mark(url: str) -> str:
    """What stands for the address of a receiver where it need only be known again."""
    return blake2b(url.encode(), digest_size=16).hexdigest()
