"""Units of work on bindings, as the writing thread runs them.

They look before they write wherever that costs nothing: a unit that raises with nothing changed
is cheap (`writer.py`).
"""

from collections.abc import Iterator
from typing import NamedTuple

import apsw

from maskline.domain.ended_binding import EndCause
from maskline.domain.error import (
    AlreadyBound,
    DailyLimitReached,
    DuplicateRecord,
    NumberFull,
    NumberNotOwned,
    NumberUnavailable,
    TooManyNumbers,
    UnknownRecord,
)
from maskline.domain.virtual_number import NumberState
from maskline.services.store import BindLimits, NumberChoice
from maskline.stores.binding_row import KINDS_WITH_ONWARD, US_A_DAY, Pair
from maskline.stores.route_key import extension_key
from maskline.stores.sqlite.binding_choice import Seeker, pick_number, pick_y
from maskline.stores.sqlite.binding_extension import take_extension
from maskline.stores.sqlite.binding_removal import (
    is_over,
    remove,
    remove_all_on,
    remove_expired_on,
    remove_holder,
)
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import BINDING, ENDED


class Placed(NamedTuple):
    """What the writer chose for a binding."""

    x: str
    extension: str | None = None


def bind(
    pair: Pair,
    cursor: Cursor,
    *,
    sequences: Iterator[int],
    limits: BindLimits,
    now: int,
    choice: NumberChoice | None,
) -> Placed:
    """Write the binding, its routes and the count of X; returns what was chosen."""
    if pair.a_key == pair.b_key:
        raise AlreadyBound(pair.b)
    _check_holdings(cursor, pair, limits, now)
    if choice is None:
        _check_number(cursor, pair, limits, now)
    else:
        seeker = Seeker(pair.app_key, pair.a_key, pair.b_key, pair.kind)
        pair = pair._replace(x=pick_number(cursor, seeker, limits, now, choice))
    if pair.extension is not None:
        _refuse_second(cursor, pair, now)
        digits = limits.extension_digits
        extension = take_extension(cursor, pair.x, pair.extension, digits, now)
        pair = pair._replace(extension=extension, b_key=extension_key(extension))
    _write(cursor, pair, next(sequences), now)
    return Placed(pair.x, pair.extension)


def bind_yb(
    pair: Pair,
    cursor: Cursor,
    *,
    sequences: Iterator[int],
    limits: BindLimits,
    now: int,
    choice: NumberChoice,
) -> str:
    """Write a YB part of a relation that lives; returns the Y that was chosen."""
    found = cursor.execute(BINDING.binding_state, (pair.relation,)).fetchall()
    if not found or found[0][1] != pair.app_key or is_over(found[0][5], now):
        raise UnknownRecord(pair.relation)
    for holder, expires_at in cursor.execute(BINDING.holder, (pair.b_key, pair.x)).fetchall():
        if not is_over(expires_at, now):
            raise AlreadyBound(pair.b)
        remove_holder(cursor, holder, now)
    seeker = Seeker(pair.app_key, pair.a_key, pair.b_key, pair.kind)
    y = pick_y(cursor, seeker, limits, now, choice)
    _write(cursor, pair._replace(y=y), next(sequences), now)
    return y


def modify(pair: Pair, limits: BindLimits, now: int, recounts: bool, cursor: Cursor) -> None:  # noqa: FBT001 - bound by name
    """Replace the binding and its routes."""
    found = cursor.execute(BINDING.binding_state, (pair.binding_id,)).fetchall()
    if not found:
        raise UnknownRecord(pair.binding_id)
    sequence, app_key, x, a, b, expires_at, kind = found[0][:7]
    if app_key != pair.app_key or is_over(expires_at, now):
        raise UnknownRecord(pair.binding_id)
    pair = pair._replace(x=x)
    idle_us, ends_at = found[0][11:13]
    if idle_us is not None and not recounts and pair.ends_at == ends_at:
        pair = pair._replace(expires_at=expires_at)
    state, _, _ = _owned_number(cursor, app_key, x)
    if not (state.may_bind or state.may_call):
        raise NumberUnavailable(x)
    if pair.a_key != a:
        _check_holdings(cursor, pair, limits, now)
    _clear_way(cursor, pair, sequence, now)
    if (pair.a_key, pair.b_key, pair.expires_at) != (a, b, expires_at):
        cursor.execute(BINDING.route_delete, (a, x))
        cursor.execute(BINDING.route_delete, (b, x))
        cursor.execute(BINDING.bind_routes, _routes(pair, sequence))
    if pair.a_key != a and kind in KINDS_WITH_ONWARD:
        # Whom the old A could call is no business of the new one.
        cursor.execute(BINDING.onward_delete, (sequence,))
    if (pair.a_key, pair.b_key) != (a, b):
        cursor.execute(ENDED.ended_add, (sequence, now, EndCause.REPLACED))
    changed = (sequence, pair.a_key, pair.b_key, pair.expires_at, pair.sealed)
    closing = (pair.ends_at, pair.idle_us, pair.calls_left, recounts)
    cursor.execute(BINDING.bind_replace, changed + closing)


def unbind(app_key: str, binding_id: str, now: int, cursor: Cursor) -> None:
    """Remove one live binding of the application."""
    found = cursor.execute(BINDING.binding_state, (binding_id,)).fetchall()
    if not found or found[0][1] != app_key or is_over(found[0][5], now):
        raise UnknownRecord(binding_id)
    remove_holder(cursor, found[0][0], now, EndCause.UNBOUND)


