"""Endpoints that people work with numbers of people by: one in the clear, and looking one up."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter
from maskline.domain.masking import mask
from maskline.domain.number import mask_numbers, read_number
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.problem import Problem
from maskline.services.allowance import Allowance
from maskline.services.clock import Clock
from maskline.services.number_token import NumberTokens
from maskline.services.reveal import HOUR_S, RevealDesk

SHOWN_S = 60
"""For how long a page may show what was revealed."""

MAX_LOOKUPS_AN_HOUR = 60

MAX_NOTE = 500

MIN_DIGITS = 7
"""Fewer make no number of a person."""

WHY_WHOLE = (
    "lists that take this `who` find the whole number only: numbers are kept sealed and found by a "
    "keyed hash, so a part of one, such as its last four digits, cannot be searched for"
)


class Reason(StrEnum):
    """Why somebody needs a number, or a text, in the clear."""

    COMPLAINT = "complaint"
    FRAUD = "fraud"
    REQUEST = "request"  # of the person
    FAULT = "fault"  # with the carrier
    AUTHORITY = "authority"  # an order by one


class RevealForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to show, and why. `fault` and `authority` need a `note`: the ticket, or the order."""

    kind: str
    object_id: str
    field: str
    reason: Reason
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""


class RevealView(Struct, frozen=True, kw_only=True):
    """A value in the clear, to be shown for `expires_in_s` and kept nowhere."""

    value: str
    expires_in_s: int


class LookupForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole number in any usual form: +86139…, 0086139…, 139…, 0755-…, with blanks or dashes."""

    number: str


class LookupView(Struct, frozen=True, kw_only=True):
    """`who` stands for the number in queries of lists, for this caller and until then.

    `number` is masked; `x` is the number itself where it is a virtual number of the caller's.
    """

    who: str
    number: str
    x: str | None
    expires_at: datetime
    hint: str


class RevealEndpoints:
    """`POST`, so that neither the object nor the number stands in an address."""

    def __init__(self, desk: RevealDesk, tokens: NumberTokens, clock: Clock) -> None:
        self._desk = desk
        self._tokens = tokens
        self._lookups = Allowance(clock, HOUR_S)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Both."""
        return (
            Endpoint(
                method="POST",
                path="/reveals",
                summary="One number, or text, in the clear, for a reason that is kept",
                run=self.reveal,
                right=Right.NUMBER_REVEAL,
                body=RevealForm,
                answer=RevealView,
                refusals=(404,),
                audited=_reveal_audited,
            ),
            Endpoint(
                method="POST",
                path="/number-lookups",
                summary="A name for a real number, to look for it in lists without writing it",
                run=self.look_up_number,
                right=Right.BINDING_READ,
                body=LookupForm,
                answer=LookupView,
                refusals=(429,),
                audited=self._lookup_audited,
            ),
        )

    async def reveal(self, asked: Asked) -> RevealView:
        """One value in the clear."""
        form: RevealForm = asked.body
        caller = asked.caller
        revealable = self._desk.kinds.get(form.kind)
        if revealable is None:
            raise InvalidParameter("kind", f"is one of {', '.join(self._desk.kinds)}")
        if not caller.may(revealable.right):
            raise Problem(
                status=403,
                code="not_allowed",
                message="you may not do this",
                hint=f"it needs the right {revealable.right}",
            )
        if form.reason in {Reason.FAULT, Reason.AUTHORITY} and not form.note.strip():
            raise InvalidParameter("note", f"is needed with {form.reason}: its reference")
        self._desk.check(caller.mark, is_stepped_up=caller.is_stepped_up)
        found = await self._desk.find(
            form.kind, form.object_id, form.field, asked.app_keys, caller.tenant_id
        )
        await self._desk.count(caller.mark, caller.name, found.app_key)
        return RevealView(value=found.value, expires_in_s=SHOWN_S)

    async def look_up_number(self, asked: Asked) -> LookupView:
        """A name for a number."""
        form: LookupForm = asked.body
        number, who = _whole(form), asked.caller.mark
        if self._lookups.count(who, HOUR_S) >= MAX_LOOKUPS_AN_HOUR:
            raise Problem(
                status=429,
                code="too_many",
                message=f"{MAX_LOOKUPS_AN_HOUR} numbers an hour can be looked up",
                hint="wait, or use a `who` that you have: it is good for 30 minutes",
            )
        self._lookups.use(who)
        token = self._tokens.seal(number, who)
        is_virtual = await self._desk.is_virtual(number, asked.app_keys)
        return LookupView(
            who=token.text,
            number=mask(number),
            x=number if is_virtual else None,
            expires_at=token.expires_at,
            hint=WHY_WHOLE,
        )

    def _lookup_audited(self, asked: Asked) -> dict[str, str]:
        """What is kept of a look-up: a mark that is the same for the same number, and not it."""
        form: LookupForm = asked.body
        return {"number_mark": self._tokens.mark(_whole(form))}


def _reveal_audited(asked: Asked) -> dict[str, str]:
    form: RevealForm = asked.body
    return {
        "kind": form.kind,
        "object_id": form.object_id,
        "field": form.field,
        "reason": form.reason.value,
        "note": mask_numbers(form.note),
    }


def _whole(form: LookupForm) -> str:
    number = read_number(form.number)
    if number is None or len(number) - 1 < MIN_DIGITS:
        raise InvalidParameter(
            "number",
            "must be a whole number, such as 13900001001 or 0755-28000001: numbers are kept sealed "
            "and found by a keyed hash, so a part of one cannot be searched for",
        )
    return number
