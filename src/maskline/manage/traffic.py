"""Endpoints of bindings, live calls, call records and the queue of pushes."""

from typing import Protocol

from maskline.domain.access import Right
from maskline.domain.binding import Role
from maskline.domain.call import Call
from maskline.domain.error import UnknownRecord
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.query import (
    BindingQuery,
    CallQuery,
    EndedBindingQuery,
    RecordQuery,
    RevealQuery,
    read_moment,
    read_party,
)
from maskline.manage.view import (
    BindingView,
    BoundedCountView,
    CallView,
    EndedBindingView,
    Items,
    OutboxView,
    StoppedView,
    view_binding,
    view_call,
    view_count,
    view_ended_binding,
    view_items,
    view_record,
)
from maskline.services.clock import Clock
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.list_filter import BindingFilter, CallFilter, RecordFilter
from maskline.services.notice_store import MAX_TROUBLES
from maskline.services.page import Listing, Page
from maskline.services.store import Store

MAX_SEARCHED = 10_000
"""Live calls that are looked through for one number; the list goes on behind them."""


class CallControl(Protocol):
    """What may be done to live calls of this worker."""

    async def stop(self, session_id: str) -> bool:
        """End a call as the platform; False when there is no such live call here."""
        ...


class TrafficEndpoints:
    """What goes on, and stopping a call."""

    def __init__(self, store: Store, calls: CallControl, clock: Clock) -> None:
        self._store = store
        self._calls = calls
        self._clock = clock

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._of_bindings(), *self._of_calls())

    def _of_bindings(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/bindings",
                summary="Live bindings, oldest first unless asked otherwise",
                run=self.list_bindings,
                right=Right.BINDING_READ,
                query=BindingQuery,
                answer=Items[BindingView],
            ),
            Endpoint(
                method="GET",
                path="/bindings/count",
                summary="How many live bindings there are",
                run=self.count_bindings,
                right=Right.BINDING_READ,
                query=BindingQuery,
                answer=BoundedCountView,
            ),
            Endpoint(
                method="GET",
                path="/bindings/{binding_id}",
                summary="One binding",
                run=self.show_binding,
                right=Right.BINDING_READ,
                query=RevealQuery,
                answer=BindingView,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path="/ended-bindings",
                summary="Bindings that have ended, the latest end first",
                run=self.list_ended_bindings,
                right=Right.BINDING_READ,
                query=EndedBindingQuery,
                answer=Items[EndedBindingView],
            ),
            Endpoint(
                method="GET",
                path="/ended-bindings/count",
                summary="How many bindings that have ended are kept",
                run=self.count_ended_bindings,
                right=Right.BINDING_READ,
                query=EndedBindingQuery,
                answer=BoundedCountView,
            ),
        )

    def _of_calls(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/calls",
                summary="Live calls, oldest first",
                run=self.list_calls,
                right=Right.CALL_READ,
                query=CallQuery,
                answer=Items[CallView],
            ),
            Endpoint(
                method="GET",
                path="/calls/{session_id}",
                summary="One call, live or ended",
                run=self.show_call,
                right=Right.CALL_READ,
                query=RevealQuery,
                answer=CallView,
                refusals=(404,),
            ),
            Endpoint(
                method="POST",
                path="/calls/{session_id}/stop",
                summary="End a live call",
                run=self.stop_call,
                right=Right.CALL_STOP,
                answer=StoppedView,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path="/records",
                summary="Call records, newest first",
                run=self.list_records,
                right=Right.CALL_READ,
                query=RecordQuery,
                answer=Items[CallView],
            ),
            Endpoint(
                method="GET",
                path="/records/count",
                summary="How many call records there are",
                run=self.count_records,
                right=Right.CALL_READ,
                query=RecordQuery,
                answer=BoundedCountView,
            ),
            Endpoint(
                method="GET",
                path="/outbox",
                summary="How many pushes wait, were given up, and receivers are disabled",
                run=self.show_outbox,
                right=Right.SETTING_READ,
                answer=OutboxView,
            ),
        )

    async def list_bindings(self, asked: Asked) -> Items[BindingView]:
        """Live bindings, oldest first."""
        query: BindingQuery = asked.query
        wanted = wanted_bindings(asked)
        found = await self._store.bindings(wanted, self._clock.now(), query.page)
        return view_items(found, lambda binding: view_binding(binding, reveal=query.reveal))

    async def count_bindings(self, asked: Asked) -> BoundedCountView:
        """How many live bindings there are."""
        return view_count(
            await self._store.count_bindings(wanted_bindings(asked), self._clock.now())
        )

    async def show_binding(self, asked: Asked) -> BindingView:
        """One binding."""
        query: RevealQuery = asked.query
        binding = await self._store.binding(None, asked.path["binding_id"])
        if binding is None:
            raise UnknownRecord(f"there is no binding {asked.path['binding_id']}")
        return view_binding(binding, reveal=query.reveal)

    async def list_ended_bindings(self, asked: Asked) -> Items[EndedBindingView]:
        """Bindings that have ended, the latest end first."""
        query: EndedBindingQuery = asked.query
        wanted = wanted_ended(asked)
        found = await self._store.ended_bindings(wanted, query.page)
        return view_items(found, lambda one: view_ended_binding(one, reveal=query.reveal))

    async def count_ended_bindings(self, asked: Asked) -> BoundedCountView:
        """How many bindings that have ended are kept."""
        return view_count(await self._store.count_ended_bindings(wanted_ended(asked)))

    async def list_calls(self, asked: Asked) -> Items[CallView]:
        """Live calls, oldest first."""
        query: CallQuery = asked.query
        wanted = CallFilter(
            app_key=query.app_key, app_keys=asked.app_keys, host=query.host, state=query.state
        )
        party = read_party("party", query.party)
        found = await (
            self._store.live_calls(wanted, query.page)
            if party is None
            else self._calls_of(party, wanted, query.page)
        )
        return view_items(found, lambda call: view_call(call, reveal=query.reveal))

    async def _calls_of(self, party: str, wanted: CallFilter, page: Page) -> Listing[Call]:
        """Live calls have no index of their parties: they are few, and looked through."""
        for _ in range(max(1, MAX_SEARCHED // page.limit)):
            found = await self._store.live_calls(wanted, page)
            calls = tuple(call for call in found.rows if party in {call.caller, call.callee})
            if calls or found.next is None:
                return Listing(rows=calls, next=found.next)
            page = Page(limit=page.limit, after=found.next)
        return Listing(rows=(), next=page.after)

    async def show_call(self, asked: Asked) -> CallView:
        """One call, live or ended."""
        query: RevealQuery = asked.query
        session_id = asked.path["session_id"]
        call = await self._store.live_call(session_id)
        if call is not None:
            return view_call(call, reveal=query.reveal)
        # After the search for a live one: a call that ends meanwhile is then found as a record.
        ended = await self._store.call_records(RecordFilter(session_id=session_id), Page(limit=1))
        if not ended.rows:
            raise UnknownRecord(f"there is no call {session_id}")
        return view_record(ended.rows[0], reveal=query.reveal)

    async def stop_call(self, asked: Asked) -> StoppedView:
        """End a live call."""
        session_id = asked.path["session_id"]
        if not await self._calls.stop(session_id):
            raise UnknownRecord(f"there is no live call {session_id} here")
        return StoppedView(session_id=session_id, stopped=True)

    async def list_records(self, asked: Asked) -> Items[CallView]:
        """Call records, newest first."""
        query: RecordQuery = asked.query
        wanted = wanted_records(asked)
        found = await self._store.call_records(wanted, query.page)
        return view_items(found, lambda record: view_record(record, reveal=query.reveal))

    async def count_records(self, asked: Asked) -> BoundedCountView:
        """How many call records there are."""
        return view_count(await self._store.count_call_records(wanted_records(asked)))

    async def show_outbox(self, _: Asked) -> OutboxView:
        """The queue of pushes."""
        waiting, dead = await self._store.outbox_depth()
        troubles = await self._store.troubles(MAX_TROUBLES)
        disabled = sum(trouble.disabled_at is not None for trouble in troubles)
        return OutboxView(waiting=waiting, dead=dead, disabled_receivers=disabled)


def wanted_bindings(asked: Asked) -> BindingFilter:
    """Which bindings a BindingQuery means. Raises InvalidParameter."""
    query: BindingQuery = asked.query
    return BindingFilter(
        app_keys=asked.app_keys,
        app_key=query.app_key,
        x=read_party("x", query.x),
        party=read_party("party", query.party),
        mode=query.mode,
        expires_before=read_moment("expires_before", query.expires_before),
        newest_first=query.order == "newest",
    )


def wanted_ended(asked: Asked) -> EndedFilter:
    """Which bindings an EndedBindingQuery means. Raises InvalidParameter."""
    query: EndedBindingQuery = asked.query
    return EndedFilter(
        app_keys=asked.app_keys,
        app_key=query.app_key,
        binding_id=query.binding_id,
        mode=query.mode,
        x=read_party("x", query.x),
        y=read_party("y", query.y),
        party=read_party("party", query.party),
        since=read_moment("since", query.since),
        until=read_moment("until", query.until),
    )


def wanted_records(asked: Asked) -> RecordFilter:
    """Which records a RecordQuery means. Raises InvalidParameter."""
    query: RecordQuery = asked.query
    return RecordFilter(
        app_keys=asked.app_keys,
        app_key=query.app_key,
        x=read_party("x", query.x),
        session_id=query.session_id,
        party=read_party("party", query.party),
        since=read_moment("since", query.since),
        until=read_moment("until", query.until),
        mode=query.mode,
        outcome=query.outcome,
        release=query.release,
        caller_role=None if query.caller_role is None else Role(query.caller_role),
        has_recording=query.has_recording,
        min_talk_s=query.min_talk_s,
    )
