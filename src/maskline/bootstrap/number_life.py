"""What becomes of virtual numbers, wired to the services of one process."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from maskline.services.number_life import NumberLives
from maskline.services.number_state import NumberNews

if TYPE_CHECKING:
    from maskline.bootstrap.platform import Platform


def build_lives(platform: "Platform", news: NumberNews) -> NumberLives:
    """The verbs, by the settings of the section `numbers`."""
    section = platform.settings.numbers
    zone, rest = ZoneInfo(section.zone), timedelta(days=section.rest_days)
    return NumberLives(platform.store, news, platform.clock, zone, rest)
