import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.planes.sms.scene import LIMITS, LINK, NOW, A, Scene, X, accepted

from maskline.domain.error import StoreBusy, StoreFailed, UnknownNumber
from maskline.domain.message import PartState
from maskline.domain.number import NumberFormat
from maskline.domain.sms_link import DefaultAlphabet, ReceiptIds
from maskline.planes.sms.settings import SmsLimits
from maskline.protocols.smpp.command import EsmClass, Tag
from maskline.protocols.smpp.pdu import Address
from maskline.protocols.smpp.segment import Concatenation, split_text
from maskline.protocols.smpp.status import Status
from maskline.protocols.smpp.text import Dialect

RECEIPT = EsmClass.RECEIPT


def told(message_id: str, state: str = "DELIVRD", error: str = "000") -> bytes:
    return f"id:{message_id} sub:001 dlvrd:001 stat:{state} err:{error} text:".encode()


async def test_what_came_is_told_in_global_numbers_with_its_connection(scene: Scene):
    scene.centre.deliver("你好😀".encode("utf-16-be"), data_coding=8, source=Address("13900001001"))
    await scene.settle()
    (came,) = scene.desk.came
    assert (came.sender, came.x, came.text, came.total) == (A, X, "你好😀", 1)
    assert came.link == "one"
    assert came.connection.startswith("one ")


async def test_nothing_is_answered_before_it_is_durable(scene: Scene):
    scene.desk.gate = asyncio.Event()
    number = scene.centre.deliver()
    await scene.settle()
    assert scene.answer_to(number) is None
    scene.desk.gate.set()
    await scene.settle()
    assert scene.answer_to(number) is Status.OK


async def test_an_enquiry_behind_our_answers_finds_out_what_the_centre_has_heard(scene: Scene):
    await scene.plane.keep_what_was_heard()
    await scene.settle()
    assert scene.desk.heard == [], "nothing was answered"
    scene.centre.deliver(b"hello")
    await scene.settle()
    scene.clock.step(1)
    await scene.plane.keep_what_was_heard()
    await scene.settle()
    # The next one waits for its answer while the first is asked about.
    scene.desk.gate = asyncio.Event()
    scene.centre.deliver(b"again")
    await scene.settle()
    scene.clock.step(1)
    await scene.plane.keep_what_was_heard()
    name = scene.desk.came[0].connection
    assert scene.desk.heard == [(name, NOW + timedelta(seconds=1))]
    scene.desk.gate.set()
    await scene.settle()
    for _ in range(2):
        scene.clock.step(1)
        await scene.plane.keep_what_was_heard()
        await scene.settle()
    assert scene.desk.heard[1:] == [(name, NOW + timedelta(seconds=3))]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StoreBusy(), Status.QUEUE_FULL),
        (StoreFailed("no disk"), Status.RECEIVER_TEMPORARY),
        (UnknownNumber(), Status.INVALID_DESTINATION),
        (RuntimeError("a defect"), Status.SYSTEM_ERROR),
    ],
)
async def test_what_cannot_be_taken_is_answered_by_why(scene: Scene, error, status: Status):
    scene.desk.error = error
    number = scene.centre.deliver()
    await scene.settle()
    assert scene.answer_to(number) is status
    assert scene.centre.submits == []
    scene.desk.error = None
    again = scene.centre.deliver()
    await scene.settle()
    assert scene.answer_to(again) is Status.OK


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"source": Address("Bank", 5, 0)}, Status.INVALID_SOURCE),
        ({"source": Address("13900001001", 5, 0)}, Status.INVALID_SOURCE),
        ({"source": Address("")}, Status.INVALID_SOURCE),
        ({"destination": Address("X", 5, 0)}, Status.INVALID_DESTINATION),
        ({"data_coding": 4}, Status.RECEIVER_PERMANENT),
    ],
)
async def test_what_is_no_message_between_numbers_is_refused_for_good(scene, fields, status):
    number = scene.centre.deliver(**fields)
    await scene.settle()
    assert scene.answer_to(number) is status
    assert scene.desk.came == []


async def test_more_messages_than_may_be_in_work_are_told_to_slow_down(make_scene):
    scene = await make_scene(limits=SmsLimits(in_work=2, close_s=0.05))
    scene.centre.on_submit = lambda _: None
    numbers = [scene.centre.deliver(b"%d" % number) for number in range(3)]
    await scene.settle()
    assert [scene.answer_to(number) for number in numbers] == [
        Status.OK,
        Status.OK,
        Status.THROTTLED,
    ]
    assert scene.plane.counters.in_work == 2


async def test_parts_of_a_message_keep_half_a_character_at_their_ends(scene: Scene):
    # Of the first part's 67 units the last is the first half of an emoji.
    text = "你" * 66 + "😀" + "好" * 10
    octets = text.encode("utf-16-be")
    for number, piece in enumerate((octets[:134], octets[134:]), 1):
        header = bytes((5, 0, 3, 9, 2, number))
        scene.centre.deliver(header + piece, data_coding=8, esm_class=EsmClass.UDH)
    await scene.settle()
    one, two = scene.desk.came
    assert [(came.reference, came.total, came.number) for came in (one, two)] == [
        (9, 2, 1),
        (9, 2, 2),
    ]
    joined = (one.text + two.text).encode("utf-16-be", "surrogatepass")
    assert joined == octets
    assert one.digest != two.digest


@pytest.mark.parametrize("style", list(Concatenation))
async def test_every_way_of_cutting_a_message_is_put_together_again(scene: Scene, style):
    text = "Grüße an [alle] € " * 12
    for part in split_text(text, Dialect(), style, 300):
        scene.centre.deliver(
            part.body, data_coding=part.data_coding, esm_class=part.esm_class, tlvs=part.tlvs
        )
    await scene.settle()
    assert "".join(came.text for came in scene.desk.came) == text


