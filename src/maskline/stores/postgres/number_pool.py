from maskline.services.number_pool import CityPool
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells
from maskline.stores.postgres.database import Database

NUMBER_POOL = load_postgres_sql("number_pool")


class PostgresNumberPools:
    """`maskline.services.number_pool.NumberPoolStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def number_pool(self, app_key: str, per_number: int) -> tuple[CityPool, ...]:
        """See the seam."""
        rows = await self._database.rows(NUMBER_POOL.pool_by_city, (app_key, per_number))
        return tuple(map(_pool, rows))


def _pool(row: Cells) -> CityPool:
    area_code, *counts = row
    total, usable, free, bound, left = map(int, counts)
    return CityPool(
        area_code=area_code, total=total, usable=usable, free=free, bound=bound, left=left
    )
