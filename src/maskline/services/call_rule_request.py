"""What is asked for of blocked numbers and frequency rules."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.call_rule import MAX_CALLS, MAX_WITHIN_S, BlockDirection, Counted

Reason = Annotated[str, Meta(max_length=200)]
Evidence = Annotated[str, Meta(max_length=2_000)]
Until = Annotated[datetime, Meta(tz=True)]
Calls = Annotated[int, Meta(ge=1, le=MAX_CALLS)]
Span = Annotated[int, Meta(ge=1, le=MAX_WITHIN_S)]


class PlaceForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose calls are meant: those to `x`, of an application, of a tenant; with none of them all.

    Only one of `x` and `app_key` may be given; their tenant need not be.
    """

    tenant_id: str | None = None
    app_key: str | None = None
    x: str | None = None


class NewCallBlock(PlaceForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A real number whose calls are refused; without `until` it has no end."""

    number: str
    direction: BlockDirection = BlockDirection.CALLER
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    evidence: Evidence = ""
    until: Until | None = None


class CallBlockChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a block; absent fields stay."""

    reason: Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    evidence: Evidence | UnsetType = UNSET
    until: Until | UnsetType | None = UNSET


class NewFrequencyRule(PlaceForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At most `calls` in any `within_s` seconds, of each that is `counted`."""

    counted: Counted = Counted.CALLER
    calls: Calls
    within_s: Span
    is_enabled: bool = True
    note: Reason = ""


class FrequencyRuleChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a frequency rule; absent fields stay."""

    calls: Calls | UnsetType = UNSET
    within_s: Span | UnsetType = UNSET
    is_enabled: bool | UnsetType = UNSET
    note: Reason | UnsetType = UNSET
