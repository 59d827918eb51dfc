"""Endpoints of accounts: who is there, invitations, roles, sessions, new passwords."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from maskline.domain.access import Right, Role
from maskline.domain.account import AccountLink, LinkPurpose, Session, User, UserState
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.place import read_place, write_place
from maskline.services.accounts import Accounts, MadeLink, NewUser, UserChange
from maskline.services.lockout import Lockout

MAX_PAGE = 500
USER = "/users/{user_id}"
INVITATION_PAGE, SETUP_PAGE = "/console/invitation", "/console/setup"
Text = Annotated[str, Meta(max_length=1_000)]


class UserQuery(Struct, frozen=True, kw_only=True):
    """Accounts, oldest first. `tenant_id` empty is the platform's own people, absent everybody."""

    tenant_id: str | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50
    after: str | None = None


class UserView(Struct, frozen=True, kw_only=True):
    """An account. `is_locked`: too many sign-ins have failed, as this process knows."""

    user_id: str
    tenant_id: str | None
    login: str
    name: str
    role: Role
    state: UserState
    has_totp: bool
    is_locked: bool
    language: str
    zone: str
    created_at: datetime
    last_seen_at: datetime | None


class UsersView(Struct, frozen=True, kw_only=True):
    """A page of accounts; `next` is the `after` of the page behind it."""

    items: tuple[UserView, ...]
    next: str | None


class UserChangeForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes; who is disabled or has another role is signed out."""

    name: Text | None = None
    role: Role | None = None
    state: UserState | None = None


class ResetForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link for a new password; the second factor goes when the phone is lost."""

    removes_totp: bool = False


class InvitationForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody to invite. `tenant_id` null is the platform, or the tenant of who asks."""

    login: Text
    name: Text
    role: Role
    tenant_id: str | None = None


class LinkView(Struct, frozen=True, kw_only=True):
    """A link for somebody. `link` is there in the answer that made it, and never again."""

    invitation_id: str
    purpose: LinkPurpose
    link: str | UnsetType = UNSET
    tenant_id: str | None
    login: str
    name: str
    role: Role
    made_by: str
    created_at: datetime
    expires_at: datetime


class LinksView(Struct, frozen=True, kw_only=True):
    """All links that are good now, oldest first."""

    items: tuple[LinkView, ...]


class UserSessionView(Struct, frozen=True, kw_only=True):
    """A browser somebody has signed in with."""

    session_id: str
    address: str
    user_agent: str
    is_this: bool
    created_at: datetime
    used_at: datetime
    expires_at: datetime


class UserSessionsView(Struct, frozen=True, kw_only=True):
    """The sessions of an account, the last used first."""

    items: tuple[UserSessionView, ...]


class UserEndpoints:
    """What those in charge do with accounts.

    `base_url` says how people reach this server when it is known better than from a request.
    """

    def __init__(
        self, accounts: Accounts, by_login: Lockout, base_url: Callable[[], str | None]
    ) -> None:
        self._accounts = accounts
        self._by_login = by_login
        self._base_url = base_url

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (*self._users(), *self._sessions(), *self._invitations())

    def _users(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/users",
                summary="Accounts of people, oldest first",
                run=self.list_users,
                query=UserQuery,
                answer=UsersView,
                right=Right.USER_WRITE,
            ),
            Endpoint(
                method="GET",
                path=USER,
                summary="One account",
                run=self.show_user,
                answer=UserView,
                refusals=(404,),
                right=Right.USER_WRITE,
            ),
            Endpoint(
                method="PATCH",
                path=USER,
                summary="Rename somebody, give another role, disable or let in again",
                run=self.change_user,
                body=UserChangeForm,
                answer=UserView,
                refusals=(404, 409),
                right=Right.USER_WRITE,
                needs_step_up=True,
            ),
            Endpoint(
                method="POST",
                path=f"{USER}/reset",
                summary="Make a link with which somebody chooses a new password",
                run=self.reset_user,
                body=ResetForm,
                answer=LinkView,
                status=201,
                refusals=(404, 409),
                right=Right.USER_WRITE,
                needs_step_up=True,
            ),
            Endpoint(
                method="POST",
                path=f"{USER}/unlock",
                summary="Let somebody try again whose sign-ins failed too often",
                run=self.unlock_user,
                status=204,
                refusals=(404,),
                right=Right.USER_WRITE,
            ),
        )

    def _sessions(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path=f"{USER}/sessions",
                summary="Where somebody is signed in, the last used first",
                run=self.list_user_sessions,
                answer=UserSessionsView,
                refusals=(404,),
                right=Right.USER_WRITE,
            ),
            Endpoint(
                method="DELETE",
                path=f"{USER}/sessions",
                summary="Sign somebody out everywhere",
                run=self.end_user_sessions,
                status=204,
                refusals=(404,),
                right=Right.USER_WRITE,
            ),
            Endpoint(
                method="DELETE",
                path=f"{USER}/sessions/{{session_id}}",
                summary="Sign somebody out in one browser",
                run=self.end_user_session,
                status=204,
                refusals=(404,),
                right=Right.USER_WRITE,
            ),
        )

    def _invitations(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/invitations",
                summary="Invitations and links for new passwords that are good now",
                run=self.list_invitations,
                answer=LinksView,
                right=Right.USER_WRITE,
            ),
            Endpoint(
                method="POST",
                path="/invitations",
                summary="Invite somebody; the answer alone has the link",
                run=self.invite,
                body=InvitationForm,
                answer=LinkView,
                status=201,
                refusals=(404, 409),
                right=Right.USER_WRITE,
            ),
            Endpoint(
                method="DELETE",
                path="/invitations/{invitation_id}",
                summary="Let a link be good no more",
                run=self.take_back_invitation,
                status=204,
                refusals=(404,),
                right=Right.USER_WRITE,
            ),
            Endpoint(
                method="POST",
                path="/setup-links",
                summary="Make a link for the first operator, while there is none",
                run=self.make_setup_link,
                answer=LinkView,
                status=201,
                right=Right.TENANT_WRITE,
            ),
        )

    async def list_users(self, asked: Asked) -> UsersView:
        """Accounts of people."""
        query: UserQuery = asked.query
        place = read_place(query.after)
        found = await self._accounts.users(asked.caller, query.tenant_id, place, query.limit + 1)
        shown = found[: query.limit]
        last = shown[-1] if len(found) > query.limit else None
        return UsersView(
            items=tuple(map(self._view, shown)),
            next=None if last is None else write_place(last.created_at, last.user_id),
        )

    async def show_user(self, asked: Asked) -> UserView:
        """One account."""
        return self._view(await self._accounts.user(asked.caller, asked.path["user_id"]))

    async def change_user(self, asked: Asked) -> UserView:
        """Change an account."""
        form: UserChangeForm = asked.body
        change = UserChange(name=form.name, role=form.role, state=form.state)
        return self._view(await self._accounts.change(asked.caller, asked.path["user_id"], change))

    async def reset_user(self, asked: Asked) -> LinkView:
        """A link for a new password."""
        form: ResetForm = asked.body
        made = await self._accounts.reset(
            asked.caller, asked.path["user_id"], removes_totp=form.removes_totp
        )
        return self._made(made, asked)

    async def unlock_user(self, asked: Asked) -> None:
        """Let somebody try again."""
        user = await self._accounts.user(asked.caller, asked.path["user_id"])
        self._by_login.release(user.user_id)

    async def list_user_sessions(self, asked: Asked) -> UserSessionsView:
        """Where somebody is signed in."""
        sessions = await self._accounts.sessions(asked.caller, asked.path["user_id"])
        return sessions_view(sessions, asked)

    async def end_user_sessions(self, asked: Asked) -> None:
        """Sign somebody out everywhere."""
        await self._accounts.end_sessions(asked.caller, asked.path["user_id"])

    async def end_user_session(self, asked: Asked) -> None:
        """Sign somebody out in one browser."""
        path = asked.path
        await self._accounts.end_session(asked.caller, path["user_id"], path["session_id"])

    async def list_invitations(self, asked: Asked) -> LinksView:
        """Links that are good now."""
        return LinksView(items=tuple(map(_link_view, await self._accounts.links(asked.caller))))

    async def invite(self, asked: Asked) -> LinkView:
        """Invite somebody."""
        form: InvitationForm = asked.body
        new = NewUser(login=form.login, name=form.name, role=form.role, tenant_id=form.tenant_id)
        return self._made(await self._accounts.invite(asked.caller, new), asked)

    async def take_back_invitation(self, asked: Asked) -> None:
        """Let a link be good no more."""
        await self._accounts.take_back(asked.caller, asked.path["invitation_id"])

    async def make_setup_link(self, asked: Asked) -> LinkView:
        """A link for the first operator."""
        return self._made(await self._accounts.setup_link(), asked)

    def _made(self, made: MadeLink, asked: Asked) -> LinkView:
        page = SETUP_PAGE if made.link.purpose is LinkPurpose.SETUP else INVITATION_PAGE
        base = self._base_url() or asked.visitor.origin
        # Behind the hash: no log of a server or proxy has it.
        return _link_view(made.link, f"{base}{page}#{made.token}")

    def _view(self, user: User) -> UserView:
        return UserView(
            user_id=user.user_id,
            tenant_id=user.tenant_id,
            login=user.login,
            name=user.name,
            role=user.role,
            state=user.state,
            has_totp=user.totp_secret is not None,
            is_locked=self._by_login.is_locked(user.user_id),
            language=user.language,
            zone=user.zone,
            created_at=user.created_at,
            last_seen_at=user.last_seen_at,
        )


def sessions_view(sessions: tuple[Session, ...], asked: Asked) -> UserSessionsView:
    """Sessions as they are shown; the one of the request is marked."""
    return UserSessionsView(
        items=tuple(
            UserSessionView(
                session_id=session.session_id,
                address=session.address,
                user_agent=session.user_agent,
                is_this=session.session_id == asked.caller.session_id,
                created_at=session.created_at,
                used_at=session.used_at,
                expires_at=session.expires_at,
            )
            for session in sessions
        )
    )


def _link_view(link: AccountLink, url: str | UnsetType = UNSET) -> LinkView:
    return LinkView(
        invitation_id=link.link_id,
        purpose=link.purpose,
        link=url,
        tenant_id=link.tenant_id,
        login=link.login,
        name=link.name,
        role=link.role,
        made_by=link.made_by,
        created_at=link.created_at,
        expires_at=link.expires_at,
    )