async def test_the_same_message_sent_again_has_the_same_digest_and_another_has_not(scene: Scene):
    scene.centre.deliver(b"one")
    scene.centre.deliver(b"one", tlvs={0x1400: b"sent later"})
    scene.centre.deliver(b"two")
    await scene.settle()
    first, again, other = (came.digest for came in scene.desk.came)
    assert first == again != other


@pytest.mark.parametrize(
    ("link", "address", "sender"),
    [
        ({}, Address("8613900001001", 1, 1), A),
        ({}, Address("14155550100", 1, 1), "+14155550100"),
        ({}, Address("13900001001", 0, 1), A),
        # Said to be international, but this link's numbers are national.
        ({"number_format": NumberFormat.NATIONAL}, Address("13900001001", 1, 1), A),
    ],
)
async def test_numbers_are_read_as_the_link_writes_them(make_scene, link, address, sender):
    scene = await make_scene(replace(LINK, **link))
    scene.centre.deliver(source=address)
    await scene.settle()
    assert scene.desk.came[0].sender == sender


async def test_data_coding_0_is_what_the_link_says(make_scene):
    scene = await make_scene(replace(LINK, default_alphabet=DefaultAlphabet.UCS2))
    scene.centre.deliver("好".encode("utf-16-be"))
    await scene.settle()
    assert scene.desk.came[0].text == "好"


@pytest.mark.parametrize(
    ("body", "tlvs", "expected"),
    [
        (told("id-1"), {}, ("id-1", PartState.DELIVERED, 0)),
        (told("id-2", "UNDELIV", "042"), {}, ("id-2", PartState.UNDELIVERABLE, 42)),
        (told("id-3", "EXPIRED", "E7"), {}, ("id-3", PartState.EXPIRED, 0)),
        (
            b"",
            {Tag.RECEIPTED_MESSAGE_ID: b"id-4\0", Tag.MESSAGE_STATE: b"\2"},
            ("id-4", PartState.DELIVERED, 0),
        ),
    ],
)
async def test_a_receipt_says_what_became_of_a_part(scene: Scene, body, tlvs, expected):
    number = scene.centre.deliver(body, esm_class=RECEIPT, tlvs=tlvs)
    await scene.settle()
    (receipt,) = scene.desk.receipts
    assert (receipt.centre_id, receipt.state, receipt.status) == expected
    assert (receipt.link, receipt.at) == ("one", NOW)
    assert scene.answer_to(number) is Status.OK


@pytest.mark.parametrize("body", [told("id-1", "ENROUTE"), b"no receipt at all"])
async def test_a_receipt_that_says_nothing_final_is_answered_and_dropped(scene: Scene, body):
    number = scene.centre.deliver(body, esm_class=RECEIPT)
    await scene.settle()
    assert scene.answer_to(number) is Status.OK
    assert scene.desk.receipts == []
    assert scene.desk.came == []


async def test_a_receipt_that_comes_before_its_message_is_known_is_looked_up_again(scene: Scene):
    scene.desk.unknown_receipts = 1
    number = scene.centre.deliver(told("id-1"), esm_class=RECEIPT)
    await scene.doze()
    assert scene.answer_to(number) is Status.OK
    assert len(scene.desk.receipts) == 2
    assert scene.plane.counters.receipts == {"delivered": 1}


async def test_a_receipt_of_nothing_we_know_is_answered_in_the_end(scene: Scene):
    scene.desk.unknown_receipts = 100
    number = scene.centre.deliver(told("id-1"), esm_class=RECEIPT)
    await scene.doze()
    assert scene.answer_to(number) is Status.OK
    assert len(scene.desk.receipts) == 1 + len(LIMITS.receipt_waits_s)
    assert scene.plane.counters.receipts == {"unknown": 1}


async def test_a_receipt_that_the_store_does_not_take_comes_again(scene: Scene):
    scene.desk.error = StoreBusy()
    number = scene.centre.deliver(told("id-1"), esm_class=RECEIPT)
    await scene.settle()
    assert scene.answer_to(number) is Status.QUEUE_FULL


@pytest.mark.parametrize(
    ("ids", "answered", "receipted"),
    [
        (ReceiptIds.HEX, "00fF", "255"),
        (ReceiptIds.DECIMAL, "0255", "FF"),
        (ReceiptIds.SAME, "a", "a"),
    ],
)
async def test_ids_of_receipts_are_those_of_answers_however_written(
    make_scene, ids, answered, receipted
):
    scene = await make_scene(replace(LINK, receipt_ids=ids))
    scene.centre.next_name = answered
    scene.centre.deliver()
    await scene.settle()
    scene.centre.deliver(told(receipted), esm_class=RECEIPT)
    await scene.settle()
    assert scene.desk.told[0][2][0].centre_id == scene.desk.receipts[0].centre_id


async def test_what_is_neither_message_nor_receipt_is_answered_and_dropped(scene: Scene):
    number = scene.centre.deliver(esm_class=0x20)
    await scene.settle()
    assert scene.answer_to(number) is Status.OK
    assert scene.desk.came == []


async def test_a_message_whose_parts_do_not_come_any_more_goes_on(scene: Scene):
    scene.desk.stale.append(accepted("m", "half of it [...]"))
    await scene.plane.assemble_stale()
    await scene.settle()
    assert scene.desk.story == ["finish taken/1"]


async def test_a_customer_that_decides_lets_a_message_go_on(scene: Scene):
    scene.desk.asks = True
    scene.centre.deliver(b"where to?")
    await scene.settle()
    assert scene.centre.texts == [b"where to?"]
