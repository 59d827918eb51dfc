"""Binding A to X: the rules of AX, above what the store keeps unique (`spec/ax.md` 1, 4-8).

Parameters that a customer got wrong are named by the fields of `binding_ax_request`.
"""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from maskline.domain.application import Application
from maskline.domain.area import Areas
from maskline.domain.binding import (
    AxBinding,
    Onward,
    OnwardKind,
    VoiceOptions,
)
from maskline.domain.error import (
    AlreadyBound,
    InvalidParameter,
    NumberFull,
    NumberNotOwned,
    RealCallerNotAllowed,
    TooManyNumbers,
    UnknownNumber,
    UnknownRecord,
)
from maskline.domain.number import is_service_number
from maskline.services.binding_ax_request import (
    MAX_TEMPORARY_CALLEE_S,
    AxChange,
    NewAxBinding,
    NewCallee,
)
from maskline.services.binding_rule import (
    MAX_NUMBERS_OF_A,
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
    limits_of,
)
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.prompt import PromptCatalogue
from maskline.services.store import BindingFilter, BindLimits, NumberChoice, Page, Store

_ONE_A = 1
"""How many bindings X holds: it serves one A at a time."""

_ALL_OF_A = Page(limit=MAX_NUMBERS_OF_A)


class AxDesk:
    """Binds, changes, removes and finds AX bindings of applications whose right was checked."""

    def __init__(
        self, store: Store, clock: Clock, ids: Ids, areas: Areas, prompts: PromptCatalogue
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._areas = areas
        self._prompts = PromptRules(prompts)
        # A change writes back all that it read, so two of one binding take turns, as in AXB.
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def bind(
        self, application: Application, wanted: NewAxBinding, binding_id: str | None = None
    ) -> AxBinding:
        """Bind A; the result has its id and X. Durable when it returns.

        With a `binding_id` that is bound already, that binding is the result: a bind that was
        repeated.
        Raises InvalidParameter, RecordingNotEnabled, MessagingNotEnabled, RealCallerNotAllowed,
        UnknownNumber (X is none of the application's), NumberFull (X is another A's), AlreadyBound
        (X is this A's), and what else `BindingStore.bind` raises.
        """
        if binding_id is not None:
            bound = await self._store.binding(application.app_key, binding_id)
            if isinstance(bound, AxBinding):
                return bound
        now = self._clock.now()
        binding = _new_binding(application, wanted, binding_id or self._ids.uuid(), now)
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
        return await self._bind(binding, _limits_of(application), now, choice)

    async def modify(
        self, application: Application, binding_id: str, change: AxChange
    ) -> AxBinding:
        """Change a live binding; X stays. The onward numbers of a former A go.

        Raises UnknownRecord (missing, expired, not this application's), InvalidParameter,
        RecordingNotEnabled, MessagingNotEnabled, RealCallerNotAllowed, NumberUnavailable,
        TooManyNumbers (of a new A).
        """
        async with self._changing.setdefault(binding_id, asyncio.Lock()):
            now = self._clock.now()
            before = await self._live(application, binding_id, now)
            binding = _changed(before, change, now)
            await self._check(application, binding, before)
            recounts = change.closing.is_asked
            await self._store.modify(binding, _limits_of(application), now, recounts=recounts)
            return binding

    async def set_callee(
        self, application: Application, binding_id: str, callee: NewCallee
    ) -> None:
        """Set whom A reaches through X, in place of an earlier one of the binding.

        Raises UnknownRecord, InvalidParameter.
        """
        now = self._clock.now()
        check_number("number", callee.number)
        check_user_data(callee.user_data, forbids_caret=False)
        if not 1 <= callee.duration_s <= MAX_TEMPORARY_CALLEE_S:
            raise InvalidParameter("duration_s")
        binding = await self._live(application, binding_id, now)
        if callee.number in {binding.a, binding.x}:
            raise InvalidParameter("number")
        onward = Onward(
            number=callee.number,
            expires_at=now + timedelta(seconds=callee.duration_s),
            user_data=callee.user_data or None,
        )
        await self._store.set_onward(
            application.app_key, binding_id, OnwardKind.TEMPORARY_CALLEE, onward, now
        )

    async def unbind(self, application: Application, binding_id: str) -> None:
        """Remove one binding; calls that run go on. Raises UnknownRecord."""
        await self._store.unbind(application.app_key, binding_id, self._clock.now())

    async def find(self, application: Application, binding_id: str) -> AxBinding:
        """One live binding. Raises UnknownRecord."""
        return await self._live(application, binding_id, self._clock.now())

    async def find_on_number(self, application: Application, x: str) -> AxBinding:
        """The live binding of X.

        Raises UnknownNumber (there is no such X), NumberNotOwned, UnknownRecord (nobody is bound).
        """
        number = await self._store.number(x)
        if number is None:
            raise UnknownNumber
        if number.app_key != application.app_key:
            raise NumberNotOwned
        found = await self._found(BindingFilter(app_key=application.app_key, x=x))
        if not found:
            raise UnknownRecord("nobody is bound on this virtual number")
        return found[0]

    async def find_of_a(self, application: Application, a: str) -> tuple[AxBinding, ...]:
        """The live bindings of A, oldest first. Raises UnknownRecord when there is none."""
        found = await self._found(BindingFilter(app_key=application.app_key, a=a))
        if not found:
            raise UnknownRecord("this number is bound to no virtual number")
        return found

    async def _bind(
        self, binding: AxBinding, limits: BindLimits, now: datetime, choice: NumberChoice | None
    ) -> AxBinding:
        try:
            return await self._store.bind(binding, limits, now, choice)
        except (UnknownRecord, NumberNotOwned) as error:
            raise UnknownNumber from error
        except (NumberFull, TooManyNumbers) as error:
            if choice is None and await self._is_bound(binding):
                raise AlreadyBound(binding.a) from error
            raise

    async def _is_bound(self, binding: AxBinding) -> bool:
        """Whether A is bound on X already: it is looked at only once a bind was refused."""
        wanted = BindingFilter(app_key=binding.app_key, x=binding.x, a=binding.a)
        return bool(await self._found(wanted))

    async def _found(self, wanted: BindingFilter) -> tuple[AxBinding, ...]:
        found = await self._store.bindings(wanted, self._clock.now(), _ALL_OF_A)
        return tuple(row for row in found.rows if isinstance(row, AxBinding))

    async def _live(self, application: Application, binding_id: str, now: datetime) -> AxBinding:
        binding = await self._store.binding(application.app_key, binding_id)
        if not isinstance(binding, AxBinding) or not binding.is_live(now):
            raise UnknownRecord("no such binding")
        return binding

    async def _check(
        self, application: Application, binding: AxBinding, before: AxBinding | None
    ) -> None:
        """The rules a binding must keep; what it had `before` is not questioned again."""
        _check_parties(binding)
        check_call_minutes(binding.voice.max_duration_min)
        check_user_data(binding.user_data, forbids_caret=False)
        voice, had = binding.voice, before.voice if before is not None else VoiceOptions()
        check_recording(application, wanted=voice.record, had=had.record)
        messaged = None if before is None else before.may_message
        check_messaging(application, wanted=binding.may_message, had=messaged)
        showed = before is not None and bool(before.shows_caller)
        if binding.shows_caller and not showed and not application.may_show_caller:
            raise RealCallerNotAllowed
        await self._prompts.check_voice(application, voice, had)


def _limits_of(application: Application) -> BindLimits:
    return limits_of(application, _ONE_A, numbers_of_a=MAX_NUMBERS_OF_A)


def _check_parties(binding: AxBinding) -> None:
    check_number("a", binding.a)
    if is_service_number(binding.a) or binding.a == binding.x:
        raise InvalidParameter("a")


def _new_binding(
    application: Application, wanted: NewAxBinding, binding_id: str, now: datetime
) -> AxBinding:
    close = close_rule(wanted.closing)
    expires_at, ends_at = deadlines(None, close, now)
    return AxBinding(
        binding_id=binding_id,
        app_key=application.app_key,
        x=wanted.x or "",
        a=wanted.a,
        direction=wanted.direction,
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
        shows_caller=wanted.shows_caller,
        is_on=wanted.is_on,
        user_data=wanted.user_data or None,
        close=close,
        created_at=now,
        modified_at=now,
    )


def _changed(old: AxBinding, change: AxChange, now: datetime) -> AxBinding:
    close = close_rule(change.closing, old.close)
    expires_at, ends_at = deadlines(deadline_of(old), close, now)
    return replace(
        old,
        a=old.a if change.a is None else change.a,
        direction=old.direction if change.direction is None else change.direction,
        expires_at=expires_at,
        ends_at=ends_at,
        voice=_changed_voice(old.voice, change),
        may_message=old.may_message if change.may_message is None else change.may_message,
        shows_caller=old.shows_caller if change.shows_caller is None else change.shows_caller,
        is_on=old.is_on if change.is_on is None else change.is_on,
        user_data=changed_text(old.user_data, change.user_data),
        close=close,
        modified_at=now,
    )


def _changed_voice(old: VoiceOptions, change: AxChange) -> VoiceOptions:
    minutes = change.max_duration_min
    return replace(
        old,
        record=old.record if change.record is None else change.record,
        record_hint_tone=changed_text(old.record_hint_tone, change.record_hint_tone),
        max_duration_min=old.max_duration_min if minutes is None else minutes,
        last_minute_voice=changed_text(old.last_minute_voice, change.last_minute_voice),
        a_waiting_tone=changed_text(old.a_waiting_tone, change.a_waiting_tone),
        b_waiting_tone=changed_text(old.b_waiting_tone, change.b_waiting_tone),
    )
