"""Endpoints of failed requests of the REST interface, and of INVITEs that were turned away."""

from datetime import datetime

import msgspec
from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.happening import Happening, HappeningKind
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.place import PageLimit, Rows, cursor_of, read_cursor
from maskline.manage.query import read_moment
from maskline.services.happening_store import HappeningFilter, HappeningStore
from maskline.services.refusal_log import RefusalDetail
from maskline.services.request_log import RequestDetail


class RequestQuery(Struct, frozen=True, kw_only=True):
    """Failed requests of the last day, newest first."""

    limit: PageLimit = 50
    after: str | None = None
    app_key: str | None = None
    operation: str | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class FailedRequestView(Struct, frozen=True, kw_only=True):
    """A failed request. Bodies have {number} and {text} in place of what is people's."""

    request_id: str
    at: datetime
    app_key: str
    operation: str
    method: str
    path: str
    status: int
    code: str
    took_ms: float
    address: str
    agent: str
    body: str
    answer: str


class RefusalQuery(Struct, frozen=True, kw_only=True):
    """INVITEs of the last day that were turned away before there was a call, newest first."""

    limit: PageLimit = 50
    after: str | None = None
    address: str | None = None
    rule: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class RefusalView(Struct, frozen=True, kw_only=True):
    """Refusals of one address by one rule within ten seconds.

    `rule` is `stranger` (no trunk has the address), `password` or `busy`; `status` null: nothing
    was answered. `dialled` is what the first one dialled, as it came, with numbers masked.
    """

    refusal_id: str
    rule: str
    address: str
    trunk: str | None
    dialled: str
    status: int | None
    count: int
    first_at: datetime
    last_at: datetime


class HappeningEndpoints:
    """Reads what is kept."""

    def __init__(self, store: HappeningStore) -> None:
        self._store = store

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Both."""
        return (
            Endpoint(
                method="GET",
                path="/api-requests",
                summary="Failed requests of the REST interface, newest first",
                run=self.list_failed_requests,
                query=RequestQuery,
                answer=Rows[FailedRequestView],
                right=Right.API_LOG_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path="/refusals",
                summary="INVITEs that were turned away, folded by address and rule, newest first",
                run=self.list_refusals,
                query=RefusalQuery,
                answer=Rows[RefusalView],
                right=Right.TRUNK_WRITE,
            ),
        )

    async def list_failed_requests(self, asked: Asked) -> Rows[FailedRequestView]:
        """Failed requests, newest first."""
        query: RequestQuery = asked.query
        wanted = HappeningFilter(
            kind=HappeningKind.REQUEST,
            app_key=query.app_key,
            app_keys=asked.app_keys,
            subject=query.operation,
            cause=query.code,
            since=read_moment("since", query.since),
            until=read_moment("until", query.until),
            below=read_cursor(query.after),
        )
        found = await self._store.happenings(wanted, query.limit + 1)
        shown = found[: query.limit]
        return Rows(
            items=tuple(map(_view_request, shown)),
            next=cursor_of(shown[-1].sequence) if len(found) > query.limit else None,
        )

    async def list_refusals(self, asked: Asked) -> Rows[RefusalView]:
        """Refusals, newest first."""
        query: RefusalQuery = asked.query
        wanted = HappeningFilter(
            kind=HappeningKind.REFUSAL,
            subject=query.address,
            cause=query.rule,
            since=read_moment("since", query.since),
            until=read_moment("until", query.until),
            below=read_cursor(query.after),
        )
        found = await self._store.happenings(wanted, query.limit + 1)
        shown = found[: query.limit]
        return Rows(
            items=tuple(map(_view_refusal, shown)),
            next=cursor_of(shown[-1].sequence) if len(found) > query.limit else None,
        )


def _view_request(one: Happening) -> FailedRequestView:
    detail = msgspec.json.decode(one.detail, type=RequestDetail)
    return FailedRequestView(
        request_id=f"rq_{one.sequence}",
        at=one.at,
        app_key=one.app_key,
        code=one.cause,
        **msgspec.structs.asdict(detail),
    )


def _view_refusal(one: Happening) -> RefusalView:
    detail = msgspec.json.decode(one.detail, type=RefusalDetail)
    return RefusalView(
        refusal_id=f"rf_{one.sequence}", rule=one.cause, **msgspec.structs.asdict(detail)
    )
