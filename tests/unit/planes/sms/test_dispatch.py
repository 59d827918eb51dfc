import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.planes.sms.scene import LIMITS, LINK, NOW, A, B, Scene, X, accepted, part

from maskline.domain.message import MessageState, PartState
from maskline.domain.sms_link import LongMessages
from maskline.protocols.smpp.command import Command
from maskline.protocols.smpp.pdu import Address
from maskline.protocols.smpp.pdu import Message as Pdu
from maskline.protocols.smpp.segment import read_segment
from maskline.protocols.smpp.status import Status

SECOND = replace(LINK, name="two", priority=20)
THREE_PARTS = "a" * 400


async def test_a_message_goes_on_to_the_receiver_from_x(scene: Scene):
    number = scene.centre.deliver(b"hello")
    await scene.settle()
    (submit,) = scene.centre.submits
    assert (submit.source, submit.destination) == (Address(X, 1, 1), Address(B, 1, 1))
    assert (submit.body, submit.registered_delivery) == (b"hello", 1)
    assert scene.answer_to(number) is Status.OK
    ((verb, message_id, (sent,)),) = scene.desk.told
    assert (verb, message_id, sent.centre_id) == ("finish", "m1", "id-1")
    assert scene.desk.totals == [1]


async def test_nothing_of_who_wrote_goes_on_but_the_text(scene: Scene):
    """Neither subaddresses, references, ports nor call-back numbers, nor how it was sent."""
    tags = (0x0202, 0x0203, 0x0204, 0x020A, 0x0205, 0x0302, 0x0303, 0x0381, 0x1400)
    scene.centre.deliver(
        b"hello",
        tlvs=dict.fromkeys(tags, A[1:].encode()),
        esm_class=0x80,
        service_type="WAP",
        protocol_id=0x41,
        priority=3,
        registered_delivery=0x0C,
    )
    await scene.settle()
    (submit,) = scene.centre.submits
    assert submit == Pdu(
        command=Command.SUBMIT,
        source=Address(X, 1, 1),
        destination=Address(B, 1, 1),
        body=b"hello",
        registered_delivery=1,
    )


async def test_the_parts_of_a_long_message_go_in_order_and_each_is_kept(scene: Scene):
    await scene.claim(accepted("m", THREE_PARTS, state=MessageState.ASKING))
    places = [read_segment(submit) for submit in scene.centre.submits]
    assert [(place.number, place.total, place.reference) for place in places] == [
        (1, 3, 7),
        (2, 3, 7),
        (3, 3, 7),
    ]
    assert b"".join(place.body for place in places) == THREE_PARTS.encode()
    assert scene.desk.story == ["part taken/1", "part taken/1", "finish taken/1 taken/1 taken/1"]


async def test_a_part_that_was_refused_for_good_goes_over_the_next_link(make_scene):
    scene = await make_scene(LINK, SECOND)
    scene.centre.on_submit = lambda _: Status.SUBMIT_FAILED
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    assert scene.centres["two"].texts == [b"hi"]
    assert scene.desk.story == ["finish taken/1"]
    assert scene.desk.told[0][2][0].link == "two"


async def test_a_message_that_every_link_refuses_for_good_is_over(scene: Scene):
    scene.centre.on_submit = lambda _: Status.INVALID_DESTINATION
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    assert scene.desk.story == ["finish refused/0"]
    assert scene.desk.told[0][2][0].status == Status.INVALID_DESTINATION


async def test_one_refused_part_of_three_leaves_the_others_sent(scene: Scene):
    scene.centre.on_submit = lambda pdu: (
        Status.SUBMIT_FAILED if read_segment(pdu).number == 2 else Status.OK
    )
    await scene.claim(accepted("m", THREE_PARTS, state=MessageState.ASKING))
    assert scene.desk.story[-1] == "finish taken/1 refused/0 taken/1"


@pytest.mark.parametrize(
    "status", [Status.THROTTLED, Status.QUEUE_FULL, Status.SYSTEM_ERROR, Status.RECEIVER_TEMPORARY]
)
async def test_a_part_refused_for_the_moment_is_sent_again_on_the_same_link(
    make_scene, status: Status
):
    scene = await make_scene(LINK, SECOND)
    answers = [status, status, Status.OK]
    scene.centre.on_submit = lambda _: answers.pop(0)
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    while answers:
        scene.clock.step(0.01)
        await scene.doze()
    assert scene.centre.texts == [b"hi"] * 3
    assert scene.centres["two"].submits == []
    assert scene.desk.story == ["finish taken/1"]


