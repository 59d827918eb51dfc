"""What the SQL stores have of short messages in common: how values become rows, and rows values."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from maskline.domain.message import (
    BlockKind,
    CameSegment,
    Message,
    MessageBlock,
    MessagePart,
    PartState,
    Standing,
)
from maskline.domain.sms_link import SmsLink
from maskline.services.message_store import Lease, PartReceipt
from maskline.stores.blob_message import (
    MessageColumns,
    octets,
    pack_block,
    pack_message,
    pack_segment,
    pack_sms_link,
    pack_texts,
    unpack_block,
    unpack_message,
    unpack_segment,
    unpack_sms_link,
    with_texts,
)
from maskline.stores.moment import from_us, to_us, to_us_or_none
from maskline.stores.sealing import Sealer

Row: TypeAlias = tuple[Any, ...]
_DAY_US = 86_400_000_000


def saved_row(message: Message, lease: Lease | None, sealer: Sealer) -> Row:
    """The columns that change: those of `message_save`."""
    message_id, app_key = message.message_id, message.app_key
    return (
        message_id,
        message.state.value,
        None if message.result is None else int(message.result),
        to_us_or_none(message.due_at),
        to_us_or_none(message.done_at),
        None if lease is None else lease.host,
        0 if lease is None else to_us(lease.until),
        message.tries,
        None if message.receiver is None else sealer.lookup(message.receiver),
        sealer.seal(app_key, pack_message(message), _message_context(message_id)),
        sealer.seal(app_key, pack_texts(message), _texts_context(message_id)),
    )


def added_row(message: Message, lease: Lease | None, sealer: Sealer) -> Row:
    """All columns: those of `message_add`."""
    return (
        *saved_row(message, lease, sealer),
        message.app_key,
        message.x,
        to_us(message.came_at),
        sealer.lookup(message.sender),
    )


def rewritten_row(message: Message, sealer: Sealer) -> Row:
    """The columns of one that has other parties: those of `message_rewrite`."""
    message_id = message.message_id
    return (
        message_id,
        sealer.lookup(message.sender),
        None if message.receiver is None else sealer.lookup(message.receiver),
        sealer.seal(message.app_key, pack_message(message), _message_context(message_id)),
    )


def mark_row(message: Message, repeats_since: datetime, sealer: Sealer) -> Row:
    """What tells a message that comes again, when it came, and since when it would be one.

    The digest is of real numbers and a text, and whoever guesses these can make it.
    """
    mark = sealer.lookup(f"message:{message.link}:{message.digest.hex()}")
    return (mark, message.connection, to_us(message.came_at), to_us(repeats_since))


def message_of(row: Row, parts: Iterable[MessagePart], sealer: Sealer) -> Message:
    """The message of the columns up to `tries`, and its sealed ones."""
    *columns, sealed, texts = row
    message_id, app_key = columns[0], columns[1]
    packed = sealer.open(app_key, sealed, _message_context(message_id))
    message = unpack_message(packed, MessageColumns(*columns))
    if texts is not None:
        message = with_texts(message, sealer.open(app_key, texts, _texts_context(message_id)))
    return replace(message, parts=tuple(parts))


def messages_of(rows: Iterable[Row], parts: Iterable[Row], sealer: Sealer) -> tuple[Message, ...]:
    """Messages with their parts, which are sorted by number."""
    by_message: defaultdict[str, list[MessagePart]] = defaultdict(list)
    for part in parts:
        by_message[part[0]].append(part_of(part))
    return tuple(message_of(row, by_message[row[0]], sealer) for row in rows)


def part_row(message_id: str, part: MessagePart) -> Row:
    """The columns of a part."""
    return (
        message_id,
        part.number,
        part.link,
        part.state.value,
        part.centre_id,
        part.status,
        part.tries,
        to_us(part.changed_at),
    )


def part_of(row: Row) -> MessagePart:
    """The part of `part_row`."""
    _, number, link, state, centre_id, status, tries, changed_at = row
    return MessagePart(
        number=number,
        link=link,
        state=PartState(state),
        centre_id=centre_id,
        status=status,
        tries=tries,
        changed_at=from_us(changed_at),
    )


def receipt_row(receipt: PartReceipt) -> Row:
    """The columns of a receipt."""
    return (
        receipt.link,
        receipt.centre_id,
        receipt.state.value,
        receipt.status,
        to_us(receipt.at),
    )


def day_of(moment: datetime) -> int:
    """The day since 1970, UTC."""
    return to_us(moment) // _DAY_US


def segment_key(segment: CameSegment, sealer: Sealer) -> Row:
    """Its place, its number, and what stands for its text."""
    place = f"segment:{segment.sender}:{segment.x}:{segment.reference}:{segment.total}"
    return (sealer.lookup(place), segment.number, _wording(segment, sealer))


def segment_row(segment: CameSegment, sealer: Sealer) -> Row:
    """All columns of a segment: those of `segment_save`."""
    key = segment_key(segment, sealer)
    # Sealed for the system: whose message it is, is known once all parts are there.
    sealed = sealer.seal_for_system(pack_segment(segment), _segment_context(*key[:2]))
    return (*key, to_us(segment.came_at), sealer.lookup(segment.sender), sealed)


def segments_of(rows: Iterable[Row], sealer: Sealer) -> tuple[CameSegment, ...]:
    """The segments of `place`, `number` and `sealed`."""
    return tuple(
        unpack_segment(sealer.open_for_system(sealed, _segment_context(place, number)), number)
        for place, number, sealed in rows
    )


def standing_row(
    app_key: str, sender: str, receiver: str | None, now: datetime, sealer: Sealer
) -> Row:
    """What `standing` asks for."""
    to = None if receiver is None else sealer.lookup(receiver)
    return (app_key, sealer.lookup(sender), to, day_of(now), sender, receiver)


def standing_of(row: Sequence[Any]) -> Standing:
    """What it found."""
    is_blocked, has_opted_out, is_between_ours, today = row
    return Standing(
        is_blocked=bool(is_blocked),
        has_opted_out=bool(has_opted_out),
        is_between_ours=bool(is_between_ours),
        today=today,
    )


def block_row(block: MessageBlock, sealer: Sealer) -> Row:
    """The columns of a block."""
    number = sealer.lookup(block.number)
    context = _block_context(block.kind, block.app_key, number)
    return (
        number,
        block.kind.value,
        block.app_key,
        to_us(block.created_at),
        sealer.seal(block.app_key, pack_block(block.number, block.reason), context),
    )


def block_of(row: Sequence[Any], sealer: Sealer) -> MessageBlock:
    """The block of the columns of a list."""
    kind, app_key, lookup, created_at, sealed = row
    packed = sealer.open(app_key, sealed, _block_context(kind, app_key, lookup))
    number, reason = unpack_block(packed)
    return MessageBlock(
        kind=BlockKind(kind),
        app_key=app_key,
        number=number,
        reason=reason,
        created_at=from_us(created_at),
    )


def tag_row(binding_id: str, number: str, now: datetime, sealer: Sealer) -> Row:
    """The columns of a tag, without the tag itself.

    Sealed for the system: with a binding the name of its application is gone.
    """
    lookup = sealer.lookup(number)
    sealed = sealer.seal_for_system(number.encode(), _tag_context(binding_id, lookup))
    return (binding_id, lookup, to_us(now), sealed)


def tag_number(binding_id: str, row: Row, sealer: Sealer) -> str:
    """Whose tag it is, of `number` and `sealed`."""
    lookup, sealed = row
    return sealer.open_for_system(sealed, _tag_context(binding_id, lookup)).decode()


def link_row(link: SmsLink, sealer: Sealer) -> Row:
    """The columns of a link."""
    return (link.name, sealer.seal_for_system(pack_sms_link(link), _link_context(link.name)))


def link_of(row: Row, sealer: Sealer) -> SmsLink:
    """The link of `link_row`."""
    name, sealed = row
    return unpack_sms_link(sealer.open_for_system(sealed, _link_context(name)))


def _wording(segment: CameSegment, sealer: Sealer) -> bytes:
    return sealer.lookup(f"wording:{octets(segment.text).hex()}")


def _message_context(message_id: str) -> bytes:
    return b"message:" + message_id.encode()


def _texts_context(message_id: str) -> bytes:
    return b"message_texts:" + message_id.encode()


def _segment_context(place: bytes, number: int) -> bytes:
    return b"message_segment:%b:%d" % (place, number)


def _block_context(kind: str, app_key: str, number: bytes) -> bytes:
    return b"message_block:%b:%b:%b" % (kind.encode(), app_key.encode(), number)


def _tag_context(binding_id: str, number: bytes) -> bytes:
    return b"reply_tag:%b:%b" % (binding_id.encode(), number)


def _link_context(name: str) -> bytes:
    return b"sms_link:" + name.encode()
