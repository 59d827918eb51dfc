"""Endpoints of pushes: what was sent to customers, also what they took, and sending it again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.notice import Purpose
from maskline.domain.push import MadePush, PushState
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.place import PageLimit, Rows, cursor_of, read_cursor
from maskline.manage.query import read_moment, read_party
from maskline.services.notice_desk import MAX_REVIVED, NoticeDesk
from maskline.services.notice_store import NoticeFilter
from maskline.services.number_name import NumberNames
from maskline.services.push_desk import PushDesk, TriedPush
from maskline.services.push_store import PushFilter
from maskline.services.store import Store

MAX_PUSHES_OF_CALL = 200


class PushQuery(Struct, frozen=True, kw_only=True):
    """Pushes, newest first. `since` and `until` bound when they were written.

    `session_id` takes those about a call, `x` those about a virtual number and not about a call.
    `result` is what a try ended with: `delivered`, `2xx` to `5xx`, `timeout`, `dns`, `tls`,
    `connect`, `broken`, `refused`.
    """

    limit: PageLimit = 50
    after: str | None = None
    app_key: str | None = None
    purpose: Purpose | None = None
    state: PushState | None = None
    session_id: str | None = None
    x: str | None = None
    push_id: str | None = None
    result: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class TryView(Struct, frozen=True, kw_only=True):
    """One try. `by` says who had it made by hand; `status` is null without an answer."""

    at: datetime
    result: str
    attempt: int
    url: str
    took_ms: float
    notices: int
    status: int | None
    error: str | None
    by: str | None


class PushView(Struct, frozen=True, kw_only=True):
    """A notice on its way to a customer, and its tries.

    `push_id` is what the receiver sees as `webhook-id`; call records that were sent together share
    it. `body` has {A}, {B} in place of numbers and {text} of what people wrote.
    """

    push_id: str
    notice_id: str
    app_key: str
    purpose: Purpose
    state: PushState
    stream: str
    attempts: int
    created_at: datetime
    due_at: datetime | None
    delivered_at: datetime | None
    error: str | None
    tries: tuple[TryView, ...]
    body: str | UnsetType = UNSET


class PushesView(Struct, frozen=True, kw_only=True):
    """Pushes of a call in the order they were written; or what one message held."""

    items: tuple[PushView, ...]


class ResentView(Struct, frozen=True, kw_only=True):
    """What became of a push that was made by hand."""

    push_id: str
    url: str
    accepted: bool
    status: int | None
    error: str | None
    took_ms: float


class PushReplay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which dead pushes are made again: of an application, a call or one push."""

    app_key: str | None = None
    push_id: str | None = None
    session_id: str | None = None
    purpose: Purpose | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_REVIVED)] = 1_000


class ReplayedView(Struct, frozen=True, kw_only=True):
    """How many wait again, and how many more that match are still dead."""

    replayed: int
    left: int