def unbind_number(app_key: str, x: str, now: int, cursor: Cursor) -> int:
    """Remove all bindings of X; returns how many were live."""
    _owned_number(cursor, app_key, x)
    rows = cursor.execute(BINDING.all_on_number, (x,)).fetchall()
    remove_all_on(cursor, x, (row[:-1] for row in rows), now)
    return sum(not is_over(row[-1], now) for row in rows)


def remove_expired(now: int, limit: int, cursor: Cursor) -> int:
    """Remove the longest expired bindings; returns how many."""
    rows = cursor.execute(BINDING.expired, (now, limit)).fetchall()
    for row in rows:
        remove(cursor, row, now, EndCause.EXPIRED)
    return len(rows)


def set_onward(app_key: str, binding_id: str, now: int, row: Cells, cursor: Cursor) -> None:
    """Keep where A's next call through a live binding goes; `row` is kind, expiry and blob."""
    found = cursor.execute(BINDING.binding_state, (binding_id,)).fetchall()
    if not found or found[0][1] != app_key or is_over(found[0][5], now):
        raise UnknownRecord(binding_id)
    cursor.execute(BINDING.onward_set, (found[0][0], *row))


def _write(cursor: Cursor, pair: Pair, sequence: int, now: int) -> None:
    _add_routes(cursor, pair, sequence, now)
    cursor.execute(BINDING.bind_count, (pair.y or pair.x, now // US_A_DAY))
    row = (
        sequence,
        pair.binding_id,
        pair.kind,
        pair.app_key,
        pair.x,
        pair.a_key,
        pair.b_key,
        pair.expires_at,
        pair.sealed,
        pair.y,
        pair.extension,
        pair.relation,
        pair.calls_left,
        pair.idle_us,
        pair.ends_at,
    )
    try:
        cursor.execute(BINDING.bind_binding, row)
    except apsw.ConstraintError as error:
        raise DuplicateRecord(pair.binding_id) from error


def _owned_number(cursor: Cursor, app_key: str, x: str) -> tuple[NumberState, int, tuple[int, int]]:
    """State, pairs, day and count of the last binds of X, or why the application has none such."""
    found = cursor.execute(BINDING.bind_number, (x,)).fetchall()
    if not found:
        raise UnknownRecord(x)
    owner, state, pairs, bound_on, bound_today = found[0]
    if owner != app_key:
        raise NumberNotOwned(x)
    return NumberState(state), pairs, (bound_on, bound_today)


def _check_number(cursor: Cursor, pair: Pair, limits: BindLimits, now: int) -> None:
    state, pairs, (bound_on, bound_today) = _owned_number(cursor, pair.app_key, pair.x)
    if not state.may_bind:
        raise NumberUnavailable(pair.x)
    if limits.binds_a_day and bound_on == now // US_A_DAY and bound_today >= limits.binds_a_day:
        raise DailyLimitReached(pair.x)
    if pairs < limits.pairs:
        return
    expired = cursor.execute(BINDING.expired_on_number, (pair.x, now)).fetchall()
    if pairs - len(expired) >= limits.pairs:
        raise NumberFull(pair.x)
    remove_expired_on(cursor, pair.x, now)


def _check_holdings(cursor: Cursor, pair: Pair, limits: BindLimits, now: int) -> None:
    if not limits.numbers_of_a:
        return
    row = (pair.a_key, pair.app_key, pair.kind, now)
    held: int = cursor.execute(BINDING.numbers_of_a, row).fetchall()[0][0]
    if held >= limits.numbers_of_a:
        raise TooManyNumbers


def _refuse_second(cursor: Cursor, pair: Pair, now: int) -> None:
    """A party has one extension on a number: told before one is used up for it."""
    for _, expires_at in cursor.execute(BINDING.holder, (pair.a_key, pair.x)).fetchall():
        if not is_over(expires_at, now):
            raise AlreadyBound(pair.a)


def _routes(pair: Pair, sequence: int) -> Cells:
    return (pair.a_key, pair.b_key, pair.x, sequence, pair.expires_at, pair.y or pair.x)


def _add_routes(cursor: Cursor, pair: Pair, sequence: int, now: int) -> None:
    """The key of the table refuses a party that is bound; only then it is looked at why."""
    row = _routes(pair, sequence)
    try:
        cursor.execute(BINDING.bind_routes, row)
    except apsw.ConstraintError:
        _clear_way(cursor, pair, sequence, now)
        cursor.execute(BINDING.bind_routes, row)


def _clear_way(cursor: Cursor, pair: Pair, own: int, now: int) -> None:
    """Remove expired bindings that hold a route of this one; a live one raises AlreadyBound."""
    if pair.a_key == pair.b_key:
        raise AlreadyBound(pair.b)
    expired: set[int] = set()
    keys = ((pair.a, pair.a_key, pair.y or pair.x), (pair.b, pair.b_key, pair.x))
    for party, key, number in keys:
        for holder, expires_at in cursor.execute(BINDING.holder, (key, number)).fetchall():
            if holder == own:
                continue
            if not is_over(expires_at, now):
                raise AlreadyBound(party)
            expired.add(holder)
    for holder in expired:
        remove_holder(cursor, holder, now)
