"""The built-in receiver of a run: it takes an application's pushes, and tells what it thinks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec

from maskline.domain.application import Application
from maskline.domain.number import mask_numbers
from maskline.lab.decision import connect, forward_message
from maskline.lab.push_signature import check_body, check_digest
from maskline.sandbox.event_log import RunLog

PATH = "/sandbox/receiver/"
"""Where pushes are taken on this server; the run's token and the purpose follow."""

_ASKS = "Block"
"""The mode of a push that waits for an answer (`spec/x.md` 2.2, `spec/common.md` 5.3)."""

_FROM_MESSAGE = {"$calling": "calling", "$called": "called"}
"""Words of an answer that stand for what the message says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverAnswers:
    """How pushes are answered.

    `status` answers each, after `delay_s`. Those that ask what to do with a call or a message get
    the JSON value `call` or `message` besides; `$calling` and `$called` in it are replaced by the
    numbers of the message that is asked about.
    """

    status: int = 200
    delay_s: float = 0.0
    call: Any = None
    message: Any = None

    @staticmethod
    def connecting_to(number: str) -> "ReceiverAnswers":
        """Calls and messages go to `number`."""
        event = {"calling": "$calling"}
        return ReceiverAnswers(call=connect(number), message=forward_message(number, event))


@dataclass(frozen=True, slots=True)
class Answered:
    """What a push is answered with."""

    status: int
    delay_s: float
    body: bytes = field(repr=False)


class BuiltInReceiver:
    """Takes the pushes of one run. `known` numbers are shown in full, all others masked."""

    def __init__(self, token: str, answers: ReceiverAnswers, log: RunLog) -> None:
        self.token = token
        self.answers = answers
        self.known: Collection[str] = ()
        self._log = log

    def take(
        self, application: Application, purpose: str, headers: Mapping[str, str], body: bytes
    ) -> Answered:
        """Check and note one push; `headers` have lower-case names."""
        secrets = {application.app_key: application.secret}
        message = _decoded(mask_numbers(body.decode("utf-8", "replace"), self.known))
        answer = self._answer(_decoded(body.decode("utf-8", "replace")))
        status = self.answers.status
        self._log.note(
            "push",
            purpose=purpose,
            push_id=headers.get("webhook-id"),
            signature=check_digest(secrets.get, headers).value,
            body_signature=check_body(application.signing_secrets, headers, body).value,
            body=message,
            status=status,
            answer=answer,
        )
        encoded = b"" if answer is None else msgspec.json.encode(answer)
        return Answered(status, self.answers.delay_s, encoded)

    def _answer(self, message: object) -> object:
        """The JSON value that a push wants which asks; None for one that only tells."""
        if not isinstance(message, dict):
            return None
        told = cast("dict[str, Any]", message)
        if _part(told, "statusInfo").get("notifyMode") == _ASKS:
            return self.answers.call
        event = _part(told, "smsEvent")
        if event.get("notificationMode") == _ASKS:
            return _filled(self.answers.message, event)
        return None


def _part(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part: Any = message.get(name)
    return cast("dict[str, Any]", part) if isinstance(part, dict) else {}


def _filled(value: Any, event: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a JSON value
    """The value with the words of `_FROM_MESSAGE` replaced, however deep they stand."""
    match value:
        case dict():
            entries = cast("dict[str, Any]", value).items()
            return {name: _filled(inner, event) for name, inner in entries}
        case list():
            return [_filled(inner, event) for inner in cast("list[Any]", value)]
        case str() if value in _FROM_MESSAGE:
            return event.get(_FROM_MESSAGE[value])
        case _:
            return value


def _decoded(text: str) -> object:
    """A JSON value, or the text as it is."""
    try:
        return msgspec.json.decode(text.encode())
    except msgspec.DecodeError:
        return text
