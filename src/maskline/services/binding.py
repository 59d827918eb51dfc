"""Binding A and B to X: the rules of AXB, above what the store keeps unique (`spec/axb.md` 1-7).

Parameters that a customer got wrong are named by the fields of `NewBinding` and `BindingChange`.
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime
from weakref import WeakValueDictionary

from maskline.domain.application import Application
from maskline.domain.area import Areas
from maskline.domain.binding import AxbBinding, CallDirection, VoiceOptions
from maskline.domain.error import InvalidParameter, NumberNotOwned, UnknownRecord
from maskline.domain.number_choice import NOTHING_ASKED, AskedChoice
from maskline.services.binding_rule import (
    NO_CLOSING,
    NO_VOICE,
    Closing,
    PromptRules,
    changed_text,
    check_call_minutes,
    check_messaging,
    check_number,
    check_recording,
    check_user_data,
    choose_number,
    close_rule,
    deadline_of,
    deadlines,
    expiry,
    limits_of,
)
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.list_filter import BindingFilter
from maskline.services.page import Numbered, Slice
from maskline.services.prompt import PromptCatalogue
from maskline.services.repeated_bind import find_bound
from maskline.services.store import BindingStore, Store

SWEEP_BATCH = 500
"""Expired bindings removed in one unit of work, so that a sweep never holds up binds for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBinding:
    """What a customer asks to bind. Without `x` one is chosen, of `area_code` or of A's home.

    `is_area_loose` lets the choice go on to the province and then to any number; `choice` has what
    else is asked of it.
    """

    a: str = field(repr=False)
    b: str = field(repr=False)
    x: str | None = None
    area_code: str | None = None
    is_area_loose: bool = False
    choice: AskedChoice = NOTHING_ASKED
    direction: CallDirection = CallDirection.BOTH
    duration_s: int = 0
    record: bool = False
    record_hint_tone: str | None = None
    max_duration_min: int = 0
    last_minute_voice: str | None = None
    a_waiting_tone: str | None = None
    b_waiting_tone: str | None = None
    may_message: bool | None = None
    user_data: str | None = field(default=None, repr=False)
    closing: Closing = NO_CLOSING


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingChange:
    """What a customer asks to change: None leaves a field as it is, an empty text removes it.

    `duration_s` counts anew from the change; 0 makes the binding last for ever.
    """

    a: str | None = field(default=None, repr=False)
    b: str | None = field(default=None, repr=False)
    direction: CallDirection | None = None
    duration_s: int | None = None
    record: bool | None = None
    record_hint_tone: str | None = None
    max_duration_min: int | None = None
    last_minute_voice: str | None = None
    a_waiting_tone: str | None = None
    b_waiting_tone: str | None = None
    may_message: bool | None = None
    user_data: str | None = field(default=None, repr=False)
    closing: Closing = NO_CLOSING


