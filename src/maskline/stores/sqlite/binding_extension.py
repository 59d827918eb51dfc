"""Extensions of AXE, as the writing thread gives them out.

What is free on a virtual number is kept as ranges, so one is found at the same cost whether the
number is empty or nearly full. Extensions come back to use last of all: who noted one of a binding
that is gone shall not soon reach a stranger.
"""

from maskline.domain.error import ExtensionTaken
from maskline.stores.route_key import extension_key
from maskline.stores.sqlite.binding_removal import is_over, remove_expired_on, remove_holder
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import BINDING


def take_extension(cursor: Cursor, x: str, wanted: str, digits: int, now: int) -> str:
    """Use an extension of X: `wanted`, or any with "". Raises ExtensionTaken."""
    if wanted:
        _expire_holder(cursor, x, wanted, now)
    _prepare(cursor, x, digits)
    if wanted:
        return _take_wanted(cursor, x, wanted)
    found = _first_free(cursor, x)
    if found is None:
        remove_expired_on(cursor, x, now)
        found = _first_free(cursor, x)
    if found is None:
        raise ExtensionTaken(x)
    _use(cursor, x, found, found[0])
    return f"{found[0]:0{digits}}"


def _expire_holder(cursor: Cursor, x: str, wanted: str, now: int) -> None:
    holders = cursor.execute(BINDING.holder, (extension_key(wanted), x)).fetchall()
    for sequence, expires_at in holders:
        if not is_over(expires_at, now):
            raise ExtensionTaken(wanted)
        remove_holder(cursor, sequence, now)


def _prepare(cursor: Cursor, x: str, digits: int) -> None:
    """A number that holds nothing, and knows of nothing free, has never been used for AXE."""
    if cursor.execute(BINDING.extension_any, (x,)).fetchall():
        return
    _, _, pairs, _, _ = cursor.execute(BINDING.bind_number, (x,)).fetchall()[0]
    if not pairs:
        cursor.execute(BINDING.extension_free, (x, 1, 10**digits - 1, 0))


def _take_wanted(cursor: Cursor, x: str, wanted: str) -> str:
    number = int(wanted)
    for found in cursor.execute(BINDING.extension_around, (x, number)).fetchall():
        if number <= found[1]:
            _use(cursor, x, found, number)
            return wanted
    raise ExtensionTaken(wanted)


def _first_free(cursor: Cursor, x: str) -> Cells | None:
    found = cursor.execute(BINDING.extension_first, (x,)).fetchall()
    return found[0] if found else None


def _use(cursor: Cursor, x: str, free: Cells, number: int) -> None:
    """Take one number out of a range; what is left of it are up to two."""
    first, last, freed_at = free
    cursor.execute(BINDING.extension_take, (x, first))
    if first < number:
        cursor.execute(BINDING.extension_free, (x, first, number - 1, freed_at))
    if number < last:
        cursor.execute(BINDING.extension_free, (x, number + 1, last, freed_at))
