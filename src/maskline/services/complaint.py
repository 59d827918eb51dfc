"""Complaints and violations: taken in, decided, counted against calls, and acted on."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from maskline.domain.application import ApplicationState, TenantState
from maskline.domain.complaint import (
    Complaint,
    ComplaintState,
    Measure,
    Rule,
    Violation,
    ViolationState,
)
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.prohibited_business import CODES
from maskline.domain.tally import SLOT, Tally, padded, slot_of
from maskline.services.activation import ActivationDesk
from maskline.services.administration import Administration
from maskline.services.administration_request import ApplicationChange, TenantChange
from maskline.services.administration_rule import check_number
from maskline.services.billing.period import day_start
from maskline.services.clock import Clock
from maskline.services.complaint_request import ComplaintDecision, NewComplaint, NewViolation
from maskline.services.count_subject import CALLS, COMPLAINT_PROBLEMS, COMPLAINTS
from maskline.services.dossier_store import DossierFilter, DossierStore
from maskline.services.ids import Ids
from maskline.services.page import Cursor, Page
from maskline.services.problem_desk import TREND_SLOT
from maskline.services.store import BindingStore, CallStore, DirectoryStore, RecordFilter
from maskline.services.tally_store import Grouping, TallyFilter, TallyStore

PER = 10_000
"""Calls that complaints are counted by."""

_AT_ONCE = 200


class ComplaintStore(DossierStore, DirectoryStore, BindingStore, CallStore, TallyStore, Protocol):
    """What is read and written."""


class ComplaintDesk:
    """The verbs of the platform's people; all raise StoreBusy, StoreFailed.

    From `per_10k` complaints of 10,000 calls of an application in a day of `zone` on, they are a
    problem.
    """

    def __init__(
        self,
        store: ComplaintStore,
        administration: Administration,
        activations: ActivationDesk,
        *,
        clock: Clock,
        ids: Ids,
        zone: ZoneInfo,
        per_10k: float,
    ) -> None:
        self._store = store
        self._administration = administration
        self._activations = activations
        self._clock = clock
        self._ids = ids
        self._zone = zone
        self._per_10k = per_10k

    async def receive(self, form: NewComplaint, by: str) -> Complaint:
        """Take a complaint in. Raises InvalidParameter."""
        if form.complainant:
            check_number("complainant", form.complainant)
        x, app_key = await self._place(form)
        application = await self._store.application(app_key)
        if application is None:
            raise InvalidParameter("x", "belongs to no application any more")
        now = self._clock.now()
        complaint = Complaint(
            dossier_id=self._ids.uuid(),
            tenant_id=application.tenant_id,
            created_at=now,
            since=now,
            cause=form.cause,
            app_key=app_key,
            x=x,
            session_id=form.session_id,
            complainant=form.complainant,
            text=form.text,
            evidence=form.evidence,
            made_by=by,
        )
        await self._store.add_dossier(complaint)
        await self._count(complaint, now)
        return complaint

    async def complaint(self, complaint_id: str, tenant_id: str | None) -> Complaint:
        """One of them, of a tenant or any. Raises UnknownRecord."""
        found = await self._store.dossier(Complaint, complaint_id)
        if found is None or tenant_id not in {None, found.tenant_id}:
            raise UnknownRecord(f"there is no complaint {complaint_id}")
        return found

    async def decide(self, complaint_id: str, decision: ComplaintDecision, by: str) -> Complaint:
        """Say whether it is right. Raises UnknownRecord, StateForbids, RecordChanged."""
        found = await self.complaint(complaint_id, None)
        now = self._clock.now()
        decided = found.decide(decision.reason, by, now, is_upheld=decision.is_upheld)
        await self._store.save_dossier(decided)
        return decided

    async def violation(self, violation_id: str, tenant_id: str | None) -> Violation:
        """One of them, of a tenant or any. Raises UnknownRecord."""
        found = await self._store.dossier(Violation, violation_id)
        if found is None or tenant_id not in {None, found.tenant_id}:
            raise UnknownRecord(f"there is no violation {violation_id}")
        return found

    async def record(self, form: NewViolation, by: str) -> Violation:
        """Keep a violation and take its measure. Raises InvalidParameter."""
        if (form.rule is Rule.PROHIBITED_BUSINESS) is not bool(form.business):
            raise InvalidParameter("business", "goes with the rule prohibited_business")
        if form.business and form.business not in CODES:
            raise InvalidParameter("business", "is no code of GET /prohibited-business")
        tenant_id, app_key = await self._offender(form)
        if form.measure is Measure.PAUSE_APPLICATION and not app_key:
            raise InvalidParameter("app_key", "is needed to pause an application")
        now = self._clock.now()
        violation = Violation(
            dossier_id=self._ids.uuid(),
            tenant_id=tenant_id,
            created_at=now,
            since=now,
            reason=form.reason,
            rule=form.rule,
            measure=form.measure,
            app_key=app_key,
            business=form.business,
            complaint_id=form.complaint_id,
            evidence=form.evidence,
            made_by=by,
        )
        # First what is done: it can be done again, and nobody is to trust a record of it alone.
        await self._take(violation)
        await self._store.add_dossier(violation)
        return violation

    async def lift(self, violation_id: str, by: str) -> Violation:
        """End a measure, unless another violation has the same. Raises UnknownRecord, StateForbids.

        A tenant that is restricted no more has to send its activation form again.
        """
        found = await self.violation(violation_id, None)
        lifted = found.lift(by, self._clock.now())
        await self._store.save_dossier(lifted)
        if not await self._is_held(lifted):
            await self._end(lifted)
        return lifted

    async def _place(self, form: NewComplaint) -> tuple[str, str]:
        """The virtual number and its application. Raises InvalidParameter."""
        if form.session_id:
            wanted = RecordFilter(session_id=form.session_id)
            records = (await self._store.call_records(wanted, Page(limit=1))).rows
            if not records:
                raise InvalidParameter("session_id", "there is no such call on record")
            call = records[0].call
            if form.x not in {"", call.x}:
                raise InvalidParameter("x", f"that call was to {call.x}")
            return call.x, call.app_key
        number = await self._store.number(form.x)
        if number is None:
            raise InvalidParameter("x", "there is no such virtual number; or name session_id")
        return number.number, number.app_key

    async def _offender(self, form: NewViolation) -> tuple[str, str]:
        tenant_id, app_key = form.tenant_id, form.app_key
        if form.complaint_id:
            complaint = await self._store.dossier(Complaint, form.complaint_id)
            if complaint is None or complaint.state is not ComplaintState.UPHELD:
                raise InvalidParameter("complaint_id", "there is no such complaint that was upheld")
            tenant_id, app_key = complaint.tenant_id, app_key or complaint.app_key
        if app_key:
            application = await self._store.application(app_key)
            if application is None or tenant_id not in {"", application.tenant_id}:
                raise InvalidParameter("app_key", f"there is no application {app_key}")
            return application.tenant_id, app_key
        if await self._store.tenant(tenant_id) is None:
            raise InvalidParameter("tenant_id", f"there is no tenant {tenant_id}")
        return tenant_id, ""

    async def _take(self, violation: Violation) -> None:
        match violation.measure:
            case Measure.WARN:
                return
            case Measure.RESTRICT:
                await self._activations.restrict(violation.tenant_id, violation.reason)
            case Measure.PAUSE_APPLICATION:
                change = ApplicationChange(state=ApplicationState.SUSPENDED)
                await self._administration.change_application(violation.app_key, change)
            case Measure.FREEZE_TENANT:
                frozen = TenantChange(state=TenantState.FROZEN)
                await self._administration.change_tenant(violation.tenant_id, frozen)

    async def _end(self, violation: Violation) -> None:
        match violation.measure:
            case Measure.WARN:
                return
            case Measure.RESTRICT:
                await self._activations.lift(violation.tenant_id)
            case Measure.PAUSE_APPLICATION:
                change = ApplicationChange(state=ApplicationState.NORMAL)
                await self._administration.change_application(violation.app_key, change)
            case Measure.FREEZE_TENANT:
                thawed = TenantChange(state=TenantState.NORMAL)
                await self._administration.change_tenant(violation.tenant_id, thawed)

    async def _is_held(self, lifted: Violation) -> bool:
        """Whether another violation has the same measure on the same."""
        wanted = DossierFilter(tenant_id=lifted.tenant_id, state=ViolationState.ACTIVE)
        after: Cursor | None = None
        while True:
            found = await self._store.dossiers(Violation, wanted, Page(after=after, limit=_AT_ONCE))
            for other in found.rows:
                is_same = other.app_key == lifted.app_key
                is_same |= lifted.measure is not Measure.PAUSE_APPLICATION
                if other.measure is lifted.measure and is_same:
                    return True
            after = found.next
            if after is None:
                return False

    async def _count(self, complaint: Complaint, now: datetime) -> None:
        counted = Tally(
            subject=COMPLAINTS.time,
            slot=slot_of(now),
            app_key=complaint.app_key,
            name=complaint.cause,
            sums=padded(1),
            first_at=now,
            last_at=now,
        )
        await self._store.add_tallies([counted])
        today = day_start(now, self._zone)
        complaints = await self._sum(COMPLAINTS.time, complaint.app_key, today, now)
        calls = await self._sum(CALLS.time, complaint.app_key, today, now)
        if complaints * PER >= self._per_10k * calls:
            slot = slot_of(now, TREND_SLOT)
            many = replace(counted, subject=COMPLAINT_PROBLEMS, slot=slot, name="rate")
            await self._store.add_tallies([many])

    async def _sum(self, subject: str, app_key: str, since: datetime, now: datetime) -> int:
        wanted = TallyFilter(subject=subject, since=since, until=now + SLOT, app_key=app_key)
        found = await self._store.tallies(wanted, Grouping.APPLICATION, 1)
        return found[0].sums[0] if found else 0
