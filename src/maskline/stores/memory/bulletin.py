from datetime import datetime

from maskline.services.bulletin_store import Bulletin
from maskline.stores.memory.table import Tables


class MemoryBulletins:
    """`maskline.services.bulletin_store.BulletinStore` on a dict by place."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def post_bulletin(self, bulletin: Bulletin) -> None:
        """See the seam."""
        self._tables.bulletins[next(self._tables.sequences)] = bulletin

    async def bulletins_after(self, sequence: int, limit: int) -> tuple[tuple[int, Bulletin], ...]:
        """See the seam."""
        rows = [row for row in self._tables.bulletins.items() if row[0] > sequence]
        return tuple(rows[:limit])

    async def remove_bulletins(self, before: datetime) -> int:
        """See the seam."""
        kept = self._tables.bulletins
        old = [sequence for sequence, one in kept.items() if one.posted_at < before]
        for sequence in old:
            del kept[sequence]
        return len(old)
