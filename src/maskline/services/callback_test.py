"""Trying out the address of a receiver step by step, whether it is saved or not."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from maskline.domain.application import Application
from maskline.domain.error import BusyError, InvalidParameter, UnknownRecord
from maskline.domain.notice import Purpose
from maskline.services.clock import Clock
from maskline.services.notification import NATS, receiver_url

TESTS_A_MINUTE = 10
"""Of one application."""

MAX_APPLICATIONS = 10_000
MINUTE_S = 60.0


class TooManyTests(BusyError):
    """An application was tested as often as it may be in a minute."""


class Outcome(StrEnum):
    """How a step went. What comes behind a failed one is skipped."""

    OK = "ok"
    NOTE = "note"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its name, what became of it by a code and in words, what was seen."""

    name: str
    outcome: Outcome
    code: str
    text: str
    took_s: float = 0.0
    seen: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackReport:
    """A test: what was sent, with its digests shortened, what came back, and each step."""

    url: str
    steps: tuple[Step, ...]
    headers: Mapping[str, str]
    body: str
    status: int | None = None
    answer: str = ""

    @property
    def passed(self) -> bool:
        """Whether no step failed."""
        return all(step.outcome is not Outcome.FAILED for step in self.steps)


class CallbackProbe(Protocol):
    """Makes one test, over connections of its own."""

    async def probe(
        self, application: Application, purpose: Purpose, url: str, *, tries_wrong_digest: bool
    ) -> CallbackReport:
        """Send a message that is marked as a test; with a wrong digest once more if asked."""
        ...


class CallbackTester:
    """Tests, so many a minute and application, that nobody uses us to knock at doors."""

    def __init__(self, probe: CallbackProbe, clock: Clock) -> None:
        self._probe = probe
        self._clock = clock
        self._tests: dict[str, deque[float]] = {}

    async def test(
        self,
        application: Application,
        purpose: Purpose,
        url: str | None,
        *,
        tries_wrong_digest: bool,
    ) -> CallbackReport:
        """Test `url`, or what is saved. Raises InvalidParameter, UnknownRecord, TooManyTests."""
        address = url or receiver_url(application, purpose)
        if address is None:
            raise UnknownRecord(f"the application has no receiver for {purpose} pushes")
        if address.startswith(NATS):
            raise InvalidParameter("url", "is a subject of NATS, where nobody answers")
        self._count(application.app_key)
        return await self._probe.probe(
            application, purpose, address, tries_wrong_digest=tries_wrong_digest
        )

    def _count(self, app_key: str) -> None:
        now = self._clock.monotonic()
        if app_key not in self._tests and len(self._tests) >= MAX_APPLICATIONS:
            del self._tests[next(iter(self._tests))]
        made = self._tests.setdefault(app_key, deque(maxlen=TESTS_A_MINUTE))
        if len(made) == TESTS_A_MINUTE and now - made[0] < MINUTE_S:
            raise TooManyTests(f"{TESTS_A_MINUTE} tests a minute: try again in a moment")
        made.append(now)
