"""What the SQL stores have of accounts in common: how values become rows, and rows values.

All is sealed under the key of the system: the platform's own people belong to no tenant.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from maskline.domain.access import Role
from maskline.domain.account import AccountLink, LinkPurpose, Session, User, UserState
from maskline.services.account_store import STAFF, Place
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none
from maskline.stores.sealing import Sealer

Row: TypeAlias = tuple[Any, ...]
USER_COLUMNS = 9
_BEFORE_ALL: Row = (-1, "")


class _User(msgspec.Struct, array_like=True, frozen=True, gc=False):
    login: str
    name: str
    password: str
    totp_secret: str | None
    language: str
    zone: str


class _Link(msgspec.Struct, array_like=True, frozen=True, gc=False):
    role: str
    login: str
    name: str
    user_id: str | None
    made_by: str


class _Client(msgspec.Struct, array_like=True, frozen=True, gc=False):
    address: str
    user_agent: str


_pack = msgspec.msgpack.Encoder().encode
_user = msgspec.msgpack.Decoder(_User).decode
_link = msgspec.msgpack.Decoder(_Link).decode
_client = msgspec.msgpack.Decoder(_Client).decode


def login_hash(login: str, sealer: Sealer) -> bytes:
    """What a login is found by; never that of a number that reads the same."""
    return sealer.lookup(f"login:{login}")


def saved_user_row(user: User, sealer: Sealer) -> Row:
    """The columns that change: those of `user_save`."""
    return (user.user_id, user.role.value, user.state.value, _sealed_user(user, sealer))


def added_user_row(user: User, sealer: Sealer) -> Row:
    """All columns: those of `user_add`."""
    return (
        *saved_user_row(user, sealer),
        user.tenant_id or STAFF,
        login_hash(user.login, sealer),
        to_us(user.created_at),
        to_us_or_none(user.last_seen_at),
        user.totp_counter,
    )


def user_of(row: Sequence[Any], sealer: Sealer) -> User:
    """The account of the columns of `user_get`."""
    user_id, tenant_id, _, role, state, created_at, last_seen_at, counter, sealed = row
    kept = _user(sealer.open_for_system(sealed, _user_context(user_id)))
    return User(
        user_id=user_id,
        tenant_id=tenant_id or None,
        login=kept.login,
        name=kept.name,
        role=Role(role),
        password=kept.password,
        totp_secret=kept.totp_secret,
        totp_counter=counter,
        language=kept.language,
        zone=kept.zone,
        state=UserState(state),
        created_at=from_us(created_at),
        last_seen_at=from_us_or_none(last_seen_at),
    )


def users_row(after: Place | None, limit: int) -> Row:
    """Where a list goes on, and how far: parameters of `user_list`."""
    return (*((to_us(after[0]), after[1]) if after else _BEFORE_ALL), limit)


def link_row(link: AccountLink, sealer: Sealer) -> Row:
    """The columns of `link_add`."""
    kept = _Link(link.role.value, link.login, link.name, link.user_id, link.made_by)
    return (
        link.digest,
        link.link_id,
        link.purpose.value,
        link.tenant_id or STAFF,
        login_hash(link.login, sealer),
        to_us(link.created_at),
        to_us(link.expires_at),
        sealer.seal_for_system(_pack(kept), _link_context(link.link_id)),
    )


def link_of(row: Sequence[Any], sealer: Sealer) -> AccountLink:
    """The link of the columns of `link_get`."""
    digest, link_id, purpose, tenant_id, created_at, expires_at, sealed = row
    kept = _link(sealer.open_for_system(sealed, _link_context(link_id)))
    return AccountLink(
        link_id=link_id,
        digest=digest,
        purpose=LinkPurpose(purpose),
        tenant_id=tenant_id or None,
        role=Role(kept.role),
        login=kept.login,
        name=kept.name,
        user_id=kept.user_id,
        made_by=kept.made_by,
        created_at=from_us(created_at),
        expires_at=from_us(expires_at),
    )


def session_row(session: Session, sealer: Sealer) -> Row:
    """The columns of `session_add`."""
    kept = _Client(session.address, session.user_agent)
    return (
        session.digest,
        session.session_id,
        session.user_id,
        to_us(session.created_at),
        to_us(session.used_at),
        to_us(session.expires_at),
        to_us(session.stepped_up_until),
        sealer.seal_for_system(_pack(kept), _session_context(session.session_id)),
    )


def session_of(row: Sequence[Any], sealer: Sealer) -> Session:
    """The session of the columns of `session_list`."""
    digest, session_id, user_id, created_at, used_at, expires_at, stepped_up_until, sealed = row
    kept = _client(sealer.open_for_system(sealed, _session_context(session_id)))
    return Session(
        session_id=session_id,
        digest=digest,
        user_id=user_id,
        created_at=from_us(created_at),
        used_at=from_us(used_at),
        expires_at=from_us(expires_at),
        stepped_up_until=from_us(stepped_up_until),
        address=kept.address,
        user_agent=kept.user_agent,
    )


def session_and_user_of(row: Sequence[Any], sealer: Sealer) -> tuple[Session, User]:
    """Both, of the columns of `session_get`."""
    return session_of(row[USER_COLUMNS:], sealer), user_of(row[:USER_COLUMNS], sealer)


def sweep_row(used_before: datetime, now: datetime, limit: int) -> Row:
    """The parameters of `session_sweep`."""
    return (to_us(used_before), to_us(now), limit)


def _sealed_user(user: User, sealer: Sealer) -> bytes:
    kept = _User(user.login, user.name, user.password, user.totp_secret, user.language, user.zone)
    return sealer.seal_for_system(_pack(kept), _user_context(user.user_id))


def _user_context(user_id: str) -> bytes:
    return b"account:" + user_id.encode()


def _link_context(link_id: str) -> bytes:
    return b"account_link:" + link_id.encode()


def _session_context(session_id: str) -> bytes:
    return b"account_session:" + session_id.encode()
