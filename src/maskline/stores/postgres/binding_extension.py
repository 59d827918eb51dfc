"""Extensions of AXE, as a unit of work gives them out that keeps X from others.

The rules are those of SQLite (`stores/sqlite/binding_extension.py`): ranges of what is free, at the
same cost however full a number is, and what came back is used last of all.
"""

from maskline.domain.error import ExtensionTaken
from maskline.stores.postgres.binding_removal import (
    BINDING,
    is_over,
    remove_expired_on,
    remove_keys,
    rows_of,
)
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.route_key import extension_key


async def take_extension(cursor: Cursor, x: str, wanted: str, digits: int, now: int) -> str:
    """Use an extension of X: `wanted`, or any with "". Raises ExtensionTaken."""
    if wanted:
        await _expire_holder(cursor, x, wanted, now)
    await _prepare(cursor, x, digits)
    if wanted:
        return await _take_wanted(cursor, x, wanted)
    found = await rows_of(cursor, BINDING.extension_first, (x,))
    if not found:
        await remove_expired_on(cursor, x, now)
        found = await rows_of(cursor, BINDING.extension_first, (x,))
    if not found:
        raise ExtensionTaken(x)
    await _use(cursor, x, found[0], found[0][0])
    return f"{found[0][0]:0{digits}}"


async def _expire_holder(cursor: Cursor, x: str, wanted: str, now: int) -> None:
    key = extension_key(wanted)
    for _, *holder, expires_at in await rows_of(cursor, BINDING.holders, (x, key, x, key)):
        if not is_over(expires_at, now):
            raise ExtensionTaken(wanted)
        await remove_keys(cursor, [(holder[0], holder[1])], now)


async def _prepare(cursor: Cursor, x: str, digits: int) -> None:
    """A number that holds nothing, and knows of nothing free, has never been used for AXE."""
    if await rows_of(cursor, BINDING.extension_any, (x,)):
        return
    _, _, pairs, _, _ = (await rows_of(cursor, BINDING.number_lock, (x,)))[0]
    if not pairs:
        await cursor.execute(BINDING.extension_free, (x, 1, 10**digits - 1, 0))


async def _take_wanted(cursor: Cursor, x: str, wanted: str) -> str:
    number = int(wanted)
    for found in await rows_of(cursor, BINDING.extension_around, (x, number)):
        if number <= found[1]:
            await _use(cursor, x, found, number)
            return wanted
    raise ExtensionTaken(wanted)


async def _use(cursor: Cursor, x: str, free: Cells, number: int) -> None:
    """Take one number out of a range; what is left of it are up to two."""
    first, last, freed_at = free
    await cursor.execute(BINDING.extension_take, (x, first))
    if first < number:
        await cursor.execute(BINDING.extension_free, (x, first, number - 1, freed_at))
    if number < last:
        await cursor.execute(BINDING.extension_free, (x, number + 1, last, freed_at))
