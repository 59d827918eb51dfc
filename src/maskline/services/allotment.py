"""Giving a B its Y in a relation of AXYB: for the customer who asks, and for calls."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from maskline.domain.application import Application
from maskline.domain.binding import Role, XyRelation, YbBinding
from maskline.domain.error import NumberPoolExhausted, UnknownRecord
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.binding import sweep_expired
from maskline.services.binding_rule import expiry, limits_of
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.store import BindingStore, NumberChoice

RELATIONS_OF_Y = 1000
"""How many relations one Y serves (`spec/axyb.md` 1)."""

Bound = TypeVar("Bound")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPart:
    """What is asked of a YB part. A `duration_s` of None is what the relation says."""

    b: str = field(repr=False)
    choice: NumberChoice
    duration_s: int | None = None
    waiting_tone: str | None = None
    user_data: str | None = field(default=None, repr=False)


class Allotment:
    """Adds YB parts to relations."""

    def __init__(self, store: BindingStore, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    async def relation(self, application: Application, relation_id: str) -> XyRelation:
        """A live relation of the application. Raises UnknownRecord."""
        found = await self._store.binding(application.app_key, relation_id)
        if not isinstance(found, XyRelation) or not found.is_live(self._clock.now()):
            raise UnknownRecord(relation_id)
        return found

    async def allot(
        self,
        application: Application,
        relation: XyRelation,
        part: NewPart,
        binding_id: str | None = None,
    ) -> YbBinding:
        """Add a part, which has its Y then. Durable when it returns.

        It never outlives its relation. Raises what `BindingStore.bind_yb` raises.
        """
        now = self._clock.now()
        duration_s = relation.yb_duration_s if part.duration_s is None else part.duration_s
        binding = YbBinding(
            binding_id=binding_id or self._ids.uuid(),
            relation_id=relation.binding_id,
            app_key=relation.app_key,
            x=relation.x,
            a=relation.a,
            b=part.b,
            direction=relation.direction,
            duration_s=duration_s,
            expires_at=_earlier(expiry(now, duration_s), relation.expires_at),
            voice=replace(relation.voice, b_waiting_tone=part.waiting_tone),
            user_data=part.user_data or relation.user_data,
            created_at=now,
            modified_at=now,
        )
        limits = limits_of(application, min(application.pairs_per_number, RELATIONS_OF_Y))
        return await with_room(
            self._store, self._clock, lambda: self._store.bind_yb(binding, limits, now, part.choice)
        )


def near(x: VirtualNumber) -> NumberChoice:
    """Where nobody named a city for Y: that of X, then any number of the application."""
    return NumberChoice(area_codes=(x.area_code,), any_area=True)


async def with_room(
    store: BindingStore, clock: Clock, bind: Callable[[], Awaitable[Bound]]
) -> Bound:
    """Bind; where no number is left, once more without what has expired.

    Numbers change their part between X and Y, so what expired on one is not in the way of its
    like only. Raises what `bind` raises.
    """
    try:
        return await bind()
    except NumberPoolExhausted:
        if not await sweep_expired(store, clock):
            raise
    return await bind()


async def look_again(
    store: BindingStore, found: RouteFound, caller: str, now: datetime
) -> RouteFound:
    """What a call to X or Y finds that meets no live binding of its caller there.

    A B whose part has expired is to the relation as it was before it had one; a B that dials its
    own Y is known by it.
    """
    binding, number = found.binding, found.number
    if number is None or not caller or (binding is not None and binding.is_live(now)):
        return found
    if isinstance(binding, YbBinding) and found.role is Role.B:
        relation = await store.binding(binding.app_key, binding.relation_id)
        return replace(found, binding=relation)
    return replace(found, is_own_number=await store.holds_y(number.number, caller, now))


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
