"""Long messages: parts of them, told by a user data header or by optional parameters.

The parts of one message carry one reference, how many there are, and which of them each is
(3GPP TS 23.040 9.2.3.24.1 and .8; SMPP 3.4 5.3.2.22 to .24).
"""

from dataclasses import dataclass, field
from enum import StrEnum

from maskline.protocols.smpp.alphabet import pack_septets
from maskline.protocols.smpp.command import EsmClass, Tag
from maskline.protocols.smpp.pdu import Message
from maskline.protocols.smpp.text import Coded, Coding, Dialect, encode_shortest, encode_units

MAX_PARTS = 255
PART_OCTETS = 140
"""What one part carries over the air (TS 23.040 9.2.3.16): 160 septets or 70 UCS-2 units."""

_CONCATENATED = 0x00
_CONCATENATED_16 = 0x08
_MAX_PAYLOAD = 0xFFFF
_SEPTETS = frozenset({Coding.GSM, Coding.GSM_PACKED})


class Concatenation(StrEnum):
    """How a link wants long messages: UDH16 has a reference of 16 bits, PAYLOAD no parts at all."""

    UDH = "udh"
    UDH16 = "udh16"
    SAR = "sar"
    PAYLOAD = "payload"


class TooLong(ValueError):
    """A text that needs more parts than there may be, or more octets than a payload holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a submit_sm of one part has. `body` begins with the header where `esm_class` says so."""

    body: bytes = field(repr=False)
    data_coding: int
    esm_class: int = 0
    tlvs: dict[int, bytes] = field(default_factory=dict[int, bytes])


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part that came in. `total` is 1 where it is the whole message; `number` counts from 1.

    `body` is without its header; `fill_bits` of it stand before the first packed septet.
    """

    body: bytes = field(repr=False)
    reference: int = 0
    total: int = 1
    number: int = 1
    fill_bits: int = 0


def split_text(
    text: str, dialect: Dialect, concatenation: Concatenation, reference: int
) -> list[Part]:
    """The parts of a text, one where it fits. `reference` is cut to the bits there are.

    No part ends within a character. Raises `TooLong`.
    """
    coded, units = encode_shortest(text, dialect)
    whole = _pack(units, coded.coding, 0)
    if len(units) <= _room(coded.coding, header=0):
        return [Part(body=whole, data_coding=coded.data_coding)]
    if concatenation is Concatenation.PAYLOAD:
        if len(whole) > _MAX_PAYLOAD:
            raise TooLong(f"{len(whole)} octets")
        return [Part(body=whole, data_coding=coded.data_coding)]
    # Parts told by optional parameters get the same header from the message centre.
    header = 7 if concatenation is Concatenation.UDH16 else 6
    pieces = _cut(text, coded.coding, _room(coded.coding, header))
    if len(pieces) > MAX_PARTS:
        raise TooLong(f"{len(pieces)} parts")
    return [
        _part(piece, coded, concatenation, reference, len(pieces), number)
        for number, piece in enumerate(pieces, 1)
    ]


def read_segment(message: Message) -> Segment:
    """Which part of a message this is. A place that cannot be, as 3 of 2, is none: one part."""
    if message.esm_class & EsmClass.UDH:
        return _read_header(message.body)
    values = [message.tlvs.get(tag) for tag in (Tag.SAR_REFERENCE, Tag.SAR_TOTAL, Tag.SAR_NUMBER)]
    if None in values:
        return Segment(body=message.body)
    reference, total, number = (int.from_bytes(value or b"") for value in values)
    return _placed(message.body, reference, total, number)


def _part(  # noqa: PLR0917 - a part and its place
    septets_or_octets: bytes,
    coded: Coded,
    concatenation: Concatenation,
    reference: int,
    total: int,
    number: int,
) -> Part:
    if concatenation is Concatenation.SAR:
        tlvs = {
            int(Tag.SAR_REFERENCE): (reference & 0xFFFF).to_bytes(2),
            int(Tag.SAR_TOTAL): bytes((total,)),
            int(Tag.SAR_NUMBER): bytes((number,)),
        }
        body = _pack(septets_or_octets, coded.coding, 0)
        return Part(body=body, data_coding=coded.data_coding, tlvs=tlvs)
    if concatenation is Concatenation.UDH16:
        element = bytes((_CONCATENATED_16, 4)) + (reference & 0xFFFF).to_bytes(2)
    else:
        element = bytes((_CONCATENATED, 3, reference & 0xFF))
    element += bytes((total, number))
    header = bytes((len(element),)) + element
    body = header + _pack(septets_or_octets, coded.coding, _fill_bits(len(header)))
    return Part(body=body, data_coding=coded.data_coding, esm_class=EsmClass.UDH)


def _pack(data: bytes, coding: Coding, fill_bits: int) -> bytes:
    return pack_septets(data, fill_bits=fill_bits) if coding is Coding.GSM_PACKED else data


def _room(coding: Coding, header: int) -> int:
    """Units that a part holds beside a header of so many octets."""
    if coding in _SEPTETS:
        return (PART_OCTETS - header) * 8 // 7
    room = PART_OCTETS - header
    return room - room % 2 if coding is Coding.UCS2 else room


def _cut(text: str, coding: Coding, room: int) -> list[bytes]:
    pieces: list[bytes] = []
    piece = bytearray()
    for character in text:
        units = encode_units(character, coding)
        if len(piece) + len(units) > room:
            pieces.append(bytes(piece))
            piece.clear()
        piece += units
    pieces.append(bytes(piece))
    return pieces


def _fill_bits(header_octets: int) -> int:
    """Bits between a header and the first packed septet, which begins at a septet's edge."""
    return -header_octets * 8 % 7


def _read_header(body: bytes) -> Segment:
    if not body or 1 + body[0] > len(body):
        return Segment(body=body)
    end = 1 + body[0]
    rest, fill_bits, at = body[end:], _fill_bits(end), 1
    while at + 2 <= end and at + 2 + body[at + 1] <= end:
        kind, length = body[at], body[at + 1]
        value = body[at + 2 : at + 2 + length]
        if (kind, length) in {(_CONCATENATED, 3), (_CONCATENATED_16, 4)}:
            reference = int.from_bytes(value[:-2])
            return _placed(rest, reference, value[-2], value[-1], fill_bits)
        at += 2 + length
    return Segment(body=rest, fill_bits=fill_bits)


def _placed(body: bytes, reference: int, total: int, number: int, fill_bits: int = 0) -> Segment:
    if not 1 <= number <= total <= MAX_PARTS:
        return Segment(body=body, fill_bits=fill_bits)
    return Segment(body=body, reference=reference, total=total, number=number, fill_bits=fill_bits)