class PushEndpoints:
    """Reads from the store; acts through the desks."""

    def __init__(
        self, store: Store, desk: PushDesk, notices: NoticeDesk, names: NumberNames
    ) -> None:
        self._store = store
        self._names = names
        self._desk = desk
        self._notices = notices

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/calls/{session_id}/pushes",
                summary="Pushes about a call in order, with their tries and bodies",
                run=self.list_pushes_of_call,
                answer=PushesView,
                right=Right.PUSH_READ,
            ),
            Endpoint(
                method="GET",
                path="/pushes",
                summary="Pushes that wait, are dead or were delivered, newest first",
                run=self.list_pushes,
                query=PushQuery,
                answer=Rows[PushView],
                right=Right.PUSH_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path="/pushes/{push_id}",
                summary="What one message holds, with its tries and bodies",
                run=self.show_push,
                answer=PushesView,
                right=Right.PUSH_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path="/pushes/{push_id}/resend",
                summary="Push it once, now, under its id to the address of now",
                run=self.resend_push,
                answer=ResentView,
                right=Right.PUSH_RESEND,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path="/push-replays",
                summary="Have dead pushes made again, oldest first, with a fresh schedule",
                run=self.replay_pushes,
                body=PushReplay,
                answer=ReplayedView,
                right=Right.PUSH_RESEND,
                refusals=(404, 409),
            ),
        )

    async def list_pushes_of_call(self, asked: Asked) -> PushesView:
        """Pushes about a call."""
        wanted = PushFilter(stream=asked.path["session_id"], app_keys=asked.app_keys)
        found = await self._store.pushes(wanted, MAX_PUSHES_OF_CALL)
        return await self._shown(tuple(reversed(await self._desk.tried(found))))

    async def list_pushes(self, asked: Asked) -> Rows[PushView]:
        """Pushes, newest first."""
        query: PushQuery = asked.query
        wanted = replace(wanted_pushes(asked), below=read_cursor(query.after))
        found = await self._store.pushes(wanted, query.limit + 1)
        shown = found[: query.limit]
        return Rows(
            items=tuple(_view(one) for one in await self._desk.tried(shown)),
            next=cursor_of(shown[-1].sequence) if len(found) > query.limit else None,
        )

    async def show_push(self, asked: Asked) -> PushesView:
        """What one message holds."""
        return await self._shown(await self._desk.find(asked.path["push_id"], asked.app_keys))

    async def resend_push(self, asked: Asked) -> ResentView:
        """Push it again."""
        push_id = asked.path["push_id"]
        report = await self._desk.resend(push_id, asked.app_keys, asked.caller.name)
        return ResentView(
            push_id=push_id,
            url=report.url,
            accepted=report.error is None,
            status=report.status,
            error=report.error,
            took_ms=round(report.took_s * 1000, 1),
        )

    async def replay_pushes(self, asked: Asked) -> ReplayedView:
        """Have dead pushes made again."""
        replay: PushReplay = asked.body
        app_key = replay.app_key or await self._application_of(replay)
        if app_key is None:
            raise InvalidParameter("app_key", "or push_id or session_id says what is meant")
        if asked.app_keys is not None and app_key not in asked.app_keys:
            raise UnknownRecord("no dead push matches")
        wanted = NoticeFilter(
            app_key=app_key,
            purpose=replay.purpose,
            stream=replay.session_id,
            push_id=replay.push_id,
            since=read_moment("since", replay.since),
            until=read_moment("until", replay.until),
        )
        done = await self._notices.revive(wanted, replay.limit)
        return ReplayedView(replayed=done.revived, left=done.left)

    async def _application_of(self, replay: PushReplay) -> str | None:
        """Whose push or call it is; none of anybody's for what is not there."""
        if replay.push_id is None and replay.session_id is None:
            return None
        wanted = PushFilter(push_id=replay.push_id, stream=replay.session_id)
        found = await self._store.pushes(wanted, 1)
        return found[0].notice.app_key if found else ""

    async def _shown(self, tried: Sequence[TriedPush]) -> PushesView:
        items = [_view(one, body=await self._body(one)) for one in tried]
        return PushesView(items=tuple(items))

    async def _body(self, tried: TriedPush) -> str:
        notice = tried.push.notice
        return await self._names.hide(notice.body.decode(errors="replace"), notice.stream)


def wanted_pushes(asked: Asked) -> PushFilter:
    """Which pushes a PushQuery means, of all its pages. Raises InvalidParameter."""
    query: PushQuery = asked.query
    x = read_party("x", query.x)
    if x is not None and query.session_id is not None:
        raise InvalidParameter("x", "or session_id says what pushes are about, not both")
    return PushFilter(
        app_key=query.app_key,
        app_keys=asked.app_keys,
        purpose=query.purpose,
        state=query.state,
        stream=query.session_id if x is None else f"number {x}",
        push_id=query.push_id,
        result=query.result,
        since=read_moment("since", query.since),
        until=read_moment("until", query.until),
    )


def _view(tried: TriedPush, *, body: str | UnsetType = UNSET) -> PushView:
    push = tried.push
    return PushView(
        push_id=push.push_id,
        notice_id=push.notice.notice_id,
        app_key=push.notice.app_key,
        purpose=push.notice.purpose,
        state=push.state,
        stream=push.notice.stream,
        attempts=push.attempts,
        created_at=push.notice.created_at,
        due_at=push.due_at,
        delivered_at=push.delivered_at,
        error=push.error,
        tries=tuple(map(_view_try, tried.tries)),
        body=body,
    )


def _view_try(made: MadePush) -> TryView:
    return TryView(
        at=made.at,
        result=made.result,
        attempt=made.attempt,
        url=made.url,
        took_ms=round(made.took_s * 1000, 1),
        notices=made.notices,
        status=made.status,
        error=made.error,
        by=made.by,
    )
