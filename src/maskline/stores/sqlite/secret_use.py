from collections.abc import Sequence
from functools import partial

from maskline.domain.application_secret import SecretUse
from maskline.stores.moment import from_us, to_us
from maskline.stores.named_sql import load_sql
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import Database

SECRET_USE = load_sql("secret_use")


class SqliteSecretUses:
    """`maskline.services.secret_use.SecretUseStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_secret_uses(self, uses: Sequence[SecretUse]) -> None:
        """See the seam."""
        rows = [(one.app_key, one.secret_id, to_us(one.used_at), one.address) for one in uses]
        await self._database.writer.submit(partial(_save, rows))

    async def forget_secret_use(self, app_key: str, secret_id: str) -> None:
        """See the seam."""
        await self._database.writer.submit(partial(_forget, (app_key, secret_id)))

    async def secret_uses(self, app_key: str) -> tuple[SecretUse, ...]:
        """See the seam."""
        rows = await self._database.rows(SECRET_USE.secret_use_list, (app_key,))
        return tuple(map(_use, rows))


def _save(rows: Sequence[Cells], cursor: Cursor) -> None:
    for row in rows:
        cursor.execute(SECRET_USE.secret_use_save, row)


def _forget(key: Cells, cursor: Cursor) -> None:
    cursor.execute(SECRET_USE.secret_use_forget, key)


def _use(row: Cells) -> SecretUse:
    app_key, secret_id, used_at, address = row
    return SecretUse(
        app_key=app_key, secret_id=secret_id, used_at=from_us(used_at), address=address
    )
