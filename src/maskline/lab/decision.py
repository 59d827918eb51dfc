"""What a customer answers when its receiver is asked (`spec/x.md` 2.3, `spec/common.md` 5.3)."""

from collections.abc import Callable
from typing import Any

import msgspec

from maskline.lab.receiver import Answer, Behaviour, Push, accepting

Decide = Callable[[dict[str, Any]], object]
"""The `statusInfo` of a call, or the `smsEvent` of a message, to the answer, a JSON value.

None answers nothing.
"""


def deciding(decide: Decide, *, delay_s: float = 0.0, others: Behaviour | None = None) -> Behaviour:
    """Answer what asks, after a while; everything else as `others` says, by default accepted."""
    return _deciding(_asked_call, decide, delay_s, others)


def deciding_messages(
    decide: Decide, *, delay_s: float = 0.0, others: Behaviour | None = None
) -> Behaviour:
    """The same for messages."""
    return _deciding(_asked_message, decide, delay_s, others)


def _deciding(
    asked_about: Callable[[Push], dict[str, Any] | None],
    decide: Decide,
    delay_s: float,
    others: Behaviour | None,
) -> Behaviour:
    otherwise = others or accepting()

    def answer(push: Push) -> Answer:
        asked = asked_about(push)
        if asked is None:
            return otherwise(push)
        decision = decide(asked)
        body = b"" if decision is None else msgspec.json.encode(decision)
        return Answer(delay_s=delay_s, body=body, headers={"Content-Type": "application/json"})

    return answer


def connect(callee: str, **info: object) -> dict[str, object]:
    """Have the call forwarded; `info` holds the other fields of `connectInfo`."""
    return {"operation": "connect", "connectInfo": {"calleeNum": callee, **info}}


def close(**info: object) -> dict[str, object]:
    """Have the call ended; `info` holds the fields of `closeInfo`."""
    return {"operation": "close", "closeInfo": info}


def forward_message(called: str, event: dict[str, Any], **action: object) -> dict[str, object]:
    """Have the message forwarded; `action` holds the other fields of the action."""
    message = {"called": called, "calling": event["calling"]}
    return {"actions": [{"operation": "vNumberRoute", "message": message, **action}]}


def discard_message(**action: object) -> dict[str, object]:
    """Have the message dropped."""
    return {"actions": [{"operation": "DiscardMessage", **action}]}


def _asked_call(push: Push) -> dict[str, Any] | None:
    """The call that a push asks about, None for one that only tells."""
    try:
        message: Any = push.json()
        info: dict[str, Any] = message["statusInfo"]
        return info if info["notifyMode"] == "Block" else None
    except (msgspec.DecodeError, LookupError, TypeError):
        return None


def _asked_message(push: Push) -> dict[str, Any] | None:
    """The message that a push asks about, None for one that only tells."""
    try:
        message: Any = push.json()
        event: dict[str, Any] = message["smsEvent"]
        return event if event["notificationMode"] == "Block" else None
    except (msgspec.DecodeError, LookupError, TypeError):
        return None
