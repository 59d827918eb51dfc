from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from maskline.domain.binding import (
    AxbBinding,
    AxeBinding,
    Binding,
    Onward,
    OnwardKind,
    Role,
    YbBinding,
)
from maskline.domain.ended_binding import EndCause, ended
from maskline.domain.error import (
    AlreadyBound,
    DailyLimitReached,
    DuplicateRecord,
    ExtensionTaken,
    NumberFull,
    NumberNotOwned,
    NumberPoolExhausted,
    NumberUnavailable,
    TooManyNumbers,
    UnknownRecord,
)
from maskline.domain.number_choice import Repeat
from maskline.domain.route import RouteFound
from maskline.domain.virtual_number import VirtualNumber
from maskline.services.list_filter import BindingFilter
from maskline.services.list_order import BINDINGS, NEWEST_BINDINGS
from maskline.services.page import Count, Listing, Numbered, Page, Slice, count_of, page_of
from maskline.services.store import (
    BindLimits,
    Bound,
    NumberChoice,
)
from maskline.stores.blob_binding import kind_of
from maskline.stores.memory.binding_choice import last_of_pair, resting
from maskline.stores.memory.binding_removal import (
    EVERY_CALLER,
    Key,
    counted_number,
    extension_key,
    remove,
    route_keys,
)
from maskline.stores.memory.table import Tables, is_of, numbered


