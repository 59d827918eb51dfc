from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from typing import TypeVar

from maskline.domain.binding import (
    AxBinding,
    AxeBinding,
    Binding,
    Onward,
    OnwardKind,
    Role,
    YbBinding,
)
from maskline.domain.error import AlreadyBound, DuplicateRecord, StoreBusy, UnknownRecord
from maskline.domain.route import RouteFound
from maskline.services.list_filter import BindingFilter
from maskline.services.page import Count, Listing, Numbered, Page, Slice
from maskline.services.store import (
    BindLimits,
    Bound,
    NumberChoice,
)
from maskline.stores.binding_row import (
    Pair,
    binding_of,
    narrowest_of_number,
    number_of_route,
    onward_of,
    pair_of,
    sealed_onward,
)
from maskline.stores.list_filter import wanted_bindings
from maskline.stores.moment import to_us, to_us_or_none
from maskline.stores.postgres import binding_unit as unit
from maskline.stores.postgres.bind import ID_KEY, Binder, Wanted
from maskline.stores.postgres.binding_removal import BINDING
from maskline.stores.postgres.binding_unit import LostRace, Placed
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import LISTS, Database
from maskline.stores.postgres.failure import ConstraintBroken
from maskline.stores.route_key import EVERY_CALLER, extension_key

Result = TypeVar("Result")

TRIES = 16
"""Of a bind that finds, each time, that another was quicker with the number it had chosen."""


