import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.planes.call.keypress import DTMF_RELAY, KeyPress, read_keypress


@pytest.mark.parametrize(
    ("body", "relayed"),
    [
        (b"Signal=1\r\nDuration=100\r\n", b"Signal=1\r\nDuration=100\r\n"),
        (b"Signal= #\nDuration= 250", b"Signal=#\r\nDuration=250\r\n"),
        (b"signal=1", None),
        (b"Signal=d", b"Signal=D\r\nDuration=160\r\n"),
        (b"Signal=7\r\nDuration=99999\r\n", b"Signal=7\r\nDuration=5000\r\n"),
        (b"Signal=12\r\n", None),
        (b"", None),
        (b"Signal=1\r\n" + b"x" * 300, None),
    ],
)
def test_a_key_press_is_written_anew(body, relayed):
    key = read_keypress(DTMF_RELAY, body)
    assert (key and key.body) == relayed


def test_a_key_press_is_read_with_its_length():
    assert read_keypress(DTMF_RELAY, b"Signal=b\r\nDuration=80\r\n") == KeyPress("B", 80)


def test_other_bodies_are_not_passed_on():
    assert read_keypress("text/plain", b"Signal=1\r\n") is None


@given(st.binary(max_size=300))
def test_nothing_but_a_key_and_its_length_can_pass(body):
    key = read_keypress(DTMF_RELAY, body)
    assert key is None or len(key.body) <= len(b"Signal=#\r\nDuration=5000\r\n")
