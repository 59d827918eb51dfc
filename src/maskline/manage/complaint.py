"""Endpoints of complaints, violations and prohibited business."""

from datetime import datetime

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.complaint import (
    Complaint,
    ComplaintCause,
    ComplaintState,
    Grade,
    Measure,
    Rule,
    Violation,
    ViolationState,
)
from maskline.domain.masking import mask
from maskline.domain.prohibited_business import PROHIBITED
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery
from maskline.manage.view import Items, copied, view_items
from maskline.services.complaint import ComplaintDesk
from maskline.services.complaint_request import ComplaintDecision, NewComplaint, NewViolation
from maskline.services.dossier_store import DossierFilter, DossierStore

COMPLAINT, VIOLATION = "/complaints/{complaint_id}", "/violations/{violation_id}"


class ComplaintQuery(ListQuery, frozen=True, kw_only=True):
    """Complaints, newest first by when they came into their state; or the oldest first."""

    tenant_id: str | None = None
    state: ComplaintState | None = None
    oldest_first: bool = False


class ViolationQuery(ListQuery, frozen=True, kw_only=True):
    """Violations, newest first by when they came into their state."""

    tenant_id: str | None = None
    state: ViolationState | None = None


class ComplaintView(Struct, frozen=True, kw_only=True):
    """A complaint. `complainant` is masked; `evidence` and `made_by` are for the platform alone."""

    complaint_id: str
    tenant_id: str
    app_key: str
    x: str
    session_id: str | None
    cause: ComplaintCause
    complainant: str | None
    text: str
    evidence: str
    state: ComplaintState
    reason: str
    made_by: str
    decided_by: str
    created_at: datetime
    since: datetime


class ViolationView(Struct, frozen=True, kw_only=True):
    """A violation and its measure; `app_key` null: none of the tenant's applications."""

    violation_id: str
    tenant_id: str
    app_key: str | None
    rule: Rule
    grade: Grade
    measure: Measure
    business: str | None
    complaint_id: str | None
    evidence: str
    state: ViolationState
    reason: str
    made_by: str
    lifted_by: str
    created_at: datetime
    since: datetime


class ProhibitedBusinessView(Struct, frozen=True, kw_only=True):
    """A business that the service must not be used for."""

    code: str
    group: str
    en: str
    zh: str


class ProhibitedBusinessesView(Struct, frozen=True, kw_only=True):
    """All of them."""

    items: tuple[ProhibitedBusinessView, ...]


