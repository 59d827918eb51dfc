"""What calls do to the bindings they came through, in the unit of work of the call."""

from maskline.domain.ended_binding import EndCause
from maskline.stores.postgres.binding_removal import (
    BINDING,
    kept,
    lock_numbers,
    remove,
    rows_of,
)
from maskline.stores.postgres.connection import Cells, Cursor


async def hold_open(cursor: Cursor, binding_id: str) -> None:
    """A call is answered: until it ends the binding does not expire for want of calls."""
    for row in await rows_of(cursor, BINDING.binding_lock, (binding_id,)):
        idle_us, ends_at = row[11:13]
        if idle_us is not None:
            await _reschedule(cursor, row, row[10], ends_at)


async def count_call(cursor: Cursor, binding_id: str, is_answered: bool, at: int) -> None:  # noqa: FBT001 - as in SQLite
    """A call has ended at `at`: an answered one is counted, and the idle time begins anew."""
    for _, _, x, _, _, _, _, y, *_ in await rows_of(cursor, BINDING.binding_state, (binding_id,)):
        await lock_numbers(cursor, [y or x])
    for row in await rows_of(cursor, BINDING.binding_lock, (binding_id,)):
        calls_left, idle_us, ends_at = row[10:13]
        if calls_left is not None and is_answered:
            calls_left -= 1
        if calls_left is not None and calls_left <= 0:
            rows = await kept(cursor, BINDING.binding_rows, ([row[2]], [row[0]]))
            await remove(cursor, rows, at, EndCause.CALLS_USED_UP)
            continue
        expires_at = row[5]
        if idle_us is not None:
            expires_at = at + idle_us if ends_at is None else min(ends_at, at + idle_us)
        await _reschedule(cursor, row, calls_left, expires_at)


async def _reschedule(
    cursor: Cursor, row: Cells, calls_left: int | None, expires_at: int | None
) -> None:
    sequence, _, x, a, b, before, _, y = row[:8]
    await cursor.execute(BINDING.binding_after_call, (x, sequence, calls_left, expires_at))
    if expires_at != before:
        await cursor.execute(BINDING.routes_expiry, (x, y, a, b, expires_at))
