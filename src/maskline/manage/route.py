"""Endpoints of routes: which trunk carries which numbers, and where one number would go."""

from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.access import Right
from maskline.domain.masking import mask
from maskline.domain.trunk import Trunk
from maskline.manage.endpoint import Asked, Endpoint
from maskline.services.part_state import TrunkCondition
from maskline.services.route_trial import RouteReason, RouteTrial, TriedTrunk
from maskline.services.store import DirectoryStore


class RouteView(Struct, frozen=True, kw_only=True):
    """Numbers with a prefix, "" for every number, may go over a trunk; fields are the trunk's."""

    prefix: str
    trunk: str
    priority: int
    weight: int
    is_enabled: bool


class RoutesView(Struct, frozen=True, kw_only=True):
    """All routes, longer prefixes first, then lower priority numbers, then higher weights."""

    items: tuple[RouteView, ...]


class TryRouteForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`number` may be written in any way: `+8613900001001`, `13900001001`, `0755-28000001`."""

    number: Annotated[str, Meta(min_length=1, max_length=64)]


class TriedTrunkView(Struct, frozen=True, kw_only=True):
    """A trunk and why it has its place, counted from 1; null for one that is not tried.

    `reason` says what put a trunk behind the one before it (`shorter_prefix`, `down`,
    `higher_priority`, `weight`), or why it is not tried (`other_numbers`, `disabled`,
    `no_address`). `prefix` is the one that the number has, "" where the trunk takes every number.
    `share` is how often the trunk comes first of those that only weights tell apart. `written` is
    the number as the trunk would get it, without its middle. A call goes on to the next trunk where
    `is_full`. `condition` is null where the process that answers carries no calls.
    """

    trunk: str
    place: int | None
    reason: RouteReason
    prefix: str | None
    priority: int
    weight: int
    share: float | None
    written: str | None
    condition: TrunkCondition | None
    is_full: bool


class TriedRouteView(Struct, frozen=True, kw_only=True):
    """The number in global form, masked, and all trunks: those to be tried first, in their order.

    With `is_ours` it is a virtual number: calls to it arrive here. Weights are drawn anew by each
    call, and here.
    """

    number: str
    is_ours: bool
    trunks: tuple[TriedTrunkView, ...]


class RouteEndpoints:
    """Shows the routes that the trunks make, and tries one as the next call would."""

    def __init__(self, store: DirectoryStore, trial: RouteTrial) -> None:
        self._store = store
        self._trial = trial

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Both."""
        return (
            Endpoint(
                method="GET",
                path="/routes",
                summary="Which trunk carries which numbers; routes are set with their trunks",
                run=self.list_routes,
                right=Right.TRUNK_WRITE,
                answer=RoutesView,
            ),
            Endpoint(
                method="POST",
                path="/routes/try",
                summary="Where a call to a number would go, and why not elsewhere",
                run=self.try_route,
                right=Right.TRUNK_WRITE,
                body=TryRouteForm,
                answer=TriedRouteView,
                is_recorded=False,
            ),
        )

    async def list_routes(self, _: Asked) -> RoutesView:
        """All routes."""
        routes = [
            _view(trunk, prefix)
            for trunk in await self._store.trunks()
            for prefix in trunk.prefixes or ("",)
        ]
        routes.sort(key=lambda one: (-len(one.prefix), one.prefix, one.priority, -one.weight))
        return RoutesView(items=tuple(routes))

    async def try_route(self, asked: Asked) -> TriedRouteView:
        """Where one number would go. Nothing is changed and nobody is called."""
        form: TryRouteForm = asked.body
        tried = await self._trial.run(form.number)
        number = tried.number if tried.is_ours else mask(tried.number)
        trunks = tuple(_view_tried(one) for one in tried.trunks)
        return TriedRouteView(number=number, is_ours=tried.is_ours, trunks=trunks)


def _view(trunk: Trunk, prefix: str) -> RouteView:
    return RouteView(
        prefix=prefix,
        trunk=trunk.name,
        priority=trunk.priority,
        weight=trunk.weight,
        is_enabled=trunk.is_enabled,
    )


def _view_tried(tried: TriedTrunk) -> TriedTrunkView:
    return TriedTrunkView(
        trunk=tried.trunk.name,
        place=tried.place,
        reason=tried.reason,
        prefix=tried.prefix,
        priority=tried.trunk.priority,
        weight=tried.trunk.weight,
        share=None if tried.share is None else round(tried.share, 3),
        written=tried.written,
        condition=tried.condition,
        is_full=tried.is_full,
    )
