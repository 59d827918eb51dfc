"""Endpoints of enterprises, for tenants: what is said of them, their files, asking for reviews."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.activation import BearerKind, Industry, Nature
from maskline.domain.enterprise import (
    MAX_OTHER_BYTES,
    Enterprise,
    EnterpriseState,
    PaperKind,
    missing_of,
)
from maskline.domain.error import InvalidParameter
from maskline.domain.masking import mask
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, copied, view_items
from maskline.services.clock import Clock
from maskline.services.dossier_store import DossierFilter, DossierStore
from maskline.services.enterprise import EnterpriseDesk
from maskline.services.enterprise_request import EnterpriseFields, NewEnterprise

PATH = "/enterprises/{enterprise_id}"


class EnterpriseQuery(ListQuery, frozen=True, kw_only=True):
    """Enterprises, newest first by when they came into their state; or the oldest first."""

    tenant_id: str | None = None
    state: EnterpriseState | None = None
    oldest_first: bool = False


class PaperQuery(Struct, frozen=True, kw_only=True):
    """What an uploaded file shows, and what it is called."""

    kind: PaperKind
    name: Annotated[str, Meta(min_length=1, max_length=128)]


class PaperView(Struct, frozen=True, kw_only=True):
    """A file of an enterprise; what is in it only reviewers see."""

    paper_id: str
    kind: PaperKind
    name: str
    media_type: str
    size: int
    uploaded_at: datetime


class EnterpriseView(Struct, frozen=True, kw_only=True):
    """An enterprise. Names and numbers of people are masked.

    `missing` names the fields and kinds of files that a review needs. What is approved is good
    until `expires_at`, and `is_expired` then: another letter of authority makes it good again.
    """

    enterprise_id: str
    tenant_id: str
    revision: int
    state: EnterpriseState
    is_expired: bool
    expires_at: datetime | None
    reason: str
    missing: tuple[str, ...]
    name: str
    licence_code: str
    legal_name: str
    agent_name: str
    agent_phone: str
    nature: Nature | None
    bearer_kind: BearerKind | None
    bearer_name: str
    is_third_party: bool
    authority_from: date | None
    authority_until: date | None
    industry: Industry | None
    other_industry: str
    has_messages: bool
    scene: str
    script: str
    callee_source: str
    papers: tuple[PaperView, ...]
    created_at: datetime
    since: datetime
    urged_at: datetime | None


class EnterpriseEndpoints:
    """What tenants do with their enterprises."""

    def __init__(self, store: DossierStore, desk: EnterpriseDesk, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._keeping(), *self._filing(), *self._asking())

    def _keeping(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/enterprises",
                summary="Enterprises, those first that came into their state last",
                run=self.list_enterprises,
                right=Right.ENTERPRISE_READ,
                query=EnterpriseQuery,
                answer=Items[EnterpriseView],
            ),
            Endpoint(
                method="POST",
                path="/enterprises",
                summary="Begin the record of an enterprise; its fields may come one by one",
                run=self.create_enterprise,
                right=Right.ENTERPRISE_WRITE,
                body=NewEnterprise,
                answer=EnterpriseView,
                status=201,
                refusals=(409,),
            ),
            Endpoint(
                method="GET",
                path=PATH,
                summary="One enterprise",
                run=self.show_enterprise,
                right=Right.ENTERPRISE_READ,
                answer=EnterpriseView,
                refusals=(404,),
            ),
            Endpoint(
                method="PATCH",
                path=PATH,
                summary="Say something else of an enterprise; an approved one is a draft then",
                run=self.change_enterprise,
                right=Right.ENTERPRISE_WRITE,
                body=EnterpriseFields,
                answer=EnterpriseView,
                refusals=(404, 409),
            ),
        )

    def _filing(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="POST",
                path=f"{PATH}/papers",
                summary="Upload a JPG, BMP, PNG, GIF or PDF of up to 2 MB; "
                "of the kind other also RAR or ZIP, of up to 20 MB",
                run=self.upload_paper,
                right=Right.ENTERPRISE_WRITE,
                query=PaperQuery,
                max_file_bytes=MAX_OTHER_BYTES,
                answer=EnterpriseView,
                refusals=(404, 409, 413),
            ),
            Endpoint(
                method="DELETE",
                path=f"{PATH}/papers/{{paper_id}}",
                summary="Take a file away",
                run=self.remove_paper,
                right=Right.ENTERPRISE_WRITE,
                answer=EnterpriseView,
                refusals=(404, 409),
            ),
        )

    def _asking(self) -> tuple[Endpoint, ...]:
        verbs = (
            ("submit", self.submit_enterprise, "Ask for the review of an enterprise"),
            ("withdraw", self.withdraw_enterprise, "Take an enterprise back before its review"),
            ("urge", self.urge_enterprise, "Ask once more for its review, once an hour"),
        )
        return tuple(
            Endpoint(
                method="POST",
                path=f"{PATH}/{verb}",
                summary=summary,
                run=run,
                right=Right.ENTERPRISE_WRITE,
                answer=EnterpriseView,
                refusals=(404, 409),
            )
            for verb, run, summary in verbs
        )

    async def list_enterprises(self, asked: Asked) -> Items[EnterpriseView]:
        """Enterprises."""
        query: EnterpriseQuery = asked.query
        wanted = DossierFilter(
            tenant_id=query.tenant_id, state=query.state, oldest_first=query.oldest_first
        )
        found = await self._store.dossiers(Enterprise, wanted, query.page)
        return view_items(found, self.view)

    async def create_enterprise(self, asked: Asked) -> EnterpriseView:
        """Begin a record."""
        new: NewEnterprise = asked.body
        if not new.tenant_id:
            raise InvalidParameter("tenant_id", "says whose enterprise it is")
        return self.view(await self._desk.create(new.tenant_id, new))

    async def show_enterprise(self, asked: Asked) -> EnterpriseView:
        """One enterprise."""
        return self.view(await self._desk.find(*_of(asked)))

    async def change_enterprise(self, asked: Asked) -> EnterpriseView:
        """Say something else."""
        enterprise_id, tenant_id = _of(asked)
        return self.view(await self._desk.edit(enterprise_id, asked.body, tenant_id))

    async def upload_paper(self, asked: Asked) -> EnterpriseView:
        """Add a file."""
        query: PaperQuery = asked.query
        enterprise_id, tenant_id = _of(asked)
        uploaded = await self._desk.upload(
            enterprise_id, query.kind, query.name, asked.body, tenant_id=tenant_id
        )
        return self.view(uploaded)

    async def remove_paper(self, asked: Asked) -> EnterpriseView:
        """Take a file away."""
        enterprise_id, tenant_id = _of(asked)
        paper_id = asked.path["paper_id"]
        return self.view(await self._desk.discard(enterprise_id, paper_id, tenant_id))

    async def submit_enterprise(self, asked: Asked) -> EnterpriseView:
        """Ask for the review."""
        return self.view(await self._desk.submit(*_of(asked)))

    async def withdraw_enterprise(self, asked: Asked) -> EnterpriseView:
        """Take it back."""
        return self.view(await self._desk.withdraw(*_of(asked)))

    async def urge_enterprise(self, asked: Asked) -> EnterpriseView:
        """Ask once more."""
        return self.view(await self._desk.urge(*_of(asked)))

    def view(self, enterprise: Enterprise) -> EnterpriseView:
        """An enterprise as people see it."""
        form = enterprise.form
        zone = self._desk.zone
        shown = {
            field: getattr(form, field)
            for field in EnterpriseView.__struct_fields__
            if hasattr(form, field)
        }
        shown |= {
            "legal_name": mask_name(form.legal_name),
            "agent_name": mask_name(form.agent_name),
            "agent_phone": mask(form.agent_phone),
        }
        return copied(
            EnterpriseView,
            enterprise,
            enterprise_id=enterprise.dossier_id,
            is_expired=enterprise.is_expired(self._clock.now(), zone),
            expires_at=enterprise.expires_at(zone),
            missing=missing_of(enterprise),
            papers=view_papers(enterprise),
            **shown,
        )


def view_papers(enterprise: Enterprise) -> tuple[PaperView, ...]:
    """Its files as they are shown."""
    return tuple(
        copied(PaperView, paper, paper_id=paper.object_name) for paper in enterprise.papers
    )


def mask_name(name: str) -> str:
    """A person's name as people may see it."""
    return f"{name[:1]}**" if name else ""


def _of(asked: Asked) -> tuple[str, str | None]:
    """Which enterprise is meant, and whose it has to be."""
    return asked.path["enterprise_id"], asked.caller.tenant_id