async def test_a_link_that_refuses_for_too_long_is_passed_over(make_scene):
    scene = await make_scene(LINK, SECOND)
    scene.centre.on_submit = lambda _: Status.SYSTEM_ERROR
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    while not scene.desk.told:
        scene.clock.step(0.01)
        await scene.doze()
    assert len(scene.centre.submits) == LIMITS.passing_tries
    assert scene.desk.told[0][2][0].link == "two"


async def test_a_message_waits_for_a_link_until_its_time_is_over(scene: Scene):
    scene.centre.is_up = False
    scene.centre.cut()
    await scene.settle()
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    assert scene.desk.story == ["postpone refused/0"]
    assert scene.desk.due_at == [NOW + timedelta(seconds=LIMITS.repeat_s)]
    await scene.claim(accepted("m", "hi", tries=3, parts=scene.desk.told[0][2]))
    assert scene.desk.due_at[1] == NOW + timedelta(seconds=4 * LIMITS.repeat_s)
    scene.clock.step(LIMITS.forward_within_s)
    await scene.claim(accepted("m", "hi", tries=9, parts=scene.desk.told[0][2]))
    assert scene.desk.story[-1] == "fail refused/0"


async def test_a_message_that_no_link_carries_fails_at_once(make_scene):
    scene = await make_scene(replace(LINK, owns=("+8618",)))
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    assert scene.desk.story == ["fail"]


async def test_a_message_that_a_disabled_link_would_carry_waits(make_scene):
    scene = await make_scene(replace(LINK, is_enabled=False))
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    assert scene.desk.story == ["postpone refused/0"]
    assert scene.centre.dials == 0


async def test_a_submit_without_an_answer_is_sent_once_more_and_marked(scene: Scene):
    answers = [None, Status.OK]
    scene.centre.on_submit = lambda _: answers.pop(0)
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    assert scene.desk.story == []
    await scene.step(LIMITS.answer_s)
    assert scene.centre.texts == [b"hi", b"hi"]
    # Noted before it is sent: a worker that dies here must not send it a third time.
    assert scene.desk.story == ["part unanswered/2", "finish taken/2"]
    assert scene.plane.counters.repeated == 1


async def test_a_repeat_is_noted_when_its_turn_comes_and_no_sooner(make_scene):
    scene = await make_scene(replace(LINK, window=1))
    scene.centre.on_submit = lambda _: None
    await scene.claim(accepted("m", "one"))
    await scene.claim(accepted("n", "two"))
    assert scene.centre.texts == [b"one"]
    # A worker that dies here has not sent the other one, and does not say that it did.
    assert [message_id for _, message_id, _ in scene.desk.told] == ["m"]
    await scene.step(LIMITS.queue_s)
    assert scene.desk.story == ["part unanswered/2", "postpone refused/1"]


async def test_a_repeat_that_is_noted_while_its_link_goes_down_waits_for_another(scene: Scene):
    await scene.claim(accepted("m", "one"))
    noted = asyncio.Event()
    keep = scene.desk.part_answered

    async def keep_late(*what):
        await noted.wait()
        await keep(*what)

    scene.desk.part_answered = keep_late
    scene.centre.texts.clear()
    await scene.claim(accepted("n", "two"))
    scene.centre.is_up = False
    scene.centre.cut()
    await scene.settle()
    noted.set()
    await scene.settle()
    assert scene.centre.texts == [b"one"]
    assert scene.desk.story[-1] == "postpone refused/1"


async def test_a_submit_that_is_never_answered_is_sent_twice_and_no_more(scene: Scene):
    scene.centre.on_submit = lambda _: None
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    for _ in range(3):
        await scene.step(LIMITS.answer_s)
    assert scene.centre.texts == [b"hi", b"hi"]
    assert scene.desk.story == ["part unanswered/2", "finish unanswered/2"]


