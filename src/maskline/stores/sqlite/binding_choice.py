"""Which virtual number a binding gets, as the writing thread chooses it."""

from typing import NamedTuple

from maskline.domain.error import NumberPoolExhausted
from maskline.domain.number_choice import Repeat
from maskline.services.store import BindLimits, NumberChoice
from maskline.stores.binding_row import US_A_DAY
from maskline.stores.number_choice import areas_of, party_beside, resting_us, tag_of
from maskline.stores.route_key import EVERY_CALLER
from maskline.stores.sqlite.binding_removal import remove_expired_on
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import BINDING, CHOICE

# How the numbers of a city, and all numbers, are searched: by the pairs they count, and then by
# what they would count without their expired bindings.
_AS_COUNTED = (BINDING.choice_in_area, BINDING.choice_anywhere)
_AFTER_SWEEP = (BINDING.choice_in_area_after_sweep, BINDING.choice_anywhere_after_sweep)


class Seeker(NamedTuple):
    """Who looks for a number: the application, the keys of both routes, and the mode."""

    app_key: str
    a: bytes
    b: bytes
    kind: str


def pick_number(
    cursor: Cursor, seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice
) -> str:
    """X for a binding; its expired bindings go where it needs their room."""
    if not choice.is_plain:
        return _pick_by_rule(cursor, seeker, limits, now, choice)
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


def _pick_by_rule(
    cursor: Cursor, seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice
) -> str:
    found = _by_rule(cursor, seeker, limits, now, choice)
    if found is None:
        _make_room(cursor, seeker, limits, now, choice)
        found = _by_rule(cursor, seeker, limits, now, choice)
    if found is None:
        raise NumberPoolExhausted
    return found


def _by_rule(
    cursor: Cursor, seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice
) -> str | None:
    app_key, a, b, kind = seeker
    since, other = now - resting_us(choice), party_beside(seeker.kind, a, b)
    row = (app_key, limits.pairs, a, b, now, limits.binds_a_day, now // US_A_DAY, since, other)
    tag, repeat = tag_of(choice), choice.rules.repeat
    had = None
    if repeat is not Repeat.ANY:
        last = cursor.execute(CHOICE.rule_last, (app_key, kind, a, b, now)).fetchall()
        had = last[0][0] if last else None
    if had is not None and repeat is Repeat.STICKY and _may_repeat(cursor, row, had, choice):
        return had
    for area_code in areas_of(choice):
        statement = CHOICE.rule_anywhere if area_code is None else CHOICE.rule_in_area
        found = cursor.execute(statement, (*row, area_code, tag, had)).fetchall()
        if found:
            return found[0][0]
    return had if had is not None and _may_repeat(cursor, row, had, choice) else None


def _may_repeat(cursor: Cursor, row: Cells, had: str, choice: NumberChoice) -> bool:
    found = cursor.execute(CHOICE.rule_same, (*row, None, tag_of(choice), had)).fetchall()
    return bool(found) and (choice.any_area or found[0][0] in choice.area_codes)


def _make_room(
    cursor: Cursor, seeker: Seeker, limits: BindLimits, now: int, choice: NumberChoice
) -> None:
    """Remove what has expired on numbers that are full of it."""
    for area_code in areas_of(choice):
        row = (seeker.app_key, limits.pairs, now, area_code, tag_of(choice))
        for (number,) in cursor.execute(CHOICE.rule_full, row).fetchall():
            remove_expired_on(cursor, number, now)
