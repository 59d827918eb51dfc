from dataclasses import replace
from datetime import datetime

from maskline.domain.access import Role
from maskline.domain.account import (
    AccountLink,
    LinkPurpose,
    Session,
    User,
    UserState,
    top_role,
)
from maskline.domain.error import (
    DuplicateRecord,
    LastOfItsKind,
    LinkNotGood,
    TenantFull,
    UnknownRecord,
)
from maskline.services.account_store import Place
from maskline.stores.memory.table import Tables


class MemoryAccounts:
    """`maskline.services.account_store.AccountStore` on dicts."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_user(self, user: User, limit: int, used_link: bytes | None = None) -> None:
        """See the seam."""
        users = self._tables.users
        self._check_tenant(user.tenant_id)
        self._check_link(used_link)
        if sum(one.tenant_id == user.tenant_id for one in users.values()) >= limit:
            raise TenantFull(f"there are at most {limit} accounts")
        if user.user_id in users or await self.user_of_login(user.login) is not None:
            raise DuplicateRecord("this login")
        self._use_up(used_link)
        users[user.user_id] = user

    async def save_user(self, user: User, used_link: bytes | None = None) -> None:
        """See the seam."""
        kept = self._tables.users.get(user.user_id)
        if kept is None:
            raise UnknownRecord(f"there is no account {user.user_id}")
        self._check_link(used_link)
        others = (one for one in self._tables.users.values() if one.user_id != user.user_id)
        is_left = any(one.is_top and one.tenant_id == kept.tenant_id for one in others)
        if kept.is_top and not user.is_top and not is_left:
            raise LastOfItsKind(f"the last {top_role(kept.tenant_id)} has to stay")
        self._use_up(used_link)
        self._tables.users[user.user_id] = replace(
            user,
            tenant_id=kept.tenant_id,
            login=kept.login,
            created_at=kept.created_at,
            last_seen_at=kept.last_seen_at,
            totp_counter=kept.totp_counter,
        )

    async def note_sign_in(self, user_id: str, at: datetime, totp_counter: int | None) -> bool:
        """See the seam."""
        user = self._tables.users.get(user_id)
        if user is None or (totp_counter is not None and totp_counter <= user.totp_counter):
            return False
        counter = user.totp_counter if totp_counter is None else totp_counter
        self._tables.users[user_id] = replace(user, last_seen_at=at, totp_counter=counter)
        return True

    async def user(self, user_id: str) -> User | None:
        """See the seam."""
        return self._tables.users.get(user_id)

    async def user_of_login(self, login: str) -> User | None:
        """See the seam."""
        return next((one for one in self._tables.users.values() if one.login == login), None)

    async def users(
        self, tenant_id: str | None, after: Place | None, limit: int
    ) -> tuple[User, ...]:
        """See the seam."""
        rows = sorted(self._tables.users.values(), key=_place)
        wanted = [
            one
            for one in rows
            if tenant_id in {None, one.tenant_id or ""} and (after is None or _place(one) > after)
        ]
        return tuple(wanted[:limit])

    async def has_role(self, role: Role) -> bool:
        """See the seam."""
        users = self._tables.users.values()
        return any(one.role is role and one.state is UserState.ACTIVE for one in users)

    async def add_link(self, link: AccountLink, limit: int) -> None:
        """See the seam."""
        self._check_tenant(link.tenant_id)
        links = self._tables.account_links
        for one in tuple(links.values()):
            is_expired = one.tenant_id == link.tenant_id and one.expires_at <= link.created_at
            is_replaced = (one.login, one.purpose) == (link.login, link.purpose)
            if is_expired or (is_replaced and link.purpose is not LinkPurpose.SETUP):
                del links[one.digest]
        if sum(one.tenant_id == link.tenant_id for one in links.values()) >= limit:
            raise TenantFull(f"there are at most {limit} links; take some back")
        links[link.digest] = link

    async def link(self, digest: bytes) -> AccountLink | None:
        """See the seam."""
        return self._tables.account_links.get(digest)

    async def links(self, tenant_id: str | None) -> tuple[AccountLink, ...]:
        """See the seam."""
        rows = self._tables.account_links.values()
        wanted = [one for one in rows if tenant_id in {None, one.tenant_id or ""}]
        return tuple(sorted(wanted, key=lambda one: (one.created_at, one.link_id)))

    async def remove_link(self, link_id: str) -> None:
        """See the seam."""
        for one in self._tables.account_links.values():
            if one.link_id == link_id:
                del self._tables.account_links[one.digest]
                return
        raise UnknownRecord(f"there is no link {link_id}")

    def _check_tenant(self, tenant_id: str | None) -> None:
        if tenant_id is not None and tenant_id not in self._tables.tenants:
            raise UnknownRecord(f"there is no tenant {tenant_id}")

    def _check_link(self, digest: bytes | None) -> None:
        if digest is not None and digest not in self._tables.account_links:
            raise LinkNotGood

    def _use_up(self, digest: bytes | None) -> None:
        if digest is None:
            return
        links = self._tables.account_links
        used = links.pop(digest)
        if used.purpose is LinkPurpose.SETUP:
            for one in tuple(links.values()):
                if one.purpose is LinkPurpose.SETUP:
                    del links[one.digest]


class MemorySessions:
    """`maskline.services.account_store.SessionStore` on a dict."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add_session(self, session: Session, keep: int) -> None:
        """See the seam."""
        self._tables.sessions[session.digest] = session
        for one in (await self.sessions(session.user_id))[keep:]:
            del self._tables.sessions[one.digest]

    async def session(self, digest: bytes) -> tuple[Session, User] | None:
        """See the seam."""
        found = self._tables.sessions.get(digest)
        user = None if found is None else self._tables.users.get(found.user_id)
        return None if found is None or user is None else (found, user)

    async def sessions(self, user_id: str) -> tuple[Session, ...]:
        """See the seam."""
        rows = [one for one in self._tables.sessions.values() if one.user_id == user_id]
        return tuple(sorted(rows, key=lambda one: (one.used_at, one.session_id), reverse=True))

    async def use_session(self, digest: bytes, at: datetime) -> None:
        """See the seam."""
        found = self._tables.sessions.get(digest)
        if found is not None:
            self._tables.sessions[digest] = replace(found, used_at=at)

    async def step_up_session(self, digest: bytes, until: datetime) -> None:
        """See the seam."""
        found = self._tables.sessions.get(digest)
        if found is not None:
            self._tables.sessions[digest] = replace(found, stepped_up_until=until)

    async def remove_session(self, user_id: str, session_id: str) -> None:
        """See the seam."""
        for one in await self.sessions(user_id):
            if one.session_id == session_id:
                del self._tables.sessions[one.digest]
                return
        raise UnknownRecord(f"there is no session {session_id}")

    async def remove_sessions(self, user_id: str, but: bytes | None = None) -> int:
        """See the seam."""
        gone = [one.digest for one in await self.sessions(user_id) if one.digest != but]
        for digest in gone:
            del self._tables.sessions[digest]
        return len(gone)

    async def remove_old_sessions(self, used_before: datetime, now: datetime, limit: int) -> int:
        """See the seam."""
        gone = [
            one.digest
            for one in self._tables.sessions.values()
            if one.used_at < used_before or one.expires_at <= now
        ][:limit]
        for digest in gone:
            del self._tables.sessions[digest]
        return len(gone)


def _place(user: User) -> Place:
    return (user.created_at, user.user_id)
