"""How bindings go, as the writing thread runs it: with routes, counts, extensions and parts.

What they were is kept by one statement, before the first of them goes.
"""

from collections.abc import Iterable

from maskline.domain.ended_binding import EndCause
from maskline.stores.binding_row import KINDS_WITH_ONWARD
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import BINDING, ENDED


def is_over(expires_at: int | None, now: int) -> bool:
    """Whether a moment of expiry has come."""
    return expires_at is not None and expires_at <= now


def remove(cursor: Cursor, row: Cells, now: int, cause: EndCause) -> None:
    """Remove a binding, given as `binding_row` reads it, and what hangs on it.

    One that is gone already is left alone: a relation takes its parts with it. What has expired
    ended by that, whatever the `cause`.
    """
    sequence, _, _, _, kind, _, binding_id, _ = row
    cursor.execute(ENDED.ended_add, (sequence, now, cause))
    if kind == "axyb":
        cursor.execute(ENDED.ended_add_parts, (binding_id, now, EndCause.RELATION_ENDED))
    _forget(cursor, row, now)


def remove_all_on(cursor: Cursor, x: str, rows: Iterable[Cells], now: int) -> None:
    """Remove these bindings, which are all of X."""
    cursor.execute(ENDED.ended_add_number, (x, now, EndCause.NUMBER_UNBOUND))
    for row in rows:
        _forget(cursor, row, now)


def remove_holder(
    cursor: Cursor, sequence: int, now: int, cause: EndCause = EndCause.EXPIRED
) -> None:
    """Remove the binding with this number."""
    for row in cursor.execute(BINDING.binding_row, (sequence,)).fetchall():
        remove(cursor, row, now, cause)


def remove_expired_on(cursor: Cursor, x: str, now: int) -> None:
    """Remove the expired bindings of one virtual number."""
    for row in cursor.execute(BINDING.expired_on_number, (x, now)).fetchall():
        remove(cursor, row, now, EndCause.EXPIRED)


def _forget(cursor: Cursor, row: Cells, now: int) -> None:
    sequence, x, a, b, kind, y, binding_id, extension = row
    if not cursor.execute(BINDING.binding_delete, (sequence,)).connection.changes():
        return
    cursor.execute(BINDING.route_delete, (a, y or x))
    cursor.execute(BINDING.route_delete, (b, x))
    cursor.execute(BINDING.unbind_count, (y or x,))
    if kind in KINDS_WITH_ONWARD:
        cursor.execute(BINDING.onward_delete, (sequence,))
    if extension is not None:
        number = int(extension)
        cursor.execute(BINDING.extension_free, (x, number, number, now))
    if kind == "axyb":
        for part in cursor.execute(BINDING.parts_of_relation, (binding_id,)).fetchall():
            _forget(cursor, part, now)
