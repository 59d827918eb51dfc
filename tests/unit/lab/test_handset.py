from datetime import UTC, datetime

import pytest

from maskline.lab.handset import OPEN_MESSAGES, Handsets
from maskline.protocols.smpp.command import Command
from maskline.protocols.smpp.pdu import Address, Message
from maskline.protocols.smpp.segment import Concatenation, Part, split_text
from maskline.protocols.smpp.text import Dialect

X, B = "+8617000001001", "+8613900002001"
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
LONG = "到楼下了,请开门。👍🏽" * 20


@pytest.fixture
def handsets() -> Handsets:
    return Handsets(Dialect())


def submit(part: Part, to: str = B) -> Message:
    return Message(
        command=Command.SUBMIT,
        source=Address(X),
        destination=Address(to),
        body=part.body,
        data_coding=part.data_coding,
        esm_class=part.esm_class,
        tlvs=part.tlvs,
    )


@pytest.mark.parametrize("how", Concatenation)
def test_a_message_is_shown_once_it_is_whole(handsets: Handsets, how: Concatenation) -> None:
    *first, last = split_text(LONG, Dialect(), how, 7)
    assert [handsets.receive(submit(part), NOW) for part in first] == [None] * len(first)
    shown = handsets.receive(submit(last), NOW)
    assert shown is not None
    assert (shown.text, shown.sender, shown.number) == (LONG, X, B)


def test_parts_come_in_any_order_and_twice(handsets: Handsets) -> None:
    parts = split_text(LONG, Dialect(), Concatenation.UDH, 7)
    for part in reversed([*parts[1:], *parts]):
        handsets.receive(submit(part), NOW)
    assert [one.text for one in handsets.received(B)] == [LONG]


def test_numbers_are_known_in_any_form(handsets: Handsets) -> None:
    (part,) = split_text("hi", Dialect(), Concatenation.UDH, 1)
    handsets.receive(submit(part, "8613900002001"), NOW)
    assert [one.number for one in handsets.received(B)] == [B]


def test_parts_that_nobody_completes_are_bounded(handsets: Handsets) -> None:
    parts = split_text(LONG, Dialect(), Concatenation.UDH16, 7)
    for place in range(OPEN_MESSAGES + 1):
        handsets.receive(submit(parts[0], f"+861390000{place:04}"), NOW)
    for part in parts[1:]:
        assert handsets.receive(submit(part, "+8613900000000"), NOW) is None
