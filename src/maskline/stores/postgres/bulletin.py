from datetime import datetime

from maskline.services.bulletin_store import Bulletin
from maskline.stores.moment import from_us, to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells
from maskline.stores.postgres.database import Database

BULLETIN = load_postgres_sql("bulletin")


class PostgresBulletins:
    """`maskline.services.bulletin_store.BulletinStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def post_bulletin(self, bulletin: Bulletin) -> None:
        """See the seam."""
        row = (bulletin.kind, bulletin.subject, bulletin.origin, to_us(bulletin.posted_at))
        await self._database.change(BULLETIN.bulletin_post, row)

    async def bulletins_after(self, sequence: int, limit: int) -> tuple[tuple[int, Bulletin], ...]:
        """See the seam."""
        rows = await self._database.rows(BULLETIN.bulletin_list_after, (sequence, limit))
        return tuple((row[0], _bulletin(row)) for row in rows)

    async def remove_bulletins(self, before: datetime) -> int:
        """See the seam."""
        return await self._database.change(BULLETIN.bulletin_remove, (to_us(before),))


def _bulletin(row: Cells) -> Bulletin:
    _, kind, subject, origin, posted_at = row
    return Bulletin(kind=kind, subject=subject, origin=origin, posted_at=from_us(posted_at))
