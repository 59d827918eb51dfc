"""Complaints of called persons, violations of the rules of use, and what is done about these."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from maskline.domain.dossier import Dossier, StateForbids


class ComplaintCause(StrEnum):
    """What a person complains of."""

    HARASSMENT = "harassment"
    FRAUD = "fraud"
    PROHIBITED_BUSINESS = "prohibited_business"
    OTHER = "other"


class ComplaintState(StrEnum):
    """What became of a complaint."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint(Dossier):
    """What a person complains of: of X, or of one call to it, both of an application.

    `evidence` is where it is kept what the complaint rests on, an address or the name of a case.
    `reason` is why it was decided as it was, for the tenant to read too.
    """

    state: ComplaintState = ComplaintState.OPEN
    cause: ComplaintCause
    app_key: str
    x: str
    session_id: str = ""
    complainant: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    evidence: str = field(default="", repr=False)
    made_by: str = ""
    decided_by: str = ""

    def decide(self, reason: str, by: str, at: datetime, *, is_upheld: bool) -> "Complaint":
        """Once it was looked into. Raises StateForbids."""
        if self.state is not ComplaintState.OPEN:
            raise StateForbids(f"the complaint is {self.state} already")
        state = ComplaintState.UPHELD if is_upheld else ComplaintState.DISMISSED
        revision = self.revision + 1
        return replace(self, state=state, reason=reason, decided_by=by, since=at, revision=revision)


class Grade(StrEnum):
    """How grave a violation is (`spec/rules.md` 2)."""

    GENERAL = "general"
    SERIOUS = "serious"
    MAJOR = "major"


class Rule(StrEnum):
    """The rules of use that can be violated, in the order of `spec/rules.md` 2."""

    OTHER_SCENE = "other_scene"
    HARASSMENT = "harassment"
    MANY_COMPLAINTS = "many_complaints"
    FRAUD = "fraud"
    REPEATED = "repeated"
    GUIDED_OPERATIONS = "guided_operations"
    CALLED_AGAIN = "called_again"
    PROHIBITED_BUSINESS = "prohibited_business"
    HARMS_CARRIERS = "harms_carriers"

    @property
    def grade(self) -> Grade:
        """How grave it is."""
        if self is Rule.OTHER_SCENE:
            return Grade.GENERAL
        return Grade.SERIOUS if self is Rule.HARASSMENT else Grade.MAJOR


class Measure(StrEnum):
    """What is done about a violation.

    WARN is told and no more; RESTRICT lets the tenant neither add enterprises nor order numbers;
    PAUSE_APPLICATION and FREEZE_TENANT end binds and calls.
    """

    WARN = "warn"
    RESTRICT = "restrict"
    PAUSE_APPLICATION = "pause_application"
    FREEZE_TENANT = "freeze_tenant"


class ViolationState(StrEnum):
    """Whether a measure holds. A warning holds for ever."""

    ACTIVE = "active"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation(Dossier):
    """A rule that a tenant broke, and the measure; `app_key` "" is none of its applications.

    `business` is the code of a prohibited business, `complaint_id` the complaint that showed it.
    `reason` is for the tenant to read.
    """

    state: ViolationState = ViolationState.ACTIVE
    rule: Rule
    measure: Measure
    app_key: str = ""
    business: str = ""
    complaint_id: str = ""
    evidence: str = field(default="", repr=False)
    made_by: str = ""
    lifted_by: str = ""

    def lift(self, by: str, at: datetime) -> "Violation":
        """Once its measure is over. Raises StateForbids."""
        if self.state is not ViolationState.ACTIVE:
            raise StateForbids("its measure was lifted already")
        revision = self.revision + 1
        lifted = ViolationState.LIFTED
        return replace(self, state=lifted, lifted_by=by, since=at, revision=revision)
