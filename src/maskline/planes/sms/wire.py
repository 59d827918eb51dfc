"""From a link's settings to what SMPP needs: dialect, addresses, ids of receipts."""

from maskline.domain.message import PartState
from maskline.domain.number import NumberFormat
from maskline.domain.sms_link import BindKind, ReceiptIds, SmsLink
from maskline.protocols.smpp.command import Command, EsmClass, Npi, Ton
from maskline.protocols.smpp.pdu import Address, Message
from maskline.protocols.smpp.receipt import MessageState
from maskline.protocols.smpp.segment import Concatenation, Part, split_text
from maskline.protocols.smpp.text import Coding, Dialect

WANTS_RECEIPT = 1
"""`registered_delivery`: a receipt of either end (SMPP 3.4 5.2.17)."""

_BASES = {ReceiptIds.HEX: (16, 10), ReceiptIds.DECIMAL: (10, 16)}
"""Bases of the ids in answers, and in receipts."""

_STATES = {
    MessageState.DELIVERED: PartState.DELIVERED,
    MessageState.EXPIRED: PartState.EXPIRED,
}


def dialect_of(link: SmsLink) -> Dialect:
    """What is particular about the texts of a link."""
    return Dialect(
        default=Coding(link.default_alphabet.value),
        sends_latin1=link.sends_latin1,
        ucs2_code=link.ucs2_code,
    )


def binds_of(link: SmsLink) -> tuple[Command, ...]:
    """The connections of a link; the first one sends."""
    if link.bind is BindKind.TRANSCEIVER:
        return (Command.BIND_TRANSCEIVER,)
    return (Command.BIND_TRANSMITTER, Command.BIND_RECEIVER)


def split(link: SmsLink, text: str, reference: int) -> list[Part]:
    """The parts of a text as this link takes them.

    Raises ValueError for a text that is too long, or none (half a character).
    """
    style = Concatenation(link.long_messages.value)
    return split_text(text, dialect_of(link), style, reference)


def is_split_alike(link: SmsLink, other: SmsLink) -> bool:
    """Whether both have the same parts of a text: else a phone cannot put them together."""
    return (dialect_of(link), link.long_messages) == (dialect_of(other), other.long_messages)


def submit_of(link: SmsLink, x: str, receiver: str, part: Part) -> Message:
    """A part as a submit_sm."""
    return Message(
        command=Command.SUBMIT,
        source=address_of(link, x),
        destination=address_of(link, receiver),
        body=part.body,
        data_coding=part.data_coding,
        esm_class=EsmClass(part.esm_class),
        registered_delivery=WANTS_RECEIPT,
        tlvs=part.tlvs,
    )


def address_of(link: SmsLink, number: str) -> Address:
    """A global number as this link wants it."""
    written = link.write(number)
    ton = _ton_of(written, link) if link.ton < 0 else link.ton
    npi = Npi.ISDN if link.npi < 0 else link.npi
    return Address(written, ton, npi)


def number_of(link: SmsLink, address: Address) -> str | None:
    """The global number of an address; None when it is none, as a name."""
    number = address.number
    # A link that writes national numbers is not believed that they are international.
    is_international = address.ton == Ton.INTERNATIONAL
    if is_international and link.number_format is not NumberFormat.NATIONAL:
        number = f"+{number.removeprefix('+').removeprefix('00')}"
    return link.read(number)


def answered_id(link: SmsLink, message_id: str) -> str:
    """The name of a part in the answer to its submit, in the form in which names are compared."""
    return _based(message_id, _BASES.get(link.receipt_ids, (0, 0))[0])


def receipted_id(link: SmsLink, message_id: str) -> str:
    """The same from a receipt."""
    return _based(message_id, _BASES.get(link.receipt_ids, (0, 0))[1])


def part_state(state: MessageState) -> PartState | None:
    """What a receipt makes of a part; None when it is not at its end."""
    if not state.is_final:
        return None
    return _STATES.get(state, PartState.UNDELIVERABLE)


def error_number(error: str) -> int:
    """The error of a receipt, which each centre has its own numbers for; 0 when it is none."""
    return int(error) if error.isascii() and error.isdecimal() and len(error) < 10 else 0


def _ton_of(written: str, link: SmsLink) -> Ton:
    if link.number_format is not NumberFormat.NATIONAL:
        return Ton.INTERNATIONAL
    # With a trunk prefix it is neither (TS 23.040 9.1.2.5).
    return Ton.UNKNOWN if written.startswith("0") else Ton.NATIONAL


def _based(message_id: str, base: int) -> str:
    if not base:
        return message_id
    try:
        return str(int(message_id, base))
    except ValueError:
        return message_id
