"""Lists as they are walked through."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from maskline.services.page import Cursor, Listing, Page, read_cursor

Row = TypeVar("Row")


async def pages(read: Callable[[Page], Awaitable[Listing[Row]]], limit: int) -> list[list[Row]]:
    """All pages of a list, each found by the text of the cursor before."""
    found, after = list[list[Row]](), None
    while True:
        listed = await read(Page(limit=limit, after=after))
        found.append(list(listed.rows))
        if listed.next is None:
            return found
        after = _through_a_url(listed.next)


def _through_a_url(cursor: Cursor) -> Cursor:
    found = read_cursor(cursor.text)
    assert found == cursor
    return found
