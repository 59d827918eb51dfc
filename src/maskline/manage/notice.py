"""Endpoints of notices: what waits to be pushed and what was given up."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.notice import KeptNotice, NoticeState, Purpose
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import ListQuery, RevealQuery, read_moment, read_party
from maskline.manage.view import BoundedCountView, Items, view_count, view_items
from maskline.services.notice_desk import MAX_REVIVED, NoticeDesk
from maskline.services.notice_store import NoticeFilter, NoticeStore
from maskline.services.number_name import NumberNames
from maskline.services.page import Page


class NoticeQuery(ListQuery, frozen=True, kw_only=True):
    """Notices, newest first. `since` and `until` bound when they were written.

    `push_id` is the `webhook-id` that the receiver saw; `session_id` is a call, `x` a number whose
    state changed. `answer` is the class of the last one that came, or `none` after tries that had
    no answer.
    """

    app_key: str | None = None
    purpose: Purpose | None = None
    state: NoticeState | None = None
    session_id: str | None = None
    x: str | None = None
    push_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    answer: Literal["2xx", "3xx", "4xx", "5xx", "none"] | None = None


class Replay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which dead notices are pushed again: those of one push, of a call or of an application."""

    push_id: str | None = None
    app_key: str | None = None
    purpose: Purpose | None = None
    session_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_REVIVED)] = 1_000


class NoticeView(Struct, frozen=True, kw_only=True):
    """A notice. `body` is there when one is asked for.

    Tokens (`{A}`, `{text}`) stand in it for numbers of people and for what they wrote, unless the
    request reveals.
    `due_at` is when it is tried next; of a dead one, about when it died. `push_id` is what the
    receiver sees as `webhook-id`: for a call record the id of its batch, null before the first try.
    """

    notice_id: str
    push_id: str | None
    app_key: str
    purpose: Purpose
    state: NoticeState
    stream: str
    origin: str
    attempts: int
    error: str | None
    due_at: datetime
    created_at: datetime
    body: str | UnsetType = UNSET


class RevivedView(Struct, frozen=True, kw_only=True):
    """How many notices are pushed again, and how many more that match are still dead."""

    revived: int
    left: int


class NoticeEndpoints:
    """Reads from the store, acts through the desk."""

    def __init__(self, store: NoticeStore, desk: NoticeDesk, names: NumberNames) -> None:
        self._store = store
        self._desk = desk
        self._names = names

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/notices",
                summary="Notices that wait or are dead, newest first",
                run=self.list_notices,
                right=Right.PUSH_READ,
                query=NoticeQuery,
                answer=Items[NoticeView],
            ),
            Endpoint(
                method="GET",
                path="/notices/count",
                summary="How many notices wait or are dead",
                run=self.count_notices,
                right=Right.PUSH_READ,
                query=NoticeQuery,
                answer=BoundedCountView,
            ),
            Endpoint(
                method="POST",
                path="/notices/replay",
                summary="Have dead notices pushed again, oldest first, under their ids",
                run=self.replay_notices,
                right=Right.PUSH_RESEND,
                body=Replay,
                answer=RevivedView,
                refusals=(404, 409),
            ),
            Endpoint(
                method="GET",
                path="/notices/{notice_id}",
                summary="One notice with its body",
                run=self.show_notice,
                right=Right.PUSH_READ,
                query=RevealQuery,
                answer=NoticeView,
                refusals=(404,),
            ),
        )

    async def list_notices(self, asked: Asked) -> Items[NoticeView]:
        """Notices, newest first."""
        query: NoticeQuery = asked.query
        wanted = _wanted_notices(asked)
        found = await self._store.notices(wanted, query.page)
        return view_items(found, _view)

    async def count_notices(self, asked: Asked) -> BoundedCountView:
        """How many notices wait or are dead."""
        return view_count(await self._store.count_notices(_wanted_notices(asked)))

    async def show_notice(self, asked: Asked) -> NoticeView:
        """One notice."""
        query: RevealQuery = asked.query
        notice_id = asked.path["notice_id"]
        found = await self._store.notices(NoticeFilter(push_id=notice_id), Page(limit=1))
        if not found.rows:
            raise UnknownRecord(f"there is no notice {notice_id}: it was delivered, or never was")
        kept = found.rows[0]
        if kept.notice.notice_id != notice_id:
            raise UnknownRecord(
                f"{notice_id} is a push of several call records: list them by push_id"
            )
        body = kept.notice.body.decode(errors="replace")
        if not query.reveal:
            body = await self._names.hide(body, kept.notice.stream)
        return _view(kept, body=body)

    async def replay_notices(self, asked: Asked) -> RevivedView:
        """Have dead notices pushed again."""
        replay: Replay = asked.body
        if asked.app_keys is not None and replay.app_key is None:
            raise InvalidParameter("app_key", "says whose notices are pushed again")
        if replay.push_id is None and replay.session_id is None and replay.app_key is None:
            raise InvalidParameter("app_key", "or push_id or session_id says what is meant")
        wanted = NoticeFilter(
            app_key=replay.app_key,
            purpose=replay.purpose,
            stream=replay.session_id,
            push_id=replay.push_id,
            since=read_moment("since", replay.since),
            until=read_moment("until", replay.until),
        )
        done = await self._desk.revive(wanted, replay.limit)
        return RevivedView(revived=done.revived, left=done.left)


def _stream_of(x: str | None) -> str | None:
    number = read_party("x", x)
    return None if number is None else f"number {number}"


def _view(kept: KeptNotice, *, body: str | UnsetType = UNSET) -> NoticeView:
    notice = kept.notice
    is_record = notice.purpose is Purpose.RECORD
    return NoticeView(
        notice_id=notice.notice_id,
        push_id=kept.batch_id if is_record else notice.notice_id,
        app_key=notice.app_key,
        purpose=notice.purpose,
        state=kept.state,
        stream=notice.stream,
        origin=notice.origin,
        attempts=kept.attempts,
        error=kept.error,
        due_at=kept.due_at,
        created_at=notice.created_at,
        body=body,
    )


def _wanted_notices(asked: Asked) -> NoticeFilter:
    query: NoticeQuery = asked.query
    return NoticeFilter(
        app_keys=asked.app_keys,
        app_key=query.app_key,
        purpose=query.purpose,
        state=query.state,
        stream=query.session_id or _stream_of(query.x),
        push_id=query.push_id,
        since=read_moment("since", query.since),
        until=read_moment("until", query.until),
        answer=query.answer,
    )
