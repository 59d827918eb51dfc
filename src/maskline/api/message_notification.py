"""The wire form of what is told and asked of short messages (`spec/common.md` 5)."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from maskline.api.encoding import encode
from maskline.api.request import read_object
from maskline.api.result import Refused
from maskline.api.value import Field, read_fields, read_number, read_part, read_text, text
from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.message import Message, SendResult
from maskline.domain.message_decision import Discard, MessageDecision, RouteTo
from maskline.services.binding_rule import MAX_USER_DATA, is_user_data
from maskline.services.question import UnusableAnswer

PRIVATE_FIELDS = ("smsContent", "userData")
"""Strings of pushes that hold what somebody wrote."""

MAX_CONTENT = 2000
"""The characters of a text that fit into `smsContent`, which is never empty (`spec/ax.md` 11.2)."""

_NUMBER_LIMIT = 64  # `spec/common.md` 5.3

_EVENT = "Text SMS "
"""With the blank at its end, as most samples print it (`spec/codes.md` 9)."""

_DIRECTIONS = {Role.B: "0", Role.A: "1", None: "2"}
"""B stands for whoever is not A; without a binding it is abnormal (`spec/ax.md` 11.2)."""

_FORWARDED = frozenset({SendResult.SUCCESS, SendResult.PARTLY_SENT})


class _ExtPara(Struct):
    key: str
    value: str


class _ExtInfo(Struct, rename="camel"):
    ext_paras: tuple[_ExtPara, ...]


class _SmsEvent(Struct, omit_defaults=True, rename="camel", kw_only=True):
    sms_identifier: str
    notification_mode: str
    calling: str
    called: str | UnsetType = UNSET
    virtual_number: str
    event: str
    time_stamp: str
    subscription_id: str | UnsetType = UNSET
    sms_content: str | UnsetType = UNSET
    send_result: int | UnsetType = UNSET
    ext_info: _ExtInfo | UnsetType = UNSET
    user_data: str | UnsetType = UNSET


class _Sms(Struct, rename="camel"):
    app_key: str
    sms_event: _SmsEvent


class CompatibleMessageFormat:
    """`maskline.services.message_work.MessageFormat` for every mode that has messages."""

    def notify(self, message: Message, *, shows_text: bool) -> bytes:
        """`Notify`: how it ended. `called` is there only where it was forwarded."""
        if message.result is None or message.done_at is None:
            raise ValueError("a message is told of before it is over")
        event = _event(message, "Notify", message.done_at, shows_text=shows_text)
        if message.result in _FORWARDED:
            event.called = message.receiver or UNSET
        event.send_result = int(message.result)
        event.ext_info = _ExtInfo(
            (
                _ExtPara("splitNum", str(message.sent)),
                _ExtPara("direction", _direction(message)),
            )
        )
        event.user_data = message.user_data or UNSET
        return encode(_Sms(message.app_key, event))

    def block(self, message: Message, *, shows_text: bool) -> bytes:
        """`Block`: what to do with it."""
        event = _event(message, "Block", message.came_at, shows_text=shows_text)
        return encode(_Sms(message.app_key, event))

    def read_decision(self, body: bytes) -> MessageDecision:
        """The sense of an answer. Raises UnusableAnswer with the parameter that is at fault.

        `actions` and `message` are objects, or lists of one. `userData` that may not be told back
        is passed over: it decides nothing.
        """
        if not body.strip():
            raise UnusableAnswer("body")
        try:
            action = read_part(read_object(body), "actions")
            if action is None:
                raise UnusableAnswer("actions")
            match action.get("operation"):
                case "vNumberRoute":
                    return _route(read_part(action, "message"), _user_data(action))
                case "DiscardMessage":
                    return Discard(user_data=_user_data(action))
                case _:
                    raise UnusableAnswer("operation")
        except Refused as error:
            raise UnusableAnswer(error.parameter) from error


_MESSAGE = {
    "called": Field("called", read_number),
    # Compared with the sender by what follows, whatever its form.
    "calling": Field("calling", text(_NUMBER_LIMIT)),
}


def _route(message: Mapping[str, object] | None, user_data: str | None) -> RouteTo:
    if message is None:
        return RouteTo(user_data=user_data)
    values = read_fields(message, _MESSAGE)
    if "called" not in values:
        raise UnusableAnswer("called")
    return RouteTo(**values, user_data=user_data)


def _user_data(action: Mapping[str, object]) -> str | None:
    try:
        user_data = read_text(action.get("userData"), MAX_USER_DATA)
    except ValueError:
        return None
    return user_data if user_data and is_user_data(user_data) else None


def _event(message: Message, mode: str, at: datetime, *, shows_text: bool) -> _SmsEvent:
    return _SmsEvent(
        sms_identifier=message.message_id,
        notification_mode=mode,
        calling=message.sender,
        virtual_number=message.x,
        event=_EVENT,
        time_stamp=_time(at),
        subscription_id=message.binding_id or UNSET,
        sms_content=(message.text[:MAX_CONTENT] or UNSET) if shows_text else UNSET,
    )


def _direction(message: Message) -> str:
    """In mode X only A writes (`spec/x.md` 5)."""
    return _DIRECTIONS[Role.A if message.mode is Mode.X else message.role]


def _time(at: datetime) -> str:
    """`yyyy-MM-dd'T'HH:mm:ss.SSS'Z'` of an aware UTC time."""
    return f"{at.isoformat('T', 'milliseconds')[:23]}Z"
