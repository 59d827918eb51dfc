"""Endpoints of signing in: sessions, the sign-in page, the first operator, accepted invitations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol

from msgspec import Meta, Struct

from maskline.domain.access import ROLE_RIGHTS, Role
from maskline.domain.account import LinkPurpose, Session, User
from maskline.domain.application import Tenant
from maskline.domain.error import LinkNotGood
from maskline.manage.door import session_cookie
from maskline.manage.endpoint import Answered, Asked, Endpoint
from maskline.manage.problem import Problem
from maskline.services.accounts import Accounts, Person
from maskline.services.admission import Admission, Admitted
from maskline.services.sign_in import Client, OpenedSession, SignIn

MAX_SECRET = 1_000
Text = Annotated[str, Meta(max_length=MAX_SECRET)]


class TenantSource(Protocol):
    """Where names of tenants are from."""

    async def tenant(self, tenant_id: str) -> Tenant | None:
        """One tenant."""
        ...


class Features(Struct, frozen=True, kw_only=True):
    """What this installation has."""

    sandbox: bool = False
    demo: bool = False


class DemoAccount(Struct, frozen=True, kw_only=True):
    """An account of the demo, for everybody to use."""

    login: str
    password: str
    role: Role


class SignInView(Struct, frozen=True, kw_only=True):
    """What the sign-in page shows."""

    demo_accounts: tuple[DemoAccount, ...]
    needs_setup: bool
    version: str


class SignInForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A login with its password, and the code of the authenticator app where there is one."""

    login: Text
    password: Text
    code: Annotated[str, Meta(max_length=20)] | None = None


class StepUpForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The password again, or a code of the authenticator app."""

    password: Text | None = None
    code: Annotated[str, Meta(max_length=20)] | None = None


class SetupForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first operator, with the token of the set-up link."""

    token: Text
    login: Text
    name: Text
    password: Text
    language: Text | None = None
    zone: Text | None = None


class AcceptForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The password of who was invited, or has a link for a new one."""

    token: Text
    password: Text
    name: Text | None = None
    language: Text | None = None
    zone: Text | None = None


class LinkToken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The token of a link."""

    token: Text


class LinkPreview(Struct, frozen=True, kw_only=True):
    """What a link is for, as the page shows that it leads to."""

    purpose: LinkPurpose
    login: str
    name: str
    role: Role
    tenant_name: str | None
    expires_at: datetime


class SessionUserView(Struct, frozen=True, kw_only=True):
    """Who is signed in."""

    user_id: str
    login: str
    name: str
    role: Role
    tenant_id: str | None
    language: str
    zone: str
    has_totp: bool


class SessionTenantView(Struct, frozen=True, kw_only=True):
    """Whose people somebody belongs to."""

    tenant_id: str
    name: str


