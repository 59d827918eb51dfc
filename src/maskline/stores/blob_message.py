"""What is sealed of short messages, as msgpack arrays; the rules of `blob.py` hold.

Texts are UTF-8 in which half a character of UTF-16 may stand by itself: segments begin and end with
such halves, and nobody keeps a sender from sending one.
"""

from dataclasses import replace

import msgspec

from maskline.domain.application import Mode
from maskline.domain.binding import Role
from maskline.domain.message import CameSegment, Message, MessageState, SendResult
from maskline.domain.sms_link import SmsLink
from maskline.stores.moment import from_us, from_us_or_none, to_us


class _Message(msgspec.Struct, array_like=True, frozen=True, gc=False):
    tenant_id: str
    mode: str
    sender: str
    link: str
    connection: str
    digest: bytes
    binding_id: str | None
    role: str | None
    receiver: str | None
    user_data: str | None
    reference: int
    expects: int
    has: int
    total: int
    sent: int
    is_repeated: bool


class _Texts(msgspec.Struct, array_like=True, frozen=True, gc=False):
    text: bytes
    outgoing: bytes | None


class _Segment(msgspec.Struct, array_like=True, frozen=True, gc=False):
    sender: str
    x: str
    reference: int
    total: int
    text: bytes
    link: str
    came_at: int


class _Block(msgspec.Struct, array_like=True, frozen=True, gc=False):
    number: str
    reason: str


_pack = msgspec.msgpack.Encoder().encode
_message = msgspec.msgpack.Decoder(_Message).decode
_texts = msgspec.msgpack.Decoder(_Texts).decode
_segment = msgspec.msgpack.Decoder(_Segment).decode
_block = msgspec.msgpack.Decoder(_Block).decode
_link = msgspec.msgpack.Decoder(SmsLink).decode


class MessageColumns(msgspec.Struct, frozen=True, gc=False):
    """What of a message is in columns and not in its blobs; times in microseconds."""

    message_id: str
    app_key: str
    x: str
    state: str
    result: int | None
    came_at: int
    due_at: int | None
    done_at: int | None
    tries: int


def octets(text: str) -> bytes:
    """A text as it is kept."""
    return text.encode("utf-8", "surrogatepass")


def pack_message(message: Message) -> bytes:
    """All of a message but its texts, its parts and what is in columns."""
    return _pack(
        _Message(
            message.tenant_id,
            message.mode,
            message.sender,
            message.link,
            message.connection,
            message.digest,
            message.binding_id,
            message.role,
            message.receiver,
            message.user_data,
            message.reference,
            message.expects,
            message.has,
            message.total,
            message.sent,
            message.is_repeated,
        )
    )


def unpack_message(packed: bytes, columns: MessageColumns) -> Message:
    """The message of `pack_message` and its columns, as if its texts were forgotten."""
    kept = _message(packed)
    return Message(
        message_id=columns.message_id,
        app_key=columns.app_key,
        tenant_id=kept.tenant_id,
        mode=Mode(kept.mode),
        x=columns.x,
        sender=kept.sender,
        text="",
        link=kept.link,
        connection=kept.connection,
        digest=kept.digest,
        came_at=from_us(columns.came_at),
        state=MessageState(columns.state),
        binding_id=kept.binding_id,
        role=None if kept.role is None else Role(kept.role),
        receiver=kept.receiver,
        outgoing=None if kept.receiver is None else "",
        user_data=kept.user_data,
        reference=kept.reference,
        expects=kept.expects,
        has=kept.has,
        result=None if columns.result is None else SendResult(columns.result),
        due_at=from_us_or_none(columns.due_at),
        tries=columns.tries,
        total=kept.total,
        sent=kept.sent,
        is_repeated=kept.is_repeated,
        done_at=from_us_or_none(columns.done_at),
    )


def pack_texts(message: Message) -> bytes:
    """What came and what goes on."""
    outgoing = None if message.outgoing is None else octets(message.outgoing)
    return _pack(_Texts(octets(message.text), outgoing))


def with_texts(message: Message, packed: bytes) -> Message:
    """The message with the texts of `pack_texts`."""
    kept = _texts(packed)
    outgoing = None if kept.outgoing is None else _read(kept.outgoing)
    return replace(message, text=_read(kept.text), outgoing=outgoing)


def pack_segment(segment: CameSegment) -> bytes:
    """All of a segment but its number, which is a column."""
    return _pack(
        _Segment(
            segment.sender,
            segment.x,
            segment.reference,
            segment.total,
            octets(segment.text),
            segment.link,
            to_us(segment.came_at),
        )
    )


def unpack_segment(packed: bytes, number: int) -> CameSegment:
    """The segment of `pack_segment` and its number."""
    kept = _segment(packed)
    return CameSegment(
        sender=kept.sender,
        x=kept.x,
        reference=kept.reference,
        total=kept.total,
        number=number,
        text=_read(kept.text),
        link=kept.link,
        came_at=from_us(kept.came_at),
    )


def pack_block(number: str, reason: str) -> bytes:
    """Whose messages are not forwarded, and why."""
    return _pack(_Block(number, reason))


def unpack_block(packed: bytes) -> tuple[str, str]:
    """The number and the reason of `pack_block`."""
    kept = _block(packed)
    return kept.number, kept.reason


def pack_sms_link(link: SmsLink) -> bytes:
    """A whole link, as a map."""
    return _pack(link)


def unpack_sms_link(packed: bytes) -> SmsLink:
    """The link of `pack_sms_link`."""
    return _link(packed)


def _read(kept: bytes) -> str:
    return kept.decode("utf-8", "surrogatepass")
