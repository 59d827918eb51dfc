"""Endpoints of cities, and of the room that virtual numbers have."""

from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.application import Application, Mode
from maskline.domain.area import Areas
from maskline.domain.error import UnknownRecord
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.view import copied
from maskline.services.number_pool import bindings_per_number
from maskline.services.store import Store


class CityView(Struct, frozen=True, kw_only=True):
    """A city by its code; `city` and `province` are in Chinese."""

    area_code: str
    city: str
    province: str
    city_en: str
    province_en: str


class CitiesView(Struct, frozen=True, kw_only=True):
    """All of them, by code."""

    items: tuple[CityView, ...]


class CityPoolView(Struct, frozen=True, kw_only=True):
    """The numbers of an application in one city; names are null where the code is not known.

    `usable` of `total` may bind, `free` of these have no binding. `bound` counts the bindings that
    are there, `left` those that the usable numbers still take.
    """

    area_code: str
    city: str | None
    city_en: str | None
    total: int
    usable: int
    free: int
    bound: int
    left: int


class NumberPoolView(Struct, frozen=True, kw_only=True):
    """The numbers of an application by city. One number takes `per_number` bindings."""

    app_key: str
    mode: Mode
    per_number: int
    items: tuple[CityPoolView, ...]


class CapacityView(Struct, frozen=True, kw_only=True):
    """How many bindings a virtual number has, and how many it still takes."""

    number: str
    mode: Mode
    bound: int
    left: int
    per_number: int


class NumberPoolEndpoints:
    """Counts, by index."""

    def __init__(self, store: Store, areas: Areas) -> None:
        self._store = store
        self._areas = areas

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/cities",
                summary="City codes with their names in Chinese and English",
                run=self.list_cities,
                answer=CitiesView,
                right=Right.APPLICATION_READ,
            ),
            Endpoint(
                method="GET",
                path="/applications/{app_key}/number-pool",
                summary="The numbers of an application by city, and the room they have",
                run=self.show_number_pool,
                answer=NumberPoolView,
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path="/numbers/{number}/capacity",
                summary="How many bindings a virtual number has, and still takes",
                run=self.show_capacity,
                answer=CapacityView,
                right=Right.NUMBER_READ,
                refusals=(404,),
            ),
        )

    async def list_cities(self, _: Asked) -> CitiesView:
        """City codes with their names."""
        return CitiesView(
            items=tuple(copied(CityView, area, area_code=area.code) for area in self._areas.all)
        )

    async def show_number_pool(self, asked: Asked) -> NumberPoolView:
        """The numbers of an application by city."""
        application = await self._application(asked.path["app_key"])
        per_number = bindings_per_number(application)
        pools = await self._store.number_pool(application.app_key, per_number)
        shown: list[CityPoolView] = []
        for pool in pools:
            area = self._areas.find(pool.area_code)
            city, english = (None, None) if area is None else (area.city, area.city_en)
            shown.append(copied(CityPoolView, pool, city=city, city_en=english))
        return NumberPoolView(
            app_key=application.app_key,
            mode=application.mode,
            per_number=per_number,
            items=tuple(shown),
        )

    async def show_capacity(self, asked: Asked) -> CapacityView:
        """How many bindings a virtual number has."""
        found = await self._store.number(asked.path["number"])
        if found is None:
            raise UnknownRecord(f"there is no virtual number {asked.path['number']}")
        application = await self._application(found.app_key)
        per_number = bindings_per_number(application)
        left = max(0, per_number - found.pairs) if found.state.may_bind else 0
        return CapacityView(
            number=found.number,
            mode=application.mode,
            bound=found.pairs,
            left=left,
            per_number=per_number,
        )

    async def _application(self, app_key: str) -> Application:
        application = await self._store.application(app_key)
        if application is None:
            raise UnknownRecord(f"there is no application {app_key}")
        return application
