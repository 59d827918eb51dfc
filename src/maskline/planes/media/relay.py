"""The relay of one call: packets of each side checked, renumbered, and sent to the other.

No sockets here: datagrams come in by `receive` in a shared buffer and leave by a function that
is given, so a call runs in a test with a stepped clock.
"""

from collections.abc import Callable
from random import Random

from maskline.planes.media.engine import MediaPeer, MediaStats, Side
from maskline.planes.media.flow import Flow
from maskline.planes.media.party_address import PartyAddress
from maskline.planes.media.peer import (
    Address,
    check_peer,
    is_held_without_address,
    rtcp_port_of,
    to_address,
)
from maskline.planes.media.report import Reporter
from maskline.planes.media.settings import EmbeddedSettings
from maskline.protocols.rtp.g711 import Law, transcoding_table
from maskline.protocols.rtp.packet import (
    CLOCK_RATE,
    HEADER,
    HEADER_BYTES,
    MARKER,
    MAX_PACKET_BYTES,
    PLAIN,
    locate_payload,
)
from maskline.protocols.rtp.reception import Reception
from maskline.protocols.rtp.sequencer import Sequencer
from maskline.protocols.rtp.telephone_event import KeyPad, KeyPress

SWEEP_S = 0.25
"""How often each side is looked at for lost media, unreleased keys and its packet budget."""

BUDGET = 100
"""Packets a side may send in `SWEEP_S` in the long run; eight times those of 20 ms."""

BURST = 400
"""Packets a side may send at once, as after a stall; what is more is dropped."""

COMFORT_NOISE = 13
"""The static payload type of comfort noise (RFC 3389 4)."""

BUFFER_BYTES = MAX_PACKET_BYTES + 1
"""Size of the receive buffer: a datagram too long to be valid fills it."""

_pack_header = HEADER.pack_into
_unpack_header = HEADER.unpack_from


class PayloadRule:
    """What becomes of packets of one payload type. `target` None: heard, but not sent on."""

    __slots__ = ("is_event", "table", "target")

    def __init__(
        self, target: int | None, table: bytes | None = None, *, is_event: bool = False
    ) -> None:
        self.target = target
        self.table = table
        self.is_event = is_event


class Buffer:
    """The memory that every datagram is received into and sent from."""

    __slots__ = ("data", "view")

    def __init__(self) -> None:
        self.data = bytearray(BUFFER_BYTES)
        self.view = memoryview(self.data)


class CallEvents:
    """Where a call's events go; each takes the side it happened on."""

    __slots__ = ("lost", "pressed", "resumed")

    def __init__(
        self,
        pressed: Callable[[Side, str, int], None],
        lost: Callable[[Side], None],
        resumed: Callable[[Side], None],
    ) -> None:
        self.pressed = pressed
        self.lost = lost
        self.resumed = resumed


