"""The relay of one side of a call: packets checked, renumbered, and sent to the other side.

No sockets here: datagrams come in by `receive` in a shared buffer and leave by a port that is
given, so a call runs in a test with a stepped clock.
"""

from collections.abc import Callable
from random import Random

from maskline.planes.media.engine import (
    MediaPeer,
    MediaStats,
    PlayEnd,
    SdesKey,
    Side,
)
from maskline.planes.media.fast_path import FastPath, Stream
from maskline.planes.media.gathering import Gathering
from maskline.planes.media.loss_watch import LossWatch
from maskline.planes.media.outlet import Outlet
from maskline.planes.media.party_address import PartyAddress
from maskline.planes.media.payload_rule import PayloadRule, build_rules, law_of
from maskline.planes.media.peer import (
    Address,
    check_peer,
    is_held_without_address,
    rtcp_port_of,
    to_address,
)
from maskline.planes.media.player import Play
from maskline.planes.media.port import Buffer, Port
from maskline.planes.media.report import Reporter
from maskline.planes.media.settings import EmbeddedSettings
from maskline.planes.media.srtp import Guard
from maskline.planes.media.tap import Lane
from maskline.planes.media.tone_detector import ToneDetector
from maskline.protocols.rtp.g711 import Law
from maskline.protocols.rtp.packet import (
    CLOCK_RATE,
    HEADER,
    HEADER_BYTES,
    MARKER,
    locate_payload,
)
from maskline.protocols.rtp.reception import Reception
from maskline.protocols.rtp.sequencer import Sequencer
from maskline.protocols.rtp.telephone_event import OVERTAKEN_UNITS, KeyPad, KeyPress

SWEEP_S = 0.25
"""How often each side is looked at for lost media, unreleased keys and its packet budget."""

BUDGET = 100
"""Packets a side may send in `SWEEP_S` in the long run; eight times those of 20 ms."""

BURST = 400
"""Packets a side may send at once, as after a stall; what is more is dropped."""

LINGER_S = 0.2
"""Keys stay private for so long after collecting, and audio with such digits in it held back, also
until a tone that sounds then is over: signalling may have told of the key before it was heard."""

MAX_LINGER_S = 3.0
"""The longest such wait."""

OURSELVES = -1
"""In place of an SSRC, which has 32 bits: what we play comes from no party."""

_pack_header = HEADER.pack_into
_unpack_header = HEADER.unpack_from


class CallEvents:
    """Where a call's events go.

    `pressed` takes side, digit, milliseconds and whether it was a tone in the audio; `lost` and
    `resumed` the side; `ended` the id of a play, and why.
    """

    __slots__ = ("ended", "lost", "pressed", "resumed")

    def __init__(
        self,
        pressed: Callable[[Side, str, int, bool], None],
        lost: Callable[[Side], None],
        resumed: Callable[[Side], None],
        ended: Callable[[str, PlayEnd], None],
    ) -> None:
        self.pressed = pressed
        self.lost = lost
        self.resumed = resumed
        self.ended = ended


