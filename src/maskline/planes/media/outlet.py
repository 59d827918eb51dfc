"""Our stream to one party: numbered by us, encrypted where agreed, sent from our port."""

from collections.abc import Callable

from maskline.planes.media.party_address import PartyAddress
from maskline.planes.media.peer import Address
from maskline.planes.media.port import Buffer, Port, Take
from maskline.planes.media.report import Reporter
from maskline.planes.media.srtp import Guard
from maskline.protocols.rtp.packet import HEADER, HEADER_BYTES, MARKER, PLAIN
from maskline.protocols.rtp.sequencer import Sequencer

Datagram = memoryview | bytes

_pack_header = HEADER.pack_into


class Outlet:
    """What leaves for a party. `steady_send` sends to it while the port is connected to it."""

    __slots__ = (
        "_buffer",
        "_last_octets",
        "_party",
        "_port",
        "guard",
        "reporter",
        "sequencer",
        "steady_send",
    )

    def __init__(self, port: Port, buffer: Buffer, party: PartyAddress, reporter: Reporter) -> None:
        """The reporter's sequencer is that of the stream."""
        self.sequencer: Sequencer = reporter.sequencer
        self.reporter = reporter
        self.guard: Guard | None = None
        self.steady_send: Callable[[Datagram], int] | None = None
        self._port = port
        self._buffer = buffer
        self._party = party
        self._last_octets = 0

    @property
    def may_connect(self) -> bool:
        """Whether the port can be connected to the party, and is not."""
        return self._port.may_connect

    def connect(self, source: Address, now: float) -> None:
        """Hear and send to `source` only, where that can be."""
        if self._port.connect(source, now):
            self.steady_send = self._port.send

    def receive_by(self, take: Take) -> None:
        """Give what the party sends to `take`, where nobody else is heard."""
        if self.steady_send is not None:
            self._port.receive_by(take)

    def disconnect(self) -> None:
        """Hear everybody again."""
        if self.steady_send is not None:
            self.steady_send = None
            self._port.disconnect()

    def close(self) -> None:
        """Send nothing any more, and give nothing to the side."""
        self.steady_send = None
        self._port.close()

    def interrupt(self) -> None:
        """Let what is sent next begin a new run after what was sent last."""
        self.sequencer.interrupt(self._last_octets)

    def send(
        self, start: int, end: int, payload_type: int, marker: int, place: tuple[int, int, bool]
    ) -> None:
        """Send the payload at `start` to `end` of the buffer, in this place of our stream."""
        sequence, timestamp, is_new_run = place
        second = payload_type | (MARKER if is_new_run else marker)
        # The header goes right before the payload, over what the source had there.
        at = start - HEADER_BYTES
        _pack_header(self._buffer.data, at, PLAIN, second, sequence, timestamp, self.sequencer.ssrc)
        self._last_octets = end - start
        datagram: Datagram = self._buffer.view[at:end]
        if self.guard is not None:
            sealed = self.guard.seal(bytes(datagram))
            if sealed is None:
                return
            datagram = sealed
        try:
            if self.steady_send is not None:
                self.steady_send(datagram)
            elif self._party.target is not None:
                self._port.sendto(datagram, self._party.target)
            else:
                return
        except OSError as error:
            if not self.send_again(datagram, error):
                return
        reporter = self.reporter
        reporter.sent_packets += 1
        reporter.sent_octets += end - start

    def send_again(self, datagram: Datagram, error: OSError) -> bool:
        """Whether a datagram could be sent at a second try, where that makes sense.

        A full socket buffer or an unreachable network loses a packet, as any hop may. But a refusal
        is the news of an earlier one, and anybody who forges it may not silence us.
        """
        if self.steady_send is None or not isinstance(error, ConnectionRefusedError):
            return False
        try:
            self.steady_send(datagram)
        except OSError:
            return False
        return True
