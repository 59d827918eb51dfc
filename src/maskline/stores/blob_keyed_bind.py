"""What is sealed of a bind or a change under a key; the rules are those of `blob.py`."""

from dataclasses import replace

import msgspec

from maskline.services.idempotency_store import KeyedBind, KeyedChange
from maskline.stores.moment import from_us
from maskline.stores.sealing import Sealer


class _KeyedBind(msgspec.Struct, array_like=True, frozen=True, gc=False):
    request: bytes
    status: int
    answer: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_KeyedBind).decode


def pack_keyed_bind(bind: KeyedBind | KeyedChange) -> bytes:
    """What was asked and answered."""
    return _encode(_KeyedBind(bind.request, bind.status, bind.answer))


def unpack_keyed_bind(packed: bytes, wanted: KeyedBind) -> KeyedBind:
    """`wanted` with what was asked and answered under its key."""
    found = _decode(packed)
    return replace(wanted, request=found.request, status=found.status, answer=found.answer)


def change_lookup(sealer: Sealer, change: KeyedChange) -> bytes:
    """What a change is found by."""
    return sealer.lookup(f"change {change.caller} {change.key}")


def seal_change(sealer: Sealer, lookup: bytes, change: KeyedChange) -> bytes:
    """What was asked and answered; a change may be the platform's, so no tenant's key seals it."""
    return sealer.seal_for_system(pack_keyed_bind(change), _change_context(lookup))


def open_change(
    sealer: Sealer, lookup: bytes, wanted: KeyedChange, row: tuple[int, str, bytes]
) -> KeyedChange:
    """What stands under the key of `wanted`, from its row. Raises StoreFailed."""
    created_at, attempt, sealed = row
    found = _decode(sealer.open_for_system(sealed, _change_context(lookup)))
    return replace(
        wanted,
        request=found.request,
        status=found.status,
        answer=found.answer,
        attempt=attempt,
        created_at=from_us(created_at),
    )


def _change_context(lookup: bytes) -> bytes:
    return b"change_key:" + lookup
