"""Endpoints of registered A numbers: list, show, accept, reject, add by hand, remove."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter
from maskline.domain.masking import mask
from maskline.domain.number import is_landline
from maskline.domain.registrant import NumberType, Registrant, Report, ReportStatus
from maskline.manage.endpoint import Asked, Endpoint, FileAnswer
from maskline.manage.query import ListQuery, RevealQuery, read_party
from maskline.manage.view import Items, view_items
from maskline.services.number_token import NumberTokens
from maskline.services.page import Listing
from maskline.services.registrant_store import RegistrantFilter, RegistrantStore
from maskline.services.registration import RegistrationDesk

OF_TENANT = "/tenants/{tenant_id}/registrants"
PATH = f"{OF_TENANT}/{{number}}"


class RegistrantQuery(ListQuery, frozen=True, kw_only=True):
    """Registered numbers, of one tenant or all, in one status or all.

    `number`, or the `who` of a look-up, asks for one number of a tenant.
    """

    tenant_id: str | None = None
    number: str | None = None
    who: str | None = None
    status: ReportStatus | None = None
    reveal: bool = False


class NewRegistrant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number to register by hand; its type is told by the number when it is not given."""

    number: str
    number_type: NumberType | None = None
    name: str = ""
    identity_card: str = ""


class NewReport(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of the tenant's with the person behind it, to be verified.

    `photo` is a JPG or PNG of that person, at most 32 KB, as Base64. `number_type` is told by the
    number when it is not given; a landline is registered to who handles it, at `operator_number`.
    `agrees`: the person has agreed to this.
    """

    number: str
    number_type: NumberType | None = None
    name: str
    identity_card: str
    operator_number: str | None = None
    photo: bytes
    agrees: bool


class RegistrantRejection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a person could not be verified; the tenant is told so."""

    reason: str


class RegistrantView(Struct, frozen=True, kw_only=True):
    """A registered number. Numbers, name and ID card are masked unless the request reveals.

    `photo`, a file name, is left out then. `failures` counts failed verifications in a row.
    `who` stands for the number in paths, for this caller and half an hour.
    """

    tenant_id: str
    number: str
    number_type: NumberType
    name: str
    identity_card: str
    operator_number: str | None
    has_photo: bool
    who: str | UnsetType = UNSET
    photo: str | None | UnsetType = UNSET  # noqa: RUF036 - reads as "absent when masked"
    status: ReportStatus
    fail_reason: str | None
    failures: int
    failed_at: datetime | None
    submitted_at: datetime
    decided_at: datetime | None


class RegistrationEndpoints:
    """What operators do with registered numbers."""

    def __init__(
        self, store: RegistrantStore, desk: RegistrationDesk, tokens: NumberTokens | None = None
    ) -> None:
        self._store = store
        self._desk = desk
        self._tokens = tokens

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._reading(), *self._changing())

    def _reading(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/registrants",
                summary="Registered A numbers in the order they were added",
                run=self.list_registrants,
                right=Right.REGISTRANT_READ,
                query=RegistrantQuery,
                answer=Items[RegistrantView],
            ),
            Endpoint(
                method="GET",
                path=PATH,
                summary="One registered number",
                run=self.show_registrant,
                right=Right.REGISTRANT_READ,
                query=RevealQuery,
                answer=RegistrantView,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/photo",
                summary="The photo of the person, a JPG or PNG file",
                run=self.download_photo,
                right=Right.NUMBER_REVEAL,
                or_right=Right.REGISTRANT_REVIEW,
                answer=FileAnswer,
                answer_media_type="application/octet-stream",
                is_download=True,
                audited=_whose,
                refusals=(404,),
            ),
        )

    def _changing(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="POST",
                path="/tenants/{tenant_id}/registrant-reports",
                summary="Report the person behind a number, with a photo, to be registered",
                run=self.report_registrant,
                right=Right.REGISTRANT_WRITE,
                body=NewReport,
                answer=RegistrantView,
                status=201,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path=OF_TENANT,
                summary="Register a number by hand, and forget its failures",
                run=self.add_registrant,
                right=Right.REGISTRANT_REVIEW,
                body=NewRegistrant,
                answer=RegistrantView,
                status=201,
                refusals=(404, 409),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/accept",
                summary="Say that the person was verified, also after failures",
                run=self.accept_registrant,
                right=Right.REGISTRANT_REVIEW,
                answer=RegistrantView,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/reject",
                summary="Say that the person could not be verified",
                run=self.reject_registrant,
                right=Right.REGISTRANT_REVIEW,
                body=RegistrantRejection,
                answer=RegistrantView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="DELETE",
                path=PATH,
                summary="Forget a registered number, but not its failures",
                run=self.remove_registrant,
                right=Right.REGISTRANT_WRITE,
                status=204,
                refusals=(404,),
            ),
        )

    async def list_registrants(self, asked: Asked) -> Items[RegistrantView]:
        """Registered A numbers."""
        query: RegistrantQuery = asked.query
        number = read_party("number", query.number)
        if number is None:
            wanted = RegistrantFilter(tenant_id=query.tenant_id, status=query.status)
            found = await self._store.registrants(wanted, query.page)
        elif query.tenant_id is None:
            raise InvalidParameter("tenant_id", "says whose registered number is asked for")
        else:
            one = await self._store.registrant(query.tenant_id, number)
            is_meant = one is not None and query.status in {None, one.status}
            found = Listing(rows=(one,) if one is not None and is_meant else ())
        return view_items(found, lambda one: self._view(asked, one, reveal=query.reveal))

    async def show_registrant(self, asked: Asked) -> RegistrantView:
        """One registered number."""
        query: RevealQuery = asked.query
        found = await self._desk.find(asked.path["tenant_id"], asked.path["number"])
        return self._view(asked, found, reveal=query.reveal)

    async def download_photo(self, asked: Asked) -> FileAnswer:
        """The photo of the person."""
        photo = await self._desk.photo(asked.path["tenant_id"], asked.path["number"])
        return FileAnswer(photo)

    async def report_registrant(self, asked: Asked) -> RegistrantView:
        """Report the person behind a number."""
        new: NewReport = asked.body
        if not new.agrees:
            raise InvalidParameter("agrees", "must be true: the person has agreed to this")
        report = Report(
            number=new.number,
            number_type=new.number_type or _told_type(new.number),
            name=new.name,
            identity_card=new.identity_card,
            operator_number=new.operator_number,
        )
        found = await self._desk.report(asked.path["tenant_id"], report, new.photo)
        return self._view(asked, found)

    async def add_registrant(self, asked: Asked) -> RegistrantView:
        """Register a number by hand."""
        new: NewRegistrant = asked.body
        report = Report(
            number=new.number,
            number_type=new.number_type or _told_type(new.number),
            name=new.name,
            identity_card=new.identity_card,
        )
        added = await self._desk.add(asked.path["tenant_id"], report)
        return self._view(asked, added)

    async def accept_registrant(self, asked: Asked) -> RegistrantView:
        """Say that the person was verified."""
        accepted = await self._desk.accept(asked.path["tenant_id"], asked.path["number"])
        return self._view(asked, accepted)

    async def reject_registrant(self, asked: Asked) -> RegistrantView:
        """Say that the person could not be verified."""
        rejection: RegistrantRejection = asked.body
        path = asked.path
        rejected = await self._desk.reject(path["tenant_id"], path["number"], rejection.reason)
        return self._view(asked, rejected)

    async def remove_registrant(self, asked: Asked) -> None:
        """Forget a registered number."""
        await self._desk.delete(asked.path["tenant_id"], [asked.path["number"]])

    def _view(
        self, asked: Asked, registrant: Registrant, *, reveal: bool = False
    ) -> RegistrantView:
        who: str | UnsetType = UNSET
        if self._tokens is not None:
            who = self._tokens.seal(registrant.report.number, asked.caller.mark).text
        return view_registrant(registrant, reveal=reveal, who=who)


def _told_type(number: str) -> NumberType:
    return NumberType.LANDLINE if is_landline(number) else NumberType.MOBILE


def _whose(asked: Asked) -> Mapping[str, object]:
    """What the record of changes says of a look at a photo."""
    return {"tenant_id": asked.path["tenant_id"], "number": mask(asked.path["number"])}


def view_registrant(
    registrant: Registrant, *, reveal: bool, who: str | UnsetType = UNSET
) -> RegistrantView:
    """A registered number as it is shown."""
    report = registrant.report
    operator_number = report.operator_number
    return RegistrantView(
        tenant_id=registrant.tenant_id,
        number=report.number if reveal else mask(report.number),
        number_type=report.number_type,
        name=report.name if reveal else f"{report.name[:1]}**",
        identity_card=report.identity_card if reveal else f"****{report.identity_card[-4:]}",
        operator_number=operator_number if reveal else mask(operator_number) or None,
        has_photo=report.photo is not None,
        who=who,
        photo=report.photo if reveal else UNSET,
        status=registrant.status,
        fail_reason=registrant.fail_reason,
        failures=registrant.failures.count,
        failed_at=registrant.failures.last_at,
        submitted_at=registrant.submitted_at,
        decided_at=registrant.decided_at,
    )
