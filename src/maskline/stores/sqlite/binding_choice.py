"""Which virtual number a binding gets, as the writing thread chooses it."""

from typing import NamedTuple

from maskline.domain.error import NumberPoolExhausted
from maskline.services.store import BindLimits, NumberChoice
from maskline.stores.binding_row import US_A_DAY
from maskline.stores.route_key import EVERY_CALLER
from maskline.stores.sqlite.binding_removal import remove_expired_on
from maskline.stores.sqlite.connection import Cursor
from maskline.stores.sqlite.database import BINDING

# How the numbers of a city, and all numbers, are searched: by the pairs they count, and then by
# what they would count without their expired bindings.
_AS_COUNTED = (BINDING.choice_in_area, BINDING.choice_anywhere)
_AFTER_SWEEP = (BINDING.choice_in_area_after_sweep, BINDING.choice_anywhere_after_sweep)


class Seeker(NamedTuple):
    """Who looks for a number: the application, and the keys of both routes."""

    app_key: str
    a: bytes
    b: bytes


def pick_number(
    cursor: Cursor, seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice
) -> str:
    """X for a binding; its expired bindings go where it needs their room."""
    found = _candidate(cursor, seeker, limits, now, choice, _AS_COUNTED)
    if found is not None:
        return found
    found = _candidate(cursor, seeker, limits, now, choice, _AFTER_SWEEP)
    if found is None:
        raise NumberPoolExhausted
    remove_expired_on(cursor, found, now)
    return found


def pick_y(
    cursor: Cursor, seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice
) -> str:
    """Y for a YB part, by the key of its A."""
    areas: list[str | None] = [*choice.area_codes]
    if choice.any_area:
        areas.append(None)
    for area_code in areas:
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
        found = cursor.execute(BINDING.choice_of_y, row).fetchall()
        if found:
            return found[0][0]
    raise NumberPoolExhausted


def _candidate(  # noqa: PLR0917 - the question, and one way to count
    cursor: Cursor,
    seeker: Seeker,
    limits: BindLimits,
    now: int,
    choice: NumberChoice,
    statements: tuple[str, str],
) -> str | None:
    in_area, anywhere = statements
    day = now // US_A_DAY
    row = (seeker.app_key, limits.pairs, seeker.a, seeker.b, now, limits.binds_a_day)
    for area_code in choice.area_codes:
        found = cursor.execute(in_area, (*row, area_code, day)).fetchall()
        if found:
            return found[0][0]
    if choice.any_area:
        found = cursor.execute(anywhere, (*row, None, day)).fetchall()
        if found:
            return found[0][0]
    return None
