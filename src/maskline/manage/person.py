"""Endpoints of one person's data: handing it out, erasing it, and the log of that.

The number stands in the body: addresses of requests end up in logs.
"""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.problem import Problem
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, view_items
from maskline.services.list_order import ERASURES
from maskline.services.page import page_of
from maskline.services.person import PersonFinder
from maskline.services.person_data import Erased, PersonData
from maskline.services.person_erasure import PersonEraser
from maskline.services.person_store import Erasure


class ExportForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose data to hand out, of one tenant or all."""

    number: str
    tenant_id: str | None = None


class EraseForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose data to erase, of one tenant. `confirm` has to be true: nothing brings it back."""

    number: str
    tenant_id: str
    confirm: bool = False


class ErasureView(Struct, frozen=True, kw_only=True):
    """That somebody's data was erased. One that is not `is_sound` was changed, or one before it."""

    erasure_id: str
    tenant_id: str
    erased_at: datetime
    counts: dict[str, int]
    is_sound: bool


class PersonEndpoints:
    """What people may ask of their data."""

    def __init__(self, finder: PersonFinder, eraser: PersonEraser) -> None:
        self._finder = finder
        self._eraser = eraser

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="POST",
                path="/persons/export",
                may_keep_answer=False,
                summary="All that is held of one person, in the clear",
                run=self.export_person,
                right=Right.PERSON_WRITE,
                body=ExportForm,
                answer=PersonData,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path="/persons/erase",
                summary="Erase one person from a tenant's data, for good",
                run=self.erase_person,
                right=Right.PERSON_WRITE,
                body=EraseForm,
                answer=Erased,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path="/erasures",
                summary="Erasures, oldest first, none of which says whose",
                run=self.list_erasures,
                right=Right.PERSON_WRITE,
                query=ListQuery,
                answer=Items[ErasureView],
            ),
        )

    async def export_person(self, asked: Asked) -> PersonData:
        """All that is held of one person."""
        if not asked.caller.may(Right.NUMBER_REVEAL):
            raise Problem(
                status=403,
                code="not_allowed",
                message="you may not have somebody's data in the clear",
                hint=f"it needs the right {Right.NUMBER_REVEAL} as well",
            )
        form: ExportForm = asked.body
        return await self._finder.export(form.number, form.tenant_id)

    async def erase_person(self, asked: Asked) -> Erased:
        """Erase one person."""
        form: EraseForm = asked.body
        if not form.confirm:
            raise InvalidParameter("confirm", "must be true: what is erased cannot be brought back")
        return await self._eraser.erase(form.number, form.tenant_id)

    async def list_erasures(self, asked: Asked) -> Items[ErasureView]:
        """The log of erasures."""
        query: ListQuery = asked.query
        entries = await self._eraser.erasures()
        return view_items(
            page_of(entries, ERASURES, lambda one: (one[0].place,), query.page),
            lambda one: _view(*one),
        )


def _view(entry: Erasure, is_sound: bool) -> ErasureView:  # noqa: FBT001 - as the log has them
    return ErasureView(
        erasure_id=entry.erasure_id,
        tenant_id=entry.tenant_id,
        erased_at=entry.erased_at,
        counts=dict(entry.counts),
        is_sound=is_sound,
    )