class MemoryBindings:
    """`maskline.services.store.BindingStore` on dicts."""

    on_bound: Callable[[Binding], None] | None = None

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def bind(
        self, binding: Bound, limits: BindLimits, now: datetime, choice: NumberChoice | None
    ) -> Bound:
        """See the seam."""
        _refuse_same(binding)
        if binding.binding_id in self._tables.bindings:
            raise DuplicateRecord(binding.binding_id)
        self._check_holdings(binding, limits, now)
        if choice is None:
            self._check_number(binding, limits, now)
        else:
            binding = replace(binding, x=self._pick(binding, limits, now, choice))
        was_full = self._tables.numbers[binding.x].pairs >= limits.pairs
        if isinstance(binding, AxeBinding):
            self._refuse_second(binding, now)
            extension = self._take_extension(binding, limits.extension_digits, now)
            binding = replace(binding, extension=extension)
        self._clear_way(binding, now)
        if was_full:
            self._remove_expired_on(binding.x, now)
        self._add(binding, now)
        if self.on_bound is not None:
            self.on_bound(binding)
        return binding

    async def bind_yb(
        self, binding: YbBinding, limits: BindLimits, now: datetime, choice: NumberChoice
    ) -> YbBinding:
        """See the seam."""
        relation = self._tables.bindings.get(binding.relation_id)
        if relation is None or relation.app_key != binding.app_key or not relation.is_live(now):
            raise UnknownRecord(binding.relation_id)
        if self._holder((binding.x, binding.b), now) is not None:
            raise AlreadyBound(binding.b)
        binding = replace(binding, y=self._pick_y(binding, limits, now, choice))
        if binding.binding_id in self._tables.bindings:
            raise DuplicateRecord(binding.binding_id)
        self._clear_way(binding, now)
        self._add(binding, now)
        if self.on_bound is not None:
            self.on_bound(binding)
        return binding

    async def modify(
        self, binding: Binding, limits: BindLimits, now: datetime, *, recounts: bool = False
    ) -> None:
        """See the seam."""
        old = self._tables.bindings.get(binding.binding_id)
        if old is None or old.app_key != binding.app_key or not old.is_live(now):
            raise UnknownRecord(binding.binding_id)
        state = self._tables.numbers[old.x].state
        if not (state.may_bind or state.may_call):
            raise NumberUnavailable(old.x)
        binding = replace(binding, x=old.x)
        if not recounts:
            counted = replace(binding.close, after_calls=old.close.after_calls)
            binding = replace(binding, close=counted)
            if old.close.idle_s and binding.ends_at == old.ends_at:
                binding = replace(binding, expires_at=old.expires_at)
        if binding.a != old.a:
            self._check_holdings(binding, limits, now)
        self._clear_way(binding, now)
        for key in route_keys(old).values():
            del self._tables.routes[key]
        if binding.a != old.a:
            for kind in OnwardKind:
                self._tables.onward.pop((binding.binding_id, kind), None)
        if route_keys(binding) != route_keys(old):
            self._tables.ended_bindings.append(ended(old, now, EndCause.REPLACED))
        self._tables.bindings[binding.binding_id] = binding
        self._add_routes(binding)

    async def unbind(self, app_key: str, binding_id: str, now: datetime) -> None:
        """See the seam."""
        remove(self._tables, self._live(app_key, binding_id, now), now, EndCause.UNBOUND)

    async def unbind_number(self, app_key: str, x: str, now: datetime) -> int:
        """See the seam."""
        self._owned_number(app_key, x)
        gone = [binding for binding in self._tables.bindings.values() if binding.x == x]
        # Parts first: else they would end with their relation.
        for binding in sorted(gone, key=lambda one: not isinstance(one, YbBinding)):
            remove(self._tables, binding, now, EndCause.NUMBER_UNBOUND)
        return sum(binding.is_live(now) for binding in gone)

    async def binding(self, app_key: str | None, binding_id: str) -> Binding | None:
        """See the seam."""
        found = self._tables.bindings.get(binding_id)
        return found if found is not None and app_key in {None, found.app_key} else None

    async def bindings(self, wanted: BindingFilter, now: datetime, page: Page) -> Listing[Binding]:
        """See the seam."""
        order = NEWEST_BINDINGS if wanted.newest_first else BINDINGS
        places = self._tables.places
        return page_of(
            self._found_bindings(wanted, now), order, lambda one: (places[one.binding_id],), page
        )

    async def count_bindings(self, wanted: BindingFilter, now: datetime) -> Count:
        """See the seam."""
        return count_of(len(self._found_bindings(wanted, now)))

    async def bindings_of_number(
        self, wanted: BindingFilter, now: datetime, part: Slice
    ) -> Numbered[Binding]:
        """See the seam."""
        return numbered(self._found_bindings(wanted, now), part)

    async def bindings_after(
        self, app_key: str, x: str, after: int, now: datetime, limit: int
    ) -> tuple[tuple[int, Binding], ...]:
        """See the seam."""
        rows = [
            (self._tables.places[binding.binding_id], binding)
            for binding in self._tables.bindings.values()
            if isinstance(binding, AxeBinding)
            and (binding.x, binding.app_key) == (x, app_key)
            and binding.is_live(now)
        ]
        return tuple(row for row in rows if row[0] > after)[:limit]

    async def extension(self, app_key: str, x: str, extension: str) -> Binding | None:
        """See the seam."""
        found = self._tables.routes.get((x, extension_key(extension)))
        binding = None if found is None else self._tables.bindings[found[0]]
        return binding if binding is not None and binding.app_key == app_key else None

    async def holds_y(self, y: str, b: str, now: datetime) -> bool:
        """See the seam."""
        return any(
            isinstance(binding, YbBinding) and (binding.y, binding.b) == (y, b)
            for binding in self._tables.bindings.values()
            if binding.is_live(now)
        )

    async def remove_expired(self, now: datetime, limit: int) -> int:
        """See the seam."""
        return self._sweep(now, limit)

    async def route(self, x: str, caller: str) -> RouteFound:
        """See the seam."""
        own = (x, caller) in self._tables.routes
        return self._route(x, caller if own else EVERY_CALLER)

    async def route_extension(self, x: str, extension: str) -> RouteFound:
        """See the seam."""
        return self._route(x, extension_key(extension))

    async def set_onward(
        self, app_key: str, binding_id: str, kind: OnwardKind, onward: Onward, now: datetime
    ) -> None:
        """See the seam."""
        self._live(app_key, binding_id, now)
        self._tables.onward[binding_id, kind] = onward

    def _found_bindings(self, wanted: BindingFilter, now: datetime) -> list[Binding]:
        return [
            binding
            for binding in self._tables.bindings.values()
            if binding.is_live(now) and _matches(binding, wanted)
        ]

    def _route(self, x: str, key: str) -> RouteFound:
        number = self._tables.numbers.get(x)
        found = self._tables.routes.get((x, key))
        if found is None:
            return RouteFound(number=number)
        binding_id, role = found
        return RouteFound(
            number=number,
            binding=self._tables.bindings[binding_id],
            role=role,
            temporary_callee=self._onward(binding_id, OnwardKind.TEMPORARY_CALLEE, role),
            last_caller=self._onward(binding_id, OnwardKind.LAST_CALLER, role),
        )

    def _onward(self, binding_id: str, kind: OnwardKind, role: Role) -> Onward | None:
        return self._tables.onward.get((binding_id, kind)) if role is Role.A else None

    def _live(self, app_key: str, binding_id: str, now: datetime) -> Binding:
        found = self._tables.bindings.get(binding_id)
        if found is None or found.app_key != app_key or not found.is_live(now):
            raise UnknownRecord(binding_id)
        return found

    def _owned_number(self, app_key: str, x: str) -> VirtualNumber:
        number = self._tables.numbers.get(x)
        if number is None:
            raise UnknownRecord(x)
        if number.app_key != app_key:
            raise NumberNotOwned(x)
        return number

    def _check_number(self, binding: Binding, limits: BindLimits, now: datetime) -> None:
        number = self._owned_number(binding.app_key, binding.x)
        if not number.state.may_bind:
            raise NumberUnavailable(number.number)
        if self._is_used_up(number.number, limits, now):
            raise DailyLimitReached(number.number)
        if number.pairs >= limits.pairs and self._live_pairs(now)[number.number] >= limits.pairs:
            raise NumberFull(number.number)

    def _is_used_up(self, number: str, limits: BindLimits, now: datetime) -> bool:
        day, count = self._tables.bound_today.get(number, (None, 0))
        return bool(limits.binds_a_day) and day == now.date() and count >= limits.binds_a_day

    def _check_holdings(self, binding: Binding, limits: BindLimits, now: datetime) -> None:
        held = [
            other
            for other in self._tables.bindings.values()
            if type(other) is type(binding)
            and (other.app_key, other.a) == (binding.app_key, binding.a)
            and other.is_live(now)
        ]
        if limits.numbers_of_a and len(held) >= limits.numbers_of_a:
            raise TooManyNumbers

    def _refuse_second(self, binding: AxeBinding, now: datetime) -> None:
        if self._holder((binding.x, binding.a), now) is not None:
            raise AlreadyBound(binding.a)

    def _take_extension(self, binding: AxeBinding, digits: int, now: datetime) -> str:
        if binding.extension:
            key = (binding.x, extension_key(binding.extension))
            if self._holder(key, now) is not None:
                raise ExtensionTaken(binding.extension)
            self._remove_expired_holder(key, now)
        if binding.x not in self._tables.free_extensions:
            free = dict.fromkeys(range(1, 10**digits))
            self._tables.free_extensions[binding.x] = free
        free = self._tables.free_extensions[binding.x]
        if not free:
            self._remove_expired_on(binding.x, now)
        wanted = int(binding.extension) if binding.extension else _longest_free(free)
        if wanted is None or wanted not in free:
            raise ExtensionTaken(binding.extension or binding.x)
        del free[wanted]
        return f"{wanted:0{digits}}"

    def _pick(
        self, binding: Binding, limits: BindLimits, now: datetime, choice: NumberChoice
    ) -> str:
        pairs = {number.number: number.pairs for number in self._tables.numbers.values()}
        found = self._candidate(binding, limits, now, choice, pairs)
        if found is None:
            found = self._candidate(binding, limits, now, choice, self._live_pairs(now))
            if found is None:
                raise NumberPoolExhausted
            self._remove_expired_on(found, now)
        return found

    def _candidate(  # the question, and one way to count
        self,
        binding: Binding,
        limits: BindLimits,
        now: datetime,
        choice: NumberChoice,
        pairs: Mapping[str, int],
    ) -> str | None:
        rules = choice.rules
        keys = [key for _, key in route_keys(binding).values()]
        own = [
            number
            for number in self._tables.numbers.values()
            if number.app_key == binding.app_key
            and number.state.may_bind
            and pairs[number.number] < limits.pairs
            and not number.is_held(now)
            and rules.pool in {None, *number.tags}
            and not self._is_used_up(number.number, limits, now)
            and all(self._holder((number.number, key), now) is None for key in keys)
        ]
        had = None
        if rules.repeat is not Repeat.ANY:
            had = last_of_pair(self._tables, binding, now)
        same = [
            n
            for n in own
            if n.number == had and (choice.any_area or n.area_code in choice.area_codes)
        ]
        rested = resting(self._tables, binding, now, now - rules.cool_off)
        others = [n for n in own if n.number != had and n.number not in rested]
        groups = [[n for n in others if n.area_code == area] for area in choice.area_codes]
        if choice.any_area:
            groups.append(others)
        groups = [same, *groups] if rules.repeat is Repeat.STICKY else [*groups, same]
        for group in groups:
            if group:
                return min((pairs[n.number], n.number) for n in group)[1]
        return None

    def _pick_y(
        self, binding: YbBinding, limits: BindLimits, now: datetime, choice: NumberChoice
    ) -> str:
        own = [
            number
            for number in self._tables.numbers.values()
            if number.app_key == binding.app_key
            and number.state.may_bind
            and number.pairs < limits.pairs
            and not number.is_held(now)
            and not self._is_used_up(number.number, limits, now)
            and (number.number, EVERY_CALLER) not in self._tables.routes
            and self._holder((number.number, binding.a), now) is None
        ]
        groups = [[n for n in own if n.area_code == area] for area in choice.area_codes]
        if choice.any_area:
            groups.append(own)
        for group in groups:
            if group:
                return min((n.pairs == 0, n.pairs, n.number) for n in group)[2]
        raise NumberPoolExhausted

    def _live_pairs(self, now: datetime) -> Counter[str]:
        """What numbers would count without what has expired on them as X."""
        pairs = Counter({n.number: n.pairs for n in self._tables.numbers.values()})
        for binding in self._tables.bindings.values():
            if not binding.is_live(now) and not isinstance(binding, YbBinding):
                pairs[binding.x] -= 1
        return pairs

    def _sweep(self, now: datetime, limit: int) -> int:
        expired = [
            (binding.expires_at, index, binding)
            for index, binding in enumerate(self._tables.bindings.values())
            if binding.expires_at is not None and not binding.is_live(now)
        ]
        expired.sort(key=lambda entry: entry[:2])
        for _, _, binding in expired[:limit]:
            remove(self._tables, binding, now)
        return len(expired[:limit])

    def _holder(self, key: Key, now: datetime) -> Binding | None:
        found = self._tables.routes.get(key)
        if found is None:
            return None
        binding = self._tables.bindings[found[0]]
        return binding if binding.is_live(now) else None

    def _clear_way(self, binding: Binding, now: datetime) -> None:
        """Make room for the routes of `binding`, or raise AlreadyBound with nothing changed."""
        _refuse_same(binding)
        keys = route_keys(binding).values()
        for key in keys:
            holder = self._holder(key, now)
            if holder is not None and holder.binding_id != binding.binding_id:
                raise AlreadyBound(key[1])
        for key in keys:
            found = self._tables.routes.get(key)
            if found is not None and found[0] != binding.binding_id:
                remove(self._tables, self._tables.bindings[found[0]], now)

    def _remove_expired_holder(self, key: Key, now: datetime) -> None:
        found = self._tables.routes.get(key)
        if found is not None:
            remove(self._tables, self._tables.bindings[found[0]], now)

    def _remove_expired_on(self, x: str, now: datetime) -> None:
        for binding in list(self._tables.bindings.values()):
            if binding.x == x and not binding.is_live(now):
                remove(self._tables, binding, now)

    def _add(self, binding: Binding, now: datetime) -> None:
        self._tables.bindings[binding.binding_id] = binding
        self._tables.places[binding.binding_id] = next(self._tables.sequences)
        self._add_routes(binding)
        number = self._tables.numbers[counted_number(binding)]
        self._tables.numbers[number.number] = replace(number, pairs=number.pairs + 1)
        day, count = self._tables.bound_today.get(number.number, (None, 0))
        today = now.date()
        self._tables.bound_today[number.number] = (today, count + 1 if day == today else 1)

    def _add_routes(self, binding: Binding) -> None:
        for role, key in route_keys(binding).items():
            self._tables.routes[key] = (binding.binding_id, role)


def _refuse_same(binding: Binding) -> None:
    if isinstance(binding, AxbBinding) and binding.a == binding.b:
        raise AlreadyBound(binding.b)


def _longest_free(free: Mapping[int, datetime | None]) -> int | None:
    """One that was never used, else the one that was freed first."""
    never = [number for number, freed_at in free.items() if freed_at is None]
    if never:
        return min(never)
    freed = [(at, number) for number, at in free.items() if at is not None]
    return min(freed)[1] if freed else None


def _expires_before(binding: Binding, moment: datetime | None) -> bool:
    return moment is None or (binding.expires_at is not None and binding.expires_at < moment)


def _matches(binding: Binding, wanted: BindingFilter) -> bool:
    b: str | None = getattr(binding, "b", None)
    relation_id: str | None = getattr(binding, "relation_id", None)
    return (
        is_of(binding.app_key, wanted.app_key, wanted.app_keys)
        and wanted.x in {None, binding.x}
        and wanted.a in {None, binding.a}
        and wanted.b in {None, b}
        and wanted.party in {None, binding.a, b}
        and wanted.relation_id in {None, relation_id}
        and wanted.mode in {None, kind_of(binding)}
        and _expires_before(binding, wanted.expires_before)
    )
