from collections.abc import Sequence

from maskline.domain.application_secret import SecretUse
from maskline.stores.moment import from_us, to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import Database

SECRET_USE = load_postgres_sql("secret_use")


class PostgresSecretUses:
    """`maskline.services.secret_use.SecretUseStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_secret_uses(self, uses: Sequence[SecretUse]) -> None:
        """See the seam."""
        # In one order, so that two processes that save at once wait for each other in turn.
        rows = sorted((one.app_key, one.secret_id, to_us(one.used_at), one.address) for one in uses)

        async def save(cursor: Cursor) -> None:
            for row in rows:
                await cursor.execute(SECRET_USE.secret_use_save, row)

        await self._database.transaction(save)

    async def forget_secret_use(self, app_key: str, secret_id: str) -> None:
        """See the seam."""
        await self._database.change(SECRET_USE.secret_use_forget, (app_key, secret_id))

    async def secret_uses(self, app_key: str) -> tuple[SecretUse, ...]:
        """See the seam."""
        return tuple(map(_use, await self._database.rows(SECRET_USE.secret_use_list, (app_key,))))


def _use(row: Cells) -> SecretUse:
    app_key, secret_id, used_at, address = row
    return SecretUse(
        app_key=app_key, secret_id=secret_id, used_at=from_us(used_at), address=address
    )
