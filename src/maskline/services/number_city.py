"""Of which city virtual numbers are, for those who count by it."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Protocol

from maskline.domain.virtual_number import VirtualNumber

UNKNOWN = "?"
MAX_KNOWN = 50_000
"""Numbers whose city is remembered, about 10 MB; a number keeps its city."""


class NumberStore(Protocol):
    """What is read."""

    async def number(self, number: str) -> VirtualNumber | None:
        """One virtual number."""
        ...


class NumberCities:
    """Knows city codes of numbers; each number is read once, away from calls and messages."""

    def __init__(self, store: NumberStore) -> None:
        self._store = store
        self._known: OrderedDict[str, str] = OrderedDict()

    async def of(self, numbers: Iterable[str]) -> dict[str, str]:
        """The city of each; UNKNOWN of a number that is gone. Raises StoreBusy, StoreFailed."""
        return {number: await self._city(number) for number in set(numbers)}

    async def _city(self, number: str) -> str:
        known = self._known.get(number)
        if known is not None:
            self._known.move_to_end(number)
            return known
        found = await self._store.number(number)
        if found is None:
            return UNKNOWN
        self._known[number] = found.area_code
        if len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)
        return found.area_code
