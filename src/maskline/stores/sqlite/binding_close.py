"""What calls do to the bindings they came through, as the writing thread keeps it."""

from maskline.domain.ended_binding import EndCause
from maskline.stores.sqlite.binding_removal import remove_holder
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import BINDING


def hold_open(binding_id: str, cursor: Cursor) -> None:
    """A call is answered: until it ends the binding does not expire for want of calls."""
    for row in cursor.execute(BINDING.binding_state, (binding_id,)).fetchall():
        idle_us, ends_at = row[11:13]
        if idle_us is not None:
            _reschedule(cursor, row, row[10], ends_at)


def count_call(binding_id: str, is_answered: bool, at: int, cursor: Cursor) -> None:  # noqa: FBT001 - bound by name
    """A call has ended: an answered one is counted, and the idle time begins anew."""
    for row in cursor.execute(BINDING.binding_state, (binding_id,)).fetchall():
        calls_left, idle_us, ends_at = row[10:13]
        if calls_left is not None and is_answered:
            calls_left -= 1
        if calls_left is not None and calls_left <= 0:
            remove_holder(cursor, row[0], at, EndCause.CALLS_USED_UP)
            continue
        expires_at = row[5]
        if idle_us is not None:
            expires_at = at + idle_us if ends_at is None else min(ends_at, at + idle_us)
        _reschedule(cursor, row, calls_left, expires_at)


def _reschedule(cursor: Cursor, row: Cells, calls_left: int | None, expires_at: int | None) -> None:
    sequence, _, x, a, b, before = row[:6]
    y = row[7]
    cursor.execute(BINDING.binding_after_call, (sequence, calls_left, expires_at))
    if expires_at != before:
        cursor.execute(BINDING.route_expiry, (a, y or x, expires_at))
        cursor.execute(BINDING.route_expiry, (b, x, expires_at))
