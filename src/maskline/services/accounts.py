"""Accounts: the first operator, invitations, roles, and what ends them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Protocol

from maskline.domain.access import Caller, Role
from maskline.domain.account import (
    MAX_LINKS,
    MAX_USERS,
    AccountLink,
    LinkPurpose,
    Session,
    User,
    UserState,
    check_language,
    check_password,
    check_zone,
    read_login,
    read_name,
)
from maskline.domain.application import Tenant
from maskline.domain.error import (
    DuplicateRecord,
    InvalidParameter,
    LinkNotGood,
    NotForThisRole,
    UnknownRecord,
)
from maskline.services.account_store import AccountStore, Place, SessionStore
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.password import Passwords
from maskline.services.sign_in import digest_of

LINK_LENGTH = 43
USER_ID_LENGTH = LINK_ID_LENGTH = 12


class AccountsStore(AccountStore, SessionStore, Protocol):
    """What is read and written."""

    async def tenant(self, tenant_id: str) -> Tenant | None:
        """One tenant."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRules:
    """For how long links are good, in seconds."""

    setup_s: float = 86_400.0
    invitation_s: float = 3 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Somebody to invite. `tenant_id` None is whose the caller is."""

    login: str = field(repr=False)
    name: str = field(repr=False)
    role: Role
    tenant_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What changes of an account; None leaves it."""

    name: str | None = None
    role: Role | None = None
    state: UserState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What somebody who follows a link says; None takes what the link says, or is usual."""

    password: str = field(repr=False)
    login: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    language: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeLink:
    """A link that was just made; its `token` is not kept."""

    link: AccountLink
    token: str = field(repr=False)


class Accounts:
    """All verbs raise StoreFailed, those that write StoreBusy as well.

    What callers of a tenant may not see is an UnknownRecord. `changed` hears that an account or a
    session is not what it was.
    """

    def __init__(
        self,
        store: AccountsStore,
        passwords: Passwords,
        clock: Clock,
        ids: Ids,
        *,
        changed: Callable[[], None],
        rules: LinkRules | None = None,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._ids = ids
        self._changed = changed
        self._rules = rules or LinkRules()

    async def needs_setup(self) -> bool:
        """Whether the platform has no operator yet."""
        return not await self._store.has_role(Role.OPERATOR)

    async def setup_link(self) -> MadeLink:
        """A link for the first operator. Raises TenantFull, NotForThisRole (there is one)."""
        if not await self.needs_setup():
            raise NotForThisRole("there is an operator already, who can invite others")
        return await self._make_link(
            LinkPurpose.SETUP, self._rules.setup_s, tenant_id=None, role=Role.OPERATOR
        )

    async def invite(self, caller: Caller, new: NewUser) -> MadeLink:
        """A link with which somebody can make the account.

        Raises InvalidParameter, DuplicateRecord, UnknownRecord (tenant), TenantFull,
        NotForThisRole.
        """
        login, name = read_login(new.login), read_name(new.name)
        tenant_id = _own_tenant(caller, new.tenant_id)
        _check_role(caller, new.role, tenant_id)
        if await self._store.user_of_login(login) is not None:
            raise DuplicateRecord("this login")
        return await self._make_link(
            LinkPurpose.INVITATION,
            self._rules.invitation_s,
            tenant_id=tenant_id,
            role=new.role,
            login=login,
            name=name,
            made_by=caller.name,
        )

    async def links(self, caller: Caller) -> tuple[AccountLink, ...]:
        """Links that are good now, oldest first."""
        now = self._clock.now()
        kept = await self._store.links(caller.tenant_id)
        return tuple(link for link in kept if now < link.expires_at)

    async def take_back(self, caller: Caller, link_id: str) -> None:
        """Let a link be good no more. Raises UnknownRecord, NotForThisRole."""
        for link in await self._store.links(caller.tenant_id):
            if link.link_id == link_id:
                _check_role(caller, link.role, link.tenant_id)
                await self._store.remove_link(link_id)
                return
        raise UnknownRecord(f"there is no link {link_id}")

    async def look_at(self, token: str) -> AccountLink:
        """What a link is for. Raises LinkNotGood."""
        link = await self._store.link(digest_of(token))
        if link is None or self._clock.now() >= link.expires_at:
            raise LinkNotGood
        return link

    async def follow(self, token: str, person: Person) -> User:
        """Do what a link is for, which uses it up: make an account, or set its password.

        Raises LinkNotGood, InvalidParameter, DuplicateRecord, TenantFull, BusyError.
        """
        link = await self.look_at(token)
        if link.purpose is LinkPurpose.RESET:
            return await self._reset(link, person)
        is_setup = link.purpose is LinkPurpose.SETUP
        login = read_login(person.login or "") if is_setup else link.login
        user = await self._new_user(
            login, person.name or link.name, link.role, link.tenant_id, person
        )
        await self._store.add_user(user, MAX_USERS, link.digest)
        return user

    async def keep(self, new: NewUser, hashed: str) -> User:
        """An account with this login, role and hash of a password, whatever it was: for the demo.

        Raises UnknownRecord (tenant), TenantFull.
        """
        login = read_login(new.login)
        kept = await self._store.user_of_login(login)
        if kept is None:
            user = User(
                user_id=self._ids.token(USER_ID_LENGTH),
                tenant_id=new.tenant_id,
                login=login,
                name=read_name(new.name),
                role=new.role,
                password=hashed,
                created_at=self._clock.now(),
            )
            await self._store.add_user(user, MAX_USERS)
            return user
        user = replace(
            kept, role=new.role, password=hashed, totp_secret=None, state=UserState.ACTIVE
        )
        await self._store.save_user(user)
        return user

    async def users(
        self, caller: Caller, tenant_id: str | None, after: Place | None, limit: int
    ) -> tuple[User, ...]:
        """Accounts that the caller may see, of this tenant or STAFF when it is given."""
        if caller.tenant_id is not None:
            if tenant_id not in {None, caller.tenant_id}:
                return ()
            tenant_id = caller.tenant_id
        return await self._store.users(tenant_id, after, limit)

    async def user(self, caller: Caller, user_id: str) -> User:
        """One account. Raises UnknownRecord."""
        user = await self._store.user(user_id)
        if user is None or caller.tenant_id not in {None, user.tenant_id}:
            raise UnknownRecord(f"there is no account {user_id}")
        return user

    async def change(self, caller: Caller, user_id: str, change: UserChange) -> User:
        """Change an account; one that is disabled, or has another role, is signed out.

        Raises UnknownRecord, InvalidParameter, NotForThisRole, LastOfItsKind.
        """
        user = await self.user(caller, user_id)
        _check_role(caller, user.role, user.tenant_id)
        new_role, new_state = change.role or user.role, change.state or user.state
        is_other = (new_role, new_state) != (user.role, user.state)
        if is_other and caller.user_id == user_id:
            raise NotForThisRole("nobody changes the own role or state; ask somebody else")
        _check_role(caller, new_role, user.tenant_id)
        name = user.name if change.name is None else read_name(change.name)
        changed = replace(user, name=name, role=new_role, state=new_state)
        await self._store.save_user(changed)
        if is_other:
            await self._store.remove_sessions(user_id)
        self._changed()
        return changed

    async def reset(self, caller: Caller, user_id: str, *, removes_totp: bool) -> MadeLink:
        """A link with which somebody can choose a new password; the second factor may go too.

        Raises UnknownRecord, NotForThisRole, TenantFull.
        """
        user = await self.user(caller, user_id)
        _check_role(caller, user.role, user.tenant_id)
        made = await self._make_link(
            LinkPurpose.RESET,
            self._rules.invitation_s,
            tenant_id=user.tenant_id,
            role=user.role,
            login=user.login,
            name=user.name,
            user_id=user_id,
            made_by=caller.name,
        )
        if removes_totp:
            await self._store.save_user(replace(user, totp_secret=None))
            self._changed()
        return made

    async def sessions(self, caller: Caller, user_id: str) -> tuple[Session, ...]:
        """Sessions of an account, the last used first. Raises UnknownRecord."""
        await self._reachable(caller, user_id)
        return await self._store.sessions(user_id)

    async def end_session(self, caller: Caller, user_id: str, session_id: str) -> None:
        """End one session. Raises UnknownRecord, NotForThisRole."""
        await self._reachable(caller, user_id)
        await self._store.remove_session(user_id, session_id)
        self._changed()

    async def end_sessions(self, caller: Caller, user_id: str, but: bytes | None = None) -> int:
        """End all sessions of an account but the one of this digest; how many there were.

        Raises UnknownRecord, NotForThisRole.
        """
        await self._reachable(caller, user_id)
        ended = await self._store.remove_sessions(user_id, but)
        self._changed()
        return ended

    async def _reachable(self, caller: Caller, user_id: str) -> None:
        user = await self.user(caller, user_id)
        if caller.user_id != user_id:
            _check_role(caller, user.role, user.tenant_id)

    async def _reset(self, link: AccountLink, person: Person) -> User:
        user = await self._store.user(link.user_id or "")
        if user is None:
            raise LinkNotGood
        check_password(person.password, user.login)
        changed = replace(user, password=await self._passwords.hash(person.password))
        await self._store.save_user(changed, link.digest)
        await self._store.remove_sessions(user.user_id)
        self._changed()
        return changed

    async def _new_user(
        self, login: str, name: str, role: Role, tenant_id: str | None, person: Person
    ) -> User:
        check_password(person.password, login)
        user = User(
            user_id=self._ids.token(USER_ID_LENGTH),
            tenant_id=tenant_id,
            login=login,
            name=read_name(name),
            role=role,
            password="",
            created_at=self._clock.now(),
        )
        language, zone = person.language or user.language, person.zone or user.zone
        check_language(language)
        check_zone(zone)
        hashed = await self._passwords.hash(person.password)
        return replace(user, password=hashed, language=language, zone=zone)

    async def _make_link(self, purpose: LinkPurpose, good_s: float, **fields: Any) -> MadeLink:  # noqa: ANN401 - those of AccountLink
        now, token = self._clock.now(), self._ids.token(LINK_LENGTH)
        link = AccountLink(
            link_id=self._ids.token(LINK_ID_LENGTH),
            digest=digest_of(token),
            purpose=purpose,
            created_at=now,
            expires_at=now + timedelta(seconds=good_s),
            **fields,
        )
        await self._store.add_link(link, MAX_LINKS)
        return MadeLink(link=link, token=token)


def _own_tenant(caller: Caller, tenant_id: str | None) -> str | None:
    """Whose an account becomes. Raises UnknownRecord."""
    if caller.tenant_id is None:
        return tenant_id or None
    if tenant_id not in {None, caller.tenant_id}:
        raise UnknownRecord(f"there is no tenant {tenant_id}")
    return caller.tenant_id


def _check_role(caller: Caller, role: Role, tenant_id: str | None) -> None:
    """Raises InvalidParameter for a role of the other side, NotForThisRole for an owner's."""
    if role.is_staff != (tenant_id is None):
        whose = "the platform's own people" if tenant_id is None else "a tenant's people"
        raise InvalidParameter("role", f"{role} is no role of {whose}")
    may_make_owners = caller.tenant_id is None or caller.role is Role.OWNER
    if role is Role.OWNER and not may_make_owners:
        raise NotForThisRole("only owners make, change and sign out owners")
