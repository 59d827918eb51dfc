from datetime import datetime
from functools import partial

from maskline.services.bulletin_store import Bulletin
from maskline.stores.moment import from_us, to_us
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import BULLETIN, Database


class SqliteBulletins:
    """`maskline.services.bulletin_store.BulletinStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def post_bulletin(self, bulletin: Bulletin) -> None:
        """See the seam."""
        row = (bulletin.kind, bulletin.subject, bulletin.origin, to_us(bulletin.posted_at))
        await self._database.writer.submit(partial(_post, row))

    async def bulletins_after(self, sequence: int, limit: int) -> tuple[tuple[int, Bulletin], ...]:
        """See the seam."""
        rows = await self._database.rows(BULLETIN.bulletin_list_after, (sequence, limit))
        return tuple((row[0], _bulletin(row)) for row in rows)

    async def remove_bulletins(self, before: datetime) -> int:
        """See the seam."""
        return await self._database.writer.submit(partial(_remove, to_us(before)))


def _post(row: Cells, cursor: Cursor) -> None:
    cursor.execute(BULLETIN.bulletin_post, row)


def _remove(before: int, cursor: Cursor) -> int:
    return cursor.execute(BULLETIN.bulletin_remove, (before,)).connection.changes()


def _bulletin(row: Cells) -> Bulletin:
    _, kind, subject, origin, posted_at = row
    return Bulletin(kind=kind, subject=subject, origin=origin, posted_at=from_us(posted_at))
