"""What a customer answers to a `callin` that asks, and how it is read (`spec/x.md` 2.3)."""

from collections.abc import Mapping
from typing import Any

from maskline.api.request import read_object
from maskline.api.result import Refused
from maskline.api.value import (
    Field,
    integer,
    read_fields,
    read_flag,
    read_number,
    read_part,
    read_text,
    text,
)
from maskline.domain.binding import VoiceOptions
from maskline.domain.customer_answer import CloseWith, ConnectTo, CustomerAnswer
from maskline.domain.prompt import MAX_PROMPT_NAME
from maskline.services.binding_rule import MAX_CALL_MINUTES, MAX_USER_DATA, is_user_data
from maskline.services.question import UnusableAnswer


def _read_user_data(value: object) -> str:
    user_data = read_text(value, MAX_USER_DATA)
    if not is_user_data(user_data):
        raise ValueError
    return user_data


_PROMPT = text(MAX_PROMPT_NAME)
_CONNECT = {
    "calleeNum": Field("callee", read_number),
    "displayCalleeNum": Field("shown", read_number),
    "userData": Field("user_data", _read_user_data),
}
_VOICE = {
    "maxDuration": Field("max_duration_min", integer(0, MAX_CALL_MINUTES)),
    "waitVoice": Field("a_waiting_tone", _PROMPT),
    "calleeHintVoice": Field("callee_hint", _PROMPT),
    "recordFlag": Field("record", read_flag),
    "recordHintTone": Field("record_hint_tone", _PROMPT),
    "lastMinVoice": Field("last_minute_voice", _PROMPT),
}
_CLOSE = {
    "closeHintTone": Field("prompt", _PROMPT),
    "userData": Field("user_data", _read_user_data),
}


def read_answer(body: bytes) -> CustomerAnswer:
    """The sense of an answer. Raises UnusableAnswer with the parameter that is missing or wrong.

    `connectInfo` and `closeInfo` are objects, or lists of one as the vendor's samples send them.
    """
    if not body.strip():
        raise UnusableAnswer("body")
    try:
        given = read_object(body)
        match given.get("operation"):
            case "connect":
                return _connect(read_part(given, "connectInfo"))
            case "close":
                return CloseWith(**read_fields(read_part(given, "closeInfo") or {}, _CLOSE))
            case _:
                raise UnusableAnswer("operation")
    except Refused as error:
        raise UnusableAnswer(error.parameter) from error


def _connect(info: Mapping[str, object] | None) -> ConnectTo:
    if info is None:
        raise UnusableAnswer("connectInfo")
    values: dict[str, Any] = read_fields(info, _CONNECT)
    if "callee" not in values:
        raise UnusableAnswer("calleeNum")
    return ConnectTo(**values, voice=VoiceOptions(**read_fields(info, _VOICE)))
