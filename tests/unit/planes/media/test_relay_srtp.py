"""The relay of a call with an encrypted side, packet by packet."""

from dataclasses import dataclass, field, replace
from random import Random

import pytest

from maskline.planes.media.engine import (
    AudioCodec,
    BadMedia,
    DtlsIdentity,
    MediaPeer,
    PlayEnd,
    SdesKey,
    Side,
    Unable,
)
from maskline.planes.media.flow import Flow
from maskline.planes.media.media_call import MediaCall
from maskline.planes.media.port import BUFFER_BYTES, Buffer, Take
from maskline.planes.media.relay import CallEvents, MediaSide
from maskline.planes.media.settings import EmbeddedSettings
from maskline.planes.media.srtp import Guard
from maskline.protocols.rtp.packet import RtpPacket, build_packet, parse_packet
from maskline.protocols.rtp.rtcp import parse_compound

SUITE = "AES_CM_128_HMAC_SHA1_80"
A_KEY, B_KEY, OUR_A, OUR_B = (SdesKey(1, SUITE, bytes([n]) * 30) for n in range(1, 5))
ALAW = AudioCodec("PCMA", 8)
A_PEER = MediaPeer("192.0.2.1", 4000, ALAW, None, keying=A_KEY)
B_PEER = MediaPeer("198.51.100.2", 5000, ALAW, None)
A_AT, B_AT = ("192.0.2.1", 4000), ("198.51.100.2", 5000)
AUDIO = bytes(range(160))


@dataclass
class FakePort:
    """A port whose packets land in a list, and which hears everybody."""

    sent: list[bytes] = field(default_factory=list)
    may_connect: bool = False

    def connect(self, party: tuple, now: float) -> bool:
        raise AssertionError("not to be connected")

    def receive_by(self, take: Take) -> None:
        raise AssertionError("never connected")

    def disconnect(self) -> None:
        raise AssertionError("never connected")

    def close(self) -> None:
        pass

    def send(self, datagram: memoryview | bytes) -> int:
        raise AssertionError("never connected")

    def sendto(self, datagram: memoryview | bytes, target: tuple) -> int:
        self.sent.append(bytes(datagram))
        return len(datagram)


@dataclass
class Bench:
    """A call whose packets land in lists, as they are on the wire."""

    buffer: Buffer = field(default_factory=Buffer)
    sent: dict[Side, list[bytes]] = field(default_factory=lambda: {side: [] for side in Side})
    settings: EmbeddedSettings = field(default_factory=EmbeddedSettings)

    def __post_init__(self) -> None:
        events = CallEvents(ignore_key, ignore_side, ignore_side, ignore_end)
        sides = [
            MediaSide(
                side,
                FakePort(self.sent[side]),
                buffer=self.buffer,
                settings=self.settings,
                events=events,
                random=Random(side.value),
            )
            for side in Side
        ]
        self.call = MediaCall(sides[0], sides[1], self.settings, events)

    def connect(self, side: Side, peer: MediaPeer, key: SdesKey | None = None) -> None:
        self.call.connect(side, peer, 0.0, key=key)

    def arrive(self, side: Side, data: bytes) -> None:
        data = data[:BUFFER_BYTES]
        self.buffer.data[: len(data)] = data
        source = A_AT if side is Side.CALLER else B_AT
        self.call.at(side).receive_from((len(data), source), 1.0)


def ignore_key(side: Side, digit: str, milliseconds: int, is_tone: bool) -> None:  # noqa: FBT001 - as the relay calls it
    pass


def ignore_side(side: Side) -> None:
    pass


def ignore_end(play_id: str, why: PlayEnd) -> None:
    pass


@pytest.fixture
def bench() -> Bench:
    """Caller encrypted, callee in clear."""
    bench = Bench()
    bench.connect(Side.CALLER, A_PEER, OUR_A)
    bench.connect(Side.CALLEE, B_PEER)
    bench.call.set_flow(Flow.BOTH, 0.0)
    return bench


@pytest.fixture
def alice() -> Guard:
    return Guard(OUR_A, A_KEY)


def packet(sequence: int = 1, ssrc: int = 77) -> bytes:
    return build_packet(RtpPacket(8, sequence, sequence * 160, ssrc, AUDIO))


def sealed(guard: Guard, sequence: int = 1, ssrc: int = 77) -> bytes:
    data = guard.seal(packet(sequence, ssrc))
    assert data is not None
    return data


def payload(data: bytes | None) -> bytes:
    assert data is not None
    read = parse_packet(data)
    assert read is not None
    return read.payload


def test_what_an_encrypted_party_says_is_heard_in_clear_by_the_other(bench: Bench, alice: Guard):
    bench.arrive(Side.CALLER, sealed(alice))
    assert payload(bench.sent[Side.CALLEE][0]) == AUDIO
    assert bench.call.caller.stats().received_octets == len(AUDIO)


