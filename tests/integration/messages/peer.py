"""A message centre written from the SMPP 3.4 specification alone, which takes nothing on trust.

Every field of what it is sent is checked against the tables of chapters 4 and 5. Nothing of
maskline's own protocol code is used here: a misreading there must not be one here too.
"""

import asyncio
import struct
from dataclasses import dataclass, field

HEAD = struct.Struct(">LLLL")
BINDS = {0x00000001: "receiver", 0x00000002: "transmitter", 0x00000009: "transceiver"}
SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK = 0x00000004, 0x00000005, 0x00000006, 0x00000015
RESP = 0x80000000
SYSTEM_ID = b"HELDOUT\0"

# Table 5-7
RECEIPTED_MESSAGE_ID, MESSAGE_PAYLOAD, MESSAGE_STATE = 0x001E, 0x0424, 0x0427
SAR_MSG_REF_NUM, SAR_TOTAL_SEGMENTS, SAR_SEGMENT_SEQNUM = 0x020C, 0x020E, 0x020F
SUBMIT_TLVS = {
    MESSAGE_PAYLOAD: range(1, 65_536),
    SAR_MSG_REF_NUM: range(2, 3),
    SAR_TOTAL_SEGMENTS: range(1, 2),
    SAR_SEGMENT_SEQNUM: range(1, 2),
}
"""What we may be sent, with the octets that each may have."""


@dataclass
class Submit:
    """A submit_sm (4.4.1) as it stood on the wire."""

    source: tuple[int, int, bytes]
    destination: tuple[int, int, bytes]
    esm_class: int
    registered_delivery: int
    data_coding: int
    short_message: bytes
    tlvs: dict[int, bytes]
    message_id: bytes = b""

    @property
    def text(self) -> bytes:
        """What it carries, with its user data header."""
        return self.short_message or self.tlvs.get(MESSAGE_PAYLOAD, b"")


