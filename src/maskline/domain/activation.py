"""Activation: a tenant that signed up may order only after its form was approved.

`spec/console.md` 2. A tenant that an operator made has no form, and needs none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from maskline.domain.dossier import Dossier, StateForbids, check_urge

PROHIBITED_TO_RESTRICT = 2
"""Rejections for prohibited business after which a tenant is restricted (`spec/rules.md` 1)."""


class ActivationState(StrEnum):
    """Where the form of a tenant stands."""

    NEEDED = "needed"
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    RESTRICTED = "restricted"


NEXT: Mapping[ActivationState, frozenset[ActivationState]] = {
    ActivationState.NEEDED: frozenset({ActivationState.WAITING, ActivationState.RESTRICTED}),
    ActivationState.WAITING: frozenset(
        {ActivationState.APPROVED, ActivationState.REJECTED, ActivationState.RESTRICTED}
    ),
    ActivationState.APPROVED: frozenset({ActivationState.RESTRICTED}),
    ActivationState.REJECTED: frozenset({ActivationState.WAITING, ActivationState.RESTRICTED}),
    ActivationState.RESTRICTED: frozenset({ActivationState.REJECTED}),
}
"""Which state may follow which."""


class Nature(StrEnum):
    """What an enterprise does with the service: for its customers, in its software, for itself."""

    CHANNEL = "channel"
    SAAS = "saas"
    DIRECT = "direct"


class BearerKind(StrEnum):
    """Where people meet the service of an enterprise (`spec/console.md` 4, item 13)."""

    APP = "app"
    MINI_PROGRAM = "mini_program"
    WEBSITE = "website"
    OFFICIAL_ACCOUNT = "official_account"
    H5 = "h5"
    OTHER = "other"


class Industry(StrEnum):
    """What an enterprise does; OTHER is said in words."""

    RIDE_HAILING = "ride_hailing"
    DELIVERY = "delivery"
    E_COMMERCE = "e_commerce"
    TRAVEL = "travel"
    HOUSING = "housing"
    AUTOMOTIVE = "automotive"
    HEALTH = "health"
    PUBLIC_SERVICE = "public_service"
    SOFTWARE = "software"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationForm:
    """The survey; `company` is the name on the business licence."""

    company: str = ""
    nature: Nature | None = None
    industry: Industry | None = None
    other_industry: str = ""
    bearer_kind: BearerKind | None = None
    bearer_name: str = ""
    scene: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation(Dossier):
    """The form of a tenant; its id is the tenant's. `prohibited` counts prohibited business."""

    state: ActivationState
    form: ActivationForm = ActivationForm()
    prohibited: int = 0

    @property
    def may_order(self) -> bool:
        """Whether the tenant may add enterprises and order numbers."""
        return self.state is ActivationState.APPROVED

    def submit(self, form: ActivationForm, at: datetime) -> "Activation":
        """With a form that waits for its review. Raises StateForbids."""
        return replace(self._to(ActivationState.WAITING, at), form=form, urged_at=None)

    def approve(self, at: datetime) -> "Activation":
        """Once the form was found good. Raises StateForbids."""
        return self._to(ActivationState.APPROVED, at)

    def reject(self, reason: str, at: datetime, *, is_prohibited: bool) -> "Activation":
        """Once the form was refused; prohibited business again restricts the tenant.

        Raises StateForbids.
        """
        if self.state is not ActivationState.WAITING:
            raise StateForbids(f"the form is {self.state}; only one that waits is reviewed")
        return self.count_prohibited(reason, at) if is_prohibited else self._refused(reason, at)

    def count_prohibited(self, reason: str, at: datetime) -> "Activation":
        """With one more submission of prohibited business, here or of an enterprise."""
        prohibited = self.prohibited + 1
        if prohibited >= PROHIBITED_TO_RESTRICT and self.state is not ActivationState.RESTRICTED:
            refused = replace(self._to(ActivationState.RESTRICTED, at), reason=reason)
        elif self.state is ActivationState.WAITING:
            refused = self._refused(reason, at)
        else:
            refused = replace(self, revision=self.revision + 1)
        return replace(refused, prohibited=prohibited)

    def restrict(self, reason: str, at: datetime) -> "Activation":
        """No more enterprises and orders. Raises StateForbids."""
        return replace(self._to(ActivationState.RESTRICTED, at), reason=reason)

    def lift(self, at: datetime) -> "Activation":
        """Restricted no more: the form may be corrected, and counts anew. Raises StateForbids."""
        if self.state is not ActivationState.RESTRICTED:
            raise StateForbids("the tenant is not restricted")
        return replace(self._to(ActivationState.REJECTED, at), reason=self.reason, prohibited=0)

    def urge(self, at: datetime) -> "Activation":
        """Once the review was asked for. Raises StateForbids, UrgedAlready."""
        if self.state is not ActivationState.WAITING:
            raise StateForbids(f"the form is {self.state}: nothing waits for a review")
        check_urge(self.urged_at, at)
        return replace(self, urged_at=at, revision=self.revision + 1)

    def _refused(self, reason: str, at: datetime) -> "Activation":
        return replace(self._to(ActivationState.REJECTED, at), reason=reason)

    def _to(self, state: ActivationState, at: datetime) -> "Activation":
        if state not in NEXT[self.state]:
            raise StateForbids(f"the form is {self.state}; it cannot become {state}")
        return replace(self, state=state, since=at, reason="", revision=self.revision + 1)
