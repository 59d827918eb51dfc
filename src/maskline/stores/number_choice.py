"""How the rules of a choice are asked of a database."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from maskline.services.store import NumberChoice

_MICROSECOND = timedelta(microseconds=1)


def areas_of(choice: NumberChoice) -> Iterator[str | None]:
    """The cities of a choice, best first; None stands for all of them."""
    yield from choice.area_codes
    if choice.any_area:
        yield None


def tag_of(choice: NumberChoice) -> str | None:
    """The tag that a number must have, as it is found among its tags, which are kept in JSON."""
    pool = choice.rules.pool
    return None if pool is None else msgspec.json.encode(pool).decode()


def resting_us(choice: NumberChoice) -> int:
    """How long a number rests for those who had it."""
    return choice.rules.cool_off // _MICROSECOND


def party_beside(kind: str, a: bytes, b: bytes) -> bytes:
    """The key of B; in modes where that is no real number that of A again."""
    return b if kind == "axb" else a
