"""From a link's settings to what SMPP needs: dialect, addresses, ids of receipts."""

from maskline.domain.message import PartState
from maskline.domain.number import NumberFormat
from maskline.domain.sms_link import BindKind, ReceiptIds, SmsLink
from maskline.protocols.smpp.command import Command, Npi, Ton
from maskline.protocols.smpp.pdu import Address, Message
from maskline.protocols.smpp.receipt import MessageState
from maskline.protocols.smpp.segment import Concatenation, Part, split_text
from maskline.protocols.smpp.text import Coding, Dialect

WANTS_RECEIPT = 1
"""`registered_delivery`: a receipt of either end (SMPP 3.4 5.2.17)."""

_INTERNATIONAL = int(Ton.INTERNATIONAL)
_ALPHANUMERIC = int(Ton.ALPHANUMERIC)

_BASES = {ReceiptIds.HEX: (16, 10), ReceiptIds.DECIMAL: (10, 16)}
"""Bases of the ids in answers, and in receipts."""

_STATES = {
    MessageState.DELIVERED: PartState.DELIVERED,
    MessageState.EXPIRED: PartState.EXPIRED,
}


class Wire:
    """One link's way of writing and reading; made once for its settings."""

    def __init__(self, link: SmsLink) -> None:
        self._link = link
        self.dialect = Dialect(
            default=Coding(link.default_alphabet.value),
            sends_latin1=link.sends_latin1,
            ucs2_code=link.ucs2_code,
        )
        self.concatenation = Concatenation(link.long_messages.value)
        self._has_national = link.number_format is NumberFormat.NATIONAL
        self._npi = int(Npi.ISDN) if link.npi < 0 else link.npi
        self._answered_base, self._receipted_base = _BASES.get(link.receipt_ids, (0, 0))

    def split(self, text: str, reference: int) -> list[Part]:
        """The parts of a text as this link takes them.

        Raises ValueError for a text that is too long, or none (half a character).
        """
        return split_text(text, self.dialect, self.concatenation, reference)

    def is_split_alike(self, other: "Wire") -> bool:
        """Whether both have the same parts of a text: else a phone cannot put them together."""
        return (self.dialect, self.concatenation) == (other.dialect, other.concatenation)

    def submit(self, x: str, receiver: str, part: Part) -> Message:
        """A part as a submit_sm."""
        return Message(
            command=Command.SUBMIT,
            source=self.address(x),
            destination=self.address(receiver),
            body=part.body,
            data_coding=part.data_coding,
            esm_class=part.esm_class,
            registered_delivery=WANTS_RECEIPT,
            tlvs=part.tlvs,
        )

    def address(self, number: str) -> Address:
        """A global number as this link wants it."""
        written = self._link.write(number)
        ton = self._ton(written) if self._link.ton < 0 else self._link.ton
        return Address(written, ton, self._npi)

    def number(self, address: Address) -> str | None:
        """The global number of an address; None when it is none, as a name.

        A name may be all digits: whoever may choose a name must not write as somebody's number.
        """
        if address.ton == _ALPHANUMERIC:
            return None
        number = address.number
        # A link that writes national numbers is not believed that they are international.
        if address.ton == _INTERNATIONAL and not self._has_national:
            number = f"+{number.removeprefix('+').removeprefix('00')}"
        return self._link.read(number)

    def answered_id(self, message_id: str) -> str:
        """The name of a part in the answer to its submit, in the form in which names compare."""
        return _based(message_id, self._answered_base)

    def receipted_id(self, message_id: str) -> str:
        """The same from a receipt."""
        return _based(message_id, self._receipted_base)

    def _ton(self, written: str) -> int:
        if not self._has_national:
            return _INTERNATIONAL
        # With a trunk prefix it is neither (TS 23.040 9.1.2.5).
        return int(Ton.UNKNOWN) if written.startswith("0") else int(Ton.NATIONAL)


def binds_of(link: SmsLink) -> tuple[Command, ...]:
    """The connections of a link; the first one sends."""
    if link.bind is BindKind.TRANSCEIVER:
        return (Command.BIND_TRANSCEIVER,)
    return (Command.BIND_TRANSMITTER, Command.BIND_RECEIVER)


def part_state(state: MessageState) -> PartState | None:
    """What a receipt makes of a part; None when it is not at its end."""
    if not state.is_final:
        return None
    return _STATES.get(state, PartState.UNDELIVERABLE)


def error_number(error: str) -> int:
    """The error of a receipt, which each centre has its own numbers for; 0 when it is none."""
    return int(error) if error.isascii() and error.isdecimal() and len(error) < 10 else 0


def _based(message_id: str, base: int) -> str:
    if not base:
        return message_id
    try:
        return str(int(message_id, base))
    except ValueError:
        return message_id
