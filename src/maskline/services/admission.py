"""Whose request it is: the person behind a cookie."""

from dataclasses import dataclass, replace
from datetime import timedelta

from maskline.domain.access import ROLE_RIGHTS, Caller, CallerKind
from maskline.domain.account import Session, User, UserState
from maskline.services.account_store import SessionStore
from maskline.services.clock import Clock
from maskline.services.sign_in import SignInRules, digest_of

REMEMBER_S = 1.0
"""How long what the store said is taken for true: what another process revokes ends within it."""

MAX_REMEMBERED = 4_096
USE_NOTED_S = 60.0
"""How often the store hears that a session is used."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody who is signed in."""

    session: Session
    user: User


@dataclass(slots=True)
class _Remembered:
    at_s: float
    found: Admitted | None


class Admission:
    """Finds sessions; what this process changes of accounts is to be told by `forget`."""

    def __init__(self, store: SessionStore, clock: Clock, rules: SignInRules | None = None) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules or SignInRules()
        self._remembered: dict[bytes, _Remembered] = {}

    def forget(self) -> None:
        """A session or an account was changed here."""
        self._remembered.clear()

    async def admitted(self, token: str) -> Admitted | None:
        """Who has this cookie; None when it is of no good session. Raises StoreFailed."""
        digest = digest_of(token)
        found = await self._found(digest)
        if found is None or not self._is_good(found):
            return None
        now = self._clock.now()
        if now - found.session.used_at < timedelta(seconds=USE_NOTED_S):
            return found
        await self._store.use_session(digest, now)
        used = Admitted(replace(found.session, used_at=now), found.user)
        self._remember(digest, used)
        return used

    def caller(self, admitted: Admitted) -> Caller:
        """What that person may do now."""
        user, session = admitted.user, admitted.session
        return Caller(
            kind=CallerKind.USER,
            name=user.login,
            rights=ROLE_RIGHTS[user.role],
            tenant_id=user.tenant_id,
            user_id=user.user_id,
            role=user.role,
            session_id=session.session_id,
            is_stepped_up=self._clock.now() < session.stepped_up_until,
        )

    async def _found(self, digest: bytes) -> Admitted | None:
        kept = self._remembered.get(digest)
        if kept is not None and self._clock.monotonic() - kept.at_s < REMEMBER_S:
            return kept.found
        row = await self._store.session(digest)
        found = None if row is None else Admitted(*row)
        self._remember(digest, found)
        return found

    def _remember(self, digest: bytes, found: Admitted | None) -> None:
        self._remembered.pop(digest, None)
        if len(self._remembered) >= MAX_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[digest] = _Remembered(self._clock.monotonic(), found)

    def _is_good(self, found: Admitted) -> bool:
        now, session = self._clock.now(), found.session
        unused = now - session.used_at
        return (
            found.user.state is UserState.ACTIVE
            and now < session.expires_at
            and unused < timedelta(seconds=self._rules.idle_s)
        )
