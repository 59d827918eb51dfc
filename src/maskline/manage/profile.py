"""Endpoints of the own account: name, language, zone, password, second factor, sessions."""

from typing import Annotated

from msgspec import Meta, Struct

from maskline.domain.access import Role
from maskline.domain.account import User
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.session import client
from maskline.manage.user import UserSessionsView, sessions_view
from maskline.services.accounts import Accounts
from maskline.services.profile import Profile, ProfileChange

ISSUER = "maskline"
Text = Annotated[str, Meta(max_length=1_000)]


class ProfileView(Struct, frozen=True, kw_only=True):
    """The own account."""

    user_id: str
    tenant_id: str | None
    login: str
    name: str
    role: Role
    language: str
    zone: str
    has_totp: bool


class ProfileForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes of the own account."""

    name: Text | None = None
    language: Text | None = None
    zone: Text | None = None


class PasswordForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password, and the one until now; all other sessions end."""

    password: Text
    old_password: Text


class TotpView(Struct, frozen=True, kw_only=True):
    """A second factor to put into an authenticator app; kept once a code of it has come back."""

    secret: str
    uri: str


class TotpForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The secret that was given, and the code that the app shows now."""

    secret: Text
    code: Annotated[str, Meta(max_length=20)]


class ProfileEndpoints:
    """What people do with their own account."""

    def __init__(self, profile: Profile, accounts: Accounts) -> None:
        self._profile = profile
        self._accounts = accounts

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/profile",
                summary="The own account",
                run=self.show_profile,
                answer=ProfileView,
                is_personal=True,
            ),
            Endpoint(
                method="PATCH",
                path="/profile",
                summary="Change the own name, language or time zone",
                run=self.change_profile,
                body=ProfileForm,
                answer=ProfileView,
                is_personal=True,
            ),
            Endpoint(
                method="PUT",
                path="/profile/password",
                summary="Change the own password; ends all other sessions",
                run=self.change_own_password,
                body=PasswordForm,
                status=204,
                is_personal=True,
                refusals=(423,),
            ),
            Endpoint(
                method="GET",
                path="/profile/sessions",
                summary="Where one is signed in oneself",
                run=self.list_own_sessions,
                answer=UserSessionsView,
                is_personal=True,
            ),
            Endpoint(
                method="DELETE",
                path="/profile/sessions/{session_id}",
                summary="Sign oneself out in another browser",
                run=self.end_own_session,
                status=204,
                is_personal=True,
                refusals=(404,),
            ),
            *self._totp(),
        )

    def _totp(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="POST",
                path="/profile/totp",
                summary="Begin with a second factor: a secret for an authenticator app",
                run=self.begin_totp,
                answer=TotpView,
                is_personal=True,
                needs_step_up=True,
            ),
            Endpoint(
                method="PUT",
                path="/profile/totp",
                summary="Ask for codes of the authenticator app from now on",
                run=self.confirm_totp,
                body=TotpForm,
                answer=ProfileView,
                is_personal=True,
                needs_step_up=True,
            ),
            Endpoint(
                method="DELETE",
                path="/profile/totp",
                summary="Ask for the password alone again",
                run=self.remove_totp,
                status=204,
                is_personal=True,
                needs_step_up=True,
            ),
        )

    async def show_profile(self, asked: Asked) -> ProfileView:
        """The own account."""
        return _view(await self._profile.user(_own(asked)))

    async def change_profile(self, asked: Asked) -> ProfileView:
        """Change the own account."""
        form: ProfileForm = asked.body
        change = ProfileChange(name=form.name, language=form.language, zone=form.zone)
        return _view(await self._profile.change(_own(asked), change))

    async def change_own_password(self, asked: Asked) -> None:
        """Change the own password."""
        form: PasswordForm = asked.body
        await self._profile.change_password(
            _own(asked), form.old_password, form.password, asked.cookie, client(asked)
        )

    async def list_own_sessions(self, asked: Asked) -> UserSessionsView:
        """Where one is signed in."""
        return sessions_view(await self._accounts.sessions(asked.caller, _own(asked)), asked)

    async def end_own_session(self, asked: Asked) -> None:
        """Sign out in another browser."""
        await self._accounts.end_session(asked.caller, _own(asked), asked.path["session_id"])

    async def begin_totp(self, asked: Asked) -> TotpView:
        """Begin with a second factor."""
        begun = await self._profile.begin_totp(_own(asked), ISSUER)
        return TotpView(secret=begun.secret, uri=begun.uri)

    async def confirm_totp(self, asked: Asked) -> ProfileView:
        """Ask for codes from now on."""
        form: TotpForm = asked.body
        return _view(await self._profile.confirm_totp(_own(asked), form.secret, form.code))

    async def remove_totp(self, asked: Asked) -> None:
        """Ask for the password alone again."""
        await self._profile.remove_totp(_own(asked))


def _own(asked: Asked) -> str:
    return asked.caller.user_id or ""


def _view(user: User) -> ProfileView:
    return ProfileView(
        user_id=user.user_id,
        tenant_id=user.tenant_id,
        login=user.login,
        name=user.name,
        role=user.role,
        language=user.language,
        zone=user.zone,
        has_totp=user.totp_secret is not None,
    )
