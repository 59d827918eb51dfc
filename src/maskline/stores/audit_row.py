"""What the SQL stores have of events and API tokens in common. All under the key of the system."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec

from maskline.domain.access import CallerKind, Right
from maskline.domain.account import User
from maskline.domain.api_token import ApiToken
from maskline.domain.audit import AuditEvent, AuditFilter, KeptEvent
from maskline.services.account_store import STAFF
from maskline.services.audit_store import EventPlace
from maskline.stores.account_row import user_of
from maskline.stores.moment import from_us, from_us_or_none, to_us, to_us_or_none
from maskline.stores.sealing import Sealer

Row: TypeAlias = tuple[Any, ...]
_EVER = to_us(datetime.max.replace(tzinfo=UTC))
_KINDS: dict[str, CallerKind] = {kind.value: kind for kind in CallerKind}


class _Event(msgspec.Struct, array_like=True, frozen=True, gc=False):
    kind: str
    name: str
    address: str
    method: str
    before: bytes
    after: bytes


_pack = msgspec.msgpack.Encoder().encode
_event = msgspec.msgpack.Decoder(_Event).decode


def event_row(event: AuditEvent, sealer: Sealer) -> Row:
    """The columns of `event_add`."""
    kept = _Event(
        str(event.kind), event.name, event.address, event.method, event.before, event.after
    )
    at = to_us(event.at)
    return (
        at,
        event.tenant_id or STAFF,
        event.user_id or "",
        event.action,
        event.target,
        sealer.seal_for_system(_pack(kept), _event_context(at)),
    )


def event_of(row: Sequence[Any], sealer: Sealer) -> KeptEvent:
    """The event of the columns of `event_list`."""
    sequence, at, tenant_id, user_id, action, target, sealed = row
    kept = _event(sealer.open_for_system(sealed, _event_context(at)))
    event = AuditEvent(
        at=from_us(at),
        kind=_KINDS.get(kept.kind, kept.kind),
        name=kept.name,
        user_id=user_id or None,
        address=kept.address,
        action=action,
        method=kept.method,
        target=target,
        tenant_id=tenant_id or None,
        before=kept.before,
        after=kept.after,
    )
    return KeptEvent(sequence=sequence, event=event)


def wanted_events(wanted: AuditFilter, before: EventPlace | None, limit: int) -> tuple[str, Row]:
    """The statement that finds these events by index, and its parameters."""
    until = _EVER if wanted.until is None else to_us(wanted.until)
    place = (until, -1)  # all events of the moment `until` come behind this
    if before is not None:
        place = min(place, (to_us(before[0]), before[1]))
    row = (
        *place,
        0 if wanted.since is None else to_us(wanted.since),
        wanted.tenant_id,
        wanted.user_id,
        wanted.action,
        wanted.target,
        limit,
    )
    for name, value in (
        ("event_list_of_target", wanted.target),
        ("event_list_of_user", wanted.user_id),
        ("event_list_of_action", wanted.action),
        ("event_list_of_tenant", wanted.tenant_id),
    ):
        if value is not None:
            return name, row
    return "event_list", row


def token_row(token: ApiToken, sealer: Sealer) -> Row:
    """The columns of `token_add`."""
    return (
        token.digest,
        token.token_id,
        token.tenant_id or STAFF,
        token.user_id or "",
        token.name,
        " ".join(sorted(token.rights)),
        to_us(token.created_at),
        to_us(token.expires_at),
        to_us_or_none(token.used_at),
        sealed_address(token.digest, token.address, sealer),
    )


def token_of(row: Sequence[Any], sealer: Sealer) -> ApiToken:
    """The token of the columns of `token_list`."""
    digest, token_id, tenant_id, user_id, name, rights, created_at, expires_at, used_at, sealed = (
        row
    )
    return ApiToken(
        token_id=token_id,
        digest=digest,
        name=name,
        tenant_id=tenant_id or None,
        user_id=user_id or None,
        rights=_rights(rights),
        created_at=from_us(created_at),
        expires_at=from_us(expires_at),
        used_at=from_us_or_none(used_at),
        address=sealer.open_for_system(sealed, _token_context(digest)).decode(),
    )


def token_and_user_of(row: Sequence[Any], sealer: Sealer) -> tuple[ApiToken, User | None]:
    """Both, of the columns of `token_get`."""
    token, user = row[:10], row[10:]
    return token_of(token, sealer), None if user[0] is None else user_of(user, sealer)


def sealed_address(digest: bytes, address: str, sealer: Sealer) -> bytes:
    """From where a token was used last, as it is kept."""
    return sealer.seal_for_system(address.encode(), _token_context(digest))


def _rights(text: str) -> frozenset[Right]:
    """A right that this release does not know is none."""
    known = {right.value for right in Right}
    return frozenset(Right(name) for name in text.split() if name in known)


def _event_context(at: int) -> bytes:
    return b"audit_event:%d" % at


def _token_context(digest: bytes) -> bytes:
    return b"api_token:" + digest
