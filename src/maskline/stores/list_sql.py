"""Lists in keyset pages: how their statements are put together, and what becomes of the rows.

The select of a list stands in `sql/<subject>.sql` with its order, whose columns are its key, and
the conditions of all lists in `sql/list.sql`. A page begins behind a key and reads on in the order
of an index, so that it costs the same wherever it is, and whatever the table has.
"""

# ruff: noqa: S608 - statements are put together from our own text only
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from json import dumps
from typing import Any, NamedTuple, TypeAlias, cast

from maskline.services.page import MAX_COUNTED, Count, Key, Listing, ListOrder, Page, count_of
from maskline.stores.named_sql import NamedSql

Cells: TypeAlias = tuple[Any, ...]

MAX_SCANNED = 4_000
"""Rows that a page looks through where no index serves a filter."""

MAX_COUNT_SCANNED = 40_000
"""The same of a count."""

_SELECT = re.compile(r"SELECT (?P<columns>.+?) FROM (?P<source>.+) ORDER BY (?P<order>.+)")
_PARAMETER = re.compile(r"([$?])(\d+)")


class Condition(NamedTuple):
    """A condition of `sql/list.sql` by name, with its values."""

    name: str
    values: Cells = ()


class Way(NamedTuple):
    """One way into a table: conditions that an index serves in the order of the list.

    `source` is what stands in the place of the table where the way leads through another one.
    """

    conditions: tuple[Condition, ...] = ()
    source: Condition | None = None