@dataclass
class Peer:
    """Listens for one ESME. `faults` are what it did that the specification does not allow."""

    submits: list[Submit] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    bound: tuple[str, ...] = ()
    first_id: int = 0xA0B1C2D0
    id_format: str = "{:08X}"
    """How a message_id is written in a submit_sm_resp."""

    def __post_init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._answers: dict[int, asyncio.Future[int]] = {}
        self._sequence = 0x7FFF0000
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> tuple[str, int]:
        assert self._server is not None
        return self._server.sockets[0].getsockname()[:2]

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        if self._writer is not None:
            self._writer.close()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._server.wait_closed()

    async def deliver(
        self,
        source: str,
        destination: str,
        short_message: bytes,
        *,
        data_coding: int = 0,
        esm_class: int = 0,
        tlvs: tuple[tuple[int, bytes], ...] = (),
    ) -> int:
        """Send a deliver_sm (4.6.1); the command_status of its answer."""
        body = b"".join((
            b"\0",  # service_type
            self._address(source),
            self._address(destination),
            bytes((esm_class, 0, 0)),  # protocol_id, priority_flag
            b"\0\0",  # schedule_delivery_time, validity_period: NULL
            bytes((0, 0, data_coding, 0)),  # registered_delivery, replace_if_present_flag
            bytes((len(short_message),)),
            short_message,
            *(struct.pack(">HH", tag, len(value)) + value for tag, value in tlvs),
        ))  # fmt: skip
        self._sequence += 1
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._answers[self._sequence] = answer
        self._write(DELIVER_SM, 0, self._sequence, body)
        async with asyncio.timeout(10):
            return await answer

    def last_ids(self, count: int) -> list[int]:
        """The numbers of the submits that came last, whatever `id_format` made of them."""
        return [self.first_id + n for n in range(len(self.submits) - count, len(self.submits))]

    @staticmethod
    def _address(number: str) -> bytes:
        if number.startswith("+"):
            return b"\x01\x01" + number[1:].encode() + b"\0"
        return b"\x00\x01" + number.encode() + b"\0"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self._writer, last = writer, 0
        try:
            while True:
                length, command, status, sequence = HEAD.unpack(await reader.readexactly(16))
                body = await reader.readexactly(length - 16)
                if not command & RESP:
                    self._expect(status == 0, "command_status of a request is not NULL")
                    # 3.2: increased by one with each request.
                    self._expect(sequence == last + 1, f"sequence_number {sequence} after {last}")
                    last = sequence
                if self._take(command, status, sequence, body):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except (ValueError, IndexError, struct.error) as error:
            self.faults.append(f"cannot be read: {error!r}")
        finally:
            self.bound = ()
            writer.close()

    def _take(self, command: int, status: int, sequence: int, body: bytes) -> bool:
        """Whether the session is over."""
        if command in BINDS:
            self._take_bind(command, sequence, body)
        elif command == SUBMIT_SM:
            self._take_submit(sequence, body)
        elif command in {ENQUIRE_LINK, UNBIND}:
            self._expect(not body, "a body where there is none")
            self._write(command | RESP, 0, sequence, b"")
            return command == UNBIND
        elif command == DELIVER_SM | RESP:
            # 4.6.2: message_id is unused and set to NULL.
            self._expect(body == b"\0" or (status != 0 and not body), f"deliver_sm_resp {body!r}")
            self._answers.pop(sequence).set_result(status)
        else:
            self.faults.append(f"command {command:#x}")
        return False

    def _take_bind(self, command: int, sequence: int, body: bytes) -> None:
        fields = _Fields(body)
        system_id = fields.string(16)
        fields.string(9)  # password
        fields.string(13)  # system_type
        self._expect(fields.octet() == 0x34, "interface_version")
        fields.octet()  # addr_ton
        fields.octet()  # addr_npi
        fields.string(41)  # address_range
        self._expect(not fields.tlvs(), "a bind has no optional parameters")
        # 4.1.6: sc_interface_version
        self._write(command | RESP, 0, sequence, SYSTEM_ID + b"\x02\x10\x00\x01\x34")
        self.bound = (system_id.decode(),)

    def _take_submit(self, sequence: int, body: bytes) -> None:
        fields = _Fields(body)
        self._expect(fields.string(6) == b"", "service_type")
        source = (fields.octet(), fields.octet(), fields.string(21))
        destination = (fields.octet(), fields.octet(), fields.string(21))
        esm_class, protocol_id, priority = fields.octet(), fields.octet(), fields.octet()
        self._expect(esm_class & ~0x40 == 0, f"esm_class {esm_class:#x}")
        self._expect((protocol_id, priority) == (0, 0), "protocol_id, priority_flag")
        for _ in ("schedule_delivery_time", "validity_period"):
            self._expect(len(fields.string(17)) in {0, 16}, "a time of 1 or 17 octets")
        registered_delivery, replace = fields.octet(), fields.octet()
        data_coding, default_message = fields.octet(), fields.octet()
        self._expect((replace, default_message) == (0, 0), "replace_if_present, sm_default_msg_id")
        length = fields.octet()
        self._expect(length <= 254, f"sm_length {length}")
        short_message = fields.octets(length)
        tlvs = fields.tlvs()
        for tag, value in tlvs.items():
            allowed = SUBMIT_TLVS.get(tag, range(0))
            self._expect(len(value) in allowed, f"optional parameter {tag:#x} of {len(value)}")
        # 4.4.1: either short_message or message_payload.
        self._expect((length == 0) == (MESSAGE_PAYLOAD in tlvs), "sm_length beside a payload")
        number = self.first_id + len(self.submits)
        message_id = self.id_format.format(number).encode()
        self.submits.append(
            Submit(
                source, destination, esm_class, registered_delivery, data_coding, short_message,
                tlvs, message_id,
            )
        )  # fmt: skip
        self._write(SUBMIT_SM | RESP, 0, sequence, message_id + b"\0")

    def _expect(self, holds: bool, what: str) -> None:  # noqa: FBT001 - reads as an assert
        if not holds:
            self.faults.append(what)

    def _write(self, command: int, status: int, sequence: int, body: bytes) -> None:
        assert self._writer is not None
        self._writer.write(HEAD.pack(16 + len(body), command, status, sequence) + body)


class _Fields:
    """The fields of a body, one after another."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def octet(self) -> int:
        return self.octets(1)[0]

    def octets(self, count: int) -> bytes:
        taken, self._body = self._body[:count], self._body[count:]
        if len(taken) < count:
            raise ValueError("the body ends too soon")
        return taken

    def string(self, most: int) -> bytes:
        """A C-octet string of at most so many octets with its NULL."""
        text, end, rest = self._body.partition(b"\0")
        if not end or len(text) >= most:
            raise ValueError(f"a string of {len(text)} octets, at most {most - 1} may be")
        self._body = rest
        return text

    def tlvs(self) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        while self._body:
            tag, length = struct.unpack(">HH", self.octets(4))
            found[tag] = self.octets(length)
        return found
