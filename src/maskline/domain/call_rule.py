"""Rules that stop calls: numbers that are blocked, and how many calls may come in a while."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from maskline.domain.release import ReleaseCode
from maskline.domain.use_limit import NO_LIMITS, UseLimits

MAX_CALLS = 1_000
"""The most calls that a frequency rule counts up to: every one of them is kept until it is old."""

MAX_WITHIN_S = 86_400


class RuleScope(StrEnum):
    """Whose calls a rule is for."""

    PLATFORM = "platform"
    TENANT = "tenant"
    APPLICATION = "application"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlace:
    """Where a call comes in, or which calls a rule is for: there "" stands for all.

    A place of a rule names a tenant when it names an application or `x`, and only one of the two.
    """

    tenant_id: str = ""
    app_key: str = ""
    x: str = ""

    @property
    def scope(self) -> RuleScope:
        """How much of the platform a rule for it is about."""
        if self.x:
            return RuleScope.NUMBER
        if self.app_key:
            return RuleScope.APPLICATION
        return RuleScope.TENANT if self.tenant_id else RuleScope.PLATFORM

    def covers(self, call: "CallPlace") -> bool:
        """Whether a rule for this place is for a call that comes in there."""
        return (
            self.tenant_id in {"", call.tenant_id}
            and self.app_key in {"", call.app_key}
            and self.x in {"", call.x}
        )


class BlockDirection(StrEnum):
    """What a blocked number may not do."""

    CALLER = "caller"
    CALLEE = "callee"
    BOTH = "both"


class Counted(StrEnum):
    """What a frequency rule counts the calls of, each one for itself."""

    CALLER = "caller"
    CALLEE = "callee"
    PAIR = "pair"
    """Calls of one caller to one callee."""
    NUMBER = "number"
    """Calls to one virtual number."""
    SHOWN_NUMBER = "shown_number"
    """Calls that show one virtual number to their callees."""
    APPLICATION = "application"
    TENANT = "tenant"


RELEASES = {
    Counted.TENANT: ReleaseCode.TENANT_TOO_FREQUENT,
    Counted.APPLICATION: ReleaseCode.APPLICATION_TOO_FREQUENT,
    Counted.SHOWN_NUMBER: ReleaseCode.SHOWN_NUMBER_TOO_FREQUENT,
    Counted.CALLER: ReleaseCode.CALLER_TOO_FREQUENT,
    # The specification has no code for two together; it is the caller who calls again.
    Counted.PAIR: ReleaseCode.CALLER_TOO_FREQUENT,
    Counted.CALLEE: ReleaseCode.CALLEE_TOO_FREQUENT,
    Counted.NUMBER: ReleaseCode.NUMBER_TOO_FREQUENT,
}
"""Why a call ends that a frequency rule refuses (`spec/rules.md` 4)."""

KNOWN_AT_ONCE = frozenset({Counted.CALLER, Counted.NUMBER, Counted.APPLICATION, Counted.TENANT})
"""What is counted before anybody is asked whom to call."""

KNOWN_LATER = frozenset(Counted) - KNOWN_AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAttempt:
    """A call that may be refused; `callee` and what is `shown` to it may not be known yet.

    `tenant_limits` and `limits` are those of its tenant and of its application.
    """

    place: CallPlace
    caller: str = field(repr=False)
    callee: str | None = field(default=None, repr=False)
    shown: str | None = None
    tenant_limits: UseLimits = NO_LIMITS
    limits: UseLimits = NO_LIMITS

    @property
    def may_reach_callee(self) -> bool:
        """Whether it goes where it may, as far as that is known."""
        callee = self.callee
        return callee is None or (
            self.tenant_limits.may_reach(callee) and self.limits.may_reach(callee)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBlock:
    """A real number whose calls are refused at a place.

    `by_tenant` says who made it and may end it, the tenant itself or the platform. `reason` is for
    everybody who reads the list, `evidence` what it rests on. Without `until` it has no end.
    """

    block_id: str
    place: CallPlace
    number: str = field(repr=False)
    direction: BlockDirection = BlockDirection.CALLER
    reason: str = ""
    evidence: str = field(default="", repr=False)
    until: datetime | None = None
    by_tenant: bool = False
    created_by: str = ""
    created_at: datetime
    hits: int = 0
    last_hit_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it stops no calls any more."""
        return self.until is not None and self.until <= now

    def stops(self, attempt: CallAttempt, now: datetime) -> ReleaseCode | None:
        """Why a call ends because of it; None when it does not."""
        if self.is_over(now) or not self.place.covers(attempt.place):
            return None
        if self.direction is not BlockDirection.CALLEE and self.number == attempt.caller:
            return ReleaseCode.CALLER_BLOCKED
        if self.direction is not BlockDirection.CALLER and self.number == attempt.callee:
            return ReleaseCode.CALLEE_BLOCKED
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyRule:
    """At most `calls` in any `within_s` seconds, of each that is `counted`, at a place."""

    rule_id: str
    place: CallPlace
    counted: Counted
    calls: int
    within_s: int
    is_enabled: bool = True
    note: str = ""
    by_tenant: bool = False
    created_by: str = ""
    created_at: datetime
    hits: int = 0
    last_hit_at: datetime | None = None

    def key(self, attempt: CallAttempt) -> str | None:
        """Whose calls an attempt adds to; None when that is not known yet."""
        place, callee = attempt.place, attempt.callee
        match self.counted:
            case Counted.CALLER:
                return attempt.caller
            case Counted.CALLEE:
                return callee
            case Counted.PAIR:
                return None if callee is None else f"{attempt.caller} {callee}"
            case Counted.NUMBER:
                return place.x
            case Counted.SHOWN_NUMBER:
                return attempt.shown
            case Counted.APPLICATION:
                return place.app_key
            case Counted.TENANT:
                return place.tenant_id


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyMark:
    """One more call to be counted by a rule, of what `key` names."""

    rule_id: str
    key: str = field(repr=False)
    calls: int
    within_s: int


def marks_of(
    rules: Iterable[FrequencyRule], attempt: CallAttempt, counted: frozenset[Counted]
) -> tuple[FrequencyMark, ...]:
    """What a call adds to, by rule; only what is `counted` now."""
    found: list[FrequencyMark] = []
    for rule in rules:
        if not rule.is_enabled or rule.counted not in counted:
            continue
        key = rule.key(attempt) if rule.place.covers(attempt.place) else None
        if key is not None:
            mark = FrequencyMark(
                rule_id=rule.rule_id, key=key, calls=rule.calls, within_s=rule.within_s
            )
            found.append(mark)
    # One order everywhere: calls that count at the same moment must not wait for each other.
    return tuple(sorted(found, key=lambda mark: (mark.rule_id, mark.key)))
