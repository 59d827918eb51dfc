"""What is asked for of complaints and violations."""

from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.complaint import ComplaintCause, Measure, Rule
from maskline.domain.dossier import MAX_REASON

Text = Annotated[str, Meta(max_length=2_000)]
Reason = Annotated[str, Meta(min_length=1, max_length=MAX_REASON)]
Short = Annotated[str, Meta(max_length=64)]


class NewComplaint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A complaint of X, or of the call `session_id`, which says which X it was."""

    cause: ComplaintCause
    x: Short = ""
    session_id: Short = ""
    complainant: Short = ""
    text: Text = ""
    evidence: Text = ""


class ComplaintDecision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a complaint is right, and why; the tenant reads the reason."""

    is_upheld: bool
    reason: Reason


class NewViolation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule that was broken, and the measure; of a complaint tenant and application are known.

    `business` is the code of a prohibited business, where that is the rule.
    """

    rule: Rule
    measure: Measure
    reason: Reason
    tenant_id: str = ""
    app_key: str = ""
    complaint_id: Short = ""
    business: Short = ""
    evidence: Text = ""
