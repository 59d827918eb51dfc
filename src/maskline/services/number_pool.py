"""How much room the virtual numbers of an application have, city by city."""

from dataclasses import dataclass
from typing import Protocol

from maskline.domain.application import Application, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPool:
    """The numbers of one city: `usable` are those that may bind, `free` of these have no binding.

    `bound` counts the bindings on all of them, `left` those that the usable ones could still take.
    """

    area_code: str
    total: int
    usable: int
    free: int
    bound: int
    left: int


class NumberPoolStore(Protocol):
    """The numbers of an application, counted; the rules of `maskline.services.store` hold."""

    async def number_pool(self, app_key: str, per_number: int) -> tuple[CityPool, ...]:
        """By city, where one number takes `per_number` bindings. Bounded by the cities there are.

        It reads no number itself but an index of them.
        """
        ...


def bindings_per_number(application: Application) -> int:
    """How many bindings one number of the application takes (`spec/console.md` 6.2).

    In AXYB an X has one relation, and so counts as one; in X nothing is bound.
    """
    match application.mode:
        case Mode.AX | Mode.AXYB:
            return 1
        case Mode.AXB:
            return application.pairs_per_number
        case Mode.AXE:
            return 10**application.extension_digits - 1
        case Mode.X:
            return 0
