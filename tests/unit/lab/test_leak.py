import pytest

from maskline.lab.leak import find_leaks
from maskline.lab.trace import TracedMessage


def received(text: str) -> list[TracedMessage]:
    return [TracedMessage(0.0, is_sent=False, far=("127.0.0.1", 5060), data=text.encode())]


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("13811110001", "From: <sip:+8613811110001@host>"),
        ("13811110001", "X-Note: 008613811110001"),
        ("50898", "Via: SIP/2.0/UDP 127.0.0.1:50898;branch=x"),
        ("50898", "m=audio 50898 RTP/AVP 8"),
        ("Alice", 'From: "Alice" <sip:x@y>'),
        ("94e75a@127.0.0.1", "Call-ID: 94e75a@127.0.0.1"),
    ],
)
def test_a_secret_is_found_wherever_it_stands(secret: str, text: str):
    assert [leak.what for leak in find_leaks({"it": secret}, received(text))] == ["it"]


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("50898", "o=- 9508981 1 IN IP4 127.0.0.1"),
        ("Alice", "branch=z9hG4bKAlices"),
        ("13811110001", "From: <sip:+8617000001001@host>"),
    ],
)
def test_an_accident_is_no_leak(secret: str, text: str):
    assert find_leaks({"it": secret}, received(text)) == []


def test_what_a_phone_sent_itself_is_no_leak():
    sent = TracedMessage(0.0, is_sent=True, far=("127.0.0.1", 5060), data=b"Alice")
    assert find_leaks({"name": "Alice"}, [sent]) == []
