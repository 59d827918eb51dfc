"""Finding all that the platform holds of a person, by number."""

from collections.abc import AsyncIterator

from maskline.domain.binding import Binding, Onward, OnwardKind
from maskline.domain.call import CallRecord
from maskline.domain.ended_binding import EndedBinding
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.number import is_global
from maskline.domain.recording import Recording
from maskline.domain.registrant import Registrant
from maskline.domain.trace import Trace
from maskline.services.clock import Clock
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.list_filter import (
    BindingFilter,
    CallFilter,
    RecordFilter,
    RecordingFilter,
)
from maskline.services.page import Cursor, Page
from maskline.services.person_data import (
    PersonData,
    told_binding,
    told_call,
    told_ended,
    told_mention,
    told_recording,
    told_registrant,
    told_trace,
)
from maskline.services.person_message import PersonMessageFinder
from maskline.services.store import Store

LISTED = 200
"""Rows read at once."""

MAX_CALLS = 10_000
"""Calls in one export."""

MAX_ENDED_BINDINGS = 10_000
"""Bindings that have ended in one export."""


class PersonFinder:
    """Everything of one person at one tenant's applications, read in portions.

    All verbs raise StoreFailed, and StoreBusy where lists wait.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._messages = PersonMessageFinder(store)

    async def tenants(self, tenant_id: str | None) -> list[str]:
        """This tenant, or all. Raises UnknownRecord."""
        if tenant_id is not None:
            if await self._store.tenant(tenant_id) is None:
                raise UnknownRecord(f"there is no tenant {tenant_id}")
            return [tenant_id]
        found, page = list[str](), Page(limit=LISTED)
        while True:
            listed = await self._store.tenants(page)
            found += [tenant.tenant_id for tenant in listed.rows]
            if listed.next is None:
                return found
            page = Page(limit=LISTED, after=listed.next)

    async def applications(self, tenant_id: str) -> list[str]:
        """The keys of a tenant's applications."""
        found, page = list[str](), Page(limit=LISTED)
        while True:
            listed = await self._store.applications(tenant_id, page)
            found += [application.app_key for application in listed.rows]
            if listed.next is None:
                return found
            page = Page(limit=LISTED, after=listed.next)

    async def bindings(self, app_key: str, number: str) -> list[Binding]:
        """Live bindings of the person."""
        wanted, found = BindingFilter(app_key=app_key, party=number), list[Binding]()
        page = Page(limit=LISTED)
        while True:
            listed = await self._store.bindings(wanted, self._clock.now(), page)
            found += listed.rows
            if listed.next is None:
                return found
            page = Page(limit=LISTED, after=listed.next)

    async def mentions(
        self, app_key: str, number: str
    ) -> AsyncIterator[tuple[str, OnwardKind, Onward]]:
        """Bindings of others whose next call goes to the person: none is found by an index."""
        after = 0
        while True:
            places = await self._store.onward_after(app_key, after, LISTED)
            for place in places:
                after = place.place
                for kind, onward in place.onward.items():
                    if onward.number == number:
                        yield place.binding_id, kind, onward
            if len(places) < LISTED:
                return

    async def ended_bindings(self, app_key: str, number: str, limit: int) -> list[EndedBinding]:
        """Ended bindings of the person, at most so many, the latest end first."""
        wanted, found = EndedFilter(app_key=app_key, party=number), list[EndedBinding]()
        after: Cursor | None = None
        while len(found) < limit:
            page = Page(limit=min(LISTED, limit - len(found)), after=after)
            listed = await self._store.ended_bindings(wanted, page)
            found += listed.rows
            after = listed.next
            if after is None:
                break
        return found

    async def records(self, app_key: str, number: str, limit: int) -> list[CallRecord]:
        """Call records of the person, at most so many, newest first."""
        wanted, found = RecordFilter(app_key=app_key, party=number), list[CallRecord]()
        after: Cursor | None = None
        while len(found) < limit:
            page = Page(limit=min(LISTED, limit - len(found)), after=after)
            listed = await self._store.call_records(wanted, page)
            found += listed.rows
            after = listed.next
            if after is None:
                break
        return found

    async def live_calls(self, app_keys: frozenset[str], number: str) -> list[str]:
        """Calls of the person that are up now."""
        found, page = list[str](), Page(limit=LISTED)
        wanted = CallFilter(app_keys=tuple(app_keys))
        while True:
            listed = await self._store.live_calls(wanted, page)
            found += [
                call.session_id for call in listed.rows if number in {call.caller, call.callee}
            ]
            if listed.next is None:
                return found
            page = Page(limit=LISTED, after=listed.next)

    async def recordings(self, session_id: str) -> tuple[Recording, ...]:
        """Recordings of a call."""
        wanted = RecordingFilter(session_id=session_id)
        return (await self._store.recordings(wanted, Page(limit=LISTED))).rows

    async def registrant(self, tenant_id: str, number: str) -> Registrant | None:
        """What the tenant has registered of the person."""
        return await self._store.registrant(tenant_id, number)

    async def trace(self, session_id: str) -> Trace | None:
        """The stored trace of a call."""
        return await self._store.trace(session_id)

    async def export(self, number: str, tenant_id: str | None) -> PersonData:
        """All of it, of one tenant or all, for the person to read.

        Raises InvalidParameter, UnknownRecord (the tenant).
        """
        check_person_number(number)
        bindings: list[Binding] = []
        ended: list[EndedBinding] = []
        calls: list[CallRecord] = []
        mentions: list[tuple[str, str, OnwardKind, Onward]] = []
        registrants: list[Registrant] = []
        app_keys: list[str] = []
        for tenant in await self.tenants(tenant_id):
            registrant = await self.registrant(tenant, number)
            registrants += [registrant] if registrant is not None else []
            app_keys += await self.applications(tenant)
        for app_key in app_keys:
            bindings += await self.bindings(app_key, number)
            ended += await self.ended_bindings(app_key, number, MAX_ENDED_BINDINGS + 1 - len(ended))
            mentions += [(app_key, *one) async for one in self.mentions(app_key, number)]
            calls += await self.records(app_key, number, MAX_CALLS + 1 - len(calls))
        written = await self._messages.export(number, app_keys)
        is_complete = len(calls) <= MAX_CALLS and len(ended) <= MAX_ENDED_BINDINGS
        calls = calls[:MAX_CALLS]
        sessions = [record.call.session_id for record in calls]
        recordings = [one for name in sessions for one in await self.recordings(name)]
        traces = [trace for name in sessions if (trace := await self.trace(name)) is not None]
        return PersonData(
            number=number,
            made_at=self._clock.now(),
            is_complete=is_complete and written.is_complete,
            bindings=tuple(told_binding(binding, number) for binding in bindings),
            ended_bindings=tuple(told_ended(one, number) for one in ended[:MAX_ENDED_BINDINGS]),
            mentions=tuple(told_mention(*mention) for mention in mentions),
            calls=tuple(told_call(record, number) for record in calls),
            live_calls=tuple(await self.live_calls(frozenset(app_keys), number)),
            recordings=tuple(told_recording(recording) for recording in recordings),
            registrations=tuple(told_registrant(registrant) for registrant in registrants),
            traces=tuple(told_trace(trace) for trace in traces),
            messages=written.messages,
            message_parts=written.parts,
            reply_tags=written.reply_tags,
            message_blocks=written.blocks,
        )


def check_person_number(number: str) -> None:
    """Whether it can be a person's. Raises InvalidParameter."""
    if not is_global(number):
        raise InvalidParameter("number", "must be in global form, such as +8613900001001")
