"""Topics of events about calls and pushes, in the views of the other endpoints."""

from collections.abc import Sequence

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.error import UnknownRecord
from maskline.manage.trace import TraceView, view_trace
from maskline.manage.view import CallView, view_call, view_record
from maskline.services.event_hub import Topic
from maskline.services.list_filter import CallFilter, RecordFilter
from maskline.services.store import Page, Store
from maskline.services.trace import TraceDesk

MAX_LIVE_CALLS = 500
"""Live calls that are told one by one."""

MAX_APPLICATIONS = 500
"""Of one tenant; they are five unless an operator allows more."""


class LiveCallsView(Struct, frozen=True, kw_only=True):
    """The calls that are up, the oldest first; `has_more` when there are others."""

    items: tuple[CallView, ...]
    has_more: bool


class WatchedCallView(Struct, frozen=True, kw_only=True):
    """A call as it goes on. `trace` is null where no process at hand keeps one."""

    call: CallView
    trace: TraceView | None


class CallTopics:
    """What goes on in calls."""

    def __init__(self, store: Store, traces: TraceDesk) -> None:
        self._store = store
        self._traces = traces

    def topics(self) -> Sequence[Topic]:
        """All of them."""
        return (
            Topic(name="live_calls", right=Right.CALL_READ, every_s=1.0, read=self.live_calls),
            Topic(
                name="call",
                right=Right.CALL_READ,
                every_s=0.5,
                read=self.call,
                has_subject=True,
            ),
        )

    async def live_calls(self, tenant_id: str | None, _: str) -> LiveCallsView:
        """Live calls of a tenant, or all."""
        wanted = CallFilter(app_keys=await self._app_keys(tenant_id))
        found = await self._store.live_calls(wanted, Page(limit=MAX_LIVE_CALLS))
        return LiveCallsView(
            items=tuple(view_call(call, reveal=False) for call in found.rows),
            has_more=found.next is not None,
        )

    async def _app_keys(self, tenant_id: str | None) -> tuple[str, ...] | None:
        if tenant_id is None:
            return None
        own = await self._store.applications(tenant_id, Page(limit=MAX_APPLICATIONS))
        return tuple(application.app_key for application in own.rows)

    async def call(self, tenant_id: str | None, session_id: str) -> WatchedCallView:
        """One call, live or ended. Raises UnknownRecord."""
        call = await self._store.live_call(session_id)
        owner, view = (call.tenant_id, view_call(call, reveal=False)) if call else ("", None)
        if view is None:
            wanted = RecordFilter(session_id=session_id)
            ended = await self._store.call_records(wanted, Page(limit=1))
            for record in ended.rows:
                owner, view = record.call.tenant_id, view_record(record, reveal=False)
        if view is None or tenant_id not in {None, owner}:
            raise UnknownRecord(f"there is no call {session_id}")
        return WatchedCallView(call=view, trace=await self._trace(session_id))

    async def _trace(self, session_id: str) -> TraceView | None:
        try:
            return view_trace(await self._traces.find(session_id, has_details=False))
        except UnknownRecord:
            return None