class PostgresBindings:
    """`maskline.services.store.BindingStore` in PostgreSQL.

    A bind that nothing stands in the way of is one statement, shared by those that come at once.
    Only when it gives nothing, a transaction keeps the number from others and finds out why. That
    no party is bound twice on a number is a key of the table of routes.
    """

    on_bound: Callable[[Binding], None] | None = None

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def _binder(self) -> Binder:
        """Made at the first bind: parts of the store share one initialiser."""
        return Binder(self._database)

    async def bind(
        self, binding: Bound, limits: BindLimits, now: datetime, choice: NumberChoice | None
    ) -> Bound:
        """See the seam."""
        pair = await self._pair(binding)
        if pair.a_key == pair.b_key:
            raise AlreadyBound(pair.b)
        x = None
        # What an A holds is counted under a lock, and so are extensions given out.
        if not limits.numbers_of_a and pair.extension is None:
            wanted = Wanted(pair=pair, limits=limits, now=to_us(now), choice=choice)
            x = await self._binder.bind(wanted)
        if x is not None:
            placed = Placed(x)
        else:
            work = partial(unit.bind, pair=pair, limits=limits, now=to_us(now), choice=choice)
            placed = await self._undisturbed(pair, work)
        if placed.x != binding.x:
            binding = replace(binding, x=placed.x)
        if isinstance(binding, AxeBinding) and placed.extension is not None:
            binding = replace(binding, extension=placed.extension)
        if self.on_bound is not None:
            self.on_bound(binding)
        return binding

    async def bind_yb(
        self, binding: YbBinding, limits: BindLimits, now: datetime, choice: NumberChoice
    ) -> YbBinding:
        """See the seam."""
        pair = await self._pair(binding)
        work = partial(unit.bind_yb, pair=pair, limits=limits, now=to_us(now), choice=choice)
        binding = replace(binding, y=await self._undisturbed(pair, work))
        if self.on_bound is not None:
            self.on_bound(binding)
        return binding

    async def modify(
        self, binding: Binding, limits: BindLimits, now: datetime, *, recounts: bool = False
    ) -> None:
        """See the seam."""
        pair = await self._pair(binding)
        work = partial(unit.modify, pair=pair, limits=limits, now=to_us(now), recounts=recounts)
        await self._undisturbed(pair, work)

    async def unbind(self, app_key: str, binding_id: str, now: datetime) -> None:
        """See the seam."""
        work = partial(unit.unbind, app_key=app_key, binding_id=binding_id, now=to_us(now))
        await self._database.transaction(work)

    async def unbind_number(self, app_key: str, x: str, now: datetime) -> int:
        """See the seam."""
        work = partial(unit.unbind_number, app_key=app_key, x=x, now=to_us(now))
        return await self._database.transaction(work)

    async def binding(self, app_key: str | None, binding_id: str) -> Binding | None:
        """See the seam."""
        return await self._owned(app_key, BINDING.binding_get, (binding_id,))

    async def bindings(self, wanted: BindingFilter, now: datetime, page: Page) -> Listing[Binding]:
        """See the seam."""
        found = wanted_bindings(wanted, to_us(now), self._database.sealer)
        listed = LISTS.newest_bindings if wanted.newest_first else LISTS.bindings
        return await self._database.listing(listed, found, page, self._opened_binding, keys_in=1)

    async def count_bindings(self, wanted: BindingFilter, now: datetime) -> Count:
        """See the seam."""
        found = wanted_bindings(wanted, to_us(now), self._database.sealer)
        return await self._database.count(LISTS.bindings, found)

    async def bindings_of_number(
        self, wanted: BindingFilter, now: datetime, part: Slice
    ) -> Numbered[Binding]:
        """See the seam."""
        sealer = self._database.sealer
        statement, parameters = narrowest_of_number(BINDING, wanted, to_us(now), sealer)
        found = await self._database.numbered(statement, parameters, part)
        await self._database.sealer_of(row[1] for row in found.rows)
        return Numbered(rows=tuple(map(self._opened_binding, found.rows)), total=found.total)

    async def bindings_after(
        self, app_key: str, x: str, after: int, now: datetime, limit: int
    ) -> tuple[tuple[int, Binding], ...]:
        """See the seam."""
        parameters = (x, after, app_key, to_us(now), limit)
        rows = await self._database.rows(BINDING.list_after, parameters)
        await self._database.sealer_of([app_key])
        return tuple((row[-1], self._opened_binding(row[:-1])) for row in rows)

    async def extension(self, app_key: str, x: str, extension: str) -> Binding | None:
        """See the seam."""
        return await self._owned(app_key, BINDING.holder_of_route, (extension_key(extension), x))

    async def holds_y(self, y: str, b: str, now: datetime) -> bool:
        """See the seam."""
        parameters = (self._database.sealer.lookup(b), y, to_us(now))
        return await self._database.point(BINDING.holds_y, parameters) is not None

    async def remove_expired(self, now: datetime, limit: int) -> int:
        """See the seam."""
        work = partial(unit.remove_expired, now=to_us(now), limit=limit)
        return await self._database.transaction(work)

    async def route(self, x: str, caller: str) -> RouteFound:
        """See the seam."""
        return await self._route(x, self._database.sealer.lookup(caller), EVERY_CALLER)

    async def route_extension(self, x: str, extension: str) -> RouteFound:
        """See the seam."""
        key = extension_key(extension)
        return await self._route(x, key, key)

    async def set_onward(
        self, app_key: str, binding_id: str, kind: OnwardKind, onward: Onward, now: datetime
    ) -> None:
        """See the seam."""
        sealer = await self._database.sealer_of([app_key])
        sealed = sealed_onward(app_key, binding_id, kind, onward, sealer)
        row = (binding_id, app_key, to_us(now), kind.value)
        written = (to_us_or_none(onward.expires_at), sealed)
        if not await self._database.execute(BINDING.onward_set, row + written):
            raise UnknownRecord(binding_id)

    async def _undisturbed(self, pair: Pair, work: Callable[[Cursor], Awaitable[Result]]) -> Result:
        """Run a unit of work again while another one is quicker with what it chooses."""
        for _ in range(TRIES):
            try:
                return await self._database.transaction(work)
            except ConstraintBroken as broken:
                if broken.constraint == ID_KEY:
                    raise DuplicateRecord(pair.binding_id) from broken
            except LostRace:
                continue
        raise StoreBusy(f"{TRIES} times another binding was quicker")

    async def _owned(
        self, app_key: str | None, statement: str, parameters: Cells
    ) -> Binding | None:
        row = await self._database.point(statement, parameters)
        if row is None or app_key not in {None, row[1]}:
            return None
        return await self._binding(row)

    async def _route(self, x: str, caller: bytes, anybody: bytes) -> RouteFound:
        row = await self._database.point(BINDING.route_of_call, (x, caller, anybody))
        if row is None:
            return RouteFound(number=None)
        number, role = number_of_route(x, row[:7]), row[7]
        if role is None:
            return RouteFound(number=number)
        binding = await self._binding(row[8:])
        if role != Role.A or not isinstance(binding, AxBinding | AxeBinding):
            return RouteFound(number=number, binding=binding, role=Role(role))
        onward = await self._onward(binding)
        return RouteFound(
            number=number,
            binding=binding,
            role=Role.A,
            temporary_callee=onward.get(OnwardKind.TEMPORARY_CALLEE),
            last_caller=onward.get(OnwardKind.LAST_CALLER),
        )

    async def _onward(self, binding: Binding) -> dict[OnwardKind, Onward]:
        """Where A's next call goes: read for calls of an A only, by key as everything here."""
        rows = await self._database.rows(BINDING.onward_of_binding, (binding.binding_id,))
        sealer = await self._database.sealer_of([binding.app_key])
        return {
            OnwardKind(name): onward_of(binding, OnwardKind(name), expires_at, sealed, sealer)
            for name, expires_at, sealed in rows
        }

    async def _pair(self, binding: Binding) -> Pair:
        return pair_of(binding, await self._database.sealer_of([binding.app_key]))

    async def _binding(self, row: Cells) -> Binding:
        return binding_of(row, await self._database.sealer_of([row[1]]))

    def _opened_binding(self, row: Cells) -> Binding:
        return binding_of(row, self._database.sealer)