class MediaSide:
    """One side of a call: what its party sends, and our stream to that party."""

    __slots__ = (
        "_buffer",
        "_events",
        "_keys",
        "_rules",
        "_sendto",
        "budget",
        "forwards_to",
        "invalid",
        "is_blocked",
        "is_lost",
        "party",
        "peer",
        "reception",
        "reporter",
        "rtcp_target",
        "sends_since",
        "sequencer",
        "side",
        "strangers",
    )

    def __init__(
        self,
        side: Side,
        sendto: Callable[[memoryview, Address], int],
        *,
        buffer: Buffer,
        settings: EmbeddedSettings,
        events: CallEvents,
        random: Random,
    ) -> None:
        self.side = side
        self.peer: MediaPeer | None = None
        self.party = PartyAddress(settings)
        self.rtcp_target: Address | None = None
        self.sequencer = Sequencer(
            random.getrandbits(32), random.getrandbits(16), random.getrandbits(32)
        )
        self.reception = Reception()
        self.reporter = Reporter(self.sequencer, self.reception, settings.report_interval_s, random)
        self.forwards_to: MediaSide | None = None
        self.is_blocked = False
        self.is_lost = False
        self.sends_since = 0.0
        self.strangers = 0
        self.invalid = 0
        self.budget = BURST
        self._buffer = buffer
        self._sendto = sendto
        self._events = events
        self._keys = KeyPad()
        self._rules: dict[int, PayloadRule] = {}

    # The hot path: about a hundred calls a second for each call.

    def receive(self, size: int, source: Address, now: float) -> None:
        """Take the datagram of `size` bytes in the buffer that came from `source`."""
        data = self._buffer.data
        bounds = locate_payload(data, size)
        if bounds is None:
            self.invalid += 1
            return
        _, second, sequence, timestamp, ssrc = _unpack_header(data)
        payload_type: int = second & 0x7F
        rule = self._rules.get(payload_type)
        party = self.party
        if source != party.source and (
            rule is None or not party.learn(source, ssrc, sequence, now, self.reception.last_at)
        ):
            self.strangers += 1
            return
        if rule is None or self.budget == 0:
            self.invalid += 1
            return
        self.budget -= 1
        start, end = bounds
        self.reception.receive(ssrc, sequence, timestamp, end - start, now)
        if rule.is_event:
            self._hear_keys(self._keys.receive(timestamp, bytes(data[start:end]), now))
        other = self.forwards_to
        if other is None or rule.target is None:
            return
        place = other.sequencer.rewrite(ssrc, sequence, timestamp, now)
        if place is None:
            return
        if rule.table is not None:
            data[start:end] = data[start:end].translate(rule.table)
        other.send(start, end, rule.target, second & MARKER, place)

    def send(
        self, start: int, end: int, payload_type: int, marker: int, place: tuple[int, int, bool]
    ) -> None:
        """Send the payload at `start` to `end` of the buffer to the party, in our own stream."""
        sequence, timestamp, is_new_run = place
        second = payload_type | (MARKER if is_new_run else marker)
        # The header goes right before the payload, over what the source had there.
        at = start - HEADER_BYTES
        _pack_header(self._buffer.data, at, PLAIN, second, sequence, timestamp, self.sequencer.ssrc)
        target = self.party.target
        if target is None:
            return
        try:
            self._sendto(self._buffer.view[at:end], target)
        except OSError:
            # A full socket buffer or an unreachable network loses the packet, as any hop may.
            return
        reporter = self.reporter
        reporter.sent_packets += 1
        reporter.sent_octets += end - start

    def _hear_keys(self, presses: list[KeyPress]) -> None:
        for press in presses:
            self._events.pressed(self.side, press.digit, press.duration * 1000 // CLOCK_RATE)

    # Who the party is.

    def connect(self, peer: MediaPeer, now: float) -> None:
        """Set the negotiated far end. Raises `BadMedia`."""
        check_peer(peer)
        # A hold without an address (RFC 3264 8.4): the party stays where it is.
        if not is_held_without_address(peer):
            self._set_addresses(peer, now)
        if peer.sends and not (self.peer and self.peer.sends):
            self.sends_since = now
        self.peer = peer

    def _set_addresses(self, peer: MediaPeer, now: float) -> None:
        rtcp_target = to_address(peer.address, rtcp_port_of(peer))
        is_new = self.party.negotiate(to_address(peer.address, peer.port), now)
        if is_new or (self.peer is not None and peer.rtcp_port != self.peer.rtcp_port):
            self.rtcp_target = rtcp_target

    def set_rules(self, target: MediaPeer | None) -> None:
        """Work out what becomes of each payload type of this side's party at the other's."""
        peer = self.peer
        self._rules = {}
        if peer is None:
            return
        if peer.telephone_event is not None:
            event = None if target is None else target.telephone_event
            rule = PayloadRule(event, is_event=True)
            if peer.offered_event is not None:
                self._rules[peer.offered_event] = rule
            self._rules[peer.telephone_event] = rule
        if peer.comfort_noise:
            passes = target is not None and target.comfort_noise
            self._rules[COMFORT_NOISE] = PayloadRule(COMFORT_NOISE if passes else None)
        for codec in (*peer.other_codecs, peer.codec):
            audio = PayloadRule(None)
            if target is not None:
                table = transcoding_table(Law(codec.name), Law(target.codec.name))
                audio = PayloadRule(target.codec.payload_type, table)
            self._rules[codec.payload_type] = audio

    # Now and then.

    def receive_report(self, data: bytes, source: Address, now: float, unix_time: float) -> None:
        """Take a datagram that came to the RTCP port."""
        target = self.party.target
        if target is None or source[0] != target[0]:
            self.strangers += 1
        elif not self.reporter.receive(data, now, unix_time):
            self.invalid += 1
        elif self.party.may_learn:
            self.rtcp_target = source

    def sweep(self, now: float, loss_after_s: float | None, since: float) -> None:
        """Refill the budget, end a key nobody ended, and watch for media lost since `since`."""
        self.budget = min(BURST, self.budget + BUDGET)
        if self._keys.is_pressed:
            press = self._keys.expire(now)
            if press is not None:
                self._hear_keys([press])
        if loss_after_s is None or self.peer is None or self.reception.first_at is None:
            return
        last = max(self.reception.last_at, self.sends_since, since)
        is_lost = self.peer.sends and now - last >= loss_after_s
        if is_lost and not self.is_lost:
            self.is_lost = True
            self._events.lost(self.side)
        elif self.is_lost and not is_lost:
            self.is_lost = False
            self._events.resumed(self.side)

    def stats(self) -> MediaStats:
        """Return the sums so far."""
        reception, reporter = self.reception, self.reporter
        has_heard = reception.first_at is not None
        return MediaStats(
            received_packets=reception.packets,
            received_octets=reception.octets,
            sent_packets=reporter.sent_packets,
            sent_octets=reporter.sent_octets,
            lost=reception.lost,
            late=reception.late,
            jitter_ms=reception.jitter_ms,
            strangers=self.strangers,
            invalid=self.invalid,
            first_packet_at=reception.first_at,
            last_packet_at=reception.last_at if has_heard else None,
            remote_lost=reporter.remote.lost,
            remote_jitter_ms=reporter.remote.jitter_ms,
            round_trip_ms=reporter.remote.round_trip_ms,
        )


class MediaCall:
    """Two sides and what flows between them."""

    __slots__ = ("_flow", "_loss_after_s", "_since", "callee", "caller")

    def __init__(self, caller: MediaSide, callee: MediaSide, loss_after_s: float) -> None:
        """Lost media is watched for once both ways are open; `loss_after_s` 0 is never."""
        self.caller = caller
        self.callee = callee
        self._loss_after_s = loss_after_s
        self._flow = Flow.NONE
        self._since = 0.0

    def at(self, side: Side) -> MediaSide:
        """Return one side."""
        return self.caller if side is Side.CALLER else self.callee

    def connect(self, side: Side, peer: MediaPeer, now: float) -> None:
        """Set the far end of a side. Raises `BadMedia`, and then nothing has changed."""
        party = self.at(side).party
        before = party.negotiated
        self.at(side).connect(peer, now)
        if party.negotiated != before:
            self.at(side.other).sequencer.interrupt()
        self._rewire()

    def set_flow(self, flow: Flow, now: float) -> None:
        """Say between which sides media flows."""
        if flow is not self._flow:
            self._flow = flow
            self._since = now
            self._rewire()

    def block(self, side: Side, *, is_blocked: bool) -> None:
        """Hold back what a side sends, or no longer."""
        self.at(side).is_blocked = is_blocked
        self._rewire()

    def sweep(self, now: float) -> None:
        """Do what is due every `SWEEP_S`."""
        is_watched = self._loss_after_s > 0 and self._flow is Flow.BOTH
        loss_after_s = self._loss_after_s if is_watched else None
        self.caller.sweep(now, loss_after_s, self._since)
        self.callee.sweep(now, loss_after_s, self._since)

    def _rewire(self) -> None:
        self._rewire_side(self.caller, self.callee, is_open=self._flow is Flow.BOTH)
        self._rewire_side(self.callee, self.caller, is_open=self._flow is not Flow.NONE)

    def _rewire_side(self, side: MediaSide, other: MediaSide, *, is_open: bool) -> None:
        side.set_rules(other.peer)
        is_heard = (
            is_open
            and not side.is_blocked
            and side.peer is not None
            and side.peer.sends
            and other.peer is not None
            and other.peer.receives
        )
        forwards_to = other if is_heard else None
        if forwards_to is not None and side.forwards_to is None:
            other.sequencer.interrupt()
        side.forwards_to = forwards_to
