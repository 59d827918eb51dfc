"""PDUs of SMPP 3.4: what they hold, and how they are read and written.

Integers are big-endian; strings end with a zero octet and are ASCII in the standard, Latin-1 here:
what a peer says is kept octet by octet.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from maskline.protocols.smpp.command import ANSWER, BINDS, MESSAGES, Command, Npi, Tag, Ton
from maskline.protocols.smpp.error import PduError
from maskline.protocols.smpp.reading import Reader, write_string, write_tlvs
from maskline.protocols.smpp.status import Status

HEADER = struct.Struct("!IIII")
"""command_length, command_id, command_status, sequence_number (SMPP 3.4 3.2)."""

MAX_SEQUENCE = 0x7FFFFFFF
MAX_SHORT_MESSAGE = 254
"""Octets that `short_message` may hold (SMPP 3.4 4.4.1); more goes into `message_payload`."""

MAX_MESSAGE_ID = 64
VERSION = 0x34

_PLAIN = struct.Struct("!10B")
"""From esm_class to sm_length where schedule and validity are empty (SMPP 3.4 4.4.1)."""

_KIND = struct.Struct("!BB")
_NUMBER_OCTETS = 21
_COMMANDS = {int(command): command for command in BINDS | MESSAGES}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message comes from or goes to; the number as it stands on the wire."""

    number: str
    ton: int = Ton.UNKNOWN
    npi: int = Npi.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """A request to bind, of one of `BINDS`."""

    command: Command
    system_id: str
    password: str = field(repr=False)
    system_type: str = ""
    version: int = VERSION
    address: Address = Address("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A submit_sm or deliver_sm. `body` is short_message or, where that is empty, message_payload.

    `tlvs` are the other optional parameters, by tag. `valid_for` and `schedule` are SMPP times.
    """

    command: Command
    source: Address
    destination: Address
    body: bytes = field(repr=False)
    data_coding: int = 0
    esm_class: int = 0
    registered_delivery: int = 0
    service_type: str = ""
    protocol_id: int = 0
    priority: int = 0
    schedule: str = ""
    valid_for: str = ""
    replace: int = 0
    tlvs: Mapping[int, bytes] = field(default_factory=dict[int, bytes], repr=False)


@dataclass(frozen=True, slots=True)
class Plain:
    """An unbind, an enquire_link, or any request that we do not know: `command_id` says which."""

    command_id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request, or a generic_nack, where `command_id` is that of `Command.NACK`.

    `text` is the system_id after a bind and the message_id after a message.
    """

    command_id: int
    status: int
    text: str = ""


Body = Bind | Message | Plain | Answer


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU: what it says, and its number."""

    body: Body
    sequence: int


def build_pdu(pdu: Pdu) -> bytes:
    """The octets of a PDU. Raises `ValueError` for a field that does not fit."""
    body, status = pdu.body, 0
    match body:
        case Answer():
            command_id, status, payload = body.command_id | ANSWER, body.status, _build_answer(body)
        case Message():
            command_id, payload = int(body.command), _build_message(body)
        case Bind():
            command_id, payload = int(body.command), _build_bind(body)
        case Plain():
            command_id, payload = body.command_id, b""
    return HEADER.pack(HEADER.size + len(payload), command_id, status, pdu.sequence) + payload


def parse_pdu(data: bytes) -> Pdu:
    """Read one whole PDU. Raises `PduError`.

    Octets behind what the standard defines for it are read as optional parameters; such as are
    no whole parameters spoil the PDU (SMPP 3.4 3.2.4.1).
    """
    _, command_id, status, sequence = HEADER.unpack_from(data)
    if command_id & ANSWER:
        answer = _parse_answer(command_id, status, Reader(data, HEADER.size, sequence))
        return Pdu(answer, sequence)
    command = _COMMANDS.get(command_id)
    if command is None:
        return Pdu(Plain(command_id), sequence)
    if command in BINDS:
        return Pdu(_parse_bind(command, Reader(data, HEADER.size, sequence)), sequence)
    message = _parse_plain_message(command, data, sequence)
    if message is None:
        message = _parse_message(command, Reader(data, HEADER.size, sequence))
    return Pdu(message, sequence)


def _build_bind(bind: Bind) -> bytes:
    return b"".join(
        (
            write_string(bind.system_id, 16),
            write_string(bind.password, 9),
            write_string(bind.system_type, 13),
            bytes((bind.version, bind.address.ton, bind.address.npi)),
            write_string(bind.address.number, 41),
        )
    )


def _parse_bind(command: Command, reader: Reader) -> Bind:
    bind = Bind(
        command=command,
        system_id=reader.string(16, Status.INVALID_SYSTEM_ID),
        password=reader.string(9, Status.INVALID_PASSWORD),
        system_type=reader.string(13, Status.BIND_FAILED),
        version=reader.octet(),
        address=_parse_address(reader, 41, Status.BIND_FAILED),
    )
    reader.tlvs()
    return bind


def _build_message(message: Message) -> bytes:
    is_short = len(message.body) <= MAX_SHORT_MESSAGE
    if is_short and not (message.service_type or message.schedule or message.valid_for):
        return _build_plain_message(message)
    tlvs = message.tlvs if is_short else {**message.tlvs, Tag.MESSAGE_PAYLOAD: message.body}
    short = message.body if is_short else b""
    return b"".join(
        (
            write_string(message.service_type, 6),
            _build_address(message.source),
            _build_address(message.destination),
            bytes((message.esm_class, message.protocol_id, message.priority)),
            write_string(message.schedule, 17),
            write_string(message.valid_for, 17),
            bytes((message.registered_delivery, message.replace, message.data_coding, 0)),
            bytes((len(short),)),
            short,
            write_tlvs(tlvs),
        )
    )


def _build_plain_message(message: Message) -> bytes:
    """One with no text but its numbers and its body, as nearly all are."""
    source, destination = message.source, message.destination
    body, tlvs = message.body, message.tlvs
    source_number = write_string(source.number, _NUMBER_OCTETS)
    destination_number = write_string(destination.number, _NUMBER_OCTETS)
    try:
        fields = _PLAIN.pack(
            message.esm_class,
            message.protocol_id,
            message.priority,
            0,
            0,
            message.registered_delivery,
            message.replace,
            message.data_coding,
            0,
            len(body),
        )
        source_kind = _KIND.pack(source.ton, source.npi)
        destination_kind = _KIND.pack(destination.ton, destination.npi)
    except struct.error as error:
        raise ValueError("an integer is not in the range of an octet") from error
    pieces = (b"\0", source_kind, source_number, destination_kind, destination_number, fields, body)
    return b"".join(pieces) + write_tlvs(tlvs)


def _parse_plain_message(command: Command, data: bytes, sequence: int) -> Message | None:
    """One with no text but its numbers and its body; None for any other, or one that is broken."""
    source_at = HEADER.size + 3
    source_end = data.find(0, source_at, source_at + _NUMBER_OCTETS)
    destination_at = source_end + 3
    destination_end = data.find(0, destination_at, destination_at + _NUMBER_OCTETS)
    body_at = destination_end + 1 + _PLAIN.size
    if source_end < 0 or destination_end < 0 or body_at > len(data):
        return None
    fields = _PLAIN.unpack_from(data, destination_end + 1)
    body_end = body_at + fields[9]
    if data[HEADER.size] or fields[3] or fields[4] or body_end > len(data):
        return None
    tlvs, body = {}, data[body_at:body_end]
    if body_end < len(data):
        tlvs = Reader(data, body_end, sequence).tlvs()
        # See `_parse_message`.
        payload = tlvs.pop(Tag.MESSAGE_PAYLOAD, b"")
        body = body or payload
    source = data[source_at:source_end].decode("latin-1")
    destination = data[destination_at:destination_end].decode("latin-1")
    return Message(
        command=command,
        source=Address(source, data[source_at - 2], data[source_at - 1]),
        destination=Address(destination, data[destination_at - 2], data[destination_at - 1]),
        body=body,
        data_coding=fields[7],
        esm_class=fields[0],
        registered_delivery=fields[5],
        protocol_id=fields[1],
        priority=fields[2],
        replace=fields[6],
        tlvs=tlvs,
    )


def _parse_message(command: Command, reader: Reader) -> Message:
    service_type = reader.string(6, Status.SYSTEM_ERROR)
    source = _parse_address(reader, _NUMBER_OCTETS, Status.INVALID_SOURCE)
    destination = _parse_address(reader, _NUMBER_OCTETS, Status.INVALID_DESTINATION)
    esm_class, protocol_id, priority = reader.octets(3)
    schedule = reader.string(17, Status.SYSTEM_ERROR)
    valid_for = reader.string(17, Status.SYSTEM_ERROR)
    registered_delivery, replace, data_coding, _, length = reader.octets(5)
    body = reader.octets(length)
    tlvs = reader.tlvs()
    # Both at once is against the standard (SMPP 3.4 5.3.2.32): the mandatory field counts.
    payload = tlvs.pop(Tag.MESSAGE_PAYLOAD, b"")
    return Message(
        command=command,
        source=source,
        destination=destination,
        body=body or payload,
        data_coding=data_coding,
        esm_class=esm_class,
        registered_delivery=registered_delivery,
        service_type=service_type,
        protocol_id=protocol_id,
        priority=priority,
        schedule=schedule,
        valid_for=valid_for,
        replace=replace,
        tlvs=tlvs,
    )


def _build_answer(answer: Answer) -> bytes:
    if answer.command_id in BINDS:
        return write_string(answer.text, 16)
    if answer.command_id in MESSAGES:
        return write_string(answer.text, MAX_MESSAGE_ID + 1)
    return b""


def _parse_answer(command_id: int, status: int, reader: Reader) -> Answer:
    request = command_id & ~ANSWER
    # A refusal may come without its body (SMPP 3.4 4.1.2, 4.4.2).
    has_text = (request in BINDS or request in MESSAGES) and not reader.is_at_end
    # Never refused: what was taken and is not known to be is sent once more.
    text = reader.loose_string(MAX_MESSAGE_ID) if has_text else ""
    return Answer(request, status, text)


def _build_address(address: Address) -> bytes:
    return bytes((address.ton, address.npi)) + write_string(address.number, _NUMBER_OCTETS)


def _parse_address(reader: Reader, size: int, status: Status) -> Address:
    ton, npi = reader.octets(2)
    return Address(reader.string(size, status), ton, npi)


def command_length(data: bytearray, at: int) -> int:
    """How many octets the PDU has that begins at `at`; `data` holds at least its header.

    Raises `PduError` for less than a header.
    """
    length = HEADER.unpack_from(data, at)[0]
    if length < HEADER.size:
        raise PduError("shorter than a header", Status.INVALID_COMMAND_LENGTH, None)
    return length
