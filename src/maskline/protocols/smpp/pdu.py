"""PDUs of SMPP 3.4: what they hold, and how they are read and written.

Integers are big-endian; strings end with a zero octet and are ASCII in the standard, Latin-1 here:
what a peer says is kept octet by octet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from struct import Struct

from maskline.protocols.smpp.command import ANSWER, BINDS, MESSAGES, Command, Npi, Tag, Ton
from maskline.protocols.smpp.error import PduError
from maskline.protocols.smpp.reading import Reader, write_string, write_tlvs
from maskline.protocols.smpp.status import Status

HEADER = Struct("!IIII")
"""command_length, command_id, command_status, sequence_number (SMPP 3.4 3.2)."""

MAX_SEQUENCE = 0x7FFFFFFF
MAX_SHORT_MESSAGE = 254
"""Octets that `short_message` may hold (SMPP 3.4 4.4.1); more goes into `message_payload`."""

MAX_MESSAGE_ID = 64
VERSION = 0x34


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
    body = pdu.body
    command_id, status = _head_of(body)
    match body:
        case Bind():
            payload = _build_bind(body)
        case Message():
            payload = _build_message(body)
        case Plain():
            payload = b""
        case Answer():
            payload = _build_answer(body)
    return HEADER.pack(HEADER.size + len(payload), command_id, status, pdu.sequence) + payload


def parse_pdu(data: bytes) -> Pdu:
    """Read one whole PDU. Raises `PduError`.

    Octets behind what the standard defines for it are read as optional parameters; such as are
    no whole parameters spoil the PDU (SMPP 3.4 3.2.4.1).
    """
    _, command_id, status, sequence = HEADER.unpack_from(data)
    reader = Reader(data, HEADER.size, sequence)
    if command_id & ANSWER:
        return Pdu(_parse_answer(command_id, status, reader), sequence)
    if command_id in BINDS:
        return Pdu(_parse_bind(Command(command_id), reader), sequence)
    if command_id in MESSAGES:
        return Pdu(_parse_message(Command(command_id), reader), sequence)
    return Pdu(Plain(command_id), sequence)


def _head_of(body: Body) -> tuple[int, int]:
    match body:
        case Answer():
            return body.command_id | ANSWER, body.status
        case Plain():
            return body.command_id, 0
        case _:
            return body.command, 0


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


def _parse_message(command: Command, reader: Reader) -> Message:
    service_type = reader.string(6, Status.SYSTEM_ERROR)
    source = _parse_address(reader, 21, Status.INVALID_SOURCE)
    destination = _parse_address(reader, 21, Status.INVALID_DESTINATION)
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
    return bytes((address.ton, address.npi)) + write_string(address.number, 21)


def _parse_address(reader: Reader, size: int, status: Status) -> Address:
    ton, npi = reader.octets(2)
    return Address(reader.string(size, status), ton, npi)


def command_length(data: bytes | bytearray) -> int:
    """How many octets the PDU at the start of `data` has; `data` holds at least a header.

    Raises `PduError` for less than a header.
    """
    length = HEADER.unpack_from(data)[0]
    if length < HEADER.size:
        raise PduError("shorter than a header", Status.INVALID_COMMAND_LENGTH, None)
    return length
