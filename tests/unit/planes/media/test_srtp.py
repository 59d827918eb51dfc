import random

import pytest

from maskline.planes.media.engine import BadMedia, SdesKey
from maskline.planes.media.srtp import (
    MAX_SOURCES,
    REPLAY_WINDOW,
    Guard,
    answering_key,
    offered_key,
)
from maskline.protocols.rtp.packet import MAX_PACKET_BYTES, RtpPacket, build_packet
from maskline.protocols.rtp.rtcp import build_goodbye
from maskline.protocols.sdp.security import KEY_BYTES

SUITE = "AES_CM_128_HMAC_SHA1_80"
draw = random.Random(1).randbytes
PARTY, OURS, OTHER = (SdesKey(1, SUITE, draw(30)) for _ in range(3))


def packet(sequence: int = 1, ssrc: int = 7) -> bytes:
    return build_packet(RtpPacket(8, sequence, sequence * 160, ssrc, bytes(160)))


@pytest.fixture
def party() -> Guard:
    """The far end: what is its own key is the other's for us."""
    return Guard(OURS, PARTY)


@pytest.fixture
def guard() -> Guard:
    return Guard(PARTY, OURS)


def sealed(guard: Guard, *args: int) -> bytes:
    data = guard.seal(packet(*args))
    assert data is not None
    return data


@pytest.mark.parametrize("suite", KEY_BYTES)
def test_each_suite_both_ways(suite: str):
    theirs, ours = (SdesKey(1, suite, draw(KEY_BYTES[suite])) for _ in range(2))
    guard, party = Guard(theirs, ours), Guard(ours, theirs)
    for sender, receiver in ((guard, party), (party, guard)):
        data = sealed(sender)
        assert data[12:172] != bytes(160)
        assert receiver.unseal(data) == packet()
        report = sender.seal_report(build_goodbye(7))
        assert report is not None
        assert receiver.unseal_report(report) == build_goodbye(7)


def test_a_packet_under_another_key_is_none_of_the_partys(guard: Guard):
    stranger = Guard(OURS, OTHER)
    assert guard.unseal(sealed(stranger)) is None
    assert guard.unseal(packet()) is None
    report = stranger.seal_report(build_goodbye(7))
    assert report is not None
    assert guard.unseal_report(report) is None
    assert guard.unseal_report(build_goodbye(7)) is None


@pytest.mark.parametrize("size", [0, 1, 11, 12, MAX_PACKET_BYTES, MAX_PACKET_BYTES + 1])
def test_what_is_no_packet_at_all(guard: Guard, size: int):
    assert guard.unseal(bytes(size)) is None
    assert guard.unseal_report(bytes(size)) is None


def test_what_is_too_long_to_be_sent(guard: Guard):
    assert guard.seal(bytes(MAX_PACKET_BYTES)) is None
    assert guard.seal_report(bytes(MAX_PACKET_BYTES)) is None


def test_a_packet_that_comes_again_is_refused(guard: Guard, party: Guard):
    data = sealed(party)
    assert guard.unseal(data) is not None
    assert guard.unseal(data) is None


def test_a_late_packet_is_believed_within_the_window(guard: Guard, party: Guard):
    stream = [sealed(party, sequence) for sequence in range(REPLAY_WINDOW + 2)]
    assert guard.unseal(stream[-1]) is not None
    assert guard.unseal(stream[2]) is not None
    assert guard.unseal(stream[0]) is None


def test_sequence_numbers_may_wrap(guard: Guard, party: Guard):
    for sequence in (65534, 65535, 0, 1):
        assert guard.unseal(sealed(party, sequence)) is not None


def test_a_new_key_of_the_party_ends_the_old(guard: Guard, party: Guard):
    late = sealed(party, 1)
    guard.agree(OTHER, OURS)
    assert guard.unseal(late) is None
    assert guard.unseal(sealed(Guard(OURS, OTHER), 2)) is not None


def test_the_same_keys_again_change_nothing(guard: Guard, party: Guard):
    data = sealed(party)
    assert guard.unseal(data) is not None
    guard.agree(PARTY, OURS)
    assert guard.unseal(data) is None
    assert party.unseal(sealed(guard, 1)) is not None


def test_a_party_that_names_ever_new_sources_is_heard_and_costs_no_more(guard: Guard, party: Guard):
    for ssrc in range(1, MAX_SOURCES * 3):
        assert guard.unseal(sealed(party, 1, ssrc)) is not None
    assert guard.sources == MAX_SOURCES


@pytest.mark.parametrize(
    "key", [SdesKey(1, "F8_128_HMAC_SHA1_80", bytes(30)), SdesKey(1, SUITE, bytes(29))]
)
def test_a_key_that_cannot_be_used(key: SdesKey):
    with pytest.raises(BadMedia):
        Guard(key, OURS)
    with pytest.raises(BadMedia):
        answering_key(key, None, draw)


class TestOurKeys:
    def test_of_an_offer(self):
        key = offered_key(draw)
        assert (key.tag, key.suite, len(key.key)) == (1, SUITE, 30)
        assert key != offered_key(draw)

    def test_an_answer_takes_tag_and_suite(self):
        theirs = SdesKey(5, "AEAD_AES_256_GCM", bytes(44))
        ours = answering_key(theirs, OURS, draw)
        assert (ours.tag, ours.suite, len(ours.key)) == (5, "AEAD_AES_256_GCM", 44)
        assert ours.key != theirs.key

    def test_a_key_stays_while_the_suite_does(self):
        assert answering_key(SdesKey(3, SUITE, OTHER.key), OURS, draw).key == OURS.key

    def test_no_key_is_shown(self):
        assert "key" not in repr(OURS).removeprefix("SdesKey")