class MediaSide:
    """One side of a call: what its party sends, and our stream to that party."""

    __slots__ = (
        "_buffer",
        "_events",
        "_fast",
        "_fed",
        "_keys",
        "_last_relayed",
        "_next_frame",
        "_private_event",
        "_private_until",
        "_rules",
        "_spoken_frames",
        "budget",
        "detector",
        "forwards_to",
        "gathered_at",
        "gathering",
        "invalid",
        "is_blocked",
        "is_lost",
        "lane",
        "law",
        "outlet",
        "party",
        "peer",
        "play",
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
        port: Port,
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
            # 15 bits of sequence: when the first packets are lost, and numbers wrapped among them,
            # a party could not tell the roll-over count of SRTP (RFC 3711 3.3.1).
            random.getrandbits(32),
            random.getrandbits(15),
            random.getrandbits(32),
        )
        self.reception = Reception()
        self.reporter = Reporter(self.sequencer, self.reception, settings.report_interval_s, random)
        self.outlet = Outlet(port, buffer, self.party, self.reporter)
        self.forwards_to: MediaSide | None = None
        self.law: Law | None = None
        self.play: Play | None = None
        self.lane: Lane | None = None
        self.gathering = Gathering.NO
        self.gathered_at = 0.0
        self.detector: ToneDetector | None = None
        self.is_blocked = False
        self.is_lost = False
        self.sends_since = 0.0
        self.strangers = 0
        self.invalid = 0
        self.budget = BURST
        self._buffer = buffer
        self._events = events
        self._keys = KeyPad()
        self._private_event: int | None = None
        self._private_until = 0.0
        self._rules: dict[int, PayloadRule] = {}
        self._next_frame = 0
        self._spoken_frames = 0
        # The second octet, the rule and the length of the last packet passed on without a detour.
        self._last_relayed: tuple[int, PayloadRule, int] | None = None
        # The fast paths of what the party sends, and of what it is sent; see `settle`.
        self._fast: FastPath | None = None
        self._fed: MediaSide | None = None

    # The hot path: about a hundred calls a second for each call.

    def receive(self, size: int, now: float) -> None:
        """Take the datagram of `size` bytes in the buffer, which the party sent."""
        if self._fast is None:
            self.detour(size, now)
        else:
            self._fast.carry(size, now)

    def detour(self, size: int, now: float) -> None:
        """Take what no fast path is for; one that there is ends, the other party's goes on."""
        self.slow_down()
        if self.outlet.guard is not None:
            size = self._unseal(self.outlet.guard, size)
        self._take(size, now)

    def _take(self, size: int, now: float) -> None:
        """Take a datagram that is not encrypted, or not any more."""
        data = self._buffer.data
        bounds = locate_payload(data, size)
        if bounds is None:
            self.invalid += 1
            return
        _, second, sequence, timestamp, ssrc = _unpack_header(data)
        rule = self._rules.get(second & 0x7F)
        if rule is None or self.budget == 0:
            self.invalid += 1
            return
        self.budget -= 1
        start, end = bounds
        self.reception.receive(ssrc, sequence, timestamp, end - start, now)
        if rule.is_event:
            self._hear_keys(self._keys.receive(timestamp, bytes(data[start:end]), now))
            if self._keeps_private(timestamp, now):
                return
        elif self.detector is not None and rule.law is not None:
            self._hear_tones(self.detector.receive(bytes(data[start:end]), rule.law, now))
        other = self.forwards_to
        if other is None or rule.target is None:
            return
        place = other.sequencer.rewrite(ssrc, sequence, timestamp, now)
        if place is None:
            return
        lane = other.lane
        if lane is not None and rule.law is not None:
            heard = data[start:end]
            if rule.taped is not None:
                heard = heard.translate(rule.taped)
            lane.put(heard, place[1], now)
        if rule.table is not None:
            data[start:end] = data[start:end].translate(rule.table)
        other.outlet.send(start, end, rule.target, second & MARKER, place)
        relayed = (second, rule, end - start)
        is_plain = start == HEADER_BYTES and not rule.is_event
        goes_on = is_plain and relayed == self._last_relayed
        self._last_relayed = relayed if is_plain else None
        if goes_on:
            self.speed_up()

    def receive_from(self, arrived: tuple[int, Address], now: float) -> None:
        """Take the datagram in the buffer of this size and from this source, whoever that is."""
        size, source = arrived
        guard, party = self.outlet.guard, self.party
        if guard is not None:
            size = self._unseal(guard, size)
        if source != party.source and not self._learn(size, source, now):
            return
        if guard is None:
            self.receive(size, now)
        else:
            self._take(size, now)
        if self.outlet.may_connect and source == party.negotiated:
            self._hear_only(source, now)

    def _learn(self, size: int, source: Address, now: float) -> bool:
        """Whether the datagram in the buffer, of an unknown source, is the party's."""
        self.settle()
        data = self._buffer.data
        if locate_payload(data, size) is None:
            self.invalid += 1
            return False
        _, second, sequence, _, ssrc = _unpack_header(data)
        if second & 0x7F in self._rules and self.party.learn(
            source, ssrc, sequence, now, self.reception.last_at
        ):
            return True
        self.strangers += 1
        return False

    def speed_up(self) -> None:
        """Let what the party goes on sending as before take a fast path, where there may be one."""
        other = self.forwards_to
        if self._fast is not None or self._last_relayed is None or other is None:
            return
        second, rule, octets = self._last_relayed
        # The rules may have changed since, and a marker bit is no part of how a stream goes on.
        is_steady = self._rules.get(second) is rule and self.detector is None
        if is_steady and self.outlet.guard is None:
            self._fast = FastPath.enter(
                Stream(self.reception, second, octets, rule, self.detour),
                other.outlet,
                self._buffer,
                other.lane,
                self.budget,
            )
        if self._fast is not None:
            self.outlet.receive_by(self._fast.carry)
            other.feed(self)

    def feed(self, feeder: "MediaSide") -> None:
        """Know whose fast path ends here."""
        self._fed = feeder

    def add_up(self) -> None:
        """Make all sums right, of what the party sends and of what it is sent.

        To be called before they are read; the fast paths go on.
        """
        self.add_up_received()
        if self._fed is not None:
            self._fed.add_up_received()

    def add_up_received(self) -> None:
        """Make the sums right of what the party sends."""
        if self._fast is not None:
            self.budget -= self._fast.add_up()

    def settle(self) -> None:
        """End the fast paths of what the party sends and of what it is sent; all sums are right.

        To be called before anything is changed that concerns them.
        """
        self.slow_down()
        if self._fed is not None:
            self._fed.slow_down()
            self._fed = None

    def slow_down(self) -> None:
        """End the fast path of what the party sends; its sums are right."""
        fast = self._fast
        if fast is not None:
            self._fast = None
            self.outlet.receive_by(self.receive)
            self.budget -= fast.add_up()

    def find_place(self) -> None:
        """Let the fast path of what the party sends know that the recording was written."""
        if self._fast is not None:
            self._fast.find_place()

    def _hear_only(self, source: Address, now: float) -> None:
        self.settle()
        self.outlet.connect(source, now)
        # Both ways may have waited for that.
        self.speed_up()
        if self.forwards_to is not None:
            self.forwards_to.speed_up()

    def _hear_all(self) -> None:
        self.settle()
        self.outlet.disconnect()

    def _unseal(self, guard: Guard, size: int) -> int:
        """Decrypt the datagram in the buffer in its place; its size then, 0 for none of ours."""
        plain = guard.unseal(bytes(self._buffer.view[:size]))
        if plain is None:
            return 0
        self._buffer.data[: len(plain)] = plain
        return len(plain)

    def _hear_keys(self, presses: list[KeyPress]) -> None:
        for press in presses:
            milliseconds = press.duration * 1000 // CLOCK_RATE
            self._events.pressed(self.side, press.digit, milliseconds, False)

    def _hear_tones(self, presses: list[KeyPress]) -> None:
        for press in presses:
            milliseconds = press.duration * 1000 // CLOCK_RATE
            self._events.pressed(self.side, press.digit, milliseconds, True)

    def _keeps_private(self, timestamp: int, now: float) -> bool:
        """Whether the other side must not get this event: also its repeats after collecting."""
        if self.gathering is Gathering.PRIVATE or now < self._private_until:
            self._private_event = timestamp
        elif (
            self._private_event is None
            or (self._private_event - timestamp) & 0xFFFFFFFF > OVERTAKEN_UNITS
        ):
            return False
        if self.forwards_to is not None:
            self.forwards_to.interrupt()
        return True

    # What we play to the party.

    def interrupt(self) -> None:
        """Let what is sent next begin a new run after what was sent last."""
        self.settle()
        self.outlet.interrupt()

    def begin_play(self, play: Play) -> None:
        """Hear a prompt from its next frame on."""
        self.play = play
        self._next_frame = 0
        self._spoken_frames = 0
        self.interrupt()

    def hear(self, frame: bytes, number: int, now: float) -> int | None:
        """Send a frame of a prompt; return its timestamp, None when the party is on hold."""
        peer = self.peer
        if peer is None or not peer.receives:
            return None
        sequence, timestamp = self._spoken_frames & 0xFFFF, number * len(frame) & 0xFFFFFFFF
        place = self.sequencer.rewrite(OURSELVES, sequence, timestamp, now)
        if place is None:
            return None
        marker = 0 if number == self._next_frame else MARKER
        self._next_frame = number + 1
        self._spoken_frames += 1
        end = HEADER_BYTES + len(frame)
        self._buffer.data[HEADER_BYTES:end] = frame
        self.outlet.send(HEADER_BYTES, end, peer.codec.payload_type, marker, place)
        return place[1]

    def tape(self, alaw: bytes, timestamp: int, now: float) -> bool:
        """Put what the party heard on the recording; True when that mixes both sides into one."""
        if self.lane is None:
            return False
        self.lane.put(alaw, timestamp, now)
        return self.lane.is_mixed

    # Who the party is.

    def connect(self, peer: MediaPeer, key: SdesKey | None, now: float) -> None:
        """Set the negotiated far end, and our key towards it. Raises `BadMedia`."""
        check_peer(peer)
        self.settle()
        guard = self._agree(peer, key)
        # A hold without an address (RFC 3264 8.4): the party stays where it is.
        if not is_held_without_address(peer):
            self._set_addresses(peer, now)
        if peer.sends and not (self.peer and self.peer.sends):
            self.sends_since = now
        self.peer = peer
        self.law = law_of(peer.codec)
        self.outlet.guard = guard

    def _agree(self, peer: MediaPeer, key: SdesKey | None) -> Guard | None:
        """The encryption of the side; what has not changed goes on as it was."""
        if key is None or not isinstance(peer.keying, SdesKey):
            return None
        if self.outlet.guard is None:
            return Guard(peer.keying, key)
        self.outlet.guard.agree(peer.keying, key)
        return self.outlet.guard

    def _set_addresses(self, peer: MediaPeer, now: float) -> None:
        rtcp_target = to_address(peer.address, rtcp_port_of(peer))
        is_new = self.party.negotiate(to_address(peer.address, peer.port), now)
        if is_new:
            self._hear_all()
        if is_new or (self.peer is not None and peer.rtcp_port != self.peer.rtcp_port):
            self.rtcp_target = rtcp_target

    def set_rules(self, target: MediaPeer | None) -> None:
        """Work out what becomes of each payload type of this side's party at the other's."""
        self.settle()
        self._rules = build_rules(self.peer, target)
        is_listening = (
            self.gathering is not Gathering.NO
            and self.law is not None
            and self.peer is not None
            and self.peer.telephone_event is None
        )
        if not is_listening:
            self.detector = None
        elif self.detector is None:
            self.detector = ToneDetector()

    def end_gathering(self, now: float) -> None:
        """Collect no longer; what may be a private digit stays held back for a moment."""
        if self.gathering is Gathering.PRIVATE:
            self._private_until = now + LINGER_S
        if self.gathering is Gathering.PRIVATE and self.detector is not None:
            self.gathering = Gathering.ENDING
            self.gathered_at = now
        elif self.gathering is not Gathering.ENDING:
            self.gathering = Gathering.NO

    def has_gathered(self, now: float) -> bool:
        """Whether what was held back after collecting may pass again."""
        waited = now - self.gathered_at
        is_hearing = self.detector is not None and self.detector.is_hearing
        return self.gathering is Gathering.ENDING and (
            waited >= MAX_LINGER_S or (waited >= LINGER_S and not is_hearing)
        )

    @property
    def is_heard(self) -> bool:
        """Whether what its party sends may reach the other side at all.

        Digits that are tones can only be kept private by holding back all audio.
        """
        is_private = self.gathering in {Gathering.PRIVATE, Gathering.ENDING}
        is_private_tone = is_private and self.detector is not None
        return (
            not self.is_blocked
            and not is_private_tone
            and self.peer is not None
            and self.peer.sends
        )

    @property
    def hears_other(self) -> bool:
        """Whether the other side's media may be sent to its party."""
        return self.play is None and self.peer is not None and self.peer.receives

    # Now and then.

    def receive_report(self, data: bytes, source: Address, now: float, unix_time: float) -> None:
        """Take a datagram that came to the RTCP port."""
        target = self.party.target
        if target is None or source[0] != target[0]:
            self.strangers += 1
            return
        if self.outlet.guard is not None:
            data = self.outlet.guard.unseal_report(data) or b""
        if not self.reporter.receive(data, now, unix_time):
            self.invalid += 1
        elif self.party.may_learn:
            self.rtcp_target = source

    def build_report(self, now: float, unix_time: float, *, is_last: bool = False) -> bytes:
        """Return the report that is due to the party, or its last; empty when none can be sent."""
        self.add_up()
        report = self.reporter.build(now, unix_time, is_last=is_last)
        return report if self.outlet.guard is None else self.outlet.guard.seal_report(report) or b""

    def sweep(self, now: float, watch: LossWatch | None) -> None:
        """Refill the budget, end a key nobody ended, and watch for lost media."""
        self.add_up_received()
        self.budget = min(BURST, self.budget + BUDGET)
        if self._fast is not None:
            self._fast.allow(self.budget)
        # Before another source may take the party's place, which `PartyAddress` decides.
        if self.party.may_learn and now - self.reception.last_at >= SWEEP_S:
            self._hear_all()
        if self._keys.is_pressed:
            press = self._keys.expire(now)
            if press is not None:
                self._hear_keys([press])
        if self.detector is not None:
            self._hear_tones(self.detector.expire(now))
        if watch is None or self.peer is None:
            return
        is_lost = self.peer.sends and self._is_overdue(now, watch)
        if is_lost and not self.is_lost:
            self.is_lost = True
            self._events.lost(self.side)
        elif self.is_lost and not is_lost:
            self.is_lost = False
            self._events.resumed(self.side)

    def _is_overdue(self, now: float, watch: LossWatch) -> bool:
        since = max(self.sends_since, watch.since)
        if self.reception.first_at is None:
            return 0 < watch.start_after_s <= now - since
        return 0 < watch.loss_after_s <= now - max(self.reception.last_at, since)

    def close(self) -> None:
        """Let go of all that refers to the side: it hears nothing more, and nothing more of it."""
        self.settle()
        if self.play is not None:
            self.play.ears.clear()
            self.play = None
        self.forwards_to = None
        self.lane = None
        self.outlet.close()

    def stats(self) -> MediaStats:
        """Return the sums so far."""
        self.add_up()
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
