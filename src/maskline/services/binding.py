"""Binding A and B to X: the rules of AXB, above what the store keeps unique (`spec/axb.md` 1-7).

Parameters that a customer got wrong are named by the fields of `NewBinding` and `BindingChange`.
"""

import asyncio
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from maskline.domain.application import Application
from maskline.domain.area import Areas
from maskline.domain.binding import AxbBinding, CallDirection, VoiceOptions
from maskline.domain.error import (
    InvalidParameter,
    MessagingNotEnabled,
    NumberNotOwned,
    RecordingNotEnabled,
    UnknownRecord,
)
from maskline.domain.number import is_global
from maskline.domain.prompt import MAX_PROMPT_NAME
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.prompt import PromptCatalogue
from maskline.services.store import BindingFilter, Listing, NumberChoice, Page, Store

MAX_DURATION_S = 7_776_000  # 90 days
MAX_CALL_MINUTES = 1440
MAX_USER_DATA = 256  # characters

SWEEP_BATCH = 500
"""Expired bindings removed in one unit of work, so that a sweep never holds up binds for long."""

# Braces and the caret delimit fields in receivers' logs; Chinese is to be sent in Base64
# (`spec/codes.md` 2.2). CJK punctuation and full-width forms count as Chinese.
_FORBIDDEN_USER_DATA = re.compile(
    "[\\^{}\u2e80-\u303f\u3100-\u312f\u31a0-\u31ef\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
    "\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBinding:
    """What a customer asks to bind. Without `x` one is chosen, of `area_code` or of A's home.

    `is_area_loose` lets the choice go on to the province and then to any number.
    """

    a: str = field(repr=False)
    b: str = field(repr=False)
    x: str | None = None
    area_code: str | None = None
    is_area_loose: bool = False
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


class BindingDesk:
    """Binds, changes, removes and finds bindings for applications whose right was checked."""

    def __init__(
        self, store: Store, clock: Clock, ids: Ids, areas: Areas, prompts: PromptCatalogue
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._areas = areas
        self._prompts = prompts
        # A change writes back all that it read, so two of one binding take turns. One process
        # serves a store so far; between several the store would have to compare.
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def bind_axb(self, application: Application, wanted: NewBinding) -> AxbBinding:
        """Bind A and B; the result has its id and X. Durable when it returns.

        Raises InvalidParameter, RecordingNotEnabled, MessagingNotEnabled, and what
        `BindingStore.bind_axb` raises.
        """
        now = self._clock.now()
        binding = AxbBinding(
            binding_id=self._ids.uuid(),
            app_key=application.app_key,
            x=wanted.x or "",
            a=wanted.a,
            b=wanted.b,
            direction=wanted.direction,
            duration_s=wanted.duration_s,
            expires_at=_expiry(now, wanted.duration_s),
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
            created_at=now,
            modified_at=now,
        )
        await self._check(application, binding, before=None)
        choice = None if wanted.x else self._choice(wanted)
        return await self._store.bind_axb(binding, application.pairs_per_number, now, choice)

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
            await self._store.modify_axb(binding, now)
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
        page: Page,
        *,
        a: str | None = None,
        b: str | None = None,
    ) -> Listing[AxbBinding]:
        """Live bindings of X, oldest first, of A or B only when given.

        Raises NumberNotOwned, UnknownRecord (no such X, or no such binding on it).
        """
        number = await self._store.number(x)
        if number is None:
            raise UnknownRecord("no such virtual number")
        if number.app_key != application.app_key:
            raise NumberNotOwned
        wanted = BindingFilter(app_key=application.app_key, x=x, a=a, b=b)
        found = await self._store.bindings(wanted, self._clock.now(), page)
        if not found.total:
            raise UnknownRecord("no such binding on this virtual number")
        return found

    async def _live(self, application: Application, binding_id: str, now: datetime) -> AxbBinding:
        binding = await self._store.binding(application.app_key, binding_id)
        if binding is None or not binding.is_live(now):
            raise UnknownRecord("no such binding")
        return binding

    def _choice(self, wanted: NewBinding) -> NumberChoice:
        """How X is chosen (`spec/axb.md` 4.1, the table "Selection of X")."""
        code = wanted.area_code
        if not code:
            home = self._areas.home_of(wanted.a)
            code = home.code if home is not None else None
        codes = (code,) if code else ()
        if wanted.is_area_loose and code:
            neighbours = self._areas.same_province(code)
            codes += tuple(other for other in neighbours if other != code)
        return NumberChoice(area_codes=codes, any_area=wanted.is_area_loose)

    async def _check(
        self, application: Application, binding: AxbBinding, before: AxbBinding | None
    ) -> None:
        """The rules a binding must keep; what it had `before` is not questioned again."""
        _check_parties(binding)
        _check_bounds(binding)
        voice, had = binding.voice, before.voice if before is not None else VoiceOptions()
        if voice.record and not had.record and not application.may_record:
            raise RecordingNotEnabled
        messaged = before is not None and before.may_message
        if binding.may_message and not messaged and not application.may_message:
            raise MessagingNotEnabled
        if voice == had:
            return
        for parameter, prompt, known in (
            ("record_hint_tone", voice.record_hint_tone, had.record_hint_tone),
            ("last_minute_voice", voice.last_minute_voice, had.last_minute_voice),
            ("a_waiting_tone", voice.a_waiting_tone, had.a_waiting_tone),
            ("b_waiting_tone", voice.b_waiting_tone, had.b_waiting_tone),
        ):
            if prompt is not None and prompt != known:
                await self._check_prompt(application, parameter, prompt)

    async def _check_prompt(self, application: Application, parameter: str, prompt: str) -> None:
        if len(prompt) > MAX_PROMPT_NAME:
            raise InvalidParameter(parameter)
        if not await self._prompts.is_approved(application.app_key, prompt):
            raise InvalidParameter(parameter, f"{prompt} does not exist.")


async def sweep_expired(store: Store, clock: Clock) -> int:
    """Remove what has expired, in small units; returns how many bindings went."""
    now = clock.now()
    total = 0
    while True:
        removed = await store.remove_expired(now, SWEEP_BATCH)
        total += removed
        if removed < SWEEP_BATCH:
            return total


def _check_parties(binding: AxbBinding) -> None:
    if not is_global(binding.a):
        raise InvalidParameter("a")
    if not is_global(binding.b) or binding.b == binding.a:
        raise InvalidParameter("b")
    if binding.x:
        if not is_global(binding.x):
            raise InvalidParameter("x")
        if binding.x == binding.a:
            raise InvalidParameter("a")
        if binding.x == binding.b:
            raise InvalidParameter("b")


def _check_bounds(binding: AxbBinding) -> None:
    if not 0 <= binding.voice.max_duration_min <= MAX_CALL_MINUTES:
        raise InvalidParameter("max_duration_min")
    text = binding.user_data
    if text is not None and (len(text) > MAX_USER_DATA or _FORBIDDEN_USER_DATA.search(text)):
        raise InvalidParameter("user_data")


def _changed(old: AxbBinding, change: BindingChange, now: datetime) -> AxbBinding:
    duration_s, expires_at = old.duration_s, old.expires_at
    if change.duration_s is not None:
        duration_s, expires_at = change.duration_s, _expiry(now, change.duration_s)
    voice = old.voice
    return replace(
        old,
        a=old.a if change.a is None else change.a,
        b=old.b if change.b is None else change.b,
        direction=old.direction if change.direction is None else change.direction,
        duration_s=duration_s,
        expires_at=expires_at,
        voice=VoiceOptions(
            record=voice.record if change.record is None else change.record,
            record_hint_tone=_text(voice.record_hint_tone, change.record_hint_tone),
            max_duration_min=(
                voice.max_duration_min
                if change.max_duration_min is None
                else change.max_duration_min
            ),
            last_minute_voice=_text(voice.last_minute_voice, change.last_minute_voice),
            a_waiting_tone=_text(voice.a_waiting_tone, change.a_waiting_tone),
            b_waiting_tone=_text(voice.b_waiting_tone, change.b_waiting_tone),
        ),
        may_message=old.may_message if change.may_message is None else change.may_message,
        user_data=_text(old.user_data, change.user_data),
        modified_at=now,
    )


def _text(old: str | None, new: str | None) -> str | None:
    return old if new is None else new or None


def _expiry(now: datetime, duration_s: int) -> datetime | None:
    if not 0 <= duration_s <= MAX_DURATION_S:
        raise InvalidParameter("duration_s")
    return now + timedelta(seconds=duration_s) if duration_s else None
