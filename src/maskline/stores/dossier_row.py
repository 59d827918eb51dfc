"""Dossiers and contacts as rows, for the databases.

What is sealed is the value itself in msgpack, by the names of its fields: a field that is added
needs a default, and none is renamed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from maskline.domain.activation import Activation
from maskline.domain.complaint import Complaint, Violation
from maskline.domain.dossier import Contact, Dossier
from maskline.domain.enterprise import Enterprise
from maskline.domain.order import NumberOrder
from maskline.stores.moment import to_us
from maskline.stores.sealing import Sealer

Kept = TypeVar("Kept", bound=Dossier)
Row = tuple[Any, ...]

KINDS: Mapping[type[Dossier], str] = {
    Activation: "activation",
    Enterprise: "enterprise",
    NumberOrder: "order",
    Complaint: "complaint",
    Violation: "violation",
}

_pack = msgspec.msgpack.Encoder().encode
_contact = msgspec.msgpack.Decoder(Contact).decode


def state_of(dossier: Dossier) -> str:
    """Every kind has a `state`, each of its own type."""
    return str(getattr(dossier, "state"))  # noqa: B009 - the base has none


def dossier_row(dossier: Dossier, sealer: Sealer) -> Row:
    """What `dossier_add` and `dossier_save` take."""
    kind, tenant_id = KINDS[type(dossier)], dossier.tenant_id
    context = _context(kind, dossier.dossier_id)
    return (
        kind,
        dossier.dossier_id,
        tenant_id,
        state_of(dossier),
        dossier.revision,
        to_us(dossier.since),
        sealer.seal_for_tenant(tenant_id, _pack(dossier), context),
    )


def dossier_of(kind: type[Kept], row: Sequence[Any], sealer: Sealer) -> Kept:
    """The dossier of the columns of a read."""
    dossier_id, tenant_id, sealed = row
    packed = sealer.open_for_tenant(tenant_id, sealed, _context(KINDS[kind], dossier_id))
    return msgspec.msgpack.decode(packed, type=kind)


def contact_row(contact: Contact, sealer: Sealer) -> Row:
    """What `contact_save` takes."""
    tenant_id, contact_id = contact.tenant_id, contact.contact_id
    sealed = sealer.seal_for_tenant(tenant_id, _pack(contact), _context("contact", contact_id))
    return (tenant_id, contact_id, to_us(contact.created_at), sealed)


def contact_of(tenant_id: str, row: Sequence[Any], sealer: Sealer) -> Contact:
    """The contact of the columns of a read."""
    contact_id, sealed = row
    return _contact(sealer.open_for_tenant(tenant_id, sealed, _context("contact", contact_id)))


def _context(kind: str, its_id: str) -> bytes:
    return f"{kind}:{its_id}".encode()
