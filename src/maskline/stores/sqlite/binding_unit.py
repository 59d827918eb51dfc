"""Units of work on bindings, as the writing thread runs them.

They look before they write wherever that costs nothing: a unit that raises with nothing changed
is cheap (`writer.py`).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import apsw

from maskline.domain.binding import AxbBinding
from maskline.domain.error import (
    AlreadyBound,
    DuplicateRecord,
    NumberFull,
    NumberNotOwned,
    NumberPoolExhausted,
    NumberUnavailable,
    UnknownRecord,
)
from maskline.domain.virtual_number import NumberState
from maskline.services.store import NumberChoice
from maskline.stores.sqlite.connection import Cursor
from maskline.stores.sqlite.database import BINDING

# How the numbers of a city, and all numbers, are searched: by the pairs they count, and then by
# what they would count without their expired bindings.
_AS_COUNTED = (BINDING.choice_in_area, BINDING.choice_anywhere)
_AFTER_SWEEP = (BINDING.choice_in_area_after_sweep, BINDING.choice_anywhere_after_sweep)


class Pair(NamedTuple):
    """A binding as rows: parties in clear only for the error that names one, and hashed."""

    binding_id: str
    app_key: str
    x: str
    a: str
    b: str
    a_lookup: bytes
    b_lookup: bytes
    expires_at: int | None
    sealed: bytes


def with_x(binding: AxbBinding, x: str) -> AxbBinding:
    """The binding on the X that was picked for it."""
    return replace(binding, x=x)


def bind(
    pair: Pair,
    cursor: Cursor,
    *,
    sequences: Iterator[int],
    pair_limit: int,
    now: int,
    choice: NumberChoice | None,
) -> str:
    """Write the binding, its routes and the count of X; returns X."""
    if pair.a == pair.b:
        raise AlreadyBound(pair.b)
    if choice is None:
        x = pair.x
        _check_number(cursor, pair, x, pair_limit, now)
    else:
        x = _pick(cursor, pair, pair_limit, now, choice)
    sequence = next(sequences)
    _add_routes(cursor, pair, x, sequence, now)
    cursor.execute(BINDING.bind_count, (x, 1))
    row = (
        sequence,
        pair.binding_id,
        pair.app_key,
        x,
        pair.a_lookup,
        pair.b_lookup,
        pair.expires_at,
        pair.sealed,
    )
    try:
        cursor.execute(BINDING.bind_binding, row)
    except apsw.ConstraintError as error:
        raise DuplicateRecord(pair.binding_id) from error
    return x


def modify(pair: Pair, now: int, cursor: Cursor) -> None:
    """Replace the binding and its routes."""
    found = cursor.execute(BINDING.binding_state, (pair.binding_id,)).fetchall()
    if not found:
        raise UnknownRecord(pair.binding_id)
    sequence, app_key, x, a, b, expires_at = found[0]
    if app_key != pair.app_key or _is_over(expires_at, now):
        raise UnknownRecord(pair.binding_id)
    state, _ = _owned_number(cursor, app_key, x)
    if not (state.may_bind or state.may_call):
        raise NumberUnavailable(x)
    _clear_way(cursor, pair, x, sequence, now)
    if (pair.a_lookup, pair.b_lookup, pair.expires_at) != (a, b, expires_at):
        cursor.execute(BINDING.route_delete, (a, x))
        cursor.execute(BINDING.route_delete, (b, x))
        routes = (pair.a_lookup, pair.b_lookup, x, sequence, pair.expires_at)
        cursor.execute(BINDING.bind_routes, routes)
    changed = (sequence, pair.a_lookup, pair.b_lookup, pair.expires_at, pair.sealed)
    cursor.execute(BINDING.bind_replace, changed)


def unbind(app_key: str, binding_id: str, now: int, cursor: Cursor) -> None:
    """Remove one live binding of the application."""
    found = cursor.execute(BINDING.binding_state, (binding_id,)).fetchall()
    if not found or found[0][1] != app_key or _is_over(found[0][5], now):
        raise UnknownRecord(binding_id)
    sequence, _, x, a, b, _ = found[0]
    _remove(cursor, sequence, x, a, b)


def unbind_number(app_key: str, x: str, now: int, cursor: Cursor) -> int:
    """Remove all bindings of X; returns how many were live."""
    _owned_number(cursor, app_key, x)
    live = 0
    for sequence, _, a, b, expires_at in cursor.execute(BINDING.all_on_number, (x,)).fetchall():
        live += not _is_over(expires_at, now)
        _remove(cursor, sequence, x, a, b)
    return live


def remove_expired(now: int, limit: int, cursor: Cursor) -> int:
    """Remove the longest expired bindings; returns how many."""
    rows = cursor.execute(BINDING.expired, (now, limit)).fetchall()
    for row in rows:
        _remove(cursor, *row)
    return len(rows)


def _is_over(expires_at: int | None, now: int) -> bool:
    return expires_at is not None and expires_at <= now


def _owned_number(cursor: Cursor, app_key: str, x: str) -> tuple[NumberState, int]:
    """State and pairs of X, or why the application has no such number."""
    found = cursor.execute(BINDING.bind_number, (x,)).fetchall()
    if not found:
        raise UnknownRecord(x)
    owner, state, pairs = found[0]
    if owner != app_key:
        raise NumberNotOwned(x)
    return NumberState(state), pairs


def _check_number(cursor: Cursor, pair: Pair, x: str, pair_limit: int, now: int) -> None:
    state, pairs = _owned_number(cursor, pair.app_key, x)
    if not state.may_bind:
        raise NumberUnavailable(x)
    if pairs < pair_limit:
        return
    expired = cursor.execute(BINDING.expired_on_number, (x, now)).fetchall()
    if pairs - len(expired) >= pair_limit:
        raise NumberFull(x)
    for row in expired:
        _remove(cursor, *row)


def _add_routes(cursor: Cursor, pair: Pair, x: str, sequence: int, now: int) -> None:
    """The key of the table refuses a party that is bound; only then it is looked at why."""
    row = (pair.a_lookup, pair.b_lookup, x, sequence, pair.expires_at)
    try:
        cursor.execute(BINDING.bind_routes, row)
    except apsw.ConstraintError:
        _clear_way(cursor, pair, x, sequence, now)
        cursor.execute(BINDING.bind_routes, row)


def _clear_way(cursor: Cursor, pair: Pair, x: str, own: int, now: int) -> None:
    """Remove expired bindings that hold A or B on X; a live one raises AlreadyBound."""
    if pair.a_lookup == pair.b_lookup:
        raise AlreadyBound(pair.b)
    expired: set[int] = set()
    for party, lookup in ((pair.a, pair.a_lookup), (pair.b, pair.b_lookup)):
        for holder, expires_at in cursor.execute(BINDING.holder, (lookup, x)).fetchall():
            if holder == own:
                continue
            if not _is_over(expires_at, now):
                raise AlreadyBound(party)
            expired.add(holder)
    for holder in expired:
        _remove(cursor, holder, *cursor.execute(BINDING.binding_row, (holder,)).fetchall()[0])


def _pick(cursor: Cursor, pair: Pair, pair_limit: int, now: int, choice: NumberChoice) -> str:
    found = _candidate(cursor, pair, pair_limit, now, choice, _AS_COUNTED)
    if found is not None:
        return found
    found = _candidate(cursor, pair, pair_limit, now, choice, _AFTER_SWEEP)
    if found is None:
        raise NumberPoolExhausted
    for row in cursor.execute(BINDING.expired_on_number, (found, now)).fetchall():
        _remove(cursor, *row)
    return found


def _candidate(  # noqa: PLR0917 - the question, and one way to count
    cursor: Cursor,
    pair: Pair,
    pair_limit: int,
    now: int,
    choice: NumberChoice,
    statements: tuple[str, str],
) -> str | None:
    in_area, anywhere = statements
    parties = (pair.a_lookup, pair.b_lookup)
    for area_code in choice.area_codes:
        row = (pair.app_key, area_code, pair_limit, *parties, now)
        found = cursor.execute(in_area, row).fetchall()
        if found:
            return found[0][0]
    if choice.any_area:
        row = (pair.app_key, pair_limit, *parties, now)
        found = cursor.execute(anywhere, row).fetchall()
        if found:
            return found[0][0]
    return None


def _remove(cursor: Cursor, sequence: int, x: str, a: bytes, b: bytes) -> None:
    cursor.execute(BINDING.route_delete, (a, x))
    cursor.execute(BINDING.route_delete, (b, x))
    cursor.execute(BINDING.binding_delete, (sequence,))
    cursor.execute(BINDING.bind_count, (x, -1))
