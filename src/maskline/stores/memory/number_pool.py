from maskline.domain.virtual_number import VirtualNumber
from maskline.services.number_pool import CityPool
from maskline.stores.memory.table import Tables


class MemoryNumberPools:
    """`maskline.services.number_pool.NumberPoolStore` on a dict."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def number_pool(self, app_key: str, per_number: int) -> tuple[CityPool, ...]:
        """See the seam."""
        cities: dict[str, list[VirtualNumber]] = {}
        for number in self._tables.numbers.values():
            if number.app_key == app_key:
                cities.setdefault(number.area_code, []).append(number)
        return tuple(_pool(code, cities[code], per_number) for code in sorted(cities))


def _pool(area_code: str, numbers: list[VirtualNumber], per_number: int) -> CityPool:
    usable = [number.pairs for number in numbers if number.state.may_bind]
    return CityPool(
        area_code=area_code,
        total=len(numbers),
        usable=len(usable),
        free=usable.count(0),
        bound=sum(number.pairs for number in numbers),
        left=sum(max(0, per_number - pairs) for pairs in usable),
    )
