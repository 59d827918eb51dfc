"""Units of work on bindings, for whatever one statement cannot do.

They keep the number that counts the binding from others, see what stands in the way of it, and
raise, or remove what has expired.
"""

from typing import NamedTuple

from maskline.domain.ended_binding import EndCause
from maskline.domain.error import (
    AlreadyBound,
    DailyLimitReached,
    NumberFull,
    NumberNotOwned,
    NumberUnavailable,
    TooManyNumbers,
    UnknownRecord,
)
from maskline.domain.virtual_number import NumberState
from maskline.services.store import BindLimits, NumberChoice
from maskline.stores.binding_row import KINDS_WITH_ONWARD, US_A_DAY, Pair
from maskline.stores.postgres.bind import BIND, Wanted
from maskline.stores.postgres.binding_choice import Seeker, pick_number, pick_y
from maskline.stores.postgres.binding_extension import take_extension
from maskline.stores.postgres.binding_removal import (
    BINDING,
    ENDED,
    Kept,
    is_over,
    kept,
    lock_numbers,
    remove,
    remove_expired_on,
    remove_keys,
    rows_of,
)
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.route_key import EVERY_CALLER, extension_key


class LostRace(Exception):
    """Another unit of work was quicker with what this one had chosen."""


class Placed(NamedTuple):
    """What was chosen for a binding."""

    x: str
    extension: str | None = None


async def bind(
    cursor: Cursor, pair: Pair, limits: BindLimits, now: int, choice: NumberChoice | None
) -> Placed:
    """Write the binding, its routes and the count of X. Raises LostRace besides the seam's."""
    await _check_holdings(cursor, pair, limits, now)
    if choice is None:
        await _check_number(cursor, pair, limits, now)
    else:
        seeker = Seeker(pair.app_key, pair.a_key, pair.b_key, pair.kind)
        pair = pair._replace(x=await pick_number(cursor, seeker, limits, now, choice))
    try:
        if pair.extension is not None:
            await _refuse_second(cursor, pair.x, pair.a, pair.a_key, now)
            digits = limits.extension_digits
            extension = await take_extension(cursor, pair.x, pair.extension, digits, now)
            pair = pair._replace(extension=extension, b_key=extension_key(extension))
        await _clear_way(cursor, pair, 0, now)
    except AlreadyBound as bound:
        if choice is None:
            raise
        raise LostRace from bound
    await _write(cursor, pair, limits, now)
    return Placed(pair.x, pair.extension)


async def bind_yb(
    cursor: Cursor, pair: Pair, limits: BindLimits, now: int, choice: NumberChoice
) -> str:
    """Write a YB part of a relation that lives; returns the Y that was chosen."""
    await lock_numbers(cursor, [pair.x])
    found = await rows_of(cursor, BINDING.binding_state, (pair.relation,))
    if not found or found[0][1] != pair.app_key or is_over(found[0][5], now):
        raise UnknownRecord(str(pair.relation))
    over = await _refuse_second(cursor, pair.x, pair.b, pair.b_key, now)
    await remove_keys(cursor, over, now)
    seeker = Seeker(pair.app_key, pair.a_key, pair.b_key, pair.kind)
    pair = pair._replace(y=await pick_y(cursor, seeker, limits, now, choice))
    if await rows_of(cursor, BINDING.holders, (pair.y, EVERY_CALLER, pair.y, EVERY_CALLER)):
        raise LostRace  # it has become an X while we waited for it
    try:
        await _clear_way(cursor, pair, 0, now)
    except AlreadyBound as bound:
        raise LostRace from bound
    await _write(cursor, pair, limits, now)
    return str(pair.y)


async def modify(
    cursor: Cursor,
    pair: Pair,
    limits: BindLimits,
    now: int,
    recounts: bool,  # noqa: FBT001 - bound by name
) -> None:
    """Replace the binding and its routes."""
    state = await _live(cursor, pair.app_key, pair.binding_id, now)
    await lock_numbers(cursor, [state[2], state[7] or state[2]])
    found = await rows_of(cursor, BINDING.binding_lock, (pair.binding_id,))
    if not found or is_over(found[0][5], now):
        raise UnknownRecord(pair.binding_id)
    sequence, app_key, x, a, b, expires_at, kind, y = found[0][:8]
    pair = pair._replace(x=x, y=y)
    idle_us, ends_at = found[0][11:13]
    if idle_us is not None and not recounts and pair.ends_at == ends_at:
        pair = pair._replace(expires_at=expires_at)
    number_state, _, _ = await _owned_number(cursor, app_key, x)
    if not (number_state.may_bind or number_state.may_call):
        raise NumberUnavailable(x)
    if pair.a_key != a:
        await _check_holdings(cursor, pair, limits, now)
    await _clear_way(cursor, pair, sequence, now)
    if (pair.a_key, pair.b_key, pair.expires_at) != (a, b, expires_at):
        await cursor.execute(BINDING.routes_delete, (x, y, a, b))
        routes = (x, y, pair.a_key, pair.b_key, sequence, pair.expires_at)
        await cursor.execute(BINDING.routes_add, routes)
    if pair.a_key != a and kind in KINDS_WITH_ONWARD:
        # Whom the old A could call is no business of the new one.
        await cursor.execute(BINDING.onward_delete, (x, sequence))
    if (pair.a_key, pair.b_key) != (a, b):
        await cursor.execute(ENDED.ended_add_replaced, (x, sequence, now))
    changed = (x, sequence, pair.a_key, pair.b_key, pair.expires_at, pair.sealed)
    closing = (pair.ends_at, pair.idle_us, pair.calls_left, recounts)
    await cursor.execute(BINDING.bind_replace, changed + closing)


