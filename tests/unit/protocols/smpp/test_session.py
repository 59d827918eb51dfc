from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.smpp.command import BINDS, Command
from maskline.protocols.smpp.error import NotBound, WindowFull
from maskline.protocols.smpp.event import (
    BindAsked,
    BindRefused,
    Bound,
    Ended,
    Event,
    MessageAnswered,
    MessageCame,
    Unanswered,
)
from maskline.protocols.smpp.pdu import Address, Answer, Bind, Message, Pdu, Plain, build_pdu
from maskline.protocols.smpp.session import SessionLimits, SessionState, SmppSession
from maskline.protocols.smpp.status import Status

LIMITS = SessionLimits(window=2, incoming=2, bind_s=5.0, answer_s=10.0, enquire_s=30.0)


def message(command: Command, body: bytes = b"hi") -> Message:
    return Message(command=command, source=Address("1"), destination=Address("2"), body=body)


class Wire:
    """Both sides of a session and what they said."""

    def __init__(self, limits: SessionLimits = LIMITS) -> None:
        self.now = 0.0
        self.esme = SmppSession(limits, 0.0, is_centre=False)
        self.centre = SmppSession(limits, 0.0, is_centre=True)

    def run(self) -> None:
        for _ in range(10):
            to_centre, to_esme = self.esme.data_to_send(), self.centre.data_to_send()
            if not to_centre and not to_esme:
                return
            self.centre.receive(to_centre, self.now)
            self.esme.receive(to_esme, self.now)

    def bound(self, command: Command = Command.BIND_TRANSCEIVER) -> "Wire":
        self.esme.bind(Bind(command=command, system_id="maskline", password="secret"))
        self.run()
        asked = self.centre.next_event()
        assert isinstance(asked, BindAsked)
        assert asked.bind.password == "secret"
        self.centre.accept(asked, "centre")
        self.run()
        assert self.esme.next_event() == Bound("centre")
        return self


def events(session: SmppSession) -> list[Event]:
    return list(iter(session.next_event, None))


def test_a_message_each_way_is_answered_by_its_number():
    wire = Wire().bound()
    number = wire.esme.send(message(Command.SUBMIT), wire.now)
    wire.run()
    (came,) = events(wire.centre)
    assert came == MessageCame(message(Command.SUBMIT), number)
    wire.centre.answer(came, Status.OK, "id-1")
    back = wire.centre.send(message(Command.DELIVER, b"back"), wire.now)
    wire.run()
    answered, came = events(wire.esme)
    assert answered == MessageAnswered(number, Answer(Command.SUBMIT, Status.OK, "id-1"))
    assert came == MessageCame(message(Command.DELIVER, b"back"), back)
    wire.esme.answer(came, Status.OK)
    wire.run()
    assert events(wire.centre) == [MessageAnswered(back, Answer(Command.DELIVER, Status.OK))]


def test_who_may_not_come_in_is_told_why():
    wire = Wire()
    wire.esme.bind(Bind(command=Command.BIND_RECEIVER, system_id="x", password="y"))
    wire.run()
    (asked,) = events(wire.centre)
    wire.centre.refuse(asked, Status.INVALID_PASSWORD)
    wire.run()
    refused, ended = events(wire.esme)
    assert refused == BindRefused(Status.INVALID_PASSWORD)
    assert isinstance(ended, Ended)
    assert wire.centre.state is wire.esme.state is SessionState.CLOSED


@pytest.mark.parametrize(
    ("command", "sends", "takes"),
    [
        (Command.BIND_TRANSCEIVER, True, True),
        (Command.BIND_TRANSMITTER, True, False),
        (Command.BIND_RECEIVER, False, True),
    ],
)
def test_a_bind_says_in_which_direction_messages_go(command: Command, sends: bool, takes: bool):  # noqa: FBT001 - the cases
    wire = Wire().bound(command)
    assert wire.esme.may_send is sends
    assert wire.centre.may_send is takes
    if not sends:
        with pytest.raises(NotBound):
            wire.esme.send(message(Command.SUBMIT), 0)
    if not takes:
        wire.esme.receive(build_pdu(Pdu(message(Command.DELIVER), 5)), 0)
        assert wire.esme.data_to_send() == build_pdu(
            Pdu(Answer(Command.DELIVER, Status.INVALID_BIND_STATUS), 5)
        )


def test_no_more_messages_wait_than_the_window_has_room_for():
    wire = Wire().bound()
    first = wire.esme.send(message(Command.SUBMIT), 0)
    wire.esme.send(message(Command.SUBMIT), 0)
    assert not wire.esme.may_send
    with pytest.raises(WindowFull):
        wire.esme.send(message(Command.SUBMIT), 0)
    wire.esme.receive(build_pdu(Pdu(Answer(Command.SUBMIT, Status.THROTTLED), first)), 0)
    assert events(wire.esme) == [MessageAnswered(first, Answer(Command.SUBMIT, Status.THROTTLED))]
    assert wire.esme.may_send


def test_who_sends_more_than_we_can_answer_is_told_to_slow_down():
    wire = Wire(SessionLimits(window=9, incoming=2)).bound()
    for _ in range(3):
        wire.esme.send(message(Command.SUBMIT), 0)
    wire.run()
    assert len(events(wire.centre)) == 2
    (answered,) = events(wire.esme)
    assert answered.answer.status == Status.THROTTLED


