"""Real numbers and texts in the clear, one field of one object at a time."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from maskline.domain.access import Right
from maskline.domain.binding import Binding
from maskline.domain.error import InvalidParameter, StepUpNeeded, UnknownRecord
from maskline.domain.tally import DAY, Tally, padded, slot_of
from maskline.services.allowance import Allowance
from maskline.services.clock import Clock
from maskline.services.count_subject import REVEAL_PROBLEMS, REVEALS
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.notice_store import NoticeFilter
from maskline.services.page import Page
from maskline.services.store import RecordFilter, Store
from maskline.services.tally_store import Grouping, TallyFilter

HOUR_S = 3_600.0
PROBLEM_SLOT = timedelta(minutes=5)

MAX_AN_HOUR = 30
"""After so many a person has to show again who it is."""

MANY_A_DAY = 100
"""In a day of UTC; after so many those who run the platform, and the tenant's owner, hear of it."""

log = structlog.get_logger("reveal")


@dataclass(frozen=True, slots=True)
class Sealed:
    """What an object has that is shown in the clear one at a time only.

    With `tenant_id` it is that tenant's, or with "" the platform's, whatever its application.
    """

    app_key: str
    fields: Mapping[str, str | None] = field(repr=False)
    tenant_id: str | None = None

    def is_of(self, app_keys: Collection[str], tenant_id: str) -> bool:
        """Whether people of a tenant with these applications see the object."""
        if self.tenant_id is not None:
            return self.tenant_id == tenant_id
        return self.app_key in app_keys


@dataclass(frozen=True, slots=True)
class Revealed:
    """A value, and the application of the object that has it."""

    app_key: str
    value: str = field(repr=False)


Find = Callable[[str], Awaitable[Sealed | None]]
"""What an object has, by its id; None where it is not there."""


@dataclass(frozen=True, slots=True)
class Revealable:
    """A kind of object: the right to read it, the fields that it can have, where it is found."""

    right: Right
    fields: tuple[str, ...]
    find: Find


class RevealDesk:
    """Finds values, and counts who asks for how many. `kinds` has what can be revealed.

    How many an hour is counted in this process, how many a day in the store, over all of them.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._allowance = Allowance(clock, HOUR_S)
        parties, texts = ("a", "b", "user_data"), ("text", "outgoing", "user_data")
        self.kinds: dict[str, Revealable] = {
            "call": Revealable(Right.CALL_READ, ("caller", "callee"), self._call),
            "binding": Revealable(Right.BINDING_READ, parties, self._binding),
            "ended_binding": Revealable(Right.BINDING_READ, parties, self._ended_binding),
            "message": Revealable(
                Right.MESSAGE_READ, ("sender", "receiver", *texts), self._message
            ),
            "notice": Revealable(Right.PUSH_READ, ("body",), self._notice),
            "call_block": Revealable(Right.CALL_RULE_READ, ("number",), self._call_block),
        }

    async def is_virtual(self, number: str, app_keys: Collection[str] | None) -> bool:
        """Whether it is a virtual number of these applications, None is all. Raises StoreFailed."""
        found = await self._store.number(number)
        return found is not None and (app_keys is None or found.app_key in app_keys)

    async def find(
        self,
        kind: str,
        object_id: str,
        name: str,
        app_keys: Collection[str] | None,
        tenant_id: str | None = None,
    ) -> Revealed:
        """The value of a field; of objects of these applications and their tenant, None is all.

        What is of no one application counts for the first of them. Raises InvalidParameter
        (`field`), UnknownRecord (the object, or nothing is in the field), StoreFailed.
        """
        revealable = self.kinds[kind]
        if name not in revealable.fields:
            raise InvalidParameter("field", f"is one of {', '.join(revealable.fields)}")
        sealed = await revealable.find(object_id)
        is_seen = app_keys is None or (sealed and sealed.is_of(app_keys, tenant_id or ""))
        if sealed is None or not is_seen:
            raise UnknownRecord(f"there is no {kind} {object_id}")
        value = sealed.fields.get(name)
        if not value:
            raise UnknownRecord(f"the {kind} {object_id} has no {name}")
        return Revealed(sealed.app_key or next(iter(app_keys or ()), ""), value)

    def check(self, who: str, *, is_stepped_up: bool) -> None:
        """Whether somebody may have one more. Raises StepUpNeeded."""
        if not is_stepped_up and self._allowance.count(who, HOUR_S) >= MAX_AN_HOUR:
            raise StepUpNeeded(f"these are more than {MAX_AN_HOUR} an hour")

    async def count(self, who: str, name: str, app_key: str) -> None:
        """Somebody gets one of an application. `name` is what people know them by.

        Raises StoreBusy, StoreFailed: what cannot be counted must not be shown.
        """
        self._allowance.use(who)
        now = self._clock.now()
        day = slot_of(now, DAY)
        await self._store.add_tallies([_one(REVEALS.time, day, "", who, now)])
        wanted = TallyFilter(subject=REVEALS.time, since=day, until=day + DAY, name=who)
        [found] = await self._store.tallies(wanted, Grouping.NAME, 1)
        today = found.sums[0]
        if today > MANY_A_DAY:
            log.warning("many_numbers_revealed", who=name, today=today)
            slot = slot_of(now, PROBLEM_SLOT)
            await self._store.add_tallies([_one(REVEAL_PROBLEMS, slot, app_key, name, now)])

    async def _call(self, session_id: str) -> Sealed | None:
        call = await self._store.live_call(session_id)
        if call is None:
            wanted = RecordFilter(session_id=session_id)
            records = (await self._store.call_records(wanted, Page(limit=1))).rows
            if not records:
                return None
            call = records[0].call
        return Sealed(call.app_key, {"caller": call.caller, "callee": call.callee})

    async def _binding(self, binding_id: str) -> Sealed | None:
        binding = await self._store.binding(None, binding_id)
        return None if binding is None else _parties(binding)

    async def _ended_binding(self, binding_id: str) -> Sealed | None:
        wanted = EndedFilter(binding_id=binding_id)
        ended = (await self._store.ended_bindings(wanted, Page(limit=1))).rows
        return _parties(ended[0].binding) if ended else None

    async def _message(self, message_id: str) -> Sealed | None:
        message = await self._store.message(message_id)
        if message is None:
            return None
        names = self.kinds["message"].fields
        return Sealed(message.app_key, {name: getattr(message, name) for name in names})

    async def _notice(self, notice_id: str) -> Sealed | None:
        found = (await self._store.notices(NoticeFilter(push_id=notice_id), Page(limit=1))).rows
        if not found or found[0].notice.notice_id != notice_id:
            return None
        notice = found[0].notice
        return Sealed(notice.app_key, {"body": notice.body.decode(errors="replace")})

    async def _call_block(self, block_id: str) -> Sealed | None:
        block = await self._store.call_block(block_id)
        if block is None:
            return None
        owner = block.place.tenant_id if block.by_tenant else ""
        return Sealed(block.place.app_key, {"number": block.number}, owner)


def _one(subject: str, slot: datetime, app_key: str, name: str, at: datetime) -> Tally:
    return Tally(
        subject=subject,
        slot=slot,
        app_key=app_key,
        name=name,
        sums=padded(1),
        first_at=at,
        last_at=at,
    )


def _parties(binding: Binding) -> Sealed:
    b: str | None = getattr(binding, "b", None)
    return Sealed(binding.app_key, {"a": binding.a, "b": b, "user_data": binding.user_data})
