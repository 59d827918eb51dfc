"""How a virtual number is chosen for a bind that names none. Pure.

Which city comes first, which set of numbers may serve, and what it matters which number a pair had
before. Of several numbers that are as good the least used one is taken. `docs/extensions.md` tells
customers of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from maskline.domain.area import Areas

MAX_FALLBACK_CITIES = 20
MAX_COOL_OFF_H = 2160  # 90 days


class Repeat(StrEnum):
    """What it matters which number a pair had last.

    STICKY takes that one where it may, AVOID takes it only where there is no other.
    """

    ANY = "any"
    STICKY = "sticky"
    AVOID = "avoid"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRules:
    """How an application has numbers chosen; the values here change nothing.

    With `home_city_first` the city that A is at home in comes before the one that was asked for.
    `fallback_area_codes` follow in their order. Only numbers with the tag `pool` are taken. Numbers
    that A or B had in the last `cool_off_h` hours are not taken, but by STICKY for the same pair.
    """

    home_city_first: bool = False
    fallback_area_codes: tuple[str, ...] = ()
    pool: str | None = None
    repeat: Repeat = Repeat.ANY
    cool_off_h: int = 0

    @property
    def cool_off(self) -> timedelta:
        """How long a number rests for those who had it."""
        return timedelta(hours=self.cool_off_h)


AS_EVER = ChoiceRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedChoice:
    """What one bind asks of it; None is as the application says, an empty `pool` is any number."""

    home_city_first: bool | None = None
    fallback_area_codes: tuple[str, ...] | None = None
    pool: str | None = None
    repeat: Repeat | None = None
    cool_off_h: int | None = None

    def over(self, rules: ChoiceRules) -> ChoiceRules:
        """The rules for this bind."""
        if self == NOTHING_ASKED:
            return rules
        asked = {
            name: value
            for name in ("home_city_first", "fallback_area_codes", "repeat", "cool_off_h")
            if (value := getattr(self, name)) is not None
        }
        pool = rules.pool if self.pool is None else self.pool or None
        return replace(rules, pool=pool, **asked)


NOTHING_ASKED = AskedChoice()


def cities(
    areas: Areas, rules: ChoiceRules, *, asked: str | None, a: str, is_loose: bool
) -> tuple[str, ...]:
    """City codes in the order in which they are tried (`spec/axb.md` 4.1, "Selection of X").

    Without `asked` the first is the home of `a`. A loose choice goes on to the province of the
    first.
    """
    return tuple(dict.fromkeys(_cities(areas, rules, asked, a, is_loose=is_loose)))


def _cities(
    areas: Areas, rules: ChoiceRules, asked: str | None, a: str, *, is_loose: bool
) -> Iterator[str]:
    home = areas.home_of(a) if rules.home_city_first or not asked else None
    first = (home.code if home is not None else None) or asked
    if first:
        yield first
    if asked:
        yield asked
    yield from rules.fallback_area_codes
    if is_loose and first:
        yield from areas.same_province(first)
