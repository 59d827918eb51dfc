import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.planes.call.keypress import DTMF_RELAY, relay_keypress


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
    assert relay_keypress(DTMF_RELAY, body) == relayed


def test_other_bodies_are_not_passed_on():
    assert relay_keypress("text/plain", b"Signal=1\r\n") is None


@given(st.binary(max_size=300))
def test_nothing_but_a_key_and_its_length_can_pass(body):
    relayed = relay_keypress(DTMF_RELAY, body)
    assert relayed is None or len(relayed) <= len(b"Signal=#\r\nDuration=5000\r\n")
