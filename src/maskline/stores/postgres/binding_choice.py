"""Which virtual number a binding gets, chosen in a unit of work that keeps it from others."""

from collections.abc import Iterator
from typing import NamedTuple

from maskline.domain.error import NumberPoolExhausted
from maskline.services.store import BindLimits, NumberChoice
from maskline.stores.binding_row import US_A_DAY
from maskline.stores.postgres.binding_removal import BINDING, remove_expired_on, rows_of
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.route_key import EVERY_CALLER


class Seeker(NamedTuple):
    """Who looks for a number: the application, and the keys of both routes."""

    app_key: str
    a: bytes
    b: bytes


async def pick_number(
    cursor: Cursor, seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice
) -> str:
    """X for a binding; its expired bindings go where it needs their room."""
    row = (*seeker, limits.pairs, limits.binds_a_day, now // US_A_DAY, now)
    for area_code in areas_of(choice):
        found = await rows_of(cursor, *_in_area(area_code, row))
        if found:
            return found[0][0]
    for area_code in areas_of(choice):
        found = await rows_of(cursor, BINDING.choice_after_sweep, (area_code, *row))
        if found:
            await remove_expired_on(cursor, found[0][0], now)
            return found[0][0]
    raise NumberPoolExhausted


async def pick_y(
    cursor: Cursor, seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice
) -> str:
    """Y for a YB part, by the key of its A."""
    for area_code in areas_of(choice):
        row = (
            seeker.app_key,
            area_code,
            limits.pairs,
            seeker.a,
            now,
            limits.binds_a_day,
            now // US_A_DAY,
            EVERY_CALLER,
        )
        found = await rows_of(cursor, BINDING.choice_of_y, row)
        if found:
            return found[0][0]
    raise NumberPoolExhausted


def areas_of(choice: NumberChoice) -> Iterator[str | None]:
    """The cities of a choice, best first; None stands for all of them."""
    yield from choice.area_codes
    if choice.any_area:
        yield None


def _in_area(area_code: str | None, row: Cells) -> tuple[str, Cells]:
    if area_code is None:
        return BINDING.choose_anywhere, row
    return BINDING.choose_in_area, (area_code, *row)
