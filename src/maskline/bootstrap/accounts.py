"""People who sign in, wired to the store and the settings of one process."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from maskline import __version__
from maskline.bootstrap.recording import public_url
from maskline.domain.access import Role
from maskline.manage.api_token import ApiTokenEndpoints
from maskline.manage.audit import AuditEndpoints
from maskline.manage.door import OperatorDoor, SessionDoor
from maskline.manage.endpoint import Endpoint
from maskline.manage.profile import ProfileEndpoints
from maskline.manage.record import ChangeRecorder
from maskline.manage.session import DemoAccount, Features, Installation, SessionEndpoints
from maskline.manage.user import SETUP_PAGE, UserEndpoints
from maskline.manage.visitor import Porch
from maskline.services.accounts import Accounts, LinkRules, NewUser
from maskline.services.admission import Admission
from maskline.services.api_token import ApiTokens
from maskline.services.audit import AuditLog, SignInAudit
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.lockout import Lockout, LockoutLimits
from maskline.services.password import Passwords
from maskline.services.profile import Profile
from maskline.services.sign_in import SignIn, SignInRules
from maskline.services.store import Store
from maskline.settings import Settings
from maskline.settings_accounts import AccountsSection

FAILURES_WITHIN_S = 900.0
DEMO_PASSWORD = "maskline-demo"  # noqa: S105 - everybody is told
SWEPT_AT_ONCE = 500


@dataclass(slots=True)
class Demo:
    """What the demo adds: accounts that the sign-in page lists."""

    accounts: tuple[DemoAccount, ...] = ()


class AccountDesk:
    """All that has to do with people who sign in.

    `lockouts` are named as the list of lock-outs names them. `demo` is filled by the demo alone,
    `has_sandbox` told by whoever opens one.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock,
        ids: Ids,
        *,
        passwords: Passwords | None = None,
    ) -> None:
        section = settings.accounts
        rules = _rules(section)
        self._store = store
        self._clock = clock
        self._rules = rules
        self._public_url = settings.http.public_url or None
        self._base_url = public_url(settings.http)
        self.demo = Demo()
        self.has_sandbox = False
        self.porch = Porch(settings.http.trusted_proxies, settings.http.public_url)
        self.by_login = Lockout(clock, _limits(section, section.login_failures))
        self.by_address = Lockout(clock, _limits(section, section.address_failures))
        self.lockouts = {"sign_in_login": self.by_login, "sign_in": self.by_address}
        passwords = self._passwords = passwords or Passwords()
        self.admission = Admission(store, clock, rules)
        self.tokens = ApiTokens(store, clock, ids)
        self.audit = AuditLog(store, clock, section.audit_days)
        self.watch = SignInAudit(self.audit, clock)
        self.accounts = Accounts(
            store,
            passwords,
            clock,
            ids,
            changed=self._forget,
            rules=LinkRules(
                setup_s=section.setup_h * 3600, invitation_s=section.invitation_h * 3600
            ),
        )
        self.sign_in = SignIn(
            store,
            passwords,
            clock,
            ids,
            by_login=self.by_login,
            by_address=self.by_address,
            watch=self.watch,
            rules=rules,
        )
        self.profile = Profile(
            store,
            self.sign_in,
            passwords,
            clock,
            changed=self._forget,
            random_bytes=os.urandom,
        )

    def door(self, admin_token: str) -> SessionDoor:
        """Admits people and the operator's token."""
        return SessionDoor(OperatorDoor(admin_token), self.admission, self.tokens, self.porch)

    def recorder(self, endpoints: Sequence[Endpoint]) -> ChangeRecorder:
        """Tells the audit log of changes by way of these endpoints."""
        return ChangeRecorder(self.audit, self._clock, endpoints, self._tenant_of)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those of accounts."""
        installation = Installation(
            version=__version__,
            features=lambda: Features(sandbox=self.has_sandbox, demo=bool(self.demo.accounts)),
            demo_accounts=lambda: self.demo.accounts,
        )
        session = SessionEndpoints(
            self.sign_in, self.accounts, self.admission, self._store, installation
        )
        users = UserEndpoints(self.accounts, self.by_login, lambda: self._public_url)
        profile = ProfileEndpoints(self.profile, self.accounts)
        return (
            *session.endpoints(),
            *users.endpoints(),
            *profile.endpoints(),
            *ApiTokenEndpoints(self.tokens).endpoints(),
            *AuditEndpoints(self._store).endpoints(),
        )

    async def setup_url(self) -> str | None:
        """A link for the first operator; None when there is one. Raises StoreFailed, StoreBusy."""
        if not await self.accounts.needs_setup():
            return None
        made = await self.accounts.setup_link()
        # Behind the hash: no log of a server or proxy has it.
        return f"{self._base_url}{SETUP_PAGE}#{made.token}"

    async def keep_demo_accounts(self, tenant_id: str) -> None:
        """An account of every role, for the sign-in page of the demo."""
        kept: list[DemoAccount] = []
        hashed = await self._passwords.hash(DEMO_PASSWORD)
        for role in Role:
            login = f"{role.value.replace('_', '-')}@demo"
            owner = None if role.is_staff else tenant_id
            new = NewUser(login=login, name=f"Demo {role}", role=role, tenant_id=owner)
            await self.accounts.keep(new, hashed)
            kept.append(DemoAccount(login=login, password=DEMO_PASSWORD, role=role))
        self.demo.accounts = tuple(kept)

    async def sweep(self) -> int:
        """Forget a portion of the sessions that have ended; how many. Raises as stores do."""
        return await self._store.remove_old_sessions(
            self._clock.now() - timedelta(seconds=self._rules.idle_s),
            self._clock.now(),
            SWEPT_AT_ONCE,
        )

    def _forget(self) -> None:
        self.admission.forget()
        self.tokens.forget()

    async def _tenant_of(self, app_key: str) -> str | None:
        application = await self._store.application(app_key)
        return None if application is None else application.tenant_id


def _rules(section: AccountsSection) -> SignInRules:
    return SignInRules(
        idle_s=section.session_idle_h * 3600,
        max_s=section.session_max_h * 3600,
        step_up_s=section.step_up_s,
    )


def _limits(section: AccountsSection, failures: int) -> LockoutLimits:
    return LockoutLimits(failures=failures, window_s=FAILURES_WITHIN_S, lock_s=section.lock_s)
