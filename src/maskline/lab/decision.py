"""What a customer of mode X answers when a call asks its receiver (`spec/x.md` 2.3)."""

from collections.abc import Callable
from typing import Any

import msgspec

from maskline.lab.receiver import Answer, Behaviour, Push, accepting

Decide = Callable[[dict[str, Any]], object]
"""The `statusInfo` of a call to the answer, a JSON value; None answers nothing."""


def deciding(decide: Decide, *, delay_s: float = 0.0, others: Behaviour | None = None) -> Behaviour:
    """Answer what asks, after a while; everything else as `others` says, by default accepted."""
    otherwise = others or accepting()

    def answer(push: Push) -> Answer:
        call = _asked_about(push)
        if call is None:
            return otherwise(push)
        decision = decide(call)
        body = b"" if decision is None else msgspec.json.encode(decision)
        return Answer(delay_s=delay_s, body=body, headers={"Content-Type": "application/json"})

    return answer


def connect(callee: str, **info: object) -> dict[str, object]:
    """Have the call forwarded; `info` holds the other fields of `connectInfo`."""
    return {"operation": "connect", "connectInfo": {"calleeNum": callee, **info}}


def close(**info: object) -> dict[str, object]:
    """Have the call ended; `info` holds the fields of `closeInfo`."""
    return {"operation": "close", "closeInfo": info}


def _asked_about(push: Push) -> dict[str, Any] | None:
    """The call that a push asks about, None for one that only tells."""
    try:
        message: Any = push.json()
        info: dict[str, Any] = message["statusInfo"]
        return info if info["notifyMode"] == "Block" else None
    except (msgspec.DecodeError, LookupError, TypeError):
        return None