class ComplaintEndpoints:
    """Reads from the store, acts through the desk."""

    def __init__(self, store: DossierStore, desk: ComplaintDesk) -> None:
        self._store = store
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._of_complaints(), *self._of_violations(), self._of_business())

    def _of_complaints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/complaints",
                summary="Complaints, those first that came into their state last",
                run=self.list_complaints,
                right=Right.COMPLAINT_READ,
                query=ComplaintQuery,
                answer=Items[ComplaintView],
            ),
            Endpoint(
                method="POST",
                path="/complaints",
                summary="Take in a complaint of a virtual number or a call",
                run=self.receive_complaint,
                right=Right.COMPLAINT_WRITE,
                body=NewComplaint,
                answer=ComplaintView,
                status=201,
            ),
            Endpoint(
                method="GET",
                path=COMPLAINT,
                summary="One complaint",
                run=self.show_complaint,
                right=Right.COMPLAINT_READ,
                answer=ComplaintView,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=f"{COMPLAINT}/decision",
                summary="Uphold or dismiss a complaint",
                run=self.decide_complaint,
                right=Right.COMPLAINT_WRITE,
                body=ComplaintDecision,
                answer=ComplaintView,
                refusals=(404, 409),
            ),
        )

    def _of_violations(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/violations",
                summary="Violations of the rules of use, with their measures",
                run=self.list_violations,
                right=Right.COMPLAINT_READ,
                query=ViolationQuery,
                answer=Items[ViolationView],
            ),
            Endpoint(
                method="POST",
                path="/violations",
                summary="Record a violation and take its measure",
                run=self.record_violation,
                right=Right.COMPLAINT_WRITE,
                body=NewViolation,
                answer=ViolationView,
                status=201,
                refusals=(404, 409),
            ),
            Endpoint(
                method="GET",
                path=VIOLATION,
                summary="One violation",
                run=self.show_violation,
                right=Right.COMPLAINT_READ,
                answer=ViolationView,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path=f"{VIOLATION}/lift",
                summary="End the measure of a violation",
                run=self.lift_violation,
                right=Right.COMPLAINT_WRITE,
                answer=ViolationView,
                refusals=(404, 409),
            ),
        )

    def _of_business(self) -> Endpoint:
        return Endpoint(
            method="GET",
            path="/prohibited-business",
            summary="What business the service must not be used for",
            run=self.list_prohibited_business,
            right=Right.APPLICATION_READ,
            answer=ProhibitedBusinessesView,
        )

    async def list_complaints(self, asked: Asked) -> Items[ComplaintView]:
        """Complaints."""
        query: ComplaintQuery = asked.query
        wanted = DossierFilter(
            tenant_id=query.tenant_id, state=query.state, oldest_first=query.oldest_first
        )
        found = await self._store.dossiers(Complaint, wanted, query.page)
        return view_items(found, lambda one: _complaint(one, asked))

    async def receive_complaint(self, asked: Asked) -> ComplaintView:
        """Take in a complaint."""
        return _complaint(await self._desk.receive(asked.body, asked.caller.name), asked)

    async def show_complaint(self, asked: Asked) -> ComplaintView:
        """One complaint."""
        complaint_id, tenant_id = asked.path["complaint_id"], asked.caller.tenant_id
        return _complaint(await self._desk.complaint(complaint_id, tenant_id), asked)

    async def decide_complaint(self, asked: Asked) -> ComplaintView:
        """Uphold or dismiss it."""
        complaint_id, by = asked.path["complaint_id"], asked.caller.name
        return _complaint(await self._desk.decide(complaint_id, asked.body, by), asked)

    async def list_violations(self, asked: Asked) -> Items[ViolationView]:
        """Violations."""
        query: ViolationQuery = asked.query
        wanted = DossierFilter(tenant_id=query.tenant_id, state=query.state)
        found = await self._store.dossiers(Violation, wanted, query.page)
        return view_items(found, lambda one: _violation(one, asked))

    async def record_violation(self, asked: Asked) -> ViolationView:
        """Record a violation and take its measure."""
        return _violation(await self._desk.record(asked.body, asked.caller.name), asked)

    async def show_violation(self, asked: Asked) -> ViolationView:
        """One violation."""
        violation_id, tenant_id = asked.path["violation_id"], asked.caller.tenant_id
        return _violation(await self._desk.violation(violation_id, tenant_id), asked)

    async def lift_violation(self, asked: Asked) -> ViolationView:
        """End its measure."""
        violation_id, by = asked.path["violation_id"], asked.caller.name
        return _violation(await self._desk.lift(violation_id, by), asked)

    async def list_prohibited_business(self, _: Asked) -> ProhibitedBusinessesView:
        """What the service must not be used for."""
        return ProhibitedBusinessesView(
            items=tuple(copied(ProhibitedBusinessView, one) for one in PROHIBITED)
        )


def _complaint(complaint: Complaint, asked: Asked) -> ComplaintView:
    is_platform = asked.caller.tenant_id is None
    return copied(
        ComplaintView,
        complaint,
        complaint_id=complaint.dossier_id,
        session_id=complaint.session_id or None,
        complainant=mask(complaint.complainant) if complaint.complainant else None,
        evidence=complaint.evidence if is_platform else "",
        made_by=complaint.made_by if is_platform else "",
        decided_by=complaint.decided_by if is_platform else "",
    )


def _violation(violation: Violation, asked: Asked) -> ViolationView:
    is_platform = asked.caller.tenant_id is None
    return copied(
        ViolationView,
        violation,
        violation_id=violation.dossier_id,
        app_key=violation.app_key or None,
        grade=violation.rule.grade,
        business=violation.business or None,
        complaint_id=violation.complaint_id or None,
        evidence=violation.evidence if is_platform else "",
        made_by=violation.made_by if is_platform else "",
        lifted_by=violation.lifted_by if is_platform else "",
    )
