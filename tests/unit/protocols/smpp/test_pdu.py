import pytest
from hypothesis import given
from hypothesis import strategies as st

from maskline.protocols.smpp.command import ANSWER, BINDS, Command, Npi, Tag, Ton
from maskline.protocols.smpp.error import PduError
from maskline.protocols.smpp.pdu import (
    MAX_SHORT_MESSAGE,
    Address,
    Answer,
    Bind,
    Message,
    Pdu,
    Plain,
    build_pdu,
    parse_pdu,
)
from maskline.protocols.smpp.status import Status
from maskline.protocols.smpp.stream import MAX_PDU_BYTES, PduStream

A = Address("8613800138001", Ton.INTERNATIONAL, Npi.ISDN)
X = Address("17000002001", Ton.NATIONAL, Npi.ISDN)


def message(**changes: object) -> Message:
    fields = {"command": Command.SUBMIT, "source": X, "destination": A, "body": b"hi"}
    return Message(**(fields | changes))


def words(size: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=size)


addresses = st.builds(Address, words(20), st.integers(0, 6), st.integers(0, 18))
octets = st.integers(0, 255)
bodies = st.one_of(
    st.builds(
        Bind,
        command=st.sampled_from(sorted(BINDS)),
        system_id=words(15),
        password=words(8),
        system_type=words(12),
        version=octets,
        address=addresses,
    ),
    st.builds(
        Message,
        command=st.sampled_from([Command.SUBMIT, Command.DELIVER]),
        source=addresses,
        destination=addresses,
        body=st.binary(max_size=400),
        data_coding=octets,
        esm_class=octets,
        registered_delivery=octets,
        service_type=words(5),
        protocol_id=octets,
        priority=octets,
        schedule=words(16),
        valid_for=words(16),
        replace=octets,
        tlvs=st.dictionaries(
            st.integers(0, 0xFFFF).filter(lambda tag: tag != Tag.MESSAGE_PAYLOAD),
            st.binary(max_size=20),
            max_size=5,
        ),
    ),
    st.builds(Plain, st.sampled_from([Command.UNBIND, Command.ENQUIRE_LINK, 0x0103])),
    st.builds(
        Answer, st.sampled_from([Command.SUBMIT, Command.DELIVER]), st.integers(0, 1000), words(64)
    ),
)


def test_a_submit_looks_as_the_standard_says():
    built = build_pdu(Pdu(message(), 7))
    assert built.hex() == (
        "0000003b" "00000004" "00000000" "00000007"  # length, submit_sm, status, number
        "00" "0201" + b"17000002001\0".hex() + "0101" + b"8613800138001\0".hex() + "000000"
        "00" "00" "00" "00" "00" "00" "02" + b"hi".hex()
    )  # fmt: skip


@given(bodies, st.integers(0, 0xFFFFFFFF))
def test_what_is_built_is_read(body, sequence: int):
    assert parse_pdu(build_pdu(Pdu(body, sequence))) == Pdu(body, sequence)


def test_a_body_that_is_too_long_for_its_field_goes_into_the_payload():
    long = message(body=bytes(MAX_SHORT_MESSAGE + 1))
    built = build_pdu(Pdu(long, 1))
    assert Tag.MESSAGE_PAYLOAD.to_bytes(2) + (MAX_SHORT_MESSAGE + 1).to_bytes(2) in built
    assert parse_pdu(built).body == long


def test_a_refusal_may_come_without_its_body():
    header = (16).to_bytes(4) + (ANSWER | Command.SUBMIT).to_bytes(4)
    pdu = parse_pdu(header + (0x58).to_bytes(4) + (9).to_bytes(4))
    assert pdu == Pdu(Answer(Command.SUBMIT, Status.THROTTLED), 9)


@pytest.mark.parametrize(("text", "read"), [(b"id-1", "id-1"), (b"7" * 90 + b"\0", "7" * 64)])
def test_an_answer_counts_though_its_text_has_no_end_or_is_too_long(text: bytes, read: str):
    head = (16 + len(text)).to_bytes(4) + (ANSWER | Command.SUBMIT).to_bytes(4)
    pdu = parse_pdu(head + bytes(4) + (9).to_bytes(4) + text)
    assert pdu == Pdu(Answer(Command.SUBMIT, Status.OK, read), 9)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda data: data[:-1], Status.INVALID_COMMAND_LENGTH),
        (lambda data: data + b"\x04\x24\x00\x09x", Status.INVALID_COMMAND_LENGTH),
        (lambda data: data.replace(b"17000002001\0", b"1" * 30), Status.INVALID_SOURCE),
        (lambda data: data + b"\x00\x01\x00\x00" * 65, Status.INVALID_TLV),
    ],
)
def test_a_pdu_that_does_not_hold_together_is_refused_by_its_number(change, status: Status):
    with pytest.raises(PduError) as raised:
        parse_pdu(change(build_pdu(Pdu(message(), 5))))
    assert (raised.value.status, raised.value.sequence) == (status, 5)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"source": Address("1" * 21)}, "21 octets where 20 fit"),
        ({"service_type": "abcdef"}, "6 octets where 5 fit"),
        ({"valid_for": "with\0zero"}, "or with a zero"),
        ({"tlvs": {1: bytes(0x10000)}}, "longer than 65,535"),
        ({"data_coding": 256}, "range"),
    ],
)
def test_a_field_that_does_not_fit_is_not_sent(changes: dict[str, object], why: str):
    with pytest.raises(ValueError, match=why):
        build_pdu(Pdu(message(**changes), 1))


@given(st.lists(st.tuples(bodies, st.integers(1, 99)), max_size=5), st.integers(1, 40))
def test_a_stream_is_cut_into_its_pdus_however_it_comes(pdus, size: int):
    sent = [Pdu(*pdu) for pdu in pdus]
    data = b"".join(map(build_pdu, sent))
    stream, got = PduStream(), []
    for at in range(0, len(data), size):
        stream.feed(data[at : at + size])
        while (pdu := stream.next_pdu()) is not None:
            got.append(pdu)
    assert got == sent


@pytest.mark.parametrize("length", [0, 15, MAX_PDU_BYTES + 1, 0xFFFFFFFF])
def test_a_length_that_cannot_be_ends_the_stream(length: int):
    stream = PduStream()
    stream.feed(length.to_bytes(4) + bytes(12))
    with pytest.raises(PduError) as raised:
        stream.next_pdu()
    assert raised.value.sequence is None
    stream.feed(build_pdu(Pdu(Plain(Command.UNBIND), 1)))
    assert stream.next_pdu() is None


@given(st.binary(max_size=300))
def test_no_octets_break_the_stream(data: bytes):
    stream = PduStream()
    stream.feed(data)
    for _ in range(30):
        try:
            if stream.next_pdu() is None:
                return
        except PduError:
            continue


@given(bodies, st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_no_mangled_pdu_breaks_the_parser(body, at: int, written: bytes):
    data = bytearray(build_pdu(Pdu(body, 1)))
    data[at : at + len(written)] = written
    data[:4] = len(data).to_bytes(4)
    stream = PduStream()
    stream.feed(bytes(data))
    try:
        pdu = stream.next_pdu()
    except PduError:
        return
    assert pdu is not None
