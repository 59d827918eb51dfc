from datetime import datetime

from maskline.domain.access import Role
from maskline.domain.account import AccountLink, LinkPurpose, User, top_role
from maskline.domain.error import (
    DuplicateRecord,
    LastOfItsKind,
    LinkNotGood,
    TenantFull,
    UnknownRecord,
)
from maskline.services.account_store import STAFF, Place
from maskline.stores.account_row import (
    added_user_row,
    link_of,
    link_row,
    login_hash,
    saved_user_row,
    user_of,
    users_row,
)
from maskline.stores.moment import to_us
from maskline.stores.named_sql import load_postgres_sql
from maskline.stores.postgres.connection import Cells, Cursor
from maskline.stores.postgres.database import Database

ACCOUNT = load_postgres_sql("account")


class PostgresAccounts:
    """`maskline.services.account_store.AccountStore` in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_user(self, user: User, limit: int, used_link: bytes | None = None) -> None:
        """See the seam."""
        row = added_user_row(user, self._database.sealer)
        owner = user.tenant_id or STAFF

        async def add(cursor: Cursor) -> None:
            await _lock_tenant(owner, cursor)
            await _use_up(used_link, cursor)
            found = await cursor.execute(ACCOUNT.user_count, (owner,))
            if (await found.fetchall())[0][0] >= limit:
                raise TenantFull(f"there are at most {limit} accounts")
            if not (await cursor.execute(ACCOUNT.user_add, row)).rowcount:
                raise DuplicateRecord("this login")

        await self._database.transaction(add)

    async def save_user(self, user: User, used_link: bytes | None = None) -> None:
        """See the seam."""
        row = saved_user_row(user, self._database.sealer)
        top = top_role(user.tenant_id)

        async def save(cursor: Cursor) -> None:
            await _use_up(used_link, cursor)
            found = await cursor.execute(ACCOUNT.user_tops, (user.tenant_id or STAFF, top.value))
            if not user.is_top and await found.fetchall() == [(user.user_id,)]:
                raise LastOfItsKind(f"the last {top} has to stay")
            if not (await cursor.execute(ACCOUNT.user_save, row)).rowcount:
                raise UnknownRecord(f"there is no account {user.user_id}")

        await self._database.transaction(save)

    async def note_sign_in(self, user_id: str, at: datetime, totp_counter: int | None) -> bool:
        """See the seam."""
        row = (user_id, to_us(at), totp_counter)
        return await self._database.change(ACCOUNT.user_seen, row) > 0

    async def user(self, user_id: str) -> User | None:
        """See the seam."""
        row = await self._database.point(ACCOUNT.user_get, (user_id,))
        return None if row is None else user_of(row, self._database.sealer)

    async def user_of_login(self, login: str) -> User | None:
        """See the seam."""
        sealer = self._database.sealer
        row = await self._database.point(ACCOUNT.user_of_login, (login_hash(login, sealer),))
        return None if row is None else user_of(row, sealer)

    async def users(
        self, tenant_id: str | None, after: Place | None, limit: int
    ) -> tuple[User, ...]:
        """See the seam."""
        row = users_row(after, limit)
        if tenant_id is None:
            rows = await self._database.rows(ACCOUNT.user_list, row)
        else:
            rows = await self._database.rows(ACCOUNT.user_list_of_tenant, (*row, tenant_id))
        return tuple(user_of(found, self._database.sealer) for found in rows)

    async def has_role(self, role: Role) -> bool:
        """See the seam."""
        return await self._database.point(ACCOUNT.user_has_role, (role.value,)) is not None

    async def add_link(self, link: AccountLink, limit: int) -> None:
        """See the seam."""
        row = link_row(link, self._database.sealer)
        _, _, purpose, tenant_id, login, created_at, *_ = row

        async def add(cursor: Cursor) -> None:
            await _lock_tenant(tenant_id, cursor)
            await cursor.execute(ACCOUNT.link_drop_expired, (tenant_id, created_at))
            await cursor.execute(ACCOUNT.link_drop_replaced, (login, purpose))
            found = await cursor.execute(ACCOUNT.link_count, (tenant_id,))
            if (await found.fetchall())[0][0] >= limit:
                raise TenantFull(f"there are at most {limit} links; take some back")
            await cursor.execute(ACCOUNT.link_add, row)

        await self._database.transaction(add)

    async def link(self, digest: bytes) -> AccountLink | None:
        """See the seam."""
        row = await self._database.point(ACCOUNT.link_get, (digest,))
        return None if row is None else link_of(row, self._database.sealer)

    async def links(self, tenant_id: str | None) -> tuple[AccountLink, ...]:
        """See the seam."""
        if tenant_id is None:
            rows = await self._database.rows(ACCOUNT.link_list, ())
        else:
            rows = await self._database.rows(ACCOUNT.link_list_of_tenant, (tenant_id,))
        return tuple(link_of(found, self._database.sealer) for found in rows)

    async def remove_link(self, link_id: str) -> None:
        """See the seam."""
        if not await self._database.change(ACCOUNT.link_remove, (link_id,)):
            raise UnknownRecord(f"there is no link {link_id}")


async def _lock_tenant(tenant_id: str, cursor: Cursor) -> None:
    """The platform's own people have no row to lock: one more than the limit does no harm."""
    if tenant_id == STAFF:
        return
    found: list[Cells] = await (await cursor.execute(ACCOUNT.tenant_lock, (tenant_id,))).fetchall()
    if not found:
        raise UnknownRecord(f"there is no tenant {tenant_id}")


async def _use_up(digest: bytes | None, cursor: Cursor) -> None:
    if digest is None:
        return
    found = await (await cursor.execute(ACCOUNT.link_get, (digest,))).fetchall()
    # Of two that use it at once, only one removes it.
    if not found or not (await cursor.execute(ACCOUNT.link_use, (digest,))).rowcount:
        raise LinkNotGood
    if found[0][2] == LinkPurpose.SETUP.value:
        await cursor.execute(ACCOUNT.link_drop_setups)
