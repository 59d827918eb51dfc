from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from maskline.domain.binding import AxbBinding, Role
from maskline.domain.error import (
    AlreadyBound,
    DuplicateRecord,
    NumberFull,
    NumberNotOwned,
    NumberPoolExhausted,
    NumberUnavailable,
    UnknownRecord,
)
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.store import BindingFilter, Listing, NumberChoice, Page
from maskline.stores.memory.table import Tables, listing


class MemoryBindings:
    """`maskline.services.store.BindingStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def bind_axb(
        self, binding: AxbBinding, pair_limit: int, now: datetime, choice: NumberChoice | None
    ) -> AxbBinding:
        """See the seam."""
        if binding.a == binding.b:
            raise AlreadyBound(binding.b)
        if binding.binding_id in self._tables.bindings:
            raise DuplicateRecord(binding.binding_id)
        if choice is None:
            self._check_number(binding, pair_limit, now)
        else:
            binding = replace(binding, x=self._pick(binding, pair_limit, now, choice))
        was_full = self._tables.numbers[binding.x].pairs >= pair_limit
        self._clear_way(binding, now)
        if was_full:
            self._remove_expired_on(binding.x, now)
        self._add(binding)
        return binding

    async def modify_axb(self, binding: AxbBinding, now: datetime) -> None:
        """See the seam."""
        old = self._tables.bindings.get(binding.binding_id)
        if old is None or old.app_key != binding.app_key or not old.is_live(now):
            raise UnknownRecord(binding.binding_id)
        state = self._tables.numbers[old.x].state
        if not (state.may_bind or state.may_call):
            raise NumberUnavailable(old.x)
        binding = replace(binding, x=old.x)
        self._clear_way(binding, now)
        del self._tables.routes[old.x, old.a]
        del self._tables.routes[old.x, old.b]
        self._tables.bindings[binding.binding_id] = binding
        self._add_routes(binding)

    async def unbind(self, app_key: str, binding_id: str, now: datetime) -> None:
        """See the seam."""
        old = self._tables.bindings.get(binding_id)
        if old is None or old.app_key != app_key or not old.is_live(now):
            raise UnknownRecord(binding_id)
        self._remove(old)

    async def unbind_number(self, app_key: str, x: str, now: datetime) -> int:
        """See the seam."""
        self._owned_number(app_key, x)
        gone = [binding for binding in self._tables.bindings.values() if binding.x == x]
        for binding in gone:
            self._remove(binding)
        return sum(binding.is_live(now) for binding in gone)

    async def binding(self, app_key: str | None, binding_id: str) -> AxbBinding | None:
        """See the seam."""
        found = self._tables.bindings.get(binding_id)
        return found if found is not None and app_key in {None, found.app_key} else None

    async def bindings(
        self, wanted: BindingFilter, now: datetime, page: Page
    ) -> Listing[AxbBinding]:
        """See the seam."""
        rows = [
            binding
            for binding in self._tables.bindings.values()
            if binding.is_live(now)
            and wanted.app_key in {None, binding.app_key}
            and wanted.x in {None, binding.x}
            and wanted.a in {None, binding.a}
            and wanted.b in {None, binding.b}
            and wanted.party in {None, binding.a, binding.b}
        ]
        return listing(rows, page)

    async def remove_expired(self, now: datetime, limit: int) -> int:
        """See the seam."""
        return self._sweep(now, limit)

    async def route(self, x: str, caller: str) -> RouteFound:
        """See the seam."""
        number = self._tables.numbers.get(x)
        found = self._tables.routes.get((x, caller))
        if found is None:
            return RouteFound(number=number)
        binding_id, role = found
        return RouteFound(number=number, binding=self._tables.bindings[binding_id], role=role)

    def _owned_number(self, app_key: str, x: str) -> VirtualNumber:
        number = self._tables.numbers.get(x)
        if number is None:
            raise UnknownRecord(x)
        if number.app_key != app_key:
            raise NumberNotOwned(x)
        return number

    def _check_number(self, binding: AxbBinding, pair_limit: int, now: datetime) -> None:
        number = self._owned_number(binding.app_key, binding.x)
        if not number.state.may_bind:
            raise NumberUnavailable(number.number)
        if number.pairs >= pair_limit and self._live_pairs(now)[number.number] >= pair_limit:
            raise NumberFull(number.number)

    def _pick(
        self, binding: AxbBinding, pair_limit: int, now: datetime, choice: NumberChoice
    ) -> str:
        pairs = {number.number: number.pairs for number in self._tables.numbers.values()}
        found = self._candidate(binding, pair_limit, now, choice, pairs)
        if found is None:
            found = self._candidate(binding, pair_limit, now, choice, self._live_pairs(now))
            if found is None:
                raise NumberPoolExhausted
            self._sweep(now, len(self._tables.bindings))
        return found

    def _candidate(  # the question, and one way to count
        self,
        binding: AxbBinding,
        pair_limit: int,
        now: datetime,
        choice: NumberChoice,
        pairs: Mapping[str, int],
    ) -> str | None:
        own = [
            number
            for number in self._tables.numbers.values()
            if number.app_key == binding.app_key
            and number.state.may_bind
            and pairs[number.number] < pair_limit
            and self._holder(number.number, binding.a, now) is None
            and self._holder(number.number, binding.b, now) is None
        ]
        groups = [[n for n in own if n.area_code == area] for area in choice.area_codes]
        if choice.any_area:
            groups.append(own)
        for group in groups:
            if group:
                return min((pairs[n.number], n.number) for n in group)[1]
        return None

    def _live_pairs(self, now: datetime) -> Counter[str]:
        return Counter(b.x for b in self._tables.bindings.values() if b.is_live(now))

    def _sweep(self, now: datetime, limit: int) -> int:
        expired = [
            (binding.expires_at, index, binding)
            for index, binding in enumerate(self._tables.bindings.values())
            if binding.expires_at is not None and not binding.is_live(now)
        ]
        expired.sort(key=lambda entry: entry[:2])
        for _, _, binding in expired[:limit]:
            self._remove(binding)
        return len(expired[:limit])

    def _holder(self, x: str, party: str, now: datetime) -> AxbBinding | None:
        found = self._tables.routes.get((x, party))
        if found is None:
            return None
        binding = self._tables.bindings[found[0]]
        return binding if binding.is_live(now) else None

    def _clear_way(self, binding: AxbBinding, now: datetime) -> None:
        """Make room for the routes of `binding`, or raise AlreadyBound with nothing changed."""
        if binding.a == binding.b:
            raise AlreadyBound(binding.b)
        for party in (binding.a, binding.b):
            holder = self._holder(binding.x, party, now)
            if holder is not None and holder.binding_id != binding.binding_id:
                raise AlreadyBound(party)
        for party in (binding.a, binding.b):
            found = self._tables.routes.get((binding.x, party))
            if found is not None and found[0] != binding.binding_id:
                self._remove(self._tables.bindings[found[0]])

    def _remove_expired_on(self, x: str, now: datetime) -> None:
        for binding in list(self._tables.bindings.values()):
            if binding.x == x and not binding.is_live(now):
                self._remove(binding)

    def _add(self, binding: AxbBinding) -> None:
        self._tables.bindings[binding.binding_id] = binding
        self._add_routes(binding)
        self._count(binding.x, 1)

    def _add_routes(self, binding: AxbBinding) -> None:
        self._tables.routes[binding.x, binding.a] = (binding.binding_id, Role.A)
        self._tables.routes[binding.x, binding.b] = (binding.binding_id, Role.B)

    def _remove(self, binding: AxbBinding) -> None:
        del self._tables.bindings[binding.binding_id]
        del self._tables.routes[binding.x, binding.a]
        del self._tables.routes[binding.x, binding.b]
        self._count(binding.x, -1)

    def _count(self, x: str, change: int) -> None:
        number = self._tables.numbers[x]
        self._tables.numbers[x] = replace(number, pairs=number.pairs + change)
