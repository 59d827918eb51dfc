import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.rtp.telephone_event import (
    DIGITS,
    LONGEST_SEGMENT,
    MAX_BLOCKS,
    RELEASE_AFTER_S,
    KeyPad,
    KeyPress,
    TelephoneEvent,
    decode_events,
    encode_event,
)


def block(digit: str, duration: int, *, is_end: bool = False) -> bytes:
    return encode_event(TelephoneEvent(DIGITS.index(digit), is_end, duration))


def press(pad: KeyPad, digit: str, begin: int, now: float = 0.0, repeats: int = 3):
    presses = []
    for duration in (160, 320, 480):
        presses += pad.receive(begin, block(digit, duration), now)
    for _ in range(repeats):
        presses += pad.receive(begin, block(digit, 640, is_end=True), now)
    return presses


@given(
    st.builds(
        TelephoneEvent,
        code=st.integers(0, 255),
        is_end=st.booleans(),
        duration=st.integers(0, 0xFFFF),
        volume=st.integers(0, 63),
    )
)
def test_an_event_survives_encoding_and_decoding(event: TelephoneEvent):
    assert decode_events(encode_event(event)) == (event,)


@pytest.mark.parametrize(
    "event",
    [
        TelephoneEvent(256, False, 0),
        TelephoneEvent(0, False, 0x10000),
        TelephoneEvent(0, True, 0, 64),
    ],
)
def test_fields_out_of_range_are_not_encoded(event: TelephoneEvent):
    with pytest.raises(ValueError, match=r"range|16 bits"):
        encode_event(event)


def test_a_payload_that_is_not_whole_blocks_has_no_events():
    assert decode_events(block("1", 160) + b"x") == ()


def test_blocks_beyond_the_bound_are_left_out():
    assert len(decode_events(block("1", 160) * (MAX_BLOCKS + 5))) == MAX_BLOCKS


def test_the_packets_of_a_press_are_one_key_press():
    assert press(KeyPad(), "5", begin=1000) == [KeyPress("5", 640)]


def test_every_key_has_its_digit():
    pad = KeyPad()
    heard = [press(pad, digit, begin=8000 * n)[0].digit for n, digit in enumerate(DIGITS)]
    assert "".join(heard) == DIGITS


def test_the_same_key_twice_is_two_presses():
    pad = KeyPad()
    assert press(pad, "1", 1000) + press(pad, "1", 3000) == [KeyPress("1", 640)] * 2


def test_one_end_packet_is_enough():
    assert KeyPad().receive(1000, block("#", 800, is_end=True), 0.0) == [KeyPress("#", 800)]


def test_a_key_without_end_is_released_by_the_next():
    pad = KeyPad()
    press(pad, "1", 1000, repeats=0)
    assert pad.is_pressed
    assert press(pad, "2", 3000) == [KeyPress("1", 480), KeyPress("2", 640)]


def test_a_key_without_end_is_released_by_time():
    pad = KeyPad()
    press(pad, "1", 1000, now=5.0, repeats=0)
    assert pad.expire(5.0 + RELEASE_AFTER_S / 2) is None
    assert pad.expire(5.0 + RELEASE_AFTER_S) == KeyPress("1", 480)
    assert pad.expire(9.0) is None
    assert pad.receive(1000, block("1", 640, is_end=True), 9.0) == []


def test_late_packets_of_an_earlier_press_are_ignored():
    pad = KeyPad()
    press(pad, "1", 1000)
    press(pad, "2", 3000, repeats=0)
    assert pad.receive(1000, block("1", 320), 0.0) == []
    assert pad.receive(3000, block("2", 640, is_end=True), 0.0) == [KeyPress("2", 640)]


def test_a_new_source_with_an_earlier_time_line_is_heard():
    pad = KeyPad()
    press(pad, "1", 3_000_000_000)
    assert press(pad, "2", 77) == [KeyPress("2", 640)]


def test_a_long_press_goes_on_in_segments():
    pad = KeyPad()
    assert pad.receive(0, block("9", LONGEST_SEGMENT), 8.2) == []
    assert pad.receive(LONGEST_SEGMENT, block("9", 160), 8.22) == []
    done = pad.receive(LONGEST_SEGMENT, block("9", 800, is_end=True), 8.3)
    assert done == [KeyPress("9", LONGEST_SEGMENT + 800)]


def test_several_presses_in_one_packet_are_told_apart():
    payload = block("1", 400, is_end=True) + block("2", 400, is_end=True)
    assert KeyPad().receive(0, payload, 0.0) == [KeyPress("1", 400), KeyPress("2", 400)]


def test_events_that_are_no_keys_are_ignored():
    flash = encode_event(TelephoneEvent(16, is_end=True, duration=400))
    pad = KeyPad()
    assert pad.receive(0, flash, 0.0) == []
    assert not pad.is_pressed


@given(st.lists(st.tuples(st.integers(0, 0xFFFFFFFF), st.binary(max_size=40)), max_size=20))
def test_any_payload_is_survived(packets: list[tuple[int, bytes]]):
    pad = KeyPad()
    for timestamp, payload in packets:
        assert all(key.digit in DIGITS for key in pad.receive(timestamp, payload, 0.0))
    pad.expire(10.0)
    assert not pad.is_pressed


@given(st.lists(st.sampled_from(DIGITS), max_size=12), st.data())
def test_keys_are_heard_in_order_whatever_single_packets_are_lost(
    digits: list[str], data: st.DataObject
):
    pad, heard = KeyPad(), []
    for n, digit in enumerate(digits):
        packets = [block(digit, 160 * (i + 1)) for i in range(3)]
        packets += [block(digit, 640, is_end=True)] * 3
        lost = data.draw(st.integers(0, len(packets) - 1))
        for packet in packets[:lost] + packets[lost + 1 :]:
            heard += pad.receive(n * 2000, packet, 0.0)
    assert [key.digit for key in heard] == digits
