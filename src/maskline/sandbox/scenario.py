"""Ways to break a call or a request, as data: what to do, and what to expect."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from maskline.domain.application import Mode
from maskline.sandbox.behaviour import Manner
from maskline.sandbox.phone import PhoneState

PhoneId = Literal["a", "b", "c"]


class Sentence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same in both languages."""

    en: str
    zh: str


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to do, by the endpoints of the run.

    `request` sends an operation with the parameters of its example, `dial` calls the X that was
    bound, or the application's first, `answers` sets the status of the built-in receiver, `wait`
    waits for a state of a phone.
    """

    do: Literal["request", "behave", "dial", "hangup", "answers", "wait"]
    operation: str | None = None
    signs_wrongly: bool = False
    phone: PhoneId | None = None
    manner: Manner | None = None
    state: PhoneState | None = None
    status: int | None = None


class Expectation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it is seen that it came so.

    The call ends with one of `release`; the request was answered `status` and `result`; or pushes
    were answered `push_status`.
    """

    release: tuple[int, ...] = ()
    result: str | None = None
    status: int | None = None
    push_status: int | None = None


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to break it. `is_slow` takes a minute; `needs_receiver` the built-in receiver."""

    id: str
    modes: Annotated[tuple[Mode, ...], Meta(min_length=1)]
    title: Sentence
    todo: Sentence
    expect: Sentence
    steps: tuple[Step, ...]
    expects: Expectation
    is_slow: bool = False
    needs_receiver: bool = False


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    scenarios: tuple[Scenario, ...]


@cache
def scenarios() -> tuple[Scenario, ...]:
    """All of them."""
    text = files("maskline.sandbox").joinpath("scenarios.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _File).scenarios
