from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from maskline.domain.binding import (
    AxBinding,
    AxeBinding,
    Binding,
    Onward,
    OnwardKind,
    Role,
    YbBinding,
)
from maskline.domain.error import StoreFailed
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import VirtualNumber
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
from maskline.stores.route_key import EVERY_CALLER, extension_key
from maskline.stores.sqlite import binding_unit as unit
from maskline.stores.sqlite.connection import Cells
from maskline.stores.sqlite.database import BINDING, LISTS, Database

ROUTE_READS = 5
"""How often a route is read whose binding ends before that is read, too."""


class SqliteBindings:
    """`maskline.services.store.BindingStore` in SQLite.

    Hashing and sealing happen on the calling side: they are refused with the call when they
    fail, and the writing thread, which all calls share, only runs SQL.
    """

    on_bound: Callable[[Binding], None] | None = None

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bind(
        self, binding: Bound, limits: BindLimits, now: datetime, choice: NumberChoice | None
    ) -> Bound:
        """See the seam."""
        work = partial(
            unit.bind,
            self._pair(binding),
            sequences=self._database.binding_sequences,
            limits=limits,
            now=to_us(now),
            choice=choice,
        )
        placed = await self._database.writer.submit(work)
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
        work = partial(
            unit.bind_yb,
            self._pair(binding),
            sequences=self._database.binding_sequences,
            limits=limits,
            now=to_us(now),
            choice=choice,
        )
        binding = replace(binding, y=await self._database.writer.submit(work))
        if self.on_bound is not None:
            self.on_bound(binding)
        return binding

    async def modify(
        self, binding: Binding, limits: BindLimits, now: datetime, *, recounts: bool = False
    ) -> None:
        """See the seam."""
        work = partial(unit.modify, self._pair(binding), limits, to_us(now), recounts)
        await self._database.writer.submit(work)

    async def unbind(self, app_key: str, binding_id: str, now: datetime) -> None:
        """See the seam."""
        work = partial(unit.unbind, app_key, binding_id, to_us(now))
        await self._database.writer.submit(work)

    async def unbind_number(self, app_key: str, x: str, now: datetime) -> int:
        """See the seam."""
        work = partial(unit.unbind_number, app_key, x, to_us(now))
        return await self._database.writer.submit(work)

    async def binding(self, app_key: str | None, binding_id: str) -> Binding | None:
        """See the seam."""
        return self._owned(app_key, BINDING.binding_get, (binding_id,))

    async def bindings(self, wanted: BindingFilter, now: datetime, page: Page) -> Listing[Binding]:
        """See the seam."""
        found = wanted_bindings(wanted, to_us(now), self._database.sealer)
        listed = LISTS.newest_bindings if wanted.newest_first else LISTS.bindings
        return await self._database.listing(listed, found, page, self._binding)

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
        return await self._database.numbered(statement, parameters, part, self._binding)

    async def bindings_after(
        self, app_key: str, x: str, after: int, now: datetime, limit: int
    ) -> tuple[tuple[int, Binding], ...]:
        """See the seam."""
        parameters = (x, after, app_key, to_us(now), limit)
        rows = await self._database.rows(BINDING.list_after, parameters)
        return tuple((row[-1], self._binding(row[:-1])) for row in rows)

    async def extension(self, app_key: str, x: str, extension: str) -> Binding | None:
        """See the seam."""
        return self._owned(app_key, BINDING.holder_of_route, (extension_key(extension), x))

    async def holds_y(self, y: str, b: str, now: datetime) -> bool:
        """See the seam."""
        parameters = (self._database.sealer.lookup(b), y, to_us(now))
        return self._database.point(BINDING.holds_y, parameters) is not None

    async def remove_expired(self, now: datetime, limit: int) -> int:
        """See the seam."""
        work = partial(unit.remove_expired, to_us(now), limit)
        return await self._database.writer.submit(work)

    async def route(self, x: str, caller: str) -> RouteFound:
        """See the seam."""
        return self._route(x, self._database.sealer.lookup(caller), EVERY_CALLER)

    async def route_extension(self, x: str, extension: str) -> RouteFound:
        """See the seam."""
        key = extension_key(extension)
        return self._route(x, key, key)

    async def set_onward(
        self, app_key: str, binding_id: str, kind: OnwardKind, onward: Onward, now: datetime
    ) -> None:
        """See the seam."""
        sealed = sealed_onward(app_key, binding_id, kind, onward, self._database.sealer)
        row = (kind.value, to_us_or_none(onward.expires_at), sealed)
        work = partial(unit.set_onward, app_key, binding_id, to_us(now), row)
        await self._database.writer.submit(work)

    def _owned(self, app_key: str | None, statement: str, parameters: Cells) -> Binding | None:
        row = self._database.point(statement, parameters)
        if row is None or app_key not in {None, row[1]}:
            return None
        return self._binding(row)

    def _route(self, x: str, caller: bytes, anybody: bytes) -> RouteFound:
        for _ in range(ROUTE_READS):
            row = self._database.point(BINDING.route_of_call, (x, caller, anybody))
            if row is None:
                return RouteFound(number=None)
            number, role = number_of_route(x, row[:7]), row[7]
            if role is None:
                return RouteFound(number=number)
            bound = self._database.point(BINDING.binding_of_route, row[8:])
            if bound is not None:
                return self._led(number, role, self._binding(bound))
        raise StoreFailed("a route leads to no binding")

    def _led(self, number: VirtualNumber, role: str, binding: Binding) -> RouteFound:
        if role != Role.A or not isinstance(binding, AxBinding | AxeBinding):
            return RouteFound(number=number, binding=binding, role=Role(role))
        onward = self._onward(binding)
        return RouteFound(
            number=number,
            binding=binding,
            role=Role.A,
            temporary_callee=onward.get(OnwardKind.TEMPORARY_CALLEE),
            last_caller=onward.get(OnwardKind.LAST_CALLER),
        )

    def _onward(self, binding: Binding) -> dict[OnwardKind, Onward]:
        """Where A's next call goes: read for calls of an A only, by key as everything here."""
        found: dict[OnwardKind, Onward] = {}
        for name, expires_at, sealed in self._database.points(
            BINDING.onward_of_binding, (binding.binding_id,)
        ):
            kind = OnwardKind(name)
            found[kind] = onward_of(binding, kind, expires_at, sealed, self._database.sealer)
        return found

    def _pair(self, binding: Binding) -> Pair:
        return pair_of(binding, self._database.sealer)

    def _binding(self, row: Cells) -> Binding:
        return binding_of(row, self._database.sealer)
