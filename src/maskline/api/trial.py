"""The wire form of a test push, which tells of nothing that happened."""

from datetime import datetime

from msgspec import Struct

from maskline.api.encoding import encode
from maskline.domain.notice import Purpose

EVENT_TYPE = "test"


class _StatusInfo(Struct, rename="camel"):
    timestamp: str
    session_id: str


class _SmsEvent(Struct, rename="camel"):
    sms_identifier: str
    notification_mode: str = "Notify"


class _Trial(Struct, rename="camel", omit_defaults=True):
    event_type: str
    status_info: _StatusInfo | None = None
    fee_lst: tuple[()] | None = None
    num_info: tuple[()] | None = None
    sms_event: _SmsEvent | None = None


def trial_message(purpose: Purpose, push_id: str, at: datetime) -> bytes:
    """A whole message of an event type that stands for nothing; its lists are empty."""
    match purpose:
        case Purpose.STATUS:
            moment = at.isoformat(" ", "seconds")[:19]
            return encode(_Trial(EVENT_TYPE, status_info=_StatusInfo(moment, f"test-{push_id}")))
        case Purpose.RECORD:
            return encode(_Trial(EVENT_TYPE, fee_lst=()))
        case Purpose.NUMBER_STATE:
            return encode(_Trial(EVENT_TYPE, num_info=()))
        case Purpose.MESSAGE:
            return encode(_Trial(EVENT_TYPE, sms_event=_SmsEvent(f"test-{push_id}")))
