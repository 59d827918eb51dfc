"""What becomes of virtual numbers, wired to the services of one process."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maskline.domain.area import load_areas
from maskline.manage.endpoint import Endpoint
from maskline.manage.real_name import RealNameEndpoints
from maskline.manage.stock import StockEndpoints
from maskline.services.number_life import NumberLives
from maskline.services.number_state import NumberNews
from maskline.services.stock import StockDesk

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def build_lives(platform: "Platform", news: NumberNews) -> NumberLives:
    """The verbs, by the settings of the section `numbers`."""
    section = platform.settings.numbers
    zone, rest = ZoneInfo(section.zone), timedelta(days=section.rest_days)
    return NumberLives(platform.store, news, platform.clock, zone, rest)


def number_life_endpoints(platform: "Platform") -> tuple[Endpoint, ...]:
    """Real names, history and stock; transfers and returns are jobs."""
    desk = StockDesk(platform.store, platform.clock)
    return (
        *RealNameEndpoints(platform.store, platform.number_lives).endpoints(),
        *StockEndpoints(desk, load_areas()).endpoints(),
    )
