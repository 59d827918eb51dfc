from array import array
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maskline.protocols.rtp.g711 import Law, decode, encode
from maskline.protocols.rtp.packet import RtpPacket, build_packet, parse_packet
from maskline.protocols.rtp.stream import (
    FRAME_SAMPLES,
    MAX_HELD_SAMPLES,
    MAX_WAITING_KEYS,
    PLAYOUT_SAMPLES,
    RtpReceiver,
    RtpSender,
)
from maskline.protocols.rtp.tone import hears_tone, make_tone

FRAME = FRAME_SAMPLES


def make_sender(**changes: object) -> RtpSender:
    values = {"ssrc": 5, "sequence": 0xFFFE, "timestamp": 0xFFFFFF00, "law": Law.A}
    return RtpSender(**values | changes)


def make_receiver(**changes: object) -> RtpReceiver:
    return RtpReceiver(**{"laws": {8: Law.A, 0: Law.MU}, "telephone_event": 101} | changes)


def frames_of(samples: array) -> list:
    return [samples[at : at + FRAME] for at in range(0, len(samples), FRAME)]


def send_all(sender: RtpSender, samples: array) -> list[bytes]:
    return [packet for frame in frames_of(samples) for packet in sender.frame(frame)]


@pytest.mark.parametrize("law", list(Law))
def test_a_tone_goes_through(law: Law):
    tone = make_tone(440, 0.5)
    receiver = make_receiver()
    for packet in send_all(make_sender(law=law), tone):
        receiver.receive(packet, 0.0)
    heard = receiver.take_all()
    assert len(heard) == len(tone)
    assert hears_tone(heard, 440)


def test_packets_count_on_from_the_first_with_the_marker_on_it():
    first, second = (parse_packet(p) for p in send_all(make_sender(), make_tone(440, 0.04)))
    assert (first.sequence, second.sequence) == (0xFFFE, 0xFFFF)
    assert (second.timestamp - first.timestamp) & 0xFFFFFFFF == FRAME
    assert (first.marker, second.marker) == (True, False)


@settings(max_examples=30)
@given(st.randoms(use_true_random=False), st.sets(st.integers(1, 23), max_size=8))
def test_order_is_restored_and_loss_is_silence(random: Random, lost: set[int]):
    samples = make_tone(440, 0.5)
    packets = send_all(make_sender(), samples)
    expected = decode(Law.A, encode(Law.A, samples))
    for number in lost:
        for at in range(number * FRAME, (number + 1) * FRAME):
            expected[at] = 0
    arriving = [packet for number, packet in enumerate(packets) if number not in lost]
    # The first packet tells where the stream begins; the others come in any order.
    rest = arriving[1:]
    random.shuffle(rest)
    receiver = make_receiver(playout_samples=len(samples))
    for packet in [arriving[0], *rest, *rest[:3]]:
        receiver.receive(packet, 0.0)
    assert receiver.take_all() == expected[: len(receiver_end(expected, lost))]


def receiver_end(expected: array, lost: set[int]):
    frames = frames_of(expected)
    while len(frames) - 1 in lost:
        frames.pop()
    return [sample for frame in frames for sample in frame]


def test_samples_are_taken_once_nothing_before_them_can_come():
    receiver = make_receiver()
    packets = send_all(make_sender(), make_tone(440, 0.2))
    for packet in packets[:3]:
        receiver.receive(packet, 0.0)
    assert len(receiver.take()) == 0
    for packet in packets[3:]:
        receiver.receive(packet, 0.0)
    assert len(receiver.take()) == 10 * FRAME - PLAYOUT_SAMPLES
    receiver.receive(packets[1], 0.0)
    assert receiver.dropped == 1


def test_another_source_and_a_leap_in_time_follow_without_a_hole():
    receiver = make_receiver()
    for sender in (
        make_sender(),
        make_sender(ssrc=6, timestamp=4),
        make_sender(ssrc=6, timestamp=1 << 30),
    ):
        for packet in send_all(sender, make_tone(440, 0.1)):
            receiver.receive(packet, 0.0)
    assert len(receiver.take_all()) == 15 * FRAME


def test_a_receiver_holds_no_more_than_its_bound():
    receiver = make_receiver()
    step = 70_000
    for number in range(MAX_HELD_SAMPLES // step + 3):
        receiver.receive(build_packet(RtpPacket(8, number, number * step, 1, bytes(FRAME))), 0.0)
    assert receiver.dropped > 0
    assert len(receiver.take_all()) <= MAX_HELD_SAMPLES


def test_what_is_no_audio_of_ours_is_counted():
    receiver = make_receiver()
    receiver.receive(b"nonsense", 0.0)
    receiver.receive(build_packet(RtpPacket(97, 1, 1, 1, b"x")), 0.0)
    assert (receiver.invalid, len(receiver.take_all())) == (2, 0)


def test_keys_are_pressed_in_place_of_audio_and_heard_in_order():
    sender, receiver = make_sender(telephone_event=101), make_receiver()
    sender.press("1", 100)
    sender.press("#", 60)
    keys = []
    for frame in frames_of(make_tone(440, 0.5)):
        for packet in sender.frame(frame):
            keys += receiver.receive(packet, 0.0)
    assert [(key.digit, key.duration) for key in keys] == [("1", 800), ("#", 480)]
    assert not sender.is_pressing
    assert receiver.expire_key(10.0) is None


def test_keys_need_telephone_events_and_room():
    with pytest.raises(ValueError, match="negotiated"):
        make_sender().press("1")
    sender = make_sender(telephone_event=101)
    with pytest.raises(ValueError, match="substring"):
        sender.press("x")
    for _ in range(MAX_WAITING_KEYS):
        sender.press("1")
    assert sender.is_pressing
    with pytest.raises(ValueError, match="too many"):
        sender.press("1")
