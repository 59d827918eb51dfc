"""Digits of a call: one press out of several reports of it, and collecting with time-outs.

Used by every engine. Nothing here has a clock: times are seconds of the event loop's.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum

from maskline.planes.media.engine import BadMedia, CollectEnd, DigitRule
from maskline.protocols.rtp.telephone_event import DIGITS

MERGE_WINDOW_S = 0.5
"""Reports of the same digit from two sources are one press when their times, from pressing to
release, come so close."""

MAX_RECENT_PRESSES = 16
"""Presses of a side that later reports are compared with."""

MAX_DIGITS = 64
"""The most digits that can be collected at once."""

MAX_WAIT_S = 3600.0
"""The longest time-out of a digit."""


class KeySource(Enum):
    """How a key press reached us: as RFC 4733 event, as tones in the audio, in signalling."""

    EVENT = "event"
    TONE = "tone"
    SIGNALLING = "signalling"


class KeyMerger:
    """Tells a new key press of one side from a second report of an earlier one."""

    __slots__ = ("_recent",)

    def __init__(self) -> None:
        self._recent: deque[_Press] = deque(maxlen=MAX_RECENT_PRESSES)

    def accept(self, digit: str, source: KeySource, duration_ms: int, now: float) -> bool:
        """Whether this report, at `now`, is of a press that was not reported before.

        A source never reports one press twice, so each press takes one report of each source.
        """
        began = now - duration_ms / 1000
        for press in self._recent:
            if press.digit != digit or source in press.sources:
                continue
            if began - press.ended_at <= MERGE_WINDOW_S:
                press.sources.add(source)
                return False
        self._recent.append(_Press(digit, now, {source}))
        return True


@dataclass(slots=True)
class _Press:
    digit: str
    ended_at: float
    sources: set[KeySource]


class DigitCollector:
    """One collection: digits in, and why it ended out. `ends_at` None: no time-out runs."""

    __slots__ = ("_digits", "_is_prompt_heard", "began_at", "ends_at", "rule")

    def __init__(self, rule: DigitRule, now: float, *, is_prompt_heard: bool) -> None:
        """Begin at `now`. `is_prompt_heard` says that the rule's prompt has not ended yet.

        Raises `BadMedia` for a rule that cannot end.
        """
        check_rule(rule)
        self.rule = rule
        self.began_at = now
        self._digits: list[str] = []
        self._is_prompt_heard = is_prompt_heard
        self.ends_at = None if is_prompt_heard else now + rule.first_timeout_s

    @property
    def digits(self) -> str:
        """What was pressed so far, without the terminator."""
        return "".join(self._digits)

    @property
    def cuts(self) -> str | None:
        """The prompt that is heard and that the next digit ends."""
        return self.rule.cuts if self._is_prompt_heard else None

    def end_prompt(self, now: float) -> None:
        """The prompt has ended: wait for the first digit, unless one came."""
        if self._is_prompt_heard:
            self._is_prompt_heard = False
            if self.ends_at is None:
                self.ends_at = now + self.rule.first_timeout_s

    def press(self, digit: str, now: float) -> CollectEnd | None:
        """Take a digit; why the collection ends with it, None when it goes on."""
        self._is_prompt_heard = False
        if digit == self.rule.terminator:
            return CollectEnd.TERMINATOR
        self._digits.append(digit)
        if len(self._digits) >= self.rule.max_digits:
            return CollectEnd.COMPLETE
        self.ends_at = now + self.rule.next_timeout_s
        return None

    def is_over(self, now: float) -> bool:
        """Whether it was silent for too long."""
        return self.ends_at is not None and now >= self.ends_at


def check_digit(digit: str) -> None:
    """Raise `BadMedia` for what is no key."""
    if len(digit) != 1 or digit not in DIGITS:
        raise BadMedia("no such key")


def check_rule(rule: DigitRule) -> None:
    """Raise `BadMedia` for a rule that cannot end."""
    if not 1 <= rule.max_digits <= MAX_DIGITS:
        raise BadMedia("max_digits is out of range")
    if rule.terminator is not None:
        check_digit(rule.terminator)
    for timeout in (rule.first_timeout_s, rule.next_timeout_s):
        if not 0 < timeout <= MAX_WAIT_S:
            raise BadMedia("a time-out for digits is out of range")
