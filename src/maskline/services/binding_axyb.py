"""Hiding A behind X and each B behind a Y of its own: the rules of AXYB (`spec/axyb.md` 3-5).

Parameters that a customer got wrong are named by the fields of `NewRelation` and `NewYb`.
"""

from dataclasses import dataclass, field, replace

from maskline.domain.application import Application
from maskline.domain.area import Areas
from maskline.domain.binding import CallDirection, VoiceOptions, XyRelation, YbBinding
from maskline.domain.error import InvalidParameter, NumberNotOwned, UnknownRecord
from maskline.domain.number_choice import AS_EVER, NOTHING_ASKED, AskedChoice
from maskline.services.allotment import Allotment, NewPart, near, with_room
from maskline.services.binding_rule import (
    MAX_DURATION_S,
    MAX_NUMBERS_OF_A,
    PromptRules,
    check_number,
    check_recording,
    check_user_data,
    choose_number,
    expiry,
    limits_of,
)
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.list_filter import BindingFilter
from maskline.services.page import Slice
from maskline.services.prompt import PromptCatalogue
from maskline.services.repeated_bind import find_bound
from maskline.services.store import NumberChoice, Store

DEFAULT_DURATION_S = 7200
MIN_DURATION_S = 60

MAX_PARTS_FOUND = 1000
"""YB parts of one relation that a query tells, the oldest; the interface has no pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRelation:
    """What a customer asks of the AX part; X is chosen of `area_code`.

    `is_area_loose` lets the choice go on to the province and then to any number. `duration_s` 0 is
    for ever, `yb_duration_s` 0 as long as the relation.
    """

    a: str = field(repr=False)
    area_code: str
    is_area_loose: bool = False
    choice: AskedChoice = NOTHING_ASKED
    direction: CallDirection = CallDirection.BOTH
    duration_s: int = DEFAULT_DURATION_S
    yb_duration_s: int = 0
    record: bool = False
    record_hint_tone: str | None = None
    a_waiting_tone: str | None = None
    user_data: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewYb:
    """What a customer asks of a YB part of the relation `binding_id`.

    Without `area_code` Y is of X's city, and of any unless `is_area_loose` is false.
    `yb_duration_s` None is what the relation says.
    """

    binding_id: str
    b: str = field(repr=False)
    area_code: str | None = None
    is_area_loose: bool | None = None
    yb_duration_s: int | None = None
    b_waiting_tone: str | None = None
    user_data: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """A relation and its YB parts, oldest first."""

    relation: XyRelation
    parts: tuple[YbBinding, ...]


class AxybDesk:
    """Binds, removes and finds AXYB relations of applications whose right was checked."""

    def __init__(
        self, store: Store, clock: Clock, ids: Ids, areas: Areas, prompts: PromptCatalogue
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._areas = areas
        self._prompts = PromptRules(prompts)
        self._allotment = Allotment(store, clock, ids)

    async def bind_ax(
        self, application: Application, wanted: NewRelation, binding_id: str | None = None
    ) -> XyRelation:
        """Put A behind an X; the result has its id and X. Durable when it returns.

        With a `binding_id` that is bound already, that relation is the result.
        Raises InvalidParameter, RecordingNotEnabled, and what `BindingStore.bind` raises.
        """
        bound = await find_bound(self._store, application, binding_id, XyRelation)
        if bound is not None:
            return bound
        now = self._clock.now()
        _check_duration("duration_s", wanted.duration_s)
        _check_duration("yb_duration_s", wanted.yb_duration_s)
        relation = XyRelation(
            binding_id=binding_id or self._ids.uuid(),
            app_key=application.app_key,
            x="",
            a=wanted.a,
            direction=wanted.direction,
            duration_s=wanted.duration_s,
            yb_duration_s=wanted.yb_duration_s,
            expires_at=expiry(now, wanted.duration_s),
            voice=VoiceOptions(
                record=wanted.record,
                record_hint_tone=wanted.record_hint_tone or None,
                a_waiting_tone=wanted.a_waiting_tone or None,
            ),
            user_data=wanted.user_data or None,
            created_at=now,
            modified_at=now,
        )
        check_number("a", relation.a)
        check_user_data(relation.user_data)
        check_recording(application, wanted=relation.voice.record)
        await self._prompts.check_voice(application, relation.voice)
        choice = choose_number(
            self._areas,
            application.number_choice,
            area_code=self._city(wanted.area_code),
            a=wanted.a,
            is_loose=wanted.is_area_loose,
            asked=wanted.choice,
        )
        # X is A's alone: it serves as nothing else meanwhile.
        limits = limits_of(application, 1, numbers_of_a=MAX_NUMBERS_OF_A)
        return await with_room(
            self._store,
            self._clock,
            lambda: self._store.bind(relation, limits, now, choice),
        )

    async def bind_yb(
        self, application: Application, wanted: NewYb, binding_id: str | None = None
    ) -> YbBinding:
        """Give B a Y in a live relation; the result has it. Durable when it returns.

        With a `binding_id` that is bound already, that part is the result.
        Raises InvalidParameter, and what `BindingStore.bind_yb` raises.
        """
        bound = await find_bound(self._store, application, binding_id, YbBinding)
        if bound is not None:
            return bound
        check_number("b", wanted.b)
        check_user_data(wanted.user_data)
        if wanted.yb_duration_s is not None:
            _check_duration("yb_duration_s", wanted.yb_duration_s)
        tone = wanted.b_waiting_tone or None
        await self._prompts.check_voice(application, VoiceOptions(b_waiting_tone=tone))
        relation = await self._allotment.relation(application, wanted.binding_id)
        if wanted.b in {relation.a, relation.x}:
            raise InvalidParameter("b")
        part = NewPart(
            b=wanted.b,
            duration_s=wanted.yb_duration_s,
            waiting_tone=tone,
            user_data=wanted.user_data,
            choice=await self._choice_of_y(relation, wanted),
        )
        return await self._allotment.allot(application, relation, part, binding_id)

    async def unbind(self, application: Application, relation_id: str) -> None:
        """Remove a relation with its YB parts; calls that run go on. Raises UnknownRecord."""
        relation = await self._allotment.relation(application, relation_id)
        await self._store.unbind(application.app_key, relation.binding_id, self._clock.now())

    async def unbind_y(self, application: Application, relation_id: str, y: str) -> None:
        """Remove the YB part of this Y. Raises UnknownRecord."""
        relation = await self._allotment.relation(application, relation_id)
        await self._unbind_part(relation, y, relation.a)

    async def unbind_b(self, application: Application, relation_id: str, b: str) -> None:
        """Remove the YB part of this B. Raises UnknownRecord."""
        relation = await self._allotment.relation(application, relation_id)
        await self._unbind_part(relation, relation.x, b)

    async def find(self, application: Application, relation_id: str) -> Group:
        """A live relation and its live parts. Raises UnknownRecord."""
        relation = await self._allotment.relation(application, relation_id)
        return await self._group(application, relation.x)

    async def find_on_number(self, application: Application, x: str) -> Group:
        """The same by X. Raises NumberNotOwned, UnknownRecord (also for a Y)."""
        number = await self._store.number(x)
        if number is None:
            raise UnknownRecord("no such virtual number")
        if number.app_key != application.app_key:
            raise NumberNotOwned
        return await self._group(application, x)

    async def _group(self, application: Application, x: str) -> Group:
        wanted = BindingFilter(app_key=application.app_key, x=x)
        part = Slice(limit=1 + MAX_PARTS_FOUND)
        found = await self._store.bindings_of_number(wanted, self._clock.now(), part)
        relation, *parts = found.rows or (None,)
        if not isinstance(relation, XyRelation):
            raise UnknownRecord("no relation on this virtual number")
        return Group(relation, tuple(part for part in parts if isinstance(part, YbBinding)))

    async def _unbind_part(self, relation: XyRelation, number: str, party: str) -> None:
        """Remove the part that a call from `party` to `number` would go through."""
        part = (await self._store.route(number, party)).binding
        if not isinstance(part, YbBinding) or part.relation_id != relation.binding_id:
            raise UnknownRecord("no such part of the relation")
        await self._store.unbind(relation.app_key, part.binding_id, self._clock.now())

    async def _choice_of_y(self, relation: XyRelation, wanted: NewYb) -> NumberChoice:
        """Cities only: the rules of a choice are about X."""
        if wanted.area_code:
            code = self._city(wanted.area_code)
            is_loose = bool(wanted.is_area_loose)
            return choose_number(self._areas, AS_EVER, area_code=code, a="", is_loose=is_loose)
        number = await self._store.number(relation.x)
        if number is None:
            raise UnknownRecord("no such virtual number")
        choice = near(number)
        return replace(choice, any_area=False) if wanted.is_area_loose is False else choice

    def _city(self, area_code: str) -> str:
        """A city's code, which may stand without its leading 0."""
        padded = f"0{area_code}"
        return padded if self._areas.find(padded) is not None else area_code


def _check_duration(parameter: str, seconds: int) -> None:
    if seconds and not MIN_DURATION_S <= seconds <= MAX_DURATION_S:
        raise InvalidParameter(parameter)