class SessionView(Struct, frozen=True, kw_only=True):
    """A session. It ends at `expires_at`, or earlier when nobody uses it."""

    user: SessionUserView
    tenant: SessionTenantView | None
    rights: tuple[str, ...]
    stepped_up_until: datetime
    expires_at: datetime
    features: Features


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is said of this installation. `demo_accounts` are there in the demo only."""

    version: str
    features: Callable[[], Features] = Features
    demo_accounts: Callable[[], tuple[DemoAccount, ...]] = tuple


class SessionEndpoints:
    """What people do to get in and out."""

    def __init__(
        self,
        sign_in: SignIn,
        accounts: Accounts,
        admission: Admission,
        tenants: TenantSource,
        installation: Installation,
    ) -> None:
        self._sign_in = sign_in
        self._accounts = accounts
        self._admission = admission
        self._tenants = tenants
        self._installation = installation

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/sign-in",
                summary="What the sign-in page shows; the demo alone lists accounts",
                run=self.show_sign_in,
                answer=SignInView,
                is_open=True,
            ),
            Endpoint(
                method="POST",
                path="/session",
                summary="Sign in; the answer sets a cookie",
                run=self.sign_in,
                body=SignInForm,
                answer=SessionView,
                is_open=True,
                is_recorded=False,
                refusals=(401, 403, 423),
            ),
            Endpoint(
                method="GET",
                path="/session",
                summary="Who is signed in, and what they may do",
                run=self.show_session,
                answer=SessionView,
                is_personal=True,
            ),
            Endpoint(
                method="DELETE",
                path="/session",
                summary="Sign out",
                run=self.sign_out,
                status=204,
                is_personal=True,
            ),
            Endpoint(
                method="POST",
                path="/session/step-up",
                summary="Show the password or a code again, for what needs that",
                run=self.step_up,
                body=StepUpForm,
                answer=SessionView,
                is_personal=True,
                is_recorded=False,
                refusals=(423,),
            ),
            *self._links(),
        )

    def _links(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="POST",
                path="/setup",
                summary="Make the first operator, by the link that the first start prints",
                run=self.set_up,
                body=SetupForm,
                answer=SessionView,
                status=201,
                is_open=True,
                is_recorded=False,
                refusals=(403, 409, 410),
            ),
            Endpoint(
                method="POST",
                path="/invitations/look",
                summary="What a link is for that somebody was given",
                run=self.look_at_link,
                body=LinkToken,
                answer=LinkPreview,
                is_open=True,
                is_recorded=False,
                refusals=(403, 410),
            ),
            Endpoint(
                method="POST",
                path="/invitations/accept",
                summary="Accept an invitation, or set a new password; signs in",
                run=self.accept_invitation,
                body=AcceptForm,
                answer=SessionView,
                status=201,
                is_open=True,
                is_recorded=False,
                refusals=(401, 403, 409, 410),
            ),
        )

    async def show_sign_in(self, _: Asked) -> SignInView:
        """What the sign-in page shows."""
        return SignInView(
            demo_accounts=self._installation.demo_accounts(),
            needs_setup=await self._accounts.needs_setup(),
            version=self._installation.version,
        )

    async def sign_in(self, asked: Asked) -> Answered:
        """Sign in."""
        form: SignInForm = asked.body
        opened = await self._sign_in.sign_in(form.login, form.password, form.code, client(asked))
        return await self._opened(opened, asked)

    async def show_session(self, asked: Asked) -> SessionView:
        """Who is signed in."""
        admitted = await self._admitted(asked)
        return await self._view(admitted.session, admitted.user)

    async def sign_out(self, asked: Asked) -> Answered:
        """Sign out."""
        caller = asked.caller
        await self._accounts.end_session(caller, caller.user_id or "", caller.session_id or "")
        return Answered(None, {"set-cookie": session_cookie("", asked.visitor, 0)})

    async def step_up(self, asked: Asked) -> SessionView:
        """Show who it is again."""
        form: StepUpForm = asked.body
        user = (await self._admitted(asked)).user
        await self._sign_in.step_up(asked.cookie, user, form.password, form.code, client(asked))
        self._admission.forget()
        return await self.show_session(asked)

    async def set_up(self, asked: Asked) -> Answered:
        """Make the first operator."""
        form: SetupForm = asked.body
        if (await self._accounts.look_at(form.token)).purpose is not LinkPurpose.SETUP:
            raise LinkNotGood
        person = Person(
            password=form.password,
            login=form.login,
            name=form.name,
            language=form.language,
            zone=form.zone,
        )
        return await self._followed(form.token, person, asked)

    async def look_at_link(self, asked: Asked) -> LinkPreview:
        """What a link is for."""
        form: LinkToken = asked.body
        link = await self._accounts.look_at(form.token)
        tenant = await self._tenants.tenant(link.tenant_id) if link.tenant_id else None
        return LinkPreview(
            purpose=link.purpose,
            login=link.login,
            name=link.name,
            role=link.role,
            tenant_name=tenant.name if tenant else None,
            expires_at=link.expires_at,
        )

    async def accept_invitation(self, asked: Asked) -> Answered:
        """Accept an invitation."""
        form: AcceptForm = asked.body
        if (await self._accounts.look_at(form.token)).purpose is LinkPurpose.SETUP:
            raise LinkNotGood
        person = Person(
            password=form.password, name=form.name, language=form.language, zone=form.zone
        )
        return await self._followed(form.token, person, asked)

    async def _followed(self, token: str, person: Person, asked: Asked) -> Answered:
        user = await self._accounts.follow(token, person)
        if user.totp_secret is not None:
            # A link replaces the password, not the second factor.
            raise Problem(
                status=401,
                code="code_needed",
                message="the password is set; sign in with it and a code",
                field="code",
            )
        opened = await self._sign_in.open(user, client(asked), "accept_invitation")
        return await self._opened(opened, asked)

    async def _opened(self, opened: OpenedSession, asked: Asked) -> Answered:
        cookie = session_cookie(opened.token, asked.visitor, round(self._sign_in.rules.max_s))
        return Answered(await self._view(opened.session, opened.user), {"set-cookie": cookie})

    async def _admitted(self, asked: Asked) -> Admitted:
        admitted = await self._admission.admitted(asked.cookie)
        if admitted is None:
            raise Problem(status=401, code="signed_out", message="the session has ended")
        return admitted

    async def _view(self, session: Session, user: User) -> SessionView:
        tenant = await self._tenants.tenant(user.tenant_id) if user.tenant_id else None
        return SessionView(
            user=SessionUserView(
                user_id=user.user_id,
                login=user.login,
                name=user.name,
                role=user.role,
                tenant_id=user.tenant_id,
                language=user.language,
                zone=user.zone,
                has_totp=user.totp_secret is not None,
            ),
            tenant=tenant and SessionTenantView(tenant_id=tenant.tenant_id, name=tenant.name),
            rights=tuple(sorted(ROLE_RIGHTS[user.role])),
            stepped_up_until=session.stepped_up_until,
            expires_at=session.expires_at,
            features=self._installation.features(),
        )


def client(asked: Asked) -> Client:
    """From where somebody signs in."""
    return Client(address=asked.address, user_agent=asked.visitor.user_agent)
