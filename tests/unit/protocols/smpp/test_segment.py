from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.smpp.command import Command, EsmClass, Tag
from maskline.protocols.smpp.pdu import Address, Message
from maskline.protocols.smpp.segment import (
    MAX_PARTS,
    PART_OCTETS,
    Concatenation,
    Part,
    Segment,
    TooLong,
    read_segment,
    split_text,
)
from maskline.protocols.smpp.text import Coding, Dialect, coding_of, decode_text

GSM = Dialect()
PACKED = Dialect(default=Coding.GSM_PACKED)


def sent(part: Part) -> Message:
    return Message(
        command=Command.SUBMIT,
        source=Address("1"),
        destination=Address("2"),
        body=part.body,
        data_coding=part.data_coding,
        esm_class=part.esm_class,
        tlvs=part.tlvs,
    )


def merged(parts: list[Part], dialect: Dialect) -> str:
    segments = [read_segment(sent(part)) for part in parts]
    Random(1).shuffle(segments)
    segments.sort(key=lambda segment: segment.number)
    assert {segment.total for segment in segments} == {len(parts)}
    coding = coding_of(parts[0].data_coding, dialect)
    assert coding is not None
    return "".join(decode_text(one.body, coding, fill_bits=one.fill_bits) for one in segments)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("你" * 70, 1),
        ("你" * 71, 2),
        ("你" * 134, 2),
        ("你" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_as_many_parts_as_handsets_count(text: str, parts: int):
    assert len(split_text(text, GSM, Concatenation.UDH, 1)) == parts


def test_a_part_names_its_message_and_its_place():
    first, second = split_text("a" * 200, GSM, Concatenation.UDH, 0x1FE)
    assert first.esm_class == EsmClass.UDH
    assert first.body[:6] == bytes.fromhex("050003fe0201")
    assert second.body[:6] == bytes.fromhex("050003fe0202")
    (first, _) = split_text("a" * 200, GSM, Concatenation.UDH16, 0x1FE)
    assert first.body[:7] == bytes.fromhex("06080401fe0201")
    (first, _) = split_text("a" * 200, GSM, Concatenation.SAR, 0x1FE)
    assert first.tlvs == {
        Tag.SAR_REFERENCE: b"\x01\xfe",
        Tag.SAR_TOTAL: b"\x02",
        Tag.SAR_NUMBER: b"\x01",
    }
    (whole,) = split_text("a" * 200, GSM, Concatenation.PAYLOAD, 1)
    assert len(whole.body) == 200


@pytest.mark.parametrize("concatenation", [Concatenation.UDH, Concatenation.UDH16])
def test_parts_of_packed_septets_begin_at_a_septet(concatenation: Concatenation):
    text = "0123456789" * 40
    parts = split_text(text, PACKED, concatenation, 5)
    assert all(len(part.body) <= PART_OCTETS for part in parts)
    assert merged(parts, PACKED) == text


@given(
    st.text(max_size=600),
    st.sampled_from(list(Concatenation)),
    st.sampled_from([GSM, PACKED, Dialect(default=Coding.LATIN1), Dialect(sends_latin1=True)]),
)
def test_parts_in_any_order_are_the_text_again(
    text: str, concatenation: Concatenation, dialect: Dialect
):
    # A lone surrogate is no text, and a packed @ at the very end cannot be told from filling.
    text = text.encode("utf-8", "ignore").decode().rstrip("@")
    assert merged(split_text(text, dialect, concatenation, 77), dialect) == text


def test_more_parts_than_there_can_be_are_refused():
    assert len(split_text("a" * 153 * MAX_PARTS, GSM, Concatenation.UDH, 1)) == MAX_PARTS
    with pytest.raises(TooLong):
        split_text("a" * (153 * MAX_PARTS + 1), GSM, Concatenation.UDH, 1)
    with pytest.raises(TooLong):
        split_text("你" * 33_000, GSM, Concatenation.PAYLOAD, 1)


@pytest.mark.parametrize(
    "header", ["", "ff", "050003", "0500030102", "0500030a0203", "050003000001", "050003010200"]
)
def test_a_header_that_cannot_be_is_a_message_of_one_part(header: str):
    part = Part(body=bytes.fromhex(header) + b"xx", data_coding=0, esm_class=EsmClass.UDH)
    assert read_segment(sent(part)).total == 1


def test_other_elements_of_a_header_are_left_out():
    body = bytes.fromhex("0b0504158a00000003070201") + b"text"
    part = Part(body=body, data_coding=0, esm_class=EsmClass.UDH)
    segment = read_segment(sent(part))
    assert (segment.body, segment.reference, segment.number, segment.total) == (b"text", 7, 1, 2)


@given(st.binary(max_size=160), st.integers(0, 255))
def test_any_body_is_some_segment(body: bytes, esm_class: int):
    part = Part(body=body, data_coding=0, esm_class=esm_class)
    assert isinstance(read_segment(sent(part)), Segment)
