"""Which virtual number a binding gets, chosen in a unit of work that keeps it from others."""

from typing import NamedTuple

from maskline.domain.error import NumberPoolExhausted
from maskline.services.store import BindLimits, NumberChoice
from maskline.stores.binding_row import US_A_DAY
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.number_choice import areas_of, party_beside, resting_us, tag_of
from maskline.stores.postgres.binding_removal import BINDING, remove_expired_on, rows_of
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.route_key import EVERY_CALLER

CHOICE = load_postgres_sql("number_choice")

# Whoever finds nothing that is free at this moment waits for what others bind on.
_PATIENTLY = CHOICE.rule_choice.replace(" SKIP LOCKED", "")


class Seeker(NamedTuple):
    """Who looks for a number: the application, the keys of both routes, and the mode."""

    app_key: str
    a: bytes
    b: bytes
    kind: str


async def pick_number(
    cursor: Cursor, seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice
) -> str:
    """X for a binding; its expired bindings go where it needs their room."""
    if not choice.is_plain:
        return await _pick_by_rule(cursor, seeker, limits, now, choice)
    row = (*seeker[:3], limits.pairs, limits.binds_a_day, now // US_A_DAY, now)
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


def _in_area(area_code: str | None, row: Cells) -> tuple[str, Cells]:
    if area_code is None:
        return BINDING.choose_anywhere, row
    return BINDING.choose_in_area, (area_code, *row)


def rule_row(seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice) -> Cells:
    """The parameters of `rule_choice`."""
    app_key, a, b, kind = seeker
    return (
        app_key,
        kind,
        a,
        b,
        party_beside(kind, a, b),
        limits.pairs,
        limits.binds_a_day,
        now // US_A_DAY,
        now,
        now - resting_us(choice),
        list(choice.area_codes),
        choice.any_area,
        tag_of(choice),
        choice.rules.repeat,
    )


async def _pick_by_rule(
    cursor: Cursor, seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice
) -> str:
    row = rule_row(seeker, limits, now, choice)
    for statement in (CHOICE.rule_choice, _PATIENTLY):
        found = await rows_of(cursor, statement, row)
        if found:
            return found[0][0]
    for area_code in areas_of(choice):
        full = (seeker.app_key, limits.pairs, now, area_code, tag_of(choice))
        for (number,) in await rows_of(cursor, CHOICE.rule_full, full):
            await remove_expired_on(cursor, number, now)
    found = await rows_of(cursor, _PATIENTLY, row)
    if not found:
        raise NumberPoolExhausted
    return found[0][0]
