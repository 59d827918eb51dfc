"""What people do with their own account: name, language, zone, password, second factor."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from maskline.domain.account import (
    User,
    check_language,
    check_password,
    check_zone,
    read_name,
)
from maskline.domain.error import InvalidParameter, UnknownRecord
from maskline.domain.totp import (
    SECRET_BYTES,
    check_secret,
    enrolment_uri,
    matching_counter,
    new_secret,
)
from maskline.services.accounts import AccountsStore
from maskline.services.clock import Clock
from maskline.services.password import Passwords
from maskline.services.sign_in import Client, SignIn, digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """What changes; None leaves it."""

    name: str | None = None
    language: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A second factor that is not there before a code of it has come back."""

    secret: str
    uri: str


class Profile:
    """All verbs raise UnknownRecord (the account is gone), StoreBusy, StoreFailed.

    `changed` hears that an account or a session is not what it was.
    """

    def __init__(
        self,
        store: AccountsStore,
        sign_in: SignIn,
        passwords: Passwords,
        clock: Clock,
        *,
        changed: Callable[[], None],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._store = store
        self._sign_in = sign_in
        self._passwords = passwords
        self._clock = clock
        self._changed = changed
        self._random_bytes = random_bytes

    async def user(self, user_id: str) -> User:
        """The account as it is."""
        user = await self._store.user(user_id)
        if user is None:
            raise UnknownRecord("the account is gone")
        return user

    async def change(self, user_id: str, change: ProfileChange) -> User:
        """Change how somebody is named and told. Raises InvalidParameter."""
        user = await self.user(user_id)
        language, zone = change.language or user.language, change.zone or user.zone
        check_language(language)
        check_zone(zone)
        name = user.name if change.name is None else read_name(change.name)
        return await self._save(replace(user, name=name, language=language, zone=zone))

    async def change_password(
        self, user_id: str, old: str, new: str, token: str, client: Client
    ) -> None:
        """Set another password and end all sessions but the one of this cookie.

        Raises InvalidParameter, WrongCredentials, SignInLocked, BusyError.
        """
        user = await self.user(user_id)
        check_password(new, user.login)
        await self._sign_in.confirm(user, old, None, client)
        await self._save(replace(user, password=await self._passwords.hash(new)))
        await self._store.remove_sessions(user_id, digest_of(token))
        self._changed()

    async def begin_totp(self, user_id: str, issuer: str) -> Enrolment:
        """A new second factor for an authenticator app; nothing is kept of it yet."""
        user = await self.user(user_id)
        secret = new_secret(self._random_bytes(SECRET_BYTES))
        return Enrolment(secret=secret, uri=enrolment_uri(secret, user.login, issuer))

    async def confirm_totp(self, user_id: str, secret: str, code: str) -> User:
        """From now on a code of this secret is asked for.

        Raises InvalidParameter, also for a code that the app does not show now.
        """
        user = await self.user(user_id)
        check_secret(secret)
        now = self._clock.now()
        counter = matching_counter(secret, code, now, 0)
        if counter is None:
            raise InvalidParameter("code", "not what the app shows now; are both clocks right?")
        # Used from here on: the next sign-in takes a later one.
        if counter > user.totp_counter:
            await self._store.note_sign_in(user_id, user.last_seen_at or now, counter)
        return await self._save(replace(user, totp_secret=secret))

    async def remove_totp(self, user_id: str) -> User:
        """Ask for the password alone from now on."""
        return await self._save(replace(await self.user(user_id), totp_secret=None))

    async def _save(self, user: User) -> User:
        await self._store.save_user(user)
        self._changed()
        return user