def test_a_message_nobody_answers_is_given_up():
    wire = Wire().bound()
    number = wire.esme.send(message(Command.SUBMIT), 0)
    assert wire.esme.next_timer() == 10
    wire.esme.handle_timer(9.9)
    assert events(wire.esme) == []
    wire.esme.handle_timer(10)
    assert events(wire.esme) == [Unanswered(number)]
    wire.esme.receive(build_pdu(Pdu(Answer(Command.SUBMIT, Status.OK, "late"), number)), 11)
    assert events(wire.esme) == []


def test_a_silent_link_is_asked_and_then_given_up():
    wire = Wire().bound()
    assert wire.esme.next_timer() == 30
    wire.esme.handle_timer(30)
    assert wire.esme.data_to_send() == build_pdu(Pdu(Plain(Command.ENQUIRE_LINK), 2))
    assert wire.esme.next_timer() == 40
    wire.esme.handle_timer(40)
    assert [type(event) for event in events(wire.esme)] == [Ended]


def test_a_link_that_answers_stays():
    wire = Wire().bound()
    wire.now = 30
    wire.esme.handle_timer(30)
    wire.run()
    assert wire.esme.next_timer() == 60
    assert events(wire.centre) == []


@pytest.mark.parametrize("side", ["esme", "centre"])
def test_a_bind_has_its_time(side: str):
    session = getattr(Wire(), side)
    assert session.next_timer() == 5
    session.handle_timer(5)
    assert [type(event) for event in events(session)] == [Ended]


def test_an_unbind_ends_both_sides_and_names_what_was_lost():
    wire = Wire().bound()
    number = wire.esme.send(message(Command.SUBMIT), 0)
    wire.esme.unbind()
    wire.run()
    assert events(wire.esme) == [Ended("unbound", (number,))]
    assert events(wire.centre)[-1] == Ended("the other side unbound", ())
    assert wire.esme.next_timer() is None


def test_a_lost_connection_names_what_waits_for_an_answer():
    wire = Wire().bound()
    numbers = tuple(wire.esme.send(message(Command.SUBMIT), 0) for _ in range(2))
    wire.esme.connection_lost()
    wire.esme.connection_lost()
    assert events(wire.esme) == [Ended("the connection was lost", numbers)]


def test_a_request_that_nobody_knows_gets_a_nack():
    wire = Wire().bound()
    wire.centre.receive(build_pdu(Pdu(Plain(0x0103), 44)), 0)
    nack = Pdu(Answer(Command.NACK, Status.INVALID_COMMAND_ID), 44)
    assert wire.centre.data_to_send() == build_pdu(nack)


def test_a_nack_is_a_refusal_of_the_message_with_its_number():
    wire = Wire().bound()
    number = wire.esme.send(message(Command.SUBMIT), 0)
    wire.esme.receive(build_pdu(Pdu(Answer(Command.NACK, Status.OK), number)), 0)
    (answered,) = events(wire.esme)
    assert answered.answer.status == Status.UNKNOWN_ERROR


def test_a_pdu_that_cannot_be_read_is_refused_and_the_next_one_heard():
    wire = Wire().bound()
    broken = build_pdu(Pdu(message(Command.SUBMIT), 8))[:-1]
    broken = len(broken).to_bytes(4) + broken[4:]
    wire.centre.receive(broken + build_pdu(Pdu(message(Command.SUBMIT), 9)), 0)
    assert [event.sequence for event in events(wire.centre)] == [9]
    nack = Pdu(Answer(Command.NACK, Status.INVALID_COMMAND_LENGTH), 8)
    assert wire.centre.data_to_send() == build_pdu(nack)


def test_a_stream_that_cannot_be_read_ends_the_session():
    wire = Wire().bound()
    wire.centre.receive(bytes(16), 0)
    assert [type(event) for event in events(wire.centre)] == [Ended]
    assert wire.centre.data_to_send() != b""


def test_a_second_bind_and_a_number_used_twice_are_refused():
    wire = Wire().bound()
    again = Bind(command=Command.BIND_TRANSMITTER, system_id="x", password="y")
    wire.centre.receive(build_pdu(Pdu(again, 7)), 0)
    answer = Pdu(Answer(Command.BIND_TRANSMITTER, Status.ALREADY_BOUND), 7)
    assert wire.centre.data_to_send() == build_pdu(answer)
    twice = build_pdu(Pdu(message(Command.SUBMIT), 8)) * 2
    wire.centre.receive(twice, 0)
    assert len(events(wire.centre)) == 1


octets = st.one_of(
    st.binary(max_size=60),
    st.builds(
        lambda command, sequence: build_pdu(Pdu(Plain(command), sequence)),
        st.integers(0, 0x200),
        st.integers(0, 9),
    ),
    st.builds(
        lambda command, status, sequence: build_pdu(Pdu(Answer(command, status), sequence)),
        st.sampled_from([*BINDS, Command.SUBMIT, Command.DELIVER, Command.NACK]),
        st.integers(0, 300),
        st.integers(0, 9),
    ),
    st.just(build_pdu(Pdu(message(Command.SUBMIT), 3))),
)


@given(st.lists(st.tuples(octets, st.floats(0, 20)), max_size=12), st.booleans())
def test_nothing_that_comes_breaks_a_session(script: list[tuple[bytes, float]], is_centre: bool):  # noqa: FBT001 - drawn
    wire = Wire().bound()
    session: SmppSession = wire.centre if is_centre else wire.esme
    now = 0.0
    step: Callable[[bytes, float], None] = session.receive
    for data, wait in script:
        now += wait
        step(data, now)
        session.handle_timer(now)
        events(session)
        session.data_to_send()
    due = session.next_timer()
    assert (due is None) is (session.state is SessionState.CLOSED)
