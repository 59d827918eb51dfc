from datetime import datetime

from maskline.domain.account import Session, User
from maskline.domain.error import UnknownRecord
from maskline.stores.account_row import session_and_user_of, session_of, session_row, sweep_row
from maskline.stores.moment import to_us
from maskline.stores.postgres.account import ACCOUNT
from maskline.stores.postgres.connection import Cursor
from maskline.stores.postgres.database import Database


class PostgresSessions:
    """`maskline.services.account_store.SessionStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_session(self, session: Session, keep: int) -> None:
        """See the seam."""
        row = session_row(session, self._database.sealer)

        async def add(cursor: Cursor) -> None:
            await cursor.execute(ACCOUNT.session_add, row)
            await cursor.execute(ACCOUNT.session_drop_unused, (session.user_id, keep))

        await self._database.transaction(add)

    async def session(self, digest: bytes) -> tuple[Session, User] | None:
        """See the seam."""
        row = await self._database.point(ACCOUNT.session_get, (digest,))
        return None if row is None else session_and_user_of(row, self._database.sealer)

    async def sessions(self, user_id: str) -> tuple[Session, ...]:
        """See the seam."""
        rows = await self._database.rows(ACCOUNT.session_list, (user_id,))
        return tuple(session_of(row, self._database.sealer) for row in rows)

    async def use_session(self, digest: bytes, at: datetime) -> None:
        """See the seam."""
        await self._database.change(ACCOUNT.session_use, (digest, to_us(at)))

    async def step_up_session(self, digest: bytes, until: datetime) -> None:
        """See the seam."""
        await self._database.change(ACCOUNT.session_step_up, (digest, to_us(until)))

    async def remove_session(self, user_id: str, session_id: str) -> None:
        """See the seam."""
        if not await self._database.change(ACCOUNT.session_remove, (user_id, session_id)):
            raise UnknownRecord(f"there is no session {session_id}")

    async def remove_sessions(self, user_id: str, but: bytes | None = None) -> int:
        """See the seam."""
        return await self._database.change(ACCOUNT.sessions_remove, (user_id, but or b""))

    async def remove_old_sessions(self, used_before: datetime, now: datetime, limit: int) -> int:
        """See the seam."""
        row = sweep_row(used_before, now, limit)
        return await self._database.change(ACCOUNT.session_sweep, row)
