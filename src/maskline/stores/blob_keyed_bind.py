"""What is sealed of a bind under a key; the rules are those of `blob.py`."""

from dataclasses import replace

import msgspec

from maskline.services.idempotency_store import KeyedBind


class _KeyedBind(msgspec.Struct, array_like=True, frozen=True, gc=False):
    request: bytes
    status: int
    answer: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_KeyedBind).decode


def pack_keyed_bind(bind: KeyedBind) -> bytes:
    """What was asked and answered."""
    return _encode(_KeyedBind(bind.request, bind.status, bind.answer))


def unpack_keyed_bind(packed: bytes, wanted: KeyedBind) -> KeyedBind:
    """`wanted` with what was asked and answered under its key."""
    found = _decode(packed)
    return replace(wanted, request=found.request, status=found.status, answer=found.answer)
