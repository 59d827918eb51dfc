from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.smpp.command import Command, EsmClass, Tag
from maskline.protocols.smpp.pdu import Address, Message
from maskline.protocols.smpp.receipt import (
    MessageState,
    Receipt,
    is_receipt,
    read_receipt,
    write_receipt,
)

AT = datetime(2026, 11, 30, 12, 34, tzinfo=UTC)


def came(body: bytes, **changes: object) -> Message:
    fields = {
        "command": Command.DELIVER,
        "source": Address("1"),
        "destination": Address("2"),
        "esm_class": EsmClass.RECEIPT,
        "body": body,
    }
    return Message(**(fields | changes))


@pytest.mark.parametrize("state", list(MessageState))
def test_what_is_written_is_read(state: MessageState):
    receipt = Receipt("4a2f-01", state, "012")
    assert read_receipt(came(write_receipt(receipt, AT, AT, "text: id:7 stat:NO"))) == receipt


@pytest.mark.parametrize(
    ("text", "receipt"),
    [
        ("id:77 stat:DELIVRD", Receipt("77", MessageState.DELIVERED)),
        ("ID:77 STAT:undeliv ERR:5", Receipt("77", MessageState.UNDELIVERABLE, "5")),
        ("id: 77 sub:1 stat: EXPIRED err: 000", Receipt("77", MessageState.EXPIRED, "000")),
        ("id:77", Receipt("77", MessageState.UNKNOWN)),
        ("id:77 stat:SOMETHING", Receipt("77", MessageState.UNKNOWN)),
    ],
)
def test_centres_write_it_in_their_own_ways(text: str, receipt: Receipt):
    assert read_receipt(came(text.encode())) == receipt


def test_parameters_count_before_the_text():
    tlvs = {Tag.RECEIPTED_MESSAGE_ID: b"abc\0", Tag.MESSAGE_STATE: b"\x02"}
    receipt = read_receipt(came(b"id:other stat:EXPIRED", tlvs=tlvs))
    assert receipt == Receipt("abc", MessageState.DELIVERED)
    odd = read_receipt(came(b"id:1", tlvs={Tag.MESSAGE_STATE: b"\x63"}))
    assert odd == Receipt("1", MessageState.UNKNOWN)


def test_a_receipt_that_names_no_message_is_none():
    assert read_receipt(came("您好".encode("utf-16-be"))) is None


@pytest.mark.parametrize(
    ("named", "message_id"), [(b"7\0", "7"), (b"7\0008", "7"), (b"\0", None), (b"7" * 65, None)]
)
def test_a_message_is_named_as_an_answer_could_have_named_it(named: bytes, message_id: str | None):
    tlvs = {int(Tag.RECEIPTED_MESSAGE_ID): named}
    receipt = read_receipt(came(b"", tlvs=tlvs))
    assert (None if receipt is None else receipt.message_id) == message_id
    in_text = read_receipt(came(b"id:" + named + b" stat:DELIVRD"))
    assert (None if in_text is None else in_text.message_id) == message_id


def test_its_type_or_the_name_of_a_message_makes_a_receipt():
    assert is_receipt(came(b""))
    assert not is_receipt(came(b"id:1 stat:DELIVRD", esm_class=0))
    assert not is_receipt(came(b"", esm_class=0x08))
    assert is_receipt(came(b"", esm_class=0x44))
    assert is_receipt(came(b"", esm_class=0, tlvs={Tag.RECEIPTED_MESSAGE_ID: b"1"}))


def test_only_some_states_are_an_end():
    assert {state for state in MessageState if not state.is_final} == {
        MessageState.ENROUTE,
        MessageState.ACCEPTED,
    }


@given(st.binary(max_size=200))
def test_any_body_is_some_receipt_or_none(body: bytes):
    read_receipt(came(body))
