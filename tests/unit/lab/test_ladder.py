from maskline.lab.ladder import Step, climb, draw
from maskline.lab.trace import TracedMessage

X = ("127.0.0.1", 5060)
RINGING = b"SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@b>;tag=2\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n"  # noqa: E501 - one message


def test_steps_stand_in_order_of_time_from_the_first():
    steps = climb(
        [TracedMessage(10.5, is_sent=False, far=X, data=RINGING)],
        [TracedMessage(10.25, is_sent=True, far=X, data=RINGING)],
        [(10.75, "alerting")],
    )
    assert steps == [
        Step(0.0, "B", "X", "180 Ringing"),
        Step(0.25, "X", "A", "180 Ringing"),
        Step(0.5, "X", "customer", "alerting"),
    ]


def test_the_drawing_points_each_arrow_at_who_received():
    text = draw(
        [Step(0.0, "A", "X", "INVITE"), Step(0.1, "X", "B", "INVITE"), Step(0.2, "B", "X", "486")],
        ("A", "X", "B"),
    )
    first, second, third = text.splitlines()[1:]
    assert first.index("INVITE") < first.index(">") < second.index("INVITE") < second.index(">")
    assert third.index("<") < third.index("486")


def test_what_cannot_be_read_is_a_question_mark():
    assert climb([TracedMessage(1.0, is_sent=True, far=X, data=b"?!")], [], [])[0].what == "?"
