from datetime import datetime
from functools import partial

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
from maskline.stores.sqlite.connection import Cells, Cursor
from maskline.stores.sqlite.database import ACCOUNT, DIRECTORY, Database


class SqliteAccounts:
    """`maskline.services.account_store.AccountStore` in SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_user(self, user: User, limit: int, used_link: bytes | None = None) -> None:
        """See the seam."""
        row = added_user_row(user, self._database.sealer)
        await self._database.writer.submit(partial(_add, row, user.tenant_id, limit, used_link))

    async def save_user(self, user: User, used_link: bytes | None = None) -> None:
        """See the seam."""
        row = saved_user_row(user, self._database.sealer)
        await self._database.writer.submit(partial(_save, row, user, used_link))

    async def note_sign_in(self, user_id: str, at: datetime, totp_counter: int | None) -> bool:
        """See the seam."""
        row = (user_id, to_us(at), totp_counter)
        return await self._database.writer.submit(partial(_run, ACCOUNT.user_seen, row)) > 0

    async def user(self, user_id: str) -> User | None:
        """See the seam."""
        row = self._database.point(ACCOUNT.user_get, (user_id,))
        return None if row is None else user_of(row, self._database.sealer)

    async def user_of_login(self, login: str) -> User | None:
        """See the seam."""
        sealer = self._database.sealer
        row = self._database.point(ACCOUNT.user_of_login, (login_hash(login, sealer),))
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
        return self._database.point(ACCOUNT.user_has_role, (role.value,)) is not None

    async def add_link(self, link: AccountLink, limit: int) -> None:
        """See the seam."""
        row = link_row(link, self._database.sealer)
        await self._database.writer.submit(partial(_add_link, row, limit))

    async def link(self, digest: bytes) -> AccountLink | None:
        """See the seam."""
        row = self._database.point(ACCOUNT.link_get, (digest,))
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
        if not await self._database.writer.submit(partial(_run, ACCOUNT.link_remove, (link_id,))):
            raise UnknownRecord(f"there is no link {link_id}")


def _run(statement: str, row: Cells, cursor: Cursor) -> int:
    return cursor.execute(statement, row).connection.changes()


def _check_tenant(tenant_id: str, cursor: Cursor) -> None:
    if tenant_id != STAFF and not cursor.execute(DIRECTORY.tenant_get, (tenant_id,)).fetchall():
        raise UnknownRecord(f"there is no tenant {tenant_id}")


def _use_up(digest: bytes | None, cursor: Cursor) -> None:
    if digest is None:
        return
    found = cursor.execute(ACCOUNT.link_get, (digest,)).fetchall()
    if not found:
        raise LinkNotGood
    cursor.execute(ACCOUNT.link_use, (digest,))
    if found[0][2] == LinkPurpose.SETUP.value:
        cursor.execute(ACCOUNT.link_drop_setups, ())


def _add(
    row: Cells, tenant_id: str | None, limit: int, used_link: bytes | None, cursor: Cursor
) -> None:
    owner = tenant_id or STAFF
    _check_tenant(owner, cursor)
    _use_up(used_link, cursor)
    if cursor.execute(ACCOUNT.user_count, (owner,)).fetchall()[0][0] >= limit:
        raise TenantFull(f"there are at most {limit} accounts")
    if _run(ACCOUNT.user_add, row, cursor) == 0:
        raise DuplicateRecord("this login")


def _save(row: Cells, user: User, used_link: bytes | None, cursor: Cursor) -> None:
    _use_up(used_link, cursor)
    top = top_role(user.tenant_id)
    tops = cursor.execute(ACCOUNT.user_tops, (user.tenant_id or STAFF, top.value)).fetchall()
    if not user.is_top and tops == [(user.user_id,)]:
        raise LastOfItsKind(f"the last {top} has to stay")
    if _run(ACCOUNT.user_save, row, cursor) == 0:
        raise UnknownRecord(f"there is no account {user.user_id}")


def _add_link(row: Cells, limit: int, cursor: Cursor) -> None:
    _, _, purpose, tenant_id, login, created_at, *_ = row
    _check_tenant(tenant_id, cursor)
    cursor.execute(ACCOUNT.link_drop_expired, (tenant_id, created_at))
    cursor.execute(ACCOUNT.link_drop_replaced, (login, purpose))
    if cursor.execute(ACCOUNT.link_count, (tenant_id,)).fetchall()[0][0] >= limit:
        raise TenantFull(f"there are at most {limit} links; take some back")
    cursor.execute(ACCOUNT.link_add, row)
