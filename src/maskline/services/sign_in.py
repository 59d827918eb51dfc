"""Signing in: a password, a code when there is one, and a session that can be taken away."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NoReturn, Protocol

from maskline.domain.account import MAX_SESSIONS, Session, User, UserState, read_login
from maskline.domain.error import CodeNeeded, InvalidParameter, SignInLocked, WrongCredentials
from maskline.domain.totp import matching_counter
from maskline.services.account_store import AccountStore, SessionStore
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.lockout import Lockout
from maskline.services.password import Passwords

COOKIE_LENGTH = 43  # 256 bits of [0-9A-Za-z]: nothing is gained by a slower hash than SHA-256
SESSION_ID_LENGTH = 12
MAX_USER_AGENT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRules:
    """How long sessions last unused and in all, and how long a step-up counts, in seconds."""

    idle_s: float = 12 * 3600.0
    max_s: float = 7 * 86_400.0
    step_up_s: float = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The browser or program that somebody uses."""

    address: str
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """A session that was just opened; `token` goes into its cookie and is not kept."""

    session: Session
    user: User
    token: str = field(repr=False)


class SignInWatch(Protocol):
    """Hears of attempts, for the audit log and the counts."""

    def signed_in(self, user: User, client: Client, action: str) -> None:
        """Somebody has signed in, or followed a link, as `action` says."""
        ...

    def failed(self, user: User | None, client: Client, reason: str) -> None:
        """Somebody has not; None for an unknown login."""
        ...


class SignInStore(AccountStore, SessionStore, Protocol):
    """What is read and written."""


class SignIn:
    """Opens sessions. All verbs raise StoreFailed, StoreBusy, BusyError.

    `by_login` and `by_address` lock out after too many failures; they count a login under the id
    of its account, or under a digest when there is none: no log and no list shows a login.
    """

    def __init__(
        self,
        store: SignInStore,
        passwords: Passwords,
        clock: Clock,
        ids: Ids,
        *,
        by_login: Lockout,
        by_address: Lockout,
        watch: SignInWatch | None = None,
        rules: SignInRules | None = None,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._ids = ids
        self._by_login = by_login
        self._by_address = by_address
        self._watch = watch
        self.rules = rules or SignInRules()

    async def sign_in(
        self, login: str, password: str, code: str | None, client: Client
    ) -> OpenedSession:
        """A new session. Raises WrongCredentials, CodeNeeded, SignInLocked."""
        self._check_address(client.address)
        user = await self._user(login)
        key = login_key(user, login)
        self._check_login(user, key, client)
        if not await self._passwords.matches(password, user and user.password):
            self._fail(user, key, client, "password")
        # Others may have guessed while this password was worked out.
        self._check_login(user, key, client)
        if user is None or user.state is not UserState.ACTIVE:
            self._fail(user, key, client, "disabled")
        await self._use_code(user, code, key, client)
        self._by_login.let_in(key)
        return await self.open(user, client)

    async def open(self, user: User, client: Client, action: str = "sign_in") -> OpenedSession:
        """A session for somebody whose password or link was just found right."""
        now, token = self._clock.now(), self._ids.token(COOKIE_LENGTH)
        session = Session(
            session_id=self._ids.token(SESSION_ID_LENGTH),
            digest=digest_of(token),
            user_id=user.user_id,
            created_at=now,
            used_at=now,
            expires_at=now + timedelta(seconds=self.rules.max_s),
            stepped_up_until=now + timedelta(seconds=self.rules.step_up_s),
            address=client.address,
            user_agent=client.user_agent[:MAX_USER_AGENT],
        )
        await self._store.add_session(session, MAX_SESSIONS)
        if self._watch is not None:
            self._watch.signed_in(user, client, action)
        return OpenedSession(session=session, user=user, token=token)

    async def step_up(
        self, token: str, user: User, password: str | None, code: str | None, client: Client
    ) -> datetime:
        """Until when the session counts as stepped up. A code is enough where there is one.

        Raises WrongCredentials, SignInLocked, InvalidParameter (neither was given).
        """
        if password is None and (code is None or user.totp_secret is None):
            raise InvalidParameter("password", "give the password again")
        await self.confirm(user, password, code, client)
        until = self._clock.now() + timedelta(seconds=self.rules.step_up_s)
        await self._store.step_up_session(digest_of(token), until)
        return until

    async def confirm(
        self, user: User, password: str | None, code: str | None, client: Client
    ) -> None:
        """Let somebody who is signed in show it again. Raises WrongCredentials, SignInLocked."""
        self._check_address(client.address)
        self._check_login(user, user.user_id, client)
        if password is not None:
            if not await self._passwords.matches(password, user.password):
                self._fail(user, user.user_id, client, "password")
        else:
            await self._use_code(user, code, user.user_id, client)

    async def _user(self, login: str) -> User | None:
        try:
            return await self._store.user_of_login(read_login(login))
        except InvalidParameter:
            return None

    async def _use_code(self, user: User, code: str | None, key: str, client: Client) -> None:
        now, counter = self._clock.now(), None
        if user.totp_secret is not None:
            if not code:
                raise CodeNeeded
            counter = matching_counter(user.totp_secret, code, now, user.totp_counter)
            if counter is None:
                self._fail(user, key, client, "code")
        if not await self._store.note_sign_in(user.user_id, now, counter):
            self._fail(user, key, client, "code")

    def _check_address(self, address: str) -> None:
        if self._by_address.is_locked(address):
            raise SignInLocked(self._until(self._by_address, address))

    def _check_login(self, user: User | None, key: str, client: Client) -> None:
        if self._by_login.is_locked(key):
            if self._watch is not None:
                self._watch.failed(user, client, "locked")
            raise SignInLocked(self._until(self._by_login, key))

    def _until(self, lockout: Lockout, key: str) -> datetime:
        return self._clock.now() + timedelta(seconds=lockout.left_s(key))

    def _fail(self, user: User | None, key: str, client: Client, reason: str) -> NoReturn:
        self._by_login.fail(key)
        self._by_address.fail(client.address)
        if self._watch is not None:
            self._watch.failed(user, client, reason)
        raise WrongCredentials


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def login_key(user: User | None, login: str) -> str:
    """The name under which failures of a login are counted."""
    if user is not None:
        return user.user_id
    return "unknown-" + digest_of(login.strip().casefold()).hex()[:16]
