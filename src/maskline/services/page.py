"""Slices of lists, as every store gives them."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A slice of a list: `limit` rows after skipping `offset`."""

    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[Row]):
    """One page of rows and how many there are in all."""

    rows: tuple[Row, ...]
    total: int
