"""Which number a pair had, and which ones rest: what rules of a choice ask of the past."""

from collections.abc import Iterator
from datetime import datetime

from maskline.domain.binding import AxbBinding, Binding, YbBinding
from maskline.stores.memory.table import Tables


def last_of_pair(tables: Tables, binding: Binding, now: datetime) -> str | None:
    """The number that the pair of a binding, or its A where there is no B, had last."""
    had = [
        (at, one.x)
        for at, one in _ends(tables, now)
        if type(one) is type(binding)
        and one.app_key == binding.app_key
        and _parties(one) == _parties(binding)
    ]
    return max(had)[1] if had else None


def resting(tables: Tables, binding: Binding, now: datetime, since: datetime) -> set[str]:
    """The numbers that a party of a binding has had since then."""
    return {
        one.x for at, one in _ends(tables, now) if at > since and _parties(one) & _parties(binding)
    }


def _ends(tables: Tables, now: datetime) -> Iterator[tuple[datetime, Binding]]:
    for one in tables.ended_bindings:
        yield one.ended_at, one.binding
    for binding in tables.bindings.values():
        if binding.expires_at is not None and not binding.is_live(now):
            yield binding.expires_at, binding


def _parties(binding: Binding) -> frozenset[str]:
    if isinstance(binding, AxbBinding | YbBinding):
        return frozenset({binding.a, binding.b})
    return frozenset({binding.a})