async def test_submits_in_flight_when_the_connection_is_lost_go_over_the_next_link(make_scene):
    scene = await make_scene(LINK, SECOND)
    scene.centre.on_submit = lambda _: None
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    scene.centre.cut()
    await scene.settle()
    assert scene.centres["two"].texts == [b"hi"]
    assert scene.desk.story == ["part unanswered/2", "finish taken/2"]


async def test_submits_in_flight_when_the_only_link_is_lost_are_put_off_and_repeated_once(
    scene: Scene,
):
    scene.centre.on_submit = lambda _: None
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    scene.centre.is_up = False
    scene.centre.cut()
    await scene.settle()
    assert scene.desk.story == ["postpone unanswered/1"]
    scene.centre.is_up = True
    await scene.step(LIMITS.first_pause_s)
    scene.centre.on_submit = lambda _: Status.OK
    await scene.claim(accepted("m", "hi", tries=2, parts=scene.desk.told[0][2]))
    assert scene.desk.story[1:] == ["part unanswered/2", "finish taken/2"]
    assert len(scene.centre.submits) == 2


@pytest.mark.parametrize(
    ("known", "sent", "end"),
    [
        # A worker died with all of it in flight, or none: nobody knows.
        ((), 3, "finish taken/2 taken/2 taken/2"),
        # One answer was kept: that part is not sent again.
        ((part(1, PartState.TAKEN),), 2, "finish taken/1 taken/2 taken/2"),
        # All was put off unsent: no repeat.
        (
            tuple(part(number, PartState.REFUSED, 0) for number in (1, 2, 3)),
            3,
            "finish taken/1 taken/1 taken/1",
        ),
        # A repeat was in flight when the worker died: there is no third.
        (
            tuple(part(number, PartState.UNANSWERED, 2) for number in (1, 2, 3)),
            0,
            "finish unanswered/2 unanswered/2 unanswered/2",
        ),
        # All is sent, and only its end was not kept.
        (
            tuple(part(number, PartState.TAKEN) for number in (1, 2, 3)),
            0,
            "finish taken/1 taken/1 taken/1",
        ),
    ],
)
async def test_what_a_dead_worker_left_is_sent_at_most_once_more(
    scene: Scene, known, sent: int, end: str
):
    await scene.claim(accepted("m", THREE_PARTS, tries=2, parts=known))
    assert len(scene.centre.submits) == sent
    assert scene.desk.story[-1] == end
    assert scene.desk.totals == [3]


async def test_other_links_go_on_with_a_begun_message_only_if_they_split_alike(make_scene):
    other = replace(SECOND, long_messages=LongMessages.SAR)
    scene = await make_scene(LINK, other, replace(LINK, name="three", priority=30))
    scene.centre.on_submit = lambda pdu: (
        Status.OK if read_segment(pdu).number == 1 else Status.SUBMIT_FAILED
    )
    await scene.claim(accepted("m", THREE_PARTS, state=MessageState.ASKING))
    assert scene.centres["two"].submits == []
    assert [read_segment(pdu).number for pdu in scene.centres["three"].submits] == [2, 3]
    assert scene.desk.story[-1] == "finish taken/1 taken/1 taken/1"


async def test_a_text_that_is_too_long_for_a_link_is_not_sent(scene: Scene):
    await scene.claim(accepted("m", "a" * 50_000, state=MessageState.ASKING))
    assert scene.desk.story == ["finish"]
    assert scene.desk.totals == [1]


async def test_a_message_is_not_taken_up_while_it_is_in_hand(scene: Scene):
    scene.centre.on_submit = lambda _: None
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    await scene.claim(accepted("m", "hi", tries=2))
    assert scene.centre.texts == [b"hi"]


@pytest.mark.parametrize(
    ("owns", "prefixes", "expected"),
    [((X[:6],), (), "two"), ((), (B[:6],), "two"), (("+8618",), (), "one")],
)
async def test_links_are_chosen_by_the_numbers_they_own_and_reach(
    make_scene, owns, prefixes, expected: str
):
    scene = await make_scene(LINK, replace(SECOND, owns=owns, prefixes=prefixes))
    await scene.claim(accepted("m", "hi", state=MessageState.ASKING))
    used = [name for name, centre in scene.centres.items() if centre.submits]
    assert used == [expected]
