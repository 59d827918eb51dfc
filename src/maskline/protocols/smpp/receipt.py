"""Delivery receipts: what became of a message (SMPP 3.4 appendix B, 5.2.28, 5.3.2.12 and .35)."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from maskline.protocols.smpp.command import MESSAGE_TYPES, Command, EsmClass, Tag
from maskline.protocols.smpp.pdu import MAX_MESSAGE_ID, Message


class MessageState(IntEnum):
    """`message_state`; DELIVERED is the only good end, ENROUTE and ACCEPTED are none."""

    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8

    @property
    def is_final(self) -> bool:
        """Whether nothing more will become of the message."""
        return self not in {MessageState.ENROUTE, MessageState.ACCEPTED}


_WORDS = {
    "ENROUTE": MessageState.ENROUTE,
    "DELIVRD": MessageState.DELIVERED,
    "EXPIRED": MessageState.EXPIRED,
    "DELETED": MessageState.DELETED,
    "UNDELIV": MessageState.UNDELIVERABLE,
    "ACCEPTD": MessageState.ACCEPTED,
    "UNKNOWN": MessageState.UNKNOWN,
    "REJECTD": MessageState.REJECTED,
}
_STATE_WORDS = {state: word for word, state in _WORDS.items()}

# No two parts match the same character, so no text can make it slow.
_FIELD = re.compile(r"\b(id|stat|err):\s*(\S{0,72})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says; `error` as the centre writes it, empty for none."""

    message_id: str
    state: MessageState
    error: str = ""


def is_receipt(message: Message) -> bool:
    """Whether a deliver_sm is a delivery receipt: by its `esm_class`, or as it names a message.

    Some centres leave `esm_class` at 0 and only send `receipted_message_id`.
    """
    return message.command is Command.DELIVER and (
        message.esm_class & MESSAGE_TYPES == EsmClass.RECEIPT
        or Tag.RECEIPTED_MESSAGE_ID in message.tlvs
    )


def read_receipt(message: Message) -> Receipt | None:
    """What a receipt says; None when it does not say of which message.

    The optional parameters count before the text, in which centres differ.
    """
    text = message.body.decode("latin-1")
    said: dict[str, str] = {}
    for name, value in _FIELD.findall(text):
        said.setdefault(name.lower(), value)
    named = message.tlvs.get(Tag.RECEIPTED_MESSAGE_ID)
    message_id = said.get("id", "") if named is None else named.decode("latin-1")
    # What no answer can have named is cut off: stores hold no zero in a text.
    message_id = message_id.partition("\0")[0]
    if not 0 < len(message_id) <= MAX_MESSAGE_ID:
        return None
    return Receipt(message_id, _read_state(message, said.get("stat", "")), said.get("err", ""))


def write_receipt(receipt: Receipt, submitted: datetime, done: datetime, text: str) -> bytes:
    """The text of a receipt, in the format of appendix B; `text` are the first characters sent."""
    delivered = int(receipt.state is MessageState.DELIVERED)
    return (
        f"id:{receipt.message_id} sub:001 dlvrd:{delivered:03} "
        f"submit date:{submitted:%y%m%d%H%M} done date:{done:%y%m%d%H%M} "
        f"stat:{_STATE_WORDS[receipt.state]} err:{receipt.error or '000'} text:{text[:20]}"
    ).encode("latin-1", "replace")


def _read_state(message: Message, word: str) -> MessageState:
    octet = message.tlvs.get(Tag.MESSAGE_STATE)
    if octet is not None and len(octet) == 1:
        try:
            return MessageState(octet[0])
        except ValueError:
            return MessageState.UNKNOWN
    return _WORDS.get(word.upper()[:7], MessageState.UNKNOWN)
