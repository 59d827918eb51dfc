import pytest

from maskline.planes.media.engine import AudioCodec, MediaPeer, Side
from maskline.planes.media.flow import Flow
from maskline.planes.media.rtpengine.barrier import Barrier, DigitMode

PEER = MediaPeer("127.0.0.1", 4000, AudioCodec("PCMA", 8), 101)


@pytest.fixture
def barrier() -> Barrier:
    return Barrier(flow=Flow.BOTH, peers=dict.fromkeys(Side, PEER))


def passing(barrier: Barrier) -> set[Side]:
    return {side for side in Side if barrier.passes_media(side)}


def test_the_flow_says_who_is_heard(barrier):
    assert passing(barrier) == set(Side)
    barrier.flow = Flow.EARLY
    assert passing(barrier) == {Side.CALLEE}
    barrier.flow = Flow.NONE
    assert passing(barrier) == set()


def test_nobody_is_heard_by_who_is_not_there(barrier):
    del barrier.peers[Side.CALLEE]
    assert passing(barrier) == set()


def test_a_prompt_is_heard_in_place_of_the_other(barrier):
    barrier.listening.add(Side.CALLER)
    assert passing(barrier) == {Side.CALLER}
    assert barrier.digit_mode(Side.CALLEE) is DigitMode.DROPPED


def test_private_digits_are_dropped_while_the_voice_passes(barrier):
    barrier.private.add(Side.CALLER)
    assert passing(barrier) == set(Side)
    assert barrier.digit_mode(Side.CALLER) is DigitMode.DROPPED
    assert barrier.digit_mode(Side.CALLEE) is DigitMode.PASSED


def test_tones_are_looked_for_and_erased_when_private(barrier):
    barrier.in_band.add(Side.CALLER)
    assert barrier.digit_mode(Side.CALLER) is DigitMode.DETECTED
    barrier.private.add(Side.CALLER)
    assert barrier.digit_mode(Side.CALLER) is DigitMode.ERASED


def test_tones_are_found_before_the_other_party_is_known():
    barrier = Barrier(peers={Side.CALLER: PEER}, in_band={Side.CALLER})
    assert barrier.passes_media(Side.CALLER)
