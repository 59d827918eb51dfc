"""How bindings go: with routes, counts, extensions and parts.

Whoever adds or removes a binding keeps the number that counts it from others first, X before Y,
and several in one order: that lock is what makes counts and routes agree.
"""

from collections.abc import Iterable
from typing import NamedTuple

from maskline.domain.ended_binding import EndCause
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor

BINDING = load_postgres_sql("binding")
ENDED = load_postgres_sql("ended_binding")


class Kept(NamedTuple):
    """What the removal of a binding must know of it."""

    x: str
    sequence: int
    y: str | None
    kind: str
    binding_id: str


def is_over(expires_at: int | None, now: int) -> bool:
    """Whether a moment of expiry has come."""
    return expires_at is not None and expires_at <= now


async def rows_of(cursor: Cursor, statement: str, parameters: Cells) -> list[Cells]:
    """The rows that a statement gives in a unit of work."""
    return await (await cursor.execute(statement, parameters)).fetchall()


async def kept(cursor: Cursor, statement: str, parameters: Cells) -> list[Kept]:
    """Bindings by a statement that selects the columns of `Kept`."""
    return [Kept._make(row) for row in await rows_of(cursor, statement, parameters)]


async def lock_numbers(cursor: Cursor, numbers: Iterable[str]) -> None:
    """Keep numbers from others until the unit of work is over."""
    await cursor.execute(BINDING.numbers_lock, (sorted(set(numbers)),))


async def remove(
    cursor: Cursor,
    bindings: Iterable[Kept],
    now: int,
    cause: EndCause,
    *,
    only_expired: bool = False,
) -> int:
    """Remove bindings and what hangs on them; returns how many of these there were.

    Such as are gone meanwhile are left alone, and with `only_expired` such as go on living. What
    has expired ended by that, whatever the `cause`.
    """
    found = {(one.x, one.sequence): one for one in bindings}
    if not found:
        return 0
    await lock_numbers(cursor, (one.y or one.x for one in found.values()))
    if only_expired:
        still = await kept(cursor, BINDING.still_expired, (*_keys(found), now))
        found = {(one.x, one.sequence): one for one in still}
    asked = frozenset(found)
    relations = [one.binding_id for one in found.values() if one.kind == "axyb"]
    if relations:
        parts = await kept(cursor, BINDING.parts_of_relations, (relations,))
        await lock_numbers(cursor, (part.y or part.x for part in parts))
        found.update(((part.x, part.sequence), part) for part in parts)
    causes = [(cause if key in asked else EndCause.RELATION_ENDED).value for key in found]
    gone = await rows_of(cursor, BINDING.binding_remove, (*_keys(found), causes, now))
    return sum(key in asked for key in gone)


async def remove_keys(cursor: Cursor, keys: Iterable[tuple[str, int]], now: int) -> None:
    """Remove the expired bindings with these numbers and places."""
    rows = await kept(cursor, BINDING.binding_rows, _keys(keys))
    await remove(cursor, rows, now, EndCause.EXPIRED)


async def remove_expired_on(cursor: Cursor, x: str, now: int) -> None:
    """Remove the expired bindings that one virtual number counts."""
    rows = await kept(cursor, BINDING.expired_on_number, (x, now))
    await remove(cursor, rows, now, EndCause.EXPIRED, only_expired=True)


def _keys(keys: Iterable[tuple[str, int]]) -> Cells:
    pairs = list(keys)
    return [x for x, _ in pairs], [sequence for _, sequence in pairs]