class Split(NamedTuple):
    """A list that is read part by part and merged: `condition` with each of `values` in turn.

    `type_name` is the type of a value, as PostgreSQL calls it.
    """

    condition: str
    values: tuple[int | str, ...]
    type_name: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows of a list are wanted: those on any of `ways` of which `rest` is true.

    No row is on two ways. Of `rest` no index knows: it is asked row by row.
    """

    ways: tuple[Way, ...] = (Way(),)
    rest: tuple[Condition, ...] = ()
    split: Split | None = None


NOTHING = Wanted(ways=())


class Statement(NamedTuple):
    """A statement with its values."""

    text: str
    values: Cells


@dataclass(frozen=True, slots=True)
class ListSql:
    """One list of a database: its select, its order, the conditions that it may have.

    With `joins_parts` one statement reads all parts of a split, else there is one for each.
    """

    select: str
    order: ListOrder
    conditions: NamedSql
    joins_parts: bool
    _columns: str = field(init=False)
    _source: str = field(init=False)
    _keys: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = _SELECT.fullmatch(self.select)
        if found is None:
            raise ValueError(f"no select with an order: {self.select}")
        keys = tuple(key.removesuffix(" DESC") for key in found["order"].split(", "))
        if len(keys) != len(self.order.types):
            raise ValueError(f"the key of {self.order.of} is not {found['order']}")
        object.__setattr__(self, "_columns", found["columns"])
        object.__setattr__(self, "_source", found["source"])
        object.__setattr__(self, "_keys", keys)

    def page_statements(self, wanted: Wanted, page: Page) -> list[Statement]:
        """What is to be run for one page; all their rows go to `listing`.

        Raises InvalidParameter for the cursor of another list.
        """
        place = self.order.place(page)
        return [
            self._joined(read, self._page(read, wanted, place, page.limit + 1), page.limit + 1)
            for read in self._reads(wanted)
        ]

    def count_statements(self, wanted: Wanted) -> list[Statement]:
        """What is to be run to count; all their rows go to `count_in`."""
        return [self._joined(read, self._count(read, wanted), None) for read in self._reads(wanted)]

    def listing(self, rows: Sequence[Cells], page: Page) -> Listing[Cells]:
        """The page that the rows of `page_statements` make."""
        width = len(self._keys) + 2

        def key(row: Cells) -> Key:
            return row[-width:-2]

        shown: list[Cells] = []
        behind: Key | None = None
        # The place looked at last may be that of a row that is wanted, which comes first then.
        by_turn = sorted(rows, key=lambda row: row[-1])
        for row in sorted(by_turn, key=key, reverse=self.order.is_falling):
            is_wanted, is_last = row[-2:]
            if is_wanted and len(shown) == page.limit:
                behind = key(shown[-1])
                break
            if is_wanted:
                shown.append(row)
            if is_last:
                behind = key(row)
                break
        return Listing(
            rows=tuple(row[:-width] for row in shown),
            next=None if behind is None else self.order.cursor(behind),
        )

    def _reads(self, wanted: Wanted) -> list["_Read"]:
        split = wanted.split
        parts: tuple[Any, ...]
        if split is None:
            parts = (None,)
        elif self.joins_parts and len(split.values) > 1:
            parts = (list(split.values),)
        else:
            parts = split.values
        return [_Read(self.conditions, way, split, part) for way in wanted.ways for part in parts]

    def _page(self, read: "_Read", wanted: Wanted, place: Key | None, amount: int) -> str:
        source, where = read.source(self._source), read.where()
        if place is not None:
            where += [f"({', '.join(self._keys)}) {self._sign} ({read.places(place)})"]
        scan = f"FROM {source}{_where(where)} ORDER BY {self._sorting(self._keys)}"
        named = ", ".join(f"{key} AS key_{at}" for at, key in enumerate(self._keys))
        if not wanted.rest:
            whole = f"{self._columns}, {named}, true AS is_wanted, false AS is_last"
            return f"SELECT {whole} {scan} LIMIT {amount}"
        scanned = max(amount, MAX_SCANNED // read.parts)
        rest = " AND ".join(map(read.condition, wanted.rest))
        found = (
            f"SELECT {self._columns}, {named}, true AS is_wanted, false AS is_last"
            f" FROM (SELECT * {scan} LIMIT {scanned}) AS scanned"
            f" WHERE {rest} ORDER BY {self._sorting(self._keys)} LIMIT {amount}"
        )
        # Where it was looked at last, unless the page is full: there the next one begins.
        last = (
            f"SELECT {self._columns}, {named}, false AS is_wanted, true AS is_last {scan}"
            f" LIMIT CASE WHEN (SELECT count(*) FROM found) < {amount} THEN 1 ELSE 0 END"
            f" OFFSET {scanned - 1}"
        )
        return (
            f"WITH found AS MATERIALIZED ({found}) SELECT * FROM found UNION ALL"
            f" SELECT * FROM ({last}) AS last"
        )

    def _count(self, read: "_Read", wanted: Wanted) -> str:
        source, where = read.source(self._source), _where(read.where())
        if not wanted.rest:
            counted = f"SELECT 1 FROM {source}{where} LIMIT {MAX_COUNTED + 1}"
            return f"SELECT count(*) AS amount, false AS is_cut FROM ({counted}) AS counted"
        scanned = max(1, MAX_COUNT_SCANNED // read.parts)
        rest = " AND ".join(map(read.condition, wanted.rest))
        counted = (
            f"SELECT ({rest}) AS is_wanted FROM"
            f" (SELECT * FROM {source}{where} LIMIT {scanned}) AS scanned"
        )
        return (
            "SELECT count(*) FILTER (WHERE is_wanted) AS amount,"
            f" count(*) = {scanned} AS is_cut FROM ({counted}) AS counted"
        )

    def _joined(self, read: "_Read", text: str, amount: int | None) -> Statement:
        """The statement of one part, or of all of them side by side."""
        if read.joins:
            text = f"SELECT page.* FROM {read.joins} CROSS JOIN LATERAL ({text}) AS page"
            if amount is not None:
                keys = [f"key_{at}" for at in range(len(self._keys))]
                text += f" ORDER BY {self._sorting(keys)} LIMIT {amount}"
        return Statement(text, tuple(read.values))

    @property
    def _sign(self) -> str:
        return "<" if self.order.is_falling else ">"

    def _sorting(self, keys: Sequence[str]) -> str:
        return ", ".join(f"{key} DESC" if self.order.is_falling else key for key in keys)


def count_in(rows: Sequence[Cells]) -> Count:
    """What the rows of `count_statements` come to."""
    amount = count_of(sum(row[0] for row in rows))
    return Count(amount.count, amount.is_bounded or any(row[1] for row in rows))


class _Read:
    """One statement as it is put together: its conditions, and the values of all of them."""

    def __init__(self, conditions: NamedSql, way: Way, split: Split | None, part: Any) -> None:  # noqa: ANN401
        self._conditions = conditions
        self._way = way
        self._split = split
        self._part = part
        self.values: list[Any] = []
        self.parts = max(1, 0 if split is None else len(split.values))
        self.joins = ""
        if split is not None and isinstance(part, list):
            self.joins = f"unnest({self._value(part)}::{split.type_name}[]) AS part (value)"

    def source(self, table: str) -> str:
        """What is read from."""
        return table if self._way.source is None else self.condition(self._way.source)

    def where(self) -> list[str]:
        """The conditions of the way, and that of the part."""
        found = list(map(self.condition, self._way.conditions))
        if self._split is not None:
            part = self._value(self._part) if not self.joins else self._joined_part(self._split)
            text = self._conditions.by_name[self._split.condition]
            found.append(_PARAMETER.sub(lambda _: part, text))
        return found

    def _joined_part(self, split: Split) -> str:
        """A part in the statement of all; text is collated by "C" in all that is listed."""
        return 'part.value COLLATE "C"' if split.type_name == "text" else "part.value"

    def condition(self, condition: Condition) -> str:
        """Its text, with its values behind those that are there."""
        before = len(self.values)
        self.values += [
            self._several(cast("Cells", value)) if isinstance(value, tuple) else value
            for value in condition.values
        ]
        text = self._conditions.by_name[condition.name]
        return _PARAMETER.sub(lambda found: f"{found[1]}{int(found[2]) + before}", text)

    def _several(self, values: Cells) -> object:
        """Several values as one: an array, or what SQLite has in its place."""
        return list(values) if self._conditions.mark == "$" else dumps(values)

    def places(self, key: Key) -> str:
        """The parameters of a key."""
        return ", ".join(map(self._value, key))

    def _value(self, value: Any) -> str:  # noqa: ANN401
        self.values.append(value)
        return f"{self._conditions.mark}{len(self.values)}"


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
