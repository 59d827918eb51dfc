"""Real numbers and texts in the clear, one field of one object at a time."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field

import structlog

from maskline.domain.access import Right
from maskline.domain.binding import Binding
from maskline.domain.error import InvalidParameter, StepUpNeeded, UnknownRecord
from maskline.services.allowance import Allowance
from maskline.services.clock import Clock
from maskline.services.ended_binding_store import EndedFilter
from maskline.services.notice_store import NoticeFilter
from maskline.services.page import Page
from maskline.services.store import RecordFilter, Store

HOUR_S, DAY_S = 3_600.0, 86_400.0

MAX_AN_HOUR = 30
"""After so many a person has to show again who it is."""

MANY_A_DAY = 100
"""After so many those who run the platform hear of it."""

log = structlog.get_logger("reveal")


@dataclass(frozen=True, slots=True)
class Sealed:
    """What an object has that is shown in the clear one at a time only."""

    app_key: str
    fields: Mapping[str, str | None] = field(repr=False)


Find = Callable[[str], Awaitable[Sealed | None]]
"""What an object has, by its id; None where it is not there."""


@dataclass(frozen=True, slots=True)
class Revealable:
    """A kind of object: the right to read it, the fields that it can have, where it is found."""

    right: Right
    fields: tuple[str, ...]
    find: Find


class RevealDesk:
    """Finds values, and counts who asks for how many. `kinds` has what can be revealed."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._allowance = Allowance(clock, DAY_S)
        parties, texts = ("a", "b", "user_data"), ("text", "outgoing", "user_data")
        self.kinds: dict[str, Revealable] = {
            "call": Revealable(Right.CALL_READ, ("caller", "callee"), self._call),
            "binding": Revealable(Right.BINDING_READ, parties, self._binding),
            "ended_binding": Revealable(Right.BINDING_READ, parties, self._ended_binding),
            "message": Revealable(
                Right.MESSAGE_READ, ("sender", "receiver", *texts), self._message
            ),
            "notice": Revealable(Right.PUSH_READ, ("body",), self._notice),
        }

    async def find(
        self, kind: str, object_id: str, name: str, app_keys: Collection[str] | None
    ) -> str:
        """The value of a field; of objects of these applications, None is all.

        Raises InvalidParameter (`field`), UnknownRecord (the object, or nothing is in the field),
        StoreFailed.
        """
        revealable = self.kinds[kind]
        if name not in revealable.fields:
            raise InvalidParameter("field", f"is one of {', '.join(revealable.fields)}")
        sealed = await revealable.find(object_id)
        if sealed is None or (app_keys is not None and sealed.app_key not in app_keys):
            raise UnknownRecord(f"there is no {kind} {object_id}")
        value = sealed.fields.get(name)
        if not value:
            raise UnknownRecord(f"the {kind} {object_id} has no {name}")
        return value

    def check(self, who: str, *, is_stepped_up: bool) -> None:
        """Whether somebody may have one more. Raises StepUpNeeded."""
        if not is_stepped_up and self._allowance.count(who, HOUR_S) >= MAX_AN_HOUR:
            raise StepUpNeeded(f"these are more than {MAX_AN_HOUR} an hour")

    def count(self, who: str, name: str) -> None:
        """Somebody has got one. `name` is what those who run the platform know them by."""
        self._allowance.use(who)
        today = self._allowance.count(who, DAY_S)
        if today > MANY_A_DAY:
            log.warning("many_numbers_revealed", who=name, today=today)

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


def _parties(binding: Binding) -> Sealed:
    b: str | None = getattr(binding, "b", None)
    return Sealed(binding.app_key, {"a": binding.a, "b": b, "user_data": binding.user_data})
