"""The store seams of accounts and sessions; the rules of `maskline.services.store` hold here too.

Logins, names, password hashes, secrets, addresses are sealed; a login is found by a keyed hash.
"""

from datetime import datetime
from typing import Protocol

from maskline.domain.access import Role
from maskline.domain.account import AccountLink, Session, User

STAFF = ""
"""As a tenant's id in what asks for accounts: the platform's own people."""

Place = tuple[datetime, str]
"""Where a list of accounts goes on: creation time and id of the last one seen."""


class AccountStore(Protocol):
    """People and links. In reads None as a tenant's id does not restrict, STAFF names no tenant."""

    async def add_user(self, user: User, limit: int, used_link: bytes | None = None) -> None:
        """Keep a new account, and use up the link with this digest in the same unit.

        With a set-up link all others go too. Raises UnknownRecord (tenant), LinkNotGood (no such
        link), TenantFull (its tenant has `limit` accounts), DuplicateRecord (the login).
        """
        ...

    async def save_user(self, user: User, used_link: bytes | None = None) -> None:
        """Replace an account; tenant, login, creation, last sign-in and code stay as they are.

        Raises UnknownRecord, LinkNotGood, LastOfItsKind (nobody would be in charge).
        """
        ...

    async def note_sign_in(self, user_id: str, at: datetime, totp_counter: int | None) -> bool:
        """Keep when somebody signed in and by the code of which step; False for a used one."""
        ...

    async def user(self, user_id: str) -> User | None:
        """One account."""
        ...

    async def user_of_login(self, login: str) -> User | None:
        """The account with this login."""
        ...

    async def users(
        self, tenant_id: str | None, after: Place | None, limit: int
    ) -> tuple[User, ...]:
        """Up to `limit` accounts that come behind `after`, oldest first."""
        ...

    async def has_role(self, role: Role) -> bool:
        """Whether any active account has this role."""
        ...

    async def add_link(self, link: AccountLink, limit: int) -> None:
        """Keep a link; those that have expired go, and so do others for the same login and purpose.

        Raises UnknownRecord (the tenant), TenantFull (it has `limit` others).
        """
        ...

    async def link(self, digest: bytes) -> AccountLink | None:
        """The link with this digest, also when it has expired."""
        ...

    async def links(self, tenant_id: str | None) -> tuple[AccountLink, ...]:
        """Links, oldest first; there are few."""
        ...

    async def remove_link(self, link_id: str) -> None:
        """Take a link back. Raises UnknownRecord."""
        ...


class SessionStore(Protocol):
    """Sessions by the digest of their cookies."""

    async def add_session(self, session: Session, keep: int) -> None:
        """Keep a session; of those of its person the longest unused beyond `keep` go."""
        ...

    async def session(self, digest: bytes) -> tuple[Session, User] | None:
        """The session with this digest and whose it is; what has expired is still found."""
        ...

    async def sessions(self, user_id: str) -> tuple[Session, ...]:
        """Sessions of a person, the last used first."""
        ...

    async def use_session(self, digest: bytes, at: datetime) -> None:
        """Keep that a session was used; one that is gone is ignored."""
        ...

    async def step_up_session(self, digest: bytes, until: datetime) -> None:
        """Keep until when a session is stepped up; one that is gone is ignored."""
        ...

    async def remove_session(self, user_id: str, session_id: str) -> None:
        """End one session of a person. Raises UnknownRecord."""
        ...

    async def remove_sessions(self, user_id: str, but: bytes | None = None) -> int:
        """End all sessions of a person but the one with this digest; how many there were."""
        ...

    async def remove_old_sessions(self, used_before: datetime, now: datetime, limit: int) -> int:
        """Forget at most `limit` sessions that were not used since or have expired."""
        ...