def test_what_it_is_sent_only_its_key_opens(bench: Bench, alice: Guard):
    bench.arrive(Side.CALLEE, packet())
    (heard,) = bench.sent[Side.CALLER]
    assert AUDIO not in heard
    assert payload(alice.unseal(heard)) == AUDIO
    assert bench.call.caller.stats().sent_octets == len(AUDIO)


def test_both_sides_encrypted_have_keys_of_their_own(alice: Guard):
    bench = Bench()
    bench.connect(Side.CALLER, A_PEER, OUR_A)
    bench.connect(Side.CALLEE, replace(B_PEER, keying=B_KEY), OUR_B)
    bench.call.set_flow(Flow.BOTH, 0.0)
    bench.arrive(Side.CALLER, sealed(alice))
    (heard,) = bench.sent[Side.CALLEE]
    assert alice.unseal(heard) is None
    assert payload(Guard(OUR_B, B_KEY).unseal(heard)) == AUDIO


def test_a_wrong_key_a_replay_and_speech_in_clear_are_counted_and_not_heard(
    bench: Bench, alice: Guard
):
    bench.arrive(Side.CALLER, sealed(Guard(OUR_A, B_KEY)))
    bench.arrive(Side.CALLER, packet())
    bench.arrive(Side.CALLER, b"")
    assert bench.call.caller.invalid == 3
    assert bench.sent[Side.CALLEE] == []
    good = sealed(alice)
    bench.arrive(Side.CALLER, good)
    bench.arrive(Side.CALLER, good)
    assert bench.call.caller.invalid == 4
    assert len(bench.sent[Side.CALLEE]) == 1


def test_a_new_key_within_the_call(bench: Bench, alice: Guard):
    bench.arrive(Side.CALLER, sealed(alice, 1))
    late = sealed(alice, 2)
    bench.connect(Side.CALLER, replace(A_PEER, keying=B_KEY), OUR_A)
    bench.arrive(Side.CALLER, late)
    bench.arrive(Side.CALLER, sealed(Guard(OUR_A, B_KEY), 3))
    assert len(bench.sent[Side.CALLEE]) == 2


def test_a_hold_with_the_same_keys_breaks_no_stream(bench: Bench, alice: Guard):
    bench.arrive(Side.CALLEE, packet(1))
    bench.connect(Side.CALLER, replace(A_PEER, receives=False), OUR_A)
    bench.connect(Side.CALLER, A_PEER, OUR_A)
    bench.arrive(Side.CALLEE, packet(2))
    assert [payload(alice.unseal(data)) for data in bench.sent[Side.CALLER]] == [AUDIO, AUDIO]


def test_a_key_that_cannot_be_used_changes_nothing(bench: Bench, alice: Guard):
    short = replace(A_PEER, keying=SdesKey(1, SUITE, b"short"))
    with pytest.raises(BadMedia):
        bench.connect(Side.CALLER, short, OUR_A)
    bench.arrive(Side.CALLER, sealed(alice))
    assert len(bench.sent[Side.CALLEE]) == 1


def test_certificates_are_not_for_this_engine():
    dtls = replace(B_PEER, keying=DtlsIdentity("sha-256", "AB", "actpass"))
    with pytest.raises(Unable):
        Bench().connect(Side.CALLEE, dtls)


def test_reports_are_encrypted_too(bench: Bench, alice: Guard):
    side = bench.call.caller
    report = side.build_report(1.0, 1e9)
    assert parse_compound(alice.unseal_report(report) or b"")
    theirs = bench.call.callee.build_report(1.0, 1e9)
    side.receive_report(theirs, A_AT, 1.0, 1e9)
    assert side.invalid == 1
    side.receive_report(alice.seal_report(theirs) or b"", A_AT, 1.0, 1e9)
    assert side.invalid == 1


def test_what_is_too_long_once_encrypted_is_not_sent(bench: Bench):
    bench.arrive(Side.CALLEE, build_packet(RtpPacket(8, 1, 160, 7, bytes(1450))))
    assert bench.sent[Side.CALLER] == []


@pytest.mark.parametrize("seed", range(20))
def test_streams_begin_with_a_low_number(seed: int):
    """A party that misses the first packets can tell the roll-over count (RFC 3711 3.3.1)."""
    events = CallEvents(ignore_key, ignore_side, ignore_side, ignore_end)
    side = MediaSide(
        Side.CALLER,
        FakePort(),
        buffer=Buffer(),
        settings=EmbeddedSettings(),
        events=events,
        random=Random(seed),
    )
    place = side.sequencer.rewrite(1, 1, 1, 0.0)
    assert place is not None
    assert place[0] < 2**15
