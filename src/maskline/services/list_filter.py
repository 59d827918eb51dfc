"""What lists of the platform's traffic and numbers are asked for.

`app_keys` are the applications of whoever asks: None is all, an empty tuple none. `app_key` asks
for one of them. Other fields do not restrict while they are None.
"""

from dataclasses import dataclass
from datetime import datetime

from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.live_state import LiveState
from maskline.domain.outcome_class import OutcomeClass
from maskline.domain.prompt import PromptState
from maskline.domain.recording import RecordingState
from maskline.domain.virtual_number import NumberState


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFilter:
    """Which virtual numbers a list asks for.

    `prefix` is how they begin, in global form; with `is_free` no binding counts on them.
    """

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    state: NumberState | None = None
    area_code: str | None = None
    prefix: str | None = None
    may_message: bool | None = None
    is_free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingFilter:
    """Which bindings a list asks for.

    `a` and `b` are real numbers in their role; `party` is a real number in either role.
    `relation_id` asks for the YB parts of that relation. `mode` is as in management: `axb`, `ax`,
    `axe`, `axyb`, `yb`; `expires_before` leaves those that never expire.
    """

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    x: str | None = None
    a: str | None = None
    b: str | None = None
    party: str | None = None
    relation_id: str | None = None
    mode: str | None = None
    expires_before: datetime | None = None
    newest_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Which live calls a list asks for; `host` is the worker that has them."""

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    host: str | None = None
    state: LiveState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which call records a list asks for.

    `party` is a real number that called or was called. A record is of the moment its call ended:
    `since` is the first moment that counts, `until` the first that does not. `caller_role` is the
    role of whoever called; `min_talk_s` whole seconds. What follows `until` is not known of records
    that an earlier release has written: it does not find them.
    """

    app_key: str | None = None
    app_keys: tuple[str, ...] | None = None
    x: str | None = None
    session_id: str | None = None
    party: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    mode: Mode | None = None
    outcome: OutcomeClass | None = None
    release: int | None = None
    caller_role: Role | None = None
    has_recording: bool | None = None
    min_talk_s: int | None = None


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