class BindingDesk:
    """Binds, changes, removes and finds AXB bindings of applications whose right was checked."""

    def __init__(
        self, store: Store, clock: Clock, ids: Ids, areas: Areas, prompts: PromptCatalogue
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._areas = areas
        self._prompts = PromptRules(prompts)
        # A change writes back all that it read, so two of one binding take turns. One process
        # serves a store so far; between several the store would have to compare.
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def bind_axb(
        self, application: Application, wanted: NewBinding, binding_id: str | None = None
    ) -> AxbBinding:
        """Bind A and B; the result has its id and X. Durable when it returns.

        With a `binding_id` that is bound already, that binding is the result: a bind that was
        repeated.
        Raises InvalidParameter, RecordingNotEnabled, MessagingNotEnabled, and what
        `BindingStore.bind` raises.
        """
        bound = await find_bound(self._store, application, binding_id, AxbBinding)
        if bound is not None:
            return bound
        now = self._clock.now()
        close = close_rule(wanted.closing)
        expires_at, ends_at = deadlines(expiry(now, wanted.duration_s), close, now)
        binding = AxbBinding(
            binding_id=binding_id or self._ids.uuid(),
            app_key=application.app_key,
            x=wanted.x or "",
            a=wanted.a,
            b=wanted.b,
            direction=wanted.direction,
            duration_s=wanted.duration_s,
            expires_at=expires_at,
            ends_at=ends_at,
            voice=VoiceOptions(
                record=wanted.record,
                record_hint_tone=wanted.record_hint_tone or None,
                max_duration_min=wanted.max_duration_min,
                last_minute_voice=wanted.last_minute_voice or None,
                a_waiting_tone=wanted.a_waiting_tone or None,
                b_waiting_tone=wanted.b_waiting_tone or None,
            ),
            may_message=wanted.may_message,
            user_data=wanted.user_data or None,
            close=close,
            created_at=now,
            modified_at=now,
        )
        await self._check(application, binding, before=None)
        choice = None
        if not wanted.x:
            choice = choose_number(
                self._areas,
                application.number_choice,
                area_code=wanted.area_code,
                a=wanted.a,
                is_loose=wanted.is_area_loose,
                asked=wanted.choice,
            )
        limits = limits_of(application, application.pairs_per_number)
        return await self._store.bind(binding, limits, now, choice)

    async def modify_axb(
        self, application: Application, binding_id: str, change: BindingChange
    ) -> AxbBinding:
        """Change a live binding; X stays.

        Raises UnknownRecord (missing, expired, not this application's), InvalidParameter,
        RecordingNotEnabled, MessagingNotEnabled, NumberUnavailable, AlreadyBound.
        """
        async with self._changing.setdefault(binding_id, asyncio.Lock()):
            now = self._clock.now()
            before = await self._live(application, binding_id, now)
            binding = _changed(before, change, now)
            await self._check(application, binding, before)
            limits = limits_of(application, application.pairs_per_number)
            recounts = change.closing.is_asked
            await self._store.modify(binding, limits, now, recounts=recounts)
            return binding

    async def unbind(self, application: Application, binding_id: str) -> None:
        """Remove one binding; calls that run go on. Raises UnknownRecord."""
        await self._store.unbind(application.app_key, binding_id, self._clock.now())

    async def unbind_number(self, application: Application, x: str) -> int:
        """Remove every binding of X and say how many lived.

        Raises NumberNotOwned, UnknownRecord (no such X, or nothing was bound on it).
        """
        removed = await self._store.unbind_number(application.app_key, x, self._clock.now())
        if not removed:
            raise UnknownRecord("nothing is bound on this virtual number")
        return removed

    async def find(self, application: Application, binding_id: str) -> AxbBinding:
        """One live binding. Raises UnknownRecord."""
        return await self._live(application, binding_id, self._clock.now())

    async def find_on_number(
        self,
        application: Application,
        x: str,
        part: Slice,
        *,
        a: str | None = None,
        b: str | None = None,
    ) -> Numbered[AxbBinding]:
        """Live bindings of X, oldest first, of A or B only when given.

        Raises NumberNotOwned, UnknownRecord (no such X, or no such binding on it).
        """
        number = await self._store.number(x)
        if number is None:
            raise UnknownRecord("no such virtual number")
        if number.app_key != application.app_key:
            raise NumberNotOwned
        wanted = BindingFilter(app_key=application.app_key, x=x, a=a, b=b)
        found = await self._store.bindings_of_number(wanted, self._clock.now(), part)
        if not found.total:
            raise UnknownRecord("no such binding on this virtual number")
        rows = tuple(row for row in found.rows if isinstance(row, AxbBinding))
        return Numbered(rows=rows, total=found.total)

    async def _live(self, application: Application, binding_id: str, now: datetime) -> AxbBinding:
        binding = await self._store.binding(application.app_key, binding_id)
        if not isinstance(binding, AxbBinding) or not binding.is_live(now):
            raise UnknownRecord("no such binding")
        return binding

    async def _check(
        self, application: Application, binding: AxbBinding, before: AxbBinding | None
    ) -> None:
        """The rules a binding must keep; what it had `before` is not questioned again."""
        _check_parties(binding)
        check_call_minutes(binding.voice.max_duration_min)
        check_user_data(binding.user_data)
        voice, had = binding.voice, NO_VOICE if before is None else before.voice
        check_recording(application, wanted=voice.record, had=had.record)
        messaged = None if before is None else before.may_message
        check_messaging(application, wanted=binding.may_message, had=messaged)
        await self._prompts.check_voice(application, voice, had)


async def sweep_expired(store: BindingStore, clock: Clock) -> int:
    """Remove what has expired, in small units; returns how many bindings went."""
    now = clock.now()
    total = 0
    while True:
        removed = await store.remove_expired(now, SWEEP_BATCH)
        total += removed
        if removed < SWEEP_BATCH:
            return total


def _check_parties(binding: AxbBinding) -> None:
    check_number("a", binding.a)
    check_number("b", binding.b)
    if binding.b == binding.a:
        raise InvalidParameter("b")
    if binding.x:
        check_number("x", binding.x)
        if binding.x == binding.a:
            raise InvalidParameter("a")
        if binding.x == binding.b:
            raise InvalidParameter("b")


def _changed(old: AxbBinding, change: BindingChange, now: datetime) -> AxbBinding:
    duration_s, deadline = old.duration_s, deadline_of(old)
    if change.duration_s is not None:
        duration_s, deadline = change.duration_s, expiry(now, change.duration_s)
    close = close_rule(change.closing, old.close)
    expires_at, ends_at = deadlines(deadline, close, now)
    voice = old.voice
    return replace(
        old,
        a=old.a if change.a is None else change.a,
        b=old.b if change.b is None else change.b,
        direction=old.direction if change.direction is None else change.direction,
        duration_s=duration_s,
        expires_at=expires_at,
        ends_at=ends_at,
        voice=VoiceOptions(
            record=voice.record if change.record is None else change.record,
            record_hint_tone=changed_text(voice.record_hint_tone, change.record_hint_tone),
            max_duration_min=(
                voice.max_duration_min
                if change.max_duration_min is None
                else change.max_duration_min
            ),
            last_minute_voice=changed_text(voice.last_minute_voice, change.last_minute_voice),
            a_waiting_tone=changed_text(voice.a_waiting_tone, change.a_waiting_tone),
            b_waiting_tone=changed_text(voice.b_waiting_tone, change.b_waiting_tone),
        ),
        may_message=old.may_message if change.may_message is None else change.may_message,
        user_data=changed_text(old.user_data, change.user_data),
        close=close,
        modified_at=now,
    )
