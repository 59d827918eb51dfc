"""People who sign in: their accounts, their sessions, and links that are good once."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from maskline.domain.access import Role
from maskline.domain.error import InvalidParameter

MAX_USERS = 1_000
"""Accounts of one tenant, or of the platform."""

MAX_SESSIONS = 20
"""Of one person; beyond it the one that was unused for longest ends."""

MAX_LINKS = 200
"""Links of one tenant, or of the platform, that are good."""

MIN_PASSWORD, MAX_PASSWORD = 10, 200
MAX_LOGIN, MAX_NAME = 254, 100
LANGUAGES = ("zh", "en")
DEFAULT_ZONE = "Asia/Shanghai"

_LOGIN = re.compile(r"[^\s\x00-\x1f\x7f]{3,254}")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")
_MAX_ZONE = 64


class UserState(StrEnum):
    """Whether somebody may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account of a person. `tenant_id` is None for the platform's own people.

    `login` is unique on the platform, as `read_login` gives it. `password` is an argon2id hash in
    PHC form, `totp_secret` base32, None without a second factor. `totp_counter` is the time step
    of the last code that was used: each is good once.
    """

    user_id: str
    tenant_id: str | None
    login: str = field(repr=False)
    name: str = field(repr=False)
    role: Role
    password: str = field(repr=False)
    totp_secret: str | None = field(default=None, repr=False)
    totp_counter: int = 0
    language: str = LANGUAGES[0]
    zone: str = DEFAULT_ZONE
    state: UserState = UserState.ACTIVE
    created_at: datetime
    last_seen_at: datetime | None = None

    @property
    def is_top(self) -> bool:
        """Whether it keeps its tenant, or the platform, from being without anybody in charge."""
        return self.state is UserState.ACTIVE and self.role is top_role(self.tenant_id)


def top_role(tenant_id: str | None) -> Role:
    """Who is in charge: of a tenant an owner, of the platform an operator."""
    return Role.OPERATOR if tenant_id is None else Role.OWNER


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that somebody has signed in with. `digest` is the SHA-256 of its cookie."""

    session_id: str
    digest: bytes = field(repr=False)
    user_id: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    stepped_up_until: datetime
    address: str = ""
    user_agent: str = ""


class LinkPurpose(StrEnum):
    """What a link is good for, once."""

    SETUP = "setup"  # the first operator of the platform
    INVITATION = "invitation"
    RESET = "reset"  # of a password


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLink:
    """A link that was given to somebody. `digest` is the SHA-256 of the token in it.

    `login` and `name` are of who is invited, and empty for a set-up; `user_id` is whose password
    is reset. `made_by` names who gave it.
    """

    link_id: str
    digest: bytes = field(repr=False)
    purpose: LinkPurpose
    tenant_id: str | None
    role: Role
    login: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    user_id: str | None = None
    made_by: str = field(default="", repr=False)
    created_at: datetime
    expires_at: datetime


def read_login(text: str) -> str:
    """The login as it is kept and compared. Raises InvalidParameter."""
    login = text.strip().casefold()
    if _LOGIN.fullmatch(login) is None:
        raise InvalidParameter("login", f"3 to {MAX_LOGIN} characters without blanks")
    return login


def read_name(text: str) -> str:
    """The name of a person. Raises InvalidParameter."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise InvalidParameter("name", f"1 to {MAX_NAME} characters")
    return name


def check_password(password: str, login: str) -> None:
    """Length before variety (NIST SP 800-63B 3.1.1.2). Raises InvalidParameter."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise InvalidParameter("password", f"{MIN_PASSWORD} to {MAX_PASSWORD} characters")
    if password.casefold() == login or len(set(password)) < MIN_PASSWORD // 2:
        raise InvalidParameter("password", "too easy to guess")


def check_language(language: str) -> None:
    """Raises InvalidParameter."""
    if language not in LANGUAGES:
        raise InvalidParameter("language", f"one of {', '.join(LANGUAGES)}")


def check_zone(zone: str) -> None:
    """Raises InvalidParameter for what is no name of a time zone by its form."""
    if len(zone) > _MAX_ZONE or _ZONE.fullmatch(zone) is None:
        raise InvalidParameter("zone", f"a time zone such as {DEFAULT_ZONE}")
