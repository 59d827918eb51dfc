"""Binding A to X and an extension: the rules of AXE, above what the store keeps unique.

`spec/axe.md` 3-8. Parameters that a customer got wrong are named by the fields of the requests.
"""

import asyncio
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

from maskline.domain.application import Application
from maskline.domain.area import Areas
from maskline.domain.binding import AxeBinding, TimeUnit, VoiceOptions
from maskline.domain.error import InvalidParameter, NumberNotOwned, UnknownRecord
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.axe_request import (
    AxeChange,
    BindingId,
    BindingKey,
    NewAxeBinding,
    NumberAndExtension,
    PlacedBindings,
)
from maskline.services.binding_rule import (
    PromptRules,
    changed_text,
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
from maskline.services.prompt import PromptCatalogue
from maskline.services.store import Store

DEFAULT_LIFE_S = 168 * 3600
MAX_LIFE_S = 720 * 3600
MAX_CALLBACK_S = 168 * 3600


class AxeDesk:
    """Binds, changes, removes and finds AXE bindings of applications whose right was checked."""

    def __init__(
        self, store: Store, clock: Clock, ids: Ids, areas: Areas, prompts: PromptCatalogue
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._areas = areas
        self._prompts = PromptRules(prompts)
        # A change writes back all that it read, so two of one binding take turns.
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def bind(
        self, application: Application, wanted: NewAxeBinding, binding_id: str | None = None
    ) -> AxeBinding:
        """Bind A; the result has its id, X and extension. Durable when it returns.

        With a `binding_id` that is bound already, that binding is the result: a bind that was
        repeated.
        Raises InvalidParameter, RecordingNotEnabled, and what `BindingStore.bind` raises, but
        NumberNotOwned also for an X that does not exist.
        """
        if binding_id is not None:
            bound = await self._store.binding(application.app_key, binding_id)
            if isinstance(bound, AxeBinding):
                return bound
        now = self._clock.now()
        _check_chosen(application, wanted)
        binding = _new(application.app_key, binding_id or self._ids.uuid(), wanted, now)
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
        limits = limits_of(application, 10**application.extension_digits - 1)
        try:
            return await self._store.bind(binding, limits, now, choice)
        except UnknownRecord as error:
            raise NumberNotOwned from error

    async def modify(self, application: Application, key: BindingKey, change: AxeChange) -> None:
        """Change a live binding; A, X and the extension stay.

        Raises UnknownRecord (missing, expired, not this application's), NumberNotOwned,
        InvalidParameter, RecordingNotEnabled, NumberUnavailable.
        """
        binding_id = (await self.find(application, key)).binding_id
        async with self._changing.setdefault(binding_id, asyncio.Lock()):
            now = self._clock.now()
            before = await self._by_id(application, binding_id, now)
            binding = _changed(before, change, now)
            await self._check(application, binding, before)
            limits = limits_of(application, 10**application.extension_digits - 1)
            recounts = change.closing.is_asked
            await self._store.modify(binding, limits, now, recounts=recounts)

    async def unbind(self, application: Application, key: BindingKey) -> None:
        """Remove one binding; calls that run go on. Raises UnknownRecord, NumberNotOwned."""
        binding = await self.find(application, key)
        await self._store.unbind(application.app_key, binding.binding_id, self._clock.now())

    async def find(self, application: Application, key: BindingKey) -> AxeBinding:
        """One live binding. Raises UnknownRecord, NumberNotOwned."""
        now = self._clock.now()
        match key:
            case BindingId(binding_id=binding_id):
                return await self._by_id(application, binding_id, now)
            case NumberAndExtension(x=x, extension=extension):
                await self.number(application, x)
                found = await self._store.extension(application.app_key, x, extension)
                if not isinstance(found, AxeBinding) or not found.is_live(now):
                    raise UnknownRecord("no such binding")
                return found

    async def list_on_number(
        self, application: Application, x: str, after: int, limit: int
    ) -> PlacedBindings:
        """Up to `limit` live bindings of X behind the place `after`. Raises NumberNotOwned."""
        await self.number(application, x)
        found = await self._store.bindings_after(
            application.app_key, x, after, self._clock.now(), limit + 1
        )
        page = found[:limit]
        return PlacedBindings(
            rows=tuple(row for _, row in page if isinstance(row, AxeBinding)),
            last=page[-1][0] if page else after,
            has_more=len(found) > limit,
        )

    async def number(self, application: Application, x: str) -> VirtualNumber:
        """One virtual number of the application. Raises NumberNotOwned."""
        number = await self._store.number(x)
        if number is None or number.app_key != application.app_key:
            raise NumberNotOwned
        return number

    async def numbers(
        self, application: Application, after: str, limit: int
    ) -> tuple[tuple[VirtualNumber, ...], bool]:
        """Up to `limit` numbers of the application behind `after`, and whether others follow."""
        found = await self._store.numbers_after(application.app_key, after, limit + 1)
        return found[:limit], len(found) > limit

    async def _by_id(self, application: Application, binding_id: str, now: datetime) -> AxeBinding:
        binding = await self._store.binding(application.app_key, binding_id)
        if not isinstance(binding, AxeBinding) or not binding.is_live(now):
            raise UnknownRecord("no such binding")
        return binding

    async def _check(
        self, application: Application, binding: AxeBinding, before: AxeBinding | None
    ) -> None:
        """The rules a binding must keep; what it had `before` is not questioned again."""
        _check_parties(binding)
        check_user_data(binding.user_data)
        voice, had = binding.voice, before.voice if before is not None else VoiceOptions()
        check_recording(application, wanted=voice.record, had=had.record)
        await self._prompts.check_voice(application, voice, had)
        tone = None if before is None else before.callback_tone
        await self._prompts.check(application, [("callback_tone", binding.callback_tone, tone)])


def _check_chosen(application: Application, wanted: NewAxeBinding) -> None:
    if wanted.callback_tone and wanted.callback_number:
        raise InvalidParameter("callback_number")
    if wanted.extension:
        check_extension(application, wanted.extension)


def check_extension(application: Application, extension: str) -> None:
    """One that can be bound: of the right length, and not all zeros. Raises InvalidParameter."""
    is_number = extension.isascii() and extension.isdigit() and int(extension) > 0
    if not is_number or len(extension) != application.extension_digits:
        raise InvalidParameter("extension")


def _check_parties(binding: AxeBinding) -> None:
    check_number("a", binding.a)
    if binding.x:
        check_number("x", binding.x)
        if binding.x == binding.a:
            raise InvalidParameter("a")
    if binding.callback_number is not None:
        check_number("callback_number", binding.callback_number)
        if binding.callback_number in {binding.a, binding.x}:
            raise InvalidParameter("callback_number")


def _new(app_key: str, binding_id: str, wanted: NewAxeBinding, now: datetime) -> AxeBinding:
    unit = wanted.time_unit
    bound_for = wanted.bound_for
    if bound_for is None:
        bound_for = DEFAULT_LIFE_S // unit.seconds
    callback_for = wanted.callback_for or 0
    callback_s = _callback_s(unit, callback_for)
    if 0 < bound_for * unit.seconds < callback_s:
        raise InvalidParameter("bound_for")
    close = close_rule(wanted.closing)
    expires_at, ends_at = deadlines(_deadline(now, unit, bound_for), close, now)
    return AxeBinding(
        binding_id=binding_id,
        app_key=app_key,
        x=wanted.x or "",
        a=wanted.a,
        expires_at=expires_at,
        ends_at=ends_at,
        voice=VoiceOptions(record=wanted.record, record_hint_tone=wanted.record_hint_tone or None),
        user_data=wanted.user_data or None,
        close=close,
        created_at=now,
        modified_at=now,
        extension=wanted.extension or "",
        shows_caller=wanted.shows_caller,
        callback_tone=wanted.callback_tone or None,
        callback_number=wanted.callback_number or None,
        time_unit=unit,
        bound_for=bound_for,
        callback_for=callback_for,
        callback_s=callback_s,
    )


def _changed(old: AxeBinding, change: AxeChange, now: datetime) -> AxeBinding:
    """`time_unit` and `bound_for` stay: queries show what was bound (`spec/axe.md` 6)."""
    unit, deadline = change.time_unit, deadline_of(old)
    if change.bound_for is not None:
        deadline = _deadline(now, unit, change.bound_for)
    callback_for, callback_s = old.callback_for, old.callback_s
    if change.callback_for is not None:
        callback_for, callback_s = change.callback_for, _callback_s(unit, change.callback_for)
    _check_times(old, change, deadline, callback_s)
    close = close_rule(change.closing, old.close)
    expires_at, ends_at = deadlines(deadline, close, now)
    tone, number = _callback_of(old, change)
    return replace(
        old,
        shows_caller=old.shows_caller if change.shows_caller is None else change.shows_caller,
        expires_at=expires_at,
        ends_at=ends_at,
        voice=VoiceOptions(
            record=old.voice.record if change.record is None else change.record,
            record_hint_tone=changed_text(old.voice.record_hint_tone, change.record_hint_tone),
        ),
        callback_tone=tone,
        callback_number=number,
        callback_for=callback_for,
        callback_s=callback_s,
        user_data=changed_text(old.user_data, change.user_data),
        close=close,
        modified_at=now,
    )


def _check_times(
    old: AxeBinding, change: AxeChange, deadline: datetime | None, callback_s: int
) -> None:
    """Nobody is called back for longer than the binding lives, from when its life was set."""
    if deadline is None:
        return
    if change.bound_for is not None and change.bound_for * change.time_unit.seconds < callback_s:
        raise InvalidParameter("bound_for")
    if change.callback_for and (deadline - old.created_at).total_seconds() < callback_s:
        raise InvalidParameter("callback_for")


def _callback_of(old: AxeBinding, change: AxeChange) -> tuple[str | None, str | None]:
    """Tone and number for an A who has nobody to call back, after a change."""
    if change.callback_number:
        return None, change.callback_number
    if change.callback_tone:
        return change.callback_tone, None
    return (
        changed_text(old.callback_tone, change.callback_tone),
        changed_text(old.callback_number, change.callback_number),
    )


def _deadline(now: datetime, unit: TimeUnit, bound_for: int) -> datetime | None:
    try:
        return expiry(now, bound_for * unit.seconds, MAX_LIFE_S)
    except InvalidParameter as error:
        raise InvalidParameter("bound_for") from error


def _callback_s(unit: TimeUnit, callback_for: int) -> int:
    seconds = callback_for * unit.seconds
    if not 0 <= seconds <= MAX_CALLBACK_S:
        raise InvalidParameter("callback_for")
    return seconds
