"""What stands for a binding beside itself, and how all of it goes."""

from dataclasses import replace
from datetime import datetime, timedelta

from maskline.domain.binding import AxbBinding, AxeBinding, Binding, OnwardKind, Role, YbBinding
from maskline.domain.ended_binding import EndCause, ended
from maskline.stores.memory.table import Tables

EVERY_CALLER = "*"

Key = tuple[str, str]
"""A virtual number, and the real number or what stands in its place."""


def extension_key(extension: str) -> str:
    """What stands in place of a caller's number for an extension."""
    return f"#{extension}"


def route_keys(binding: Binding) -> dict[Role, Key]:
    """The two routes of a binding."""
    if isinstance(binding, YbBinding):
        return {Role.A: (binding.y, binding.a), Role.B: (binding.x, binding.b)}
    other = EVERY_CALLER
    if isinstance(binding, AxbBinding):
        other = binding.b
    elif isinstance(binding, AxeBinding):
        other = extension_key(binding.extension)
    return {Role.A: (binding.x, binding.a), Role.B: (binding.x, other)}


def counted_number(binding: Binding) -> str:
    """The virtual number that counts the binding."""
    return binding.y if isinstance(binding, YbBinding) else binding.x


def remove(
    tables: Tables, binding: Binding, now: datetime, cause: EndCause = EndCause.EXPIRED
) -> None:
    """Forget a binding and what hangs on it; one that is gone already is left alone."""
    if tables.bindings.pop(binding.binding_id, None) is None:
        return
    tables.ended_bindings.append(ended(binding, now, cause))
    del tables.places[binding.binding_id]
    for key in route_keys(binding).values():
        del tables.routes[key]
    for kind in OnwardKind:
        tables.onward.pop((binding.binding_id, kind), None)
    number = tables.numbers[counted_number(binding)]
    tables.numbers[number.number] = replace(number, pairs=number.pairs - 1)
    if isinstance(binding, AxeBinding):
        tables.free_extensions[binding.x][int(binding.extension)] = now
    for part in [*tables.bindings.values()]:
        if isinstance(part, YbBinding) and part.relation_id == binding.binding_id:
            remove(tables, part, now, EndCause.RELATION_ENDED)


def hold_open(tables: Tables, binding_id: str) -> None:
    """A call is answered: until it ends the binding does not expire for want of calls."""
    binding = tables.bindings.get(binding_id)
    if binding is not None and binding.close.idle_s:
        tables.bindings[binding_id] = replace(binding, expires_at=binding.ends_at)


def count_call(tables: Tables, binding_id: str, at: datetime, *, is_answered: bool) -> None:
    """A call has ended: an answered one is counted, and the idle time begins anew."""
    binding = tables.bindings.get(binding_id)
    if binding is None:
        return
    close = binding.close
    if close.after_calls and is_answered:
        if close.after_calls == 1:
            remove(tables, binding, at, EndCause.CALLS_USED_UP)
            return
        close = replace(close, after_calls=close.after_calls - 1)
    expires_at = binding.expires_at
    if close.idle_s:
        idle_until = at + timedelta(seconds=close.idle_s)
        expires_at = idle_until if binding.ends_at is None else min(binding.ends_at, idle_until)
    tables.bindings[binding_id] = replace(binding, close=close, expires_at=expires_at)
