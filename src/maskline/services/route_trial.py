"""Where a call to a number would go, and why not elsewhere: the choice of calls, tried."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from maskline.domain.error import InvalidParameter
from maskline.domain.number import hide_middle, read_number
from maskline.domain.trunk import Trunk, choose_trunks
from maskline.services.part_state import TrunkCondition, TrunkState
from maskline.services.store import BindingStore, DirectoryStore


class RouteReason(StrEnum):
    """Why a trunk has its place, or none.

    FIRST carries the call. The next ones are tried when all before failed at once; each says what
    put it behind the one before: a SHORTER_PREFIX, that it is DOWN, a HIGHER_PRIORITY number, or
    the draw by WEIGHT. Not tried are those whose prefixes are OTHER_NUMBERS, that are DISABLED or
    have NO_ADDRESS.
    """

    FIRST = "first"
    SHORTER_PREFIX = "shorter_prefix"
    DOWN = "down"
    HIGHER_PRIORITY = "higher_priority"
    WEIGHT = "weight"
    OTHER_NUMBERS = "other_numbers"
    DISABLED = "disabled"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedTrunk:
    """One trunk: its place among those to be tried from 1 on, None for one that is not.

    `prefix` is the one that the number has, "" for a trunk of every number. `share` is how often
    the trunk comes first among its equals. `written` is the number as it would be sent, without
    its middle. With `is_full` calls go on to the next trunk now. `condition` is None where no
    calls are carried: then trunks count as well.
    """

    trunk: Trunk
    place: int | None
    reason: RouteReason
    prefix: str | None
    share: float | None
    written: str | None
    condition: TrunkCondition | None
    is_full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRoute:
    """All trunks, those to be tried first. `is_ours`: a virtual number, which is not sent out."""

    number: str
    is_ours: bool
    trunks: tuple[TriedTrunk, ...]


class RoutedStore(DirectoryStore, BindingStore, Protocol):
    """What trying a route reads."""


class RouteTrial:
    """Tries routes; `states` says how trunks stand, None where this process carries no calls."""

    def __init__(
        self,
        store: RoutedStore,
        states: Callable[[], Sequence[TrunkState] | None],
        draw: Callable[[], float],
    ) -> None:
        self._store = store
        self._states = states
        self._draw = draw

    async def run(self, text: str) -> TriedRoute:
        """Where a call to a number, written in any way, would go. Raises InvalidParameter."""
        number = read_number(text)
        if number is None:
            raise InvalidParameter("number", "is no number: try +8613900001001 or 13900001001")
        found = await self._store.route(number, "")
        trunks = await self._store.trunks()
        states = {state.name: state for state in self._states() or ()}
        return TriedRoute(
            number=number,
            is_ours=found.number is not None,
            trunks=tuple(_try(trunks, states, number, self._draw)),
        )


def _try(
    trunks: Sequence[Trunk],
    states: Mapping[str, TrunkState],
    number: str,
    draw: Callable[[], float],
) -> list[TriedTrunk]:
    def condition(trunk: Trunk) -> TrunkCondition | None:
        state = states.get(trunk.name)
        return None if state is None else state.condition

    chosen = choose_trunks(
        trunks,
        number,
        draw,
        has_address=lambda trunk: condition(trunk) is not TrunkCondition.NO_ADDRESS,
        is_down=lambda trunk: condition(trunk) is TrunkCondition.DOWN,
    )

    def tried(trunk: Trunk, place: int | None, reason: RouteReason) -> TriedTrunk:
        state, length = states.get(trunk.name), trunk.matched_prefix(number)
        calls = 0 if state is None else state.calls
        return TriedTrunk(
            trunk=trunk,
            place=place,
            reason=reason,
            prefix=None if length < 0 else number[:length],
            share=None if place is None else _share(trunk, chosen, number, condition),
            written=None if place is None else hide_middle(trunk.write(number)),
            condition=condition(trunk),
            is_full=bool(trunk.max_calls) and calls >= trunk.max_calls,
        )

    told = [
        tried(trunk, place + 1, _behind(chosen, place, number, condition))
        for place, trunk in enumerate(chosen)
    ]
    others = [trunk for trunk in trunks if trunk not in chosen]
    return [*told, *(tried(trunk, None, _no_use(trunk, number)) for trunk in others)]


_Condition = Callable[[Trunk], TrunkCondition | None]


def _behind(chosen: Sequence[Trunk], place: int, number: str, condition: _Condition) -> RouteReason:
    """What put a trunk behind the one before it, in the order in which they are compared."""
    if place == 0:
        return RouteReason.FIRST
    before, trunk = chosen[place - 1], chosen[place]
    if trunk.matched_prefix(number) < before.matched_prefix(number):
        return RouteReason.SHORTER_PREFIX
    if condition(trunk) is TrunkCondition.DOWN and condition(before) is not TrunkCondition.DOWN:
        return RouteReason.DOWN
    if trunk.priority > before.priority:
        return RouteReason.HIGHER_PRIORITY
    return RouteReason.WEIGHT


def _no_use(trunk: Trunk, number: str) -> RouteReason:
    if not trunk.is_enabled:
        return RouteReason.DISABLED
    if trunk.matched_prefix(number) < 0:
        return RouteReason.OTHER_NUMBERS
    return RouteReason.NO_ADDRESS


def _share(
    trunk: Trunk, chosen: Sequence[Trunk], number: str, condition: _Condition
) -> float | None:
    """How often it comes first of those that only the draw tells apart (RFC 2782)."""

    def rank(one: Trunk) -> tuple[int, bool, int]:
        is_down = condition(one) is TrunkCondition.DOWN
        return one.matched_prefix(number), is_down, one.priority

    equals = [one for one in chosen if rank(one) == rank(trunk)]
    weights = sum(one.weight for one in equals)
    return trunk.weight / weights if weights else 1 / len(equals)
