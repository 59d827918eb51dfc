"""Endpoints of the audit log, and of looking into a customer's workspace."""

from datetime import datetime
from typing import Annotated, Any, Protocol

import msgspec
from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.application import Tenant
from maskline.domain.audit import AuditFilter, KeptEvent
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.place import read_place, write_place
from maskline.services.audit_store import AuditStore

MAX_PAGE = 500


class AuditQuery(Struct, frozen=True, kw_only=True):
    """Events, newest first. `object` is a path such as `/applications/KEY`.

    `since` is the first moment that counts, `until` the first that does not.
    """

    tenant_id: str | None = None
    user_id: str | None = None
    action: str | None = None
    object: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50
    after: str | None = None


class AuditEventView(Struct, frozen=True, kw_only=True):
    """Something that was done. `before` and `after` are the object as the API shows it."""

    event_id: str
    at: datetime
    caller_kind: str
    name: str
    user_id: str | None
    address: str
    action: str
    method: str
    object: str
    tenant_id: str | None
    before: Any
    after: Any


class AuditEventsView(Struct, frozen=True, kw_only=True):
    """A page of events; `next` is the `after` of the page behind it."""

    items: tuple[AuditEventView, ...]
    next: str | None


class LookInForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A customer whose workspace somebody of the platform looks into."""

    tenant_id: str


class LookInView(Struct, frozen=True, kw_only=True):
    """The customer; its own audit log shows that somebody looked."""

    tenant_id: str
    name: str


class AuditEndpointsStore(AuditStore, Protocol):
    """What is read."""

    async def tenant(self, tenant_id: str) -> Tenant | None:
        """One tenant."""
        ...


class AuditEndpoints:
    """What people do with the log."""

    def __init__(self, store: AuditEndpointsStore) -> None:
        self._store = store

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Both."""
        return (
            Endpoint(
                method="GET",
                path="/audit-events",
                summary="Who changed what, newest first; without the right for all, the own",
                run=self.list_audit_events,
                query=AuditQuery,
                answer=AuditEventsView,
                right=Right.AUDIT_READ,
                or_right=Right.AUDIT_OWN,
            ),
            Endpoint(
                method="POST",
                path="/look-ins",
                summary="Look into a customer's workspace; its audit log shows it",
                run=self.look_in,
                body=LookInForm,
                answer=LookInView,
                refusals=(404,),
                right=Right.TENANT_WRITE,
            ),
        )

    async def list_audit_events(self, asked: Asked) -> AuditEventsView:
        """Who changed what."""
        query: AuditQuery = asked.query
        place = read_place(query.after)
        found = await self._store.audit_events(
            _wanted(query, asked),
            None if place is None else (place[0], _sequence(place[1])),
            query.limit + 1,
        )
        shown = found[: query.limit]
        last = shown[-1] if len(found) > query.limit else None
        return AuditEventsView(
            items=tuple(map(_view, shown)),
            next=None if last is None else write_place(last.event.at, str(last.sequence)),
        )

    async def look_in(self, asked: Asked) -> LookInView:
        """Look into a customer's workspace."""
        form: LookInForm = asked.body
        tenant = await self._store.tenant(form.tenant_id)
        if tenant is None:
            raise UnknownRecord(f"there is no tenant {form.tenant_id}")
        return LookInView(tenant_id=tenant.tenant_id, name=tenant.name)


def _wanted(query: AuditQuery, asked: Asked) -> AuditFilter:
    caller = asked.caller
    for name in ("since", "until"):
        moment: datetime | None = getattr(query, name)
        if moment is not None and moment.tzinfo is None:
            raise InvalidParameter(name, "a time with its zone, such as 2026-11-20T08:00:00Z")
    user_id = query.user_id
    if not caller.may(Right.AUDIT_READ):
        # Of a token without an owner nothing is its own.
        user_id = caller.user_id or caller.name
    return AuditFilter(
        tenant_id=caller.tenant_id or query.tenant_id,
        user_id=user_id,
        action=query.action,
        target=query.object,
        since=query.since,
        until=query.until,
    )


def _sequence(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise InvalidParameter("after", "not the `next` of a page of this list")
    return int(text)


def _view(kept: KeptEvent) -> AuditEventView:
    event = kept.event
    return AuditEventView(
        event_id=str(kept.sequence),
        at=event.at,
        caller_kind=str(event.kind),
        name=event.name,
        user_id=event.user_id,
        address=event.address,
        action=event.action,
        method=event.method,
        object=event.target,
        tenant_id=event.tenant_id,
        before=msgspec.json.decode(event.before) if event.before else None,
        after=msgspec.json.decode(event.after) if event.after else None,
    )
