"""Tokens of the management API: made by people for their programs, shown once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maskline.domain.access import (
    PLATFORM_RIGHTS,
    ROLE_RIGHTS,
    Caller,
    CallerKind,
    Right,
)
from maskline.domain.account import User, UserState, read_name
from maskline.domain.api_token import MAX_DAYS, MAX_TOKENS, PREFIX, ApiToken
from maskline.domain.error import InvalidParameter, NotForThisRole, UnknownRecord
from maskline.services.account_store import STAFF
from maskline.services.admission import MAX_REMEMBERED, REMEMBER_S, USE_NOTED_S
from maskline.services.audit_store import ApiTokenStore
from maskline.services.clock import Clock
from maskline.services.ids import Ids
from maskline.services.sign_in import digest_of

TOKEN_LENGTH = 43
TOKEN_ID_LENGTH = 12

Found = tuple[ApiToken, User | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApiToken:
    """A token to make. `tenant_id` is for the management token alone."""

    name: str
    rights: frozenset[Right]
    days: int
    tenant_id: str | None = None


class ApiTokens:
    """All verbs raise StoreFailed, those that write StoreBusy as well."""

    def __init__(self, store: ApiTokenStore, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._remembered: dict[bytes, tuple[float, Found]] = {}

    def forget(self) -> None:
        """A token or an account was changed here."""
        self._remembered.clear()

    async def issue(self, caller: Caller, new: NewApiToken) -> tuple[ApiToken, str]:
        """A token with some of the caller's rights, and what its holder sends; that is not kept.

        Raises InvalidParameter, NotForThisRole, UnknownRecord (tenant), TenantFull.
        """
        if caller.kind is CallerKind.API_TOKEN:
            raise NotForThisRole("a token makes no other tokens")
        tenant_id = caller.tenant_id
        if caller.kind is CallerKind.OPERATOR_TOKEN:
            tenant_id = new.tenant_id or None
        if not 1 <= new.days <= MAX_DAYS:
            raise InvalidParameter("days", f"1 to {MAX_DAYS}")
        _check_rights(caller, new.rights, tenant_id)
        now, secret = self._clock.now(), PREFIX + self._ids.token(TOKEN_LENGTH)
        token = ApiToken(
            token_id=self._ids.token(TOKEN_ID_LENGTH),
            digest=digest_of(secret),
            name=read_name(new.name),
            tenant_id=tenant_id,
            user_id=caller.user_id,
            rights=new.rights,
            created_at=now,
            expires_at=now + timedelta(days=new.days),
        )
        await self._store.add_api_token(token, now, MAX_TOKENS)
        return token, secret

    async def tokens(self, caller: Caller) -> tuple[ApiToken, ...]:
        """Tokens that are good now: all of the tenant with the right for that, else the own."""
        scope = caller.tenant_id
        if scope is None and caller.kind is not CallerKind.OPERATOR_TOKEN:
            scope = STAFF
        now = self._clock.now()
        kept = await self._store.api_tokens(scope)
        sees_all = caller.may(Right.TOKEN_WRITE)
        return tuple(
            one
            for one in kept
            if now < one.expires_at and (sees_all or one.user_id == caller.user_id)
        )

    async def remove(self, caller: Caller, token_id: str) -> None:
        """Let a token be good no more. Raises UnknownRecord."""
        if all(one.token_id != token_id for one in await self.tokens(caller)):
            raise UnknownRecord(f"there is no token {token_id}")
        await self._store.remove_api_token(token_id)
        self.forget()

    async def admitted(self, secret: str, address: str) -> Caller | None:
        """Who holds this token; None when it is not good, or its owner may sign in no more."""
        digest = digest_of(secret)
        found = await self._found(digest)
        if found is None or not self._is_good(*found):
            return None
        token, user = found
        await self._note_use(token, address)
        rights = token.rights if user is None else token.rights & ROLE_RIGHTS[user.role]
        return Caller(
            kind=CallerKind.API_TOKEN,
            name=token.name,
            rights=rights,
            tenant_id=token.tenant_id,
            user_id=token.user_id,
            is_stepped_up=True,
        )

    async def _found(self, digest: bytes) -> Found:
        now_s = self._clock.monotonic()
        kept = self._remembered.pop(digest, None)
        if kept is None or now_s - kept[0] >= REMEMBER_S:
            kept = (now_s, await self._store.api_token(digest))
        if len(self._remembered) >= MAX_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[digest] = kept
        return kept[1]

    def _is_good(self, token: ApiToken, user: User | None) -> bool:
        is_owner_in = token.user_id is None or (
            user is not None
            and user.state is UserState.ACTIVE
            and user.tenant_id == token.tenant_id
        )
        return is_owner_in and self._clock.now() < token.expires_at

    async def _note_use(self, token: ApiToken, address: str) -> None:
        now = self._clock.now()
        if _is_new_use(token, now, address):
            await self._store.use_api_token(token.digest, now, address)
            self._remembered.pop(token.digest, None)


def _is_new_use(token: ApiToken, now: datetime, address: str) -> bool:
    if token.used_at is None or now - token.used_at >= timedelta(seconds=USE_NOTED_S):
        return True
    return token.address != address and now - token.used_at >= timedelta(seconds=REMEMBER_S)


def _check_rights(caller: Caller, rights: frozenset[Right], tenant_id: str | None) -> None:
    if not rights:
        raise InvalidParameter("rights", "give at least one")
    lacking = {right for right in rights if not caller.may(right)}
    if tenant_id is not None:
        lacking |= rights & PLATFORM_RIGHTS
    if lacking:
        names = ", ".join(sorted(lacking))
        raise InvalidParameter("rights", f"a token has no more rights than its owner: not {names}")
