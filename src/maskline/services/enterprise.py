"""Enterprises: what tenants say of them and upload, and what reviewers decide."""

from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Protocol

from maskline.domain.enterprise import (
    MAX_FILE_NAME,
    Enterprise,
    EnterpriseForm,
    EnterpriseState,
    Paper,
    PaperKind,
    missing_of,
)
from maskline.domain.error import CustomerError, InvalidParameter, TenantFull, UnknownRecord
from maskline.domain.number import is_global
from maskline.services.activation import ActivationDesk
from maskline.services.clock import Clock
from maskline.services.dossier_store import DossierFilter, DossierStore
from maskline.services.enterprise_request import DossierRejection, EnterpriseFields, NewEnterprise
from maskline.services.given import given_fields
from maskline.services.ids import Ids

MAX_ENTERPRISES = 50
"""Of one tenant."""
MAX_OTHER_PAPERS = 5
ENTERPRISE_ID_LENGTH = 16
PAPER_ID_LENGTH = 32


class Incomplete(CustomerError):
    """Something is missing that a review needs. `missing` names fields and papers."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(f"still missing: {', '.join(missing)}")
        self.missing = missing


class Papers(Protocol):
    """Where files are kept (`maskline.services.paper_file`)."""

    async def put(
        self, object_name: str, kind: PaperKind, name: str, content: bytes, now: datetime, /
    ) -> Paper:
        """Keep a file. Raises InvalidParameter ("file"), StorageFailed."""
        ...

    async def content(self, paper: Paper, /) -> bytes:
        """All of a file. Raises StorageFailed, PlatformError."""
        ...

    async def remove(self, *papers: Paper) -> None:
        """Forget files. Raises StorageFailed."""
        ...


class EnterpriseDesk:
    """The verbs, each about an enterprise of `tenant_id`, or of any tenant where that is None.

    `zone` is whose calendar says when a letter of authority ends. All raise StoreBusy, StoreFailed,
    RecordChanged, and UnknownRecord for what is not there or another tenant's.
    """

    def __init__(
        self,
        store: DossierStore,
        papers: Papers,
        activations: ActivationDesk,
        *,
        clock: Clock,
        ids: Ids,
        zone: tzinfo,
    ) -> None:
        self._store = store
        self._papers = papers
        self._activations = activations
        self._clock = clock
        self._ids = ids
        self.zone = zone

    async def create(self, tenant_id: str, new: NewEnterprise) -> Enterprise:
        """Begin a record. Raises InvalidParameter, NotActivated, TenantFull."""
        if not new.accepts_statement:
            raise InvalidParameter("accepts_statement", "the statement has to be accepted first")
        await self._activations.require(tenant_id)
        own = DossierFilter(tenant_id=tenant_id)
        if (await self._store.count_dossiers(Enterprise, own)).count >= MAX_ENTERPRISES:
            raise TenantFull(f"a tenant has at most {MAX_ENTERPRISES} enterprises")
        now = self._clock.now()
        enterprise = Enterprise(
            dossier_id=self._ids.token(ENTERPRISE_ID_LENGTH),
            tenant_id=tenant_id,
            created_at=now,
            since=now,
            state=EnterpriseState.DRAFT,
            form=_filled(EnterpriseForm(), new),
        )
        await self._store.add_dossier(enterprise)
        return enterprise

    async def find(self, enterprise_id: str, tenant_id: str | None = None) -> Enterprise:
        """One enterprise."""
        found = await self._store.dossier(Enterprise, enterprise_id)
        if found is None or tenant_id not in {None, found.tenant_id}:
            raise UnknownRecord(f"there is no enterprise {enterprise_id}")
        return found

    async def edit(
        self, enterprise_id: str, fields: EnterpriseFields, tenant_id: str | None
    ) -> Enterprise:
        """Say something else. Raises InvalidParameter, StateForbids."""
        found = await self.find(enterprise_id, tenant_id)
        form = _filled(found.form, fields)
        return await self._save(found.edit(form, found.papers, self._clock.now()))

    async def upload(
        self,
        enterprise_id: str,
        kind: PaperKind,
        name: str,
        content: bytes,
        *,
        tenant_id: str | None,
    ) -> Enterprise:
        """Add a file; of each kind but OTHER the one before goes.

        Raises InvalidParameter, StateForbids, TenantFull, StorageFailed.
        """
        found = await self.find(enterprise_id, tenant_id)
        name = name.strip()
        if not 1 <= len(name) <= MAX_FILE_NAME or not name.isprintable() or "/" in name:
            raise InvalidParameter("name", f"a plain file name of up to {MAX_FILE_NAME} characters")
        same = [paper for paper in found.papers if paper.kind is kind]
        if kind is not PaperKind.OTHER:
            replaced = same
        elif len(same) < MAX_OTHER_PAPERS:
            replaced = []
        else:
            raise TenantFull(f"at most {MAX_OTHER_PAPERS} other files; remove one")
        now = self._clock.now()
        found.edit(found.form, found.papers, now)  # whether it may, before a file is kept
        object_name = self._ids.token(PAPER_ID_LENGTH)
        paper = await self._papers.put(object_name, kind, name, content, now)
        kept = [one for one in found.papers if one not in replaced]
        try:
            saved = await self._save(found.edit(found.form, (*kept, paper), now))
        except CustomerError:
            await self._papers.remove(paper)
            raise
        await self._papers.remove(*replaced)
        return saved

    async def discard(
        self, enterprise_id: str, object_name: str, tenant_id: str | None
    ) -> Enterprise:
        """Take a file away. Raises StateForbids, StorageFailed."""
        found = await self.find(enterprise_id, tenant_id)
        gone = _paper(found, object_name)
        kept = [paper for paper in found.papers if paper is not gone]
        saved = await self._save(found.edit(found.form, kept, self._clock.now()))
        await self._papers.remove(gone)
        return saved

    async def content(self, enterprise_id: str, object_name: str) -> tuple[Paper, bytes]:
        """A file, for who reviews it. Raises StorageFailed."""
        paper = _paper(await self.find(enterprise_id), object_name)
        return paper, await self._papers.content(paper)

    async def submit(self, enterprise_id: str, tenant_id: str | None) -> Enterprise:
        """Ask for the review. Raises Incomplete, InvalidParameter, StateForbids, NotActivated."""
        found = await self.find(enterprise_id, tenant_id)
        await self._activations.require(found.tenant_id)
        missing = missing_of(found)
        if missing:
            raise Incomplete(missing)
        now = self._clock.now()
        ends = found.expires_at(self.zone)
        if ends is not None and ends <= now:
            raise InvalidParameter("authority_until", "is past; upload a letter that is good")
        return await self._save(found.submit(now))

    async def withdraw(self, enterprise_id: str, tenant_id: str | None) -> Enterprise:
        """Take it back before it is reviewed. Raises StateForbids."""
        found = await self.find(enterprise_id, tenant_id)
        return await self._save(found.withdraw(self._clock.now()))

    async def urge(self, enterprise_id: str, tenant_id: str | None) -> Enterprise:
        """Ask once more for the review. Raises StateForbids, UrgedAlready."""
        found = await self.find(enterprise_id, tenant_id)
        return await self._save(found.urge(self._clock.now()))

    async def approve(self, enterprise_id: str, revision: int | None = None) -> Enterprise:
        """Find it good. Raises StateForbids."""
        found = (await self.find(enterprise_id)).looked_at(revision)
        return await self._save(found.approve(self._clock.now()))

    async def reject(self, enterprise_id: str, rejection: DossierRejection) -> Enterprise:
        """Refuse it; prohibited business counts against its tenant. Raises StateForbids."""
        found = (await self.find(enterprise_id)).looked_at(rejection.revision)
        saved = await self._save(found.reject(rejection.reason, self._clock.now()))
        if rejection.is_prohibited:
            await self._activations.count_prohibited(found.tenant_id, rejection.reason)
        return saved

    async def _save(self, enterprise: Enterprise) -> Enterprise:
        await self._store.save_dossier(enterprise)
        return enterprise


def _filled(form: EnterpriseForm, fields: EnterpriseFields) -> EnterpriseForm:
    """The form with what was given. Raises InvalidParameter."""
    given = given_fields(fields)
    for name in ("tenant_id", "accepts_statement"):
        given.pop(name, None)
    filled = replace(form, **given)
    if filled.agent_phone and not is_global(filled.agent_phone):
        raise InvalidParameter("agent_phone", "a number in global form, such as +8613800000001")
    begins, ends = filled.authority_from, filled.authority_until
    if begins is not None and ends is not None and ends < begins:
        raise InvalidParameter("authority_until", "comes before its beginning")
    return filled


def _paper(enterprise: Enterprise, object_name: str) -> Paper:
    paper = enterprise.paper(object_name)
    if paper is None:
        raise UnknownRecord("the enterprise has no such file")
    return paper
