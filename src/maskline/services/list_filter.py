"""What lists of the platform's traffic and numbers are asked for.

`app_keys` are the applications of whoever asks: None is all, an empty tuple none. `app_key` asks
for one of them. Other fields do not restrict while they are None.
"""

from dataclasses import dataclass
from datetime import datetime

from maskline.domain.prompt import PromptState
from maskline.domain.recording import RecordingState


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFilter:
    """Which virtual numbers a list asks for."""

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingFilter:
    """Which bindings a list asks for.

    `a` and `b` are real numbers in their role; `party` is a real number in either role.
    `relation_id` asks for the YB parts of that relation.
    """

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    x: str | None = None
    a: str | None = None
    b: str | None = None
    party: str | None = None
    relation_id: str | None = None
    newest_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Which live calls a list asks for; `host` is the worker that has them."""

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which call records a list asks for.

    `party` is a real number that called or was called. A record is of the moment its call ended:
    `since` is the first moment that counts, `until` the first that does not.
    """

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    x: str | None = None
    session_id: str | None = None
    party: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFilter:
    """Which recordings a list asks for.

    `since` is the first start that counts, `until` the first that does not.
    """

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    session_id: str | None = None
    state: RecordingState | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFilter:
    """Which prompts a list asks for."""

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    state: PromptState | None = None
