"""What lies in the journal of calls, as msgpack arrays; the rules of `blob.py` hold."""

import msgspec

from maskline.domain.call import Call
from maskline.domain.notice import Notice, Purpose
from maskline.services.call_write import CallWrite
from maskline.stores.blob import pack_call, pack_record, unpack_call, unpack_record
from maskline.stores.moment import from_us, to_us


class _Notice(msgspec.Struct, array_like=True, frozen=True, gc=False):
    notice_id: str
    stream: str
    app_key: str
    purpose: str
    origin: str
    body: bytes
    created_at: int


class KeptEntry(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An entry of a journal: a write, or without a `fact` that those up to `number` are settled."""

    number: int
    session_id: str
    app_key: str = ""
    x: str = ""
    is_record: bool = False
    fact: bytes = b""
    notices: tuple[_Notice, ...] = ()


_pack = msgspec.msgpack.Encoder().encode
_entry = msgspec.msgpack.Decoder(KeptEntry).decode


def pack_entry(entry: KeptEntry) -> bytes:
    """An entry as bytes."""
    return _pack(entry)


def unpack_entry(packed: bytes) -> KeptEntry:
    """The entry of `pack_entry`."""
    return _entry(packed)


def entry_of(number: int, write: CallWrite) -> KeptEntry:
    """A write under its number."""
    call = write.fact if isinstance(write.fact, Call) else write.fact.call
    is_record = not isinstance(write.fact, Call)
    return KeptEntry(
        number,
        call.session_id,
        call.app_key,
        call.x,
        is_record,
        pack_call(write.fact) if isinstance(write.fact, Call) else pack_record(write.fact),
        tuple(map(_kept_notice, write.notices)),
    )


def write_of(entry: KeptEntry) -> CallWrite:
    """The write of `entry_of`."""
    unpack = unpack_record if entry.is_record else unpack_call
    fact = unpack(entry.fact, session_id=entry.session_id, app_key=entry.app_key, x=entry.x)
    return CallWrite(fact, tuple(map(_told_notice, entry.notices)))


def _kept_notice(notice: Notice) -> _Notice:
    return _Notice(
        notice.notice_id,
        notice.stream,
        notice.app_key,
        notice.purpose,
        notice.origin,
        notice.body,
        to_us(notice.created_at),
    )


def _told_notice(kept: _Notice) -> Notice:
    return Notice(
        notice_id=kept.notice_id,
        stream=kept.stream,
        app_key=kept.app_key,
        purpose=Purpose(kept.purpose),
        origin=kept.origin,
        body=kept.body,
        created_at=from_us(kept.created_at),
    )
