"""What is asked for of activation forms, enterprises and contacts."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.activation import BearerKind, Industry, Nature
from maskline.domain.dossier import MAX_REASON, ContactTopic

Name = Annotated[str, Meta(max_length=128)]
Text = Annotated[str, Meta(max_length=2_000)]
GivenName = Annotated[str, Meta(min_length=1, max_length=128)]
GivenText = Annotated[str, Meta(min_length=1, max_length=2_000)]
Phone = Annotated[str, Meta(max_length=20)]
Reason = Annotated[str, Meta(min_length=1, max_length=MAX_REASON)]
Revision = Annotated[int, Meta(ge=1)]


class ActivationSurvey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The survey of who wants to use the service; `accepts_rules` has to be true."""

    company: GivenName
    nature: Nature
    industry: Industry
    other_industry: Name = ""
    bearer_kind: BearerKind
    bearer_name: GivenName
    scene: GivenText
    script: GivenText
    accepts_rules: bool


class EnterpriseFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of an enterprise; absent fields stay as they are."""

    name: Name | UnsetType = UNSET
    licence_code: Name | UnsetType = UNSET
    legal_name: Name | UnsetType = UNSET
    agent_name: Name | UnsetType = UNSET
    agent_phone: Phone | UnsetType = UNSET
    nature: Nature | UnsetType = UNSET
    bearer_kind: BearerKind | UnsetType = UNSET
    bearer_name: Name | UnsetType = UNSET
    is_third_party: bool | UnsetType = UNSET
    authority_from: date | UnsetType = UNSET
    authority_until: date | UnsetType = UNSET
    industry: Industry | UnsetType = UNSET
    other_industry: Name | UnsetType = UNSET
    has_messages: bool | UnsetType = UNSET
    scene: Text | UnsetType = UNSET
    script: Text | UnsetType = UNSET
    callee_source: Text | UnsetType = UNSET


class NewEnterprise(EnterpriseFields, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An enterprise to begin with; `accepts_statement`: its papers may be looked at."""

    tenant_id: str = ""
    accepts_statement: bool


class DossierApproval(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was looked at: with `revision` nothing else is approved by accident."""

    revision: Revision | None = None


class DossierRejection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why not, for the tenant to read. `is_prohibited`: its business is; again restricts it."""

    reason: Reason
    is_prohibited: bool = False
    revision: Revision | None = None


class NewContact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person whom the platform may call or write to; a phone or an address is needed."""

    name: GivenName
    phone: Phone = ""
    email: Name = ""
    topics: frozenset[ContactTopic] = frozenset()


class ContactChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a contact; absent fields stay."""

    name: GivenName | UnsetType = UNSET
    phone: Phone | UnsetType = UNSET
    email: Name | UnsetType = UNSET
    topics: frozenset[ContactTopic] | UnsetType = UNSET
