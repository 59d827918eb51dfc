"""Whose an object is: nobody of a tenant sees that another tenant's is there."""

from collections.abc import Awaitable, Callable, Collection, Mapping

from maskline.domain.error import UnknownRecord
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.notice_store import NoticeFilter
from maskline.services.page import Page
from maskline.services.store import RecordFilter, Store

Owner = Callable[[str], Awaitable[str | None]]
"""The application that an object belongs to by the object's id, None where there is none."""

MAX_APPLICATIONS = 10_000
"""Applications of one tenant that its people see."""

APPLICATIONS_AT_ONCE = 500


class Reach:
    """Finds the application of an object, and the applications of a tenant.

    Kinds are named as the first part of a path is: `/bindings/{binding_id}`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._owners: Mapping[str, tuple[str, Owner]] = {
            "numbers": ("virtual number", self._of_number),
            "bindings": ("binding", self._of_binding),
            "ended-bindings": ("ended binding", self._of_ended_binding),
            "calls": ("call", self._of_call),
            "messages": ("message", self._of_message),
            "notices": ("notice", self._of_notice),
            "recordings": ("recording", self._of_recording),
        }

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of objects whose application is known here."""
        return frozenset(self._owners)

    async def app_keys(self, tenant_id: str) -> tuple[str, ...]:
        """The applications of a tenant. Raises StoreFailed."""
        found, page = list[str](), Page(limit=APPLICATIONS_AT_ONCE)
        while len(found) < MAX_APPLICATIONS:
            listed = await self._store.applications(tenant_id, page)
            found.extend(application.app_key for application in listed.rows)
            if listed.next is None:
                break
            page = Page(limit=APPLICATIONS_AT_ONCE, after=listed.next)
        return tuple(found)

    async def check(self, app_keys: Collection[str], kind: str, object_id: str) -> None:
        """Whether an object belongs to one of these applications.

        Raises UnknownRecord where it does not, and where there is none, alike; StoreFailed.
        """
        name, owner = self._owners[kind]
        if await owner(object_id) not in app_keys:
            raise UnknownRecord(f"there is no {name} {object_id}")

    async def _of_number(self, number: str) -> str | None:
        found = await self._store.number(number)
        return None if found is None else found.app_key

    async def _of_binding(self, binding_id: str) -> str | None:
        found = await self._store.binding(None, binding_id)
        return await self._of_ended_binding(binding_id) if found is None else found.app_key

    async def _of_ended_binding(self, binding_id: str) -> str | None:
        wanted = EndedFilter(binding_id=binding_id)
        found = (await self._store.ended_bindings(wanted, Page(limit=1))).rows
        return found[0].binding.app_key if found else None

    async def _of_call(self, session_id: str) -> str | None:
        call = await self._store.live_call(session_id)
        if call is not None:
            return call.app_key
        # After the search for a live one: a call that ends meanwhile is then found as a record.
        wanted = RecordFilter(session_id=session_id)
        records = (await self._store.call_records(wanted, Page(limit=1))).rows
        if records:
            return records[0].call.app_key
        trace = await self._store.trace(session_id)
        return None if trace is None else trace.app_key

    async def _of_message(self, message_id: str) -> str | None:
        found = await self._store.message(message_id)
        return None if found is None else found.app_key

    async def _of_notice(self, notice_id: str) -> str | None:
        found = (await self._store.notices(NoticeFilter(push_id=notice_id), Page(limit=1))).rows
        return found[0].notice.app_key if found else None

    async def _of_recording(self, object_name: str) -> str | None:
        found = await self._store.recording(object_name)
        return None if found is None else found.app_key