async def unbind(cursor: Cursor, app_key: str, binding_id: str, now: int) -> None:
    """Remove one live binding of the application."""
    state = await _live(cursor, app_key, binding_id, now)
    one = Kept(state[2], state[0], state[7], state[6], binding_id)
    if not await remove(cursor, [one], now, EndCause.UNBOUND):
        raise UnknownRecord(binding_id)


async def unbind_number(cursor: Cursor, app_key: str, x: str, now: int) -> int:
    """Remove all bindings of X; returns how many were live."""
    await _owned_number(cursor, app_key, x)
    rows = await rows_of(cursor, BINDING.all_on_number, (x,))
    some = [Kept._make(row[:5]) for row in rows]
    await remove(cursor, some, now, EndCause.NUMBER_UNBOUND)
    return sum(not is_over(row[5], now) for row in rows)


async def remove_expired(cursor: Cursor, now: int, limit: int) -> int:
    """Remove the longest expired bindings; returns how many."""
    rows = await kept(cursor, BINDING.expired, (now, limit))
    return await remove(cursor, rows, now, EndCause.EXPIRED, only_expired=True)


async def _write(cursor: Cursor, pair: Pair, limits: BindLimits, now: int) -> None:
    wanted = Wanted(pair=pair, limits=limits, now=now, choice=None)
    if not await rows_of(cursor, BIND.bind_given, wanted.row):
        raise LostRace


async def _live(cursor: Cursor, app_key: str, binding_id: str, now: int) -> Cells:
    """What `binding_state` reads of a live binding of the application, or UnknownRecord."""
    found = await rows_of(cursor, BINDING.binding_state, (binding_id,))
    if not found or found[0][1] != app_key or is_over(found[0][5], now):
        raise UnknownRecord(binding_id)
    return found[0]


async def _owned_number(
    cursor: Cursor, app_key: str, x: str
) -> tuple[NumberState, int, tuple[int, int]]:
    """State, pairs, day and count of the last binds of X, or why the application has none such."""
    found = await rows_of(cursor, BINDING.number_lock, (x,))
    if not found:
        raise UnknownRecord(x)
    owner, state, pairs, bound_on, bound_today = found[0]
    if owner != app_key:
        raise NumberNotOwned(x)
    return NumberState(state), pairs, (bound_on, bound_today)


async def _check_number(cursor: Cursor, pair: Pair, limits: BindLimits, now: int) -> None:
    state, pairs, (bound_on, bound_today) = await _owned_number(cursor, pair.app_key, pair.x)
    if not state.may_bind:
        raise NumberUnavailable(pair.x)
    if limits.binds_a_day and bound_on == now // US_A_DAY and bound_today >= limits.binds_a_day:
        raise DailyLimitReached(pair.x)
    if pairs < limits.pairs:
        return
    expired = await rows_of(cursor, BINDING.expired_on_number, (pair.x, now))
    if pairs - len(expired) >= limits.pairs:
        raise NumberFull(pair.x)
    await remove_expired_on(cursor, pair.x, now)


async def _check_holdings(cursor: Cursor, pair: Pair, limits: BindLimits, now: int) -> None:
    if not limits.numbers_of_a:
        return
    await cursor.execute(BINDING.holding_lock, (pair.app_key, pair.a_key))
    row = (pair.a_key, pair.app_key, pair.kind, now)
    held: int = (await rows_of(cursor, BINDING.numbers_of_a, row))[0][0]
    if held >= limits.numbers_of_a:
        raise TooManyNumbers


async def _refuse_second(
    cursor: Cursor, x: str, party: str, key: bytes, now: int
) -> list[tuple[str, int]]:
    """A party has one extension, or one Y, on a number: told before one is used up for it.

    Returns what it had there and has expired.
    """
    holders = await rows_of(cursor, BINDING.holders, (x, key, x, key))
    if not all(is_over(expires_at, now) for *_, expires_at in holders):
        raise AlreadyBound(party)
    return [(home, sequence) for _, home, sequence, _ in holders]


async def _clear_way(cursor: Cursor, pair: Pair, own: int, now: int) -> None:
    """Remove expired bindings that hold a route of this one; a live one raises AlreadyBound."""
    if pair.a_key == pair.b_key:
        raise AlreadyBound(pair.b)
    keys = (pair.y or pair.x, pair.a_key, pair.x, pair.b_key)
    holders = await rows_of(cursor, BINDING.holders, keys)
    holders.sort(key=lambda row: not row[0])  # who is told first is A
    expired: set[tuple[str, int]] = set()
    for is_a, home, sequence, expires_at in holders:
        if sequence == own:
            continue
        if not is_over(expires_at, now):
            raise AlreadyBound(pair.a if is_a else pair.b)
        expired.add((home, sequence))
    await remove_keys(cursor, expired, now)
