import asyncio
from dataclasses import replace

import pytest
from tests.unit.planes.sms.scene import LIMITS, LINK, Scene, accepted

from maskline.domain.message import MessageState
from maskline.domain.sms_link import BindKind
from maskline.planes.sms.rate import SendRate
from maskline.planes.sms.settings import SmsLimits
from maskline.protocols.smpp.command import Command
from maskline.protocols.smpp.status import Status
from maskline.services.sms_link_state import LinkCondition

PAUSE_S = LIMITS.first_pause_s


def fresh(number: int):
    return accepted(f"m{number}", f"text {number}", state=MessageState.ASKING)


def condition(scene: Scene) -> LinkCondition:
    return scene.plane.board.states[0].condition


async def test_a_link_binds_with_its_name_and_password(scene: Scene):
    (asked,) = scene.centre.binds
    assert asked.bind.command is Command.BIND_TRANSCEIVER
    assert (asked.bind.system_id, asked.bind.password) == ("maskline", "secret")
    assert condition(scene) is LinkCondition.BOUND
    assert scene.desk.released == 1


async def test_a_link_of_two_connections_sends_by_one_and_takes_by_the_other(make_scene):
    scene = await make_scene(replace(LINK, bind=BindKind.SEPARATE))
    assert [asked.bind.command for asked in scene.centre.binds] == [
        Command.BIND_TRANSMITTER,
        Command.BIND_RECEIVER,
    ]
    number = scene.centre.deliver()  # over the last connection
    await scene.settle()
    assert scene.answer_to(number) is Status.OK
    assert len(scene.centre.submits) == 1
    scene.centre.connections[1].pipe.close()
    await scene.settle()
    assert condition(scene) is LinkCondition.PARTLY
    await scene.claim(fresh(1))
    assert len(scene.centre.submits) == 2


async def test_a_refused_bind_is_tried_again_after_longer_and_longer_pauses(make_scene):
    scene = Scene()
    scene.centre.refuses_bind = Status.INVALID_PASSWORD
    await scene.start()
    assert condition(scene) is LinkCondition.DOWN
    assert "0xe" in scene.plane.board.states[0].reason
    pauses = []
    for _ in range(9):
        dials, waited = scene.centre.dials, 0.0
        while scene.centre.dials == dials:
            await scene.step(0.25)
            waited += 0.25
        pauses.append(waited)
    # CountedIds draws 0.5: three quarters of 1, 2, 4, ... and never more than that of 60 s.
    assert pauses[:5] == [0.75, 1.5, 3, 6, 12]
    assert pauses[-2:] == [45, 45]
    scene.centre.refuses_bind = None
    await scene.step(60)
    assert condition(scene) is LinkCondition.BOUND
    await scene.close()


async def test_a_lost_connection_is_made_again_with_another_name(scene: Scene):
    scene.centre.deliver()
    await scene.settle()
    scene.centre.cut()
    await scene.settle()
    assert condition(scene) is LinkCondition.DOWN
    await scene.step(PAUSE_S)
    assert condition(scene) is LinkCondition.BOUND
    scene.centre.deliver()
    await scene.settle()
    one, two = scene.desk.came
    assert one.connection != two.connection


async def test_a_connection_that_stood_for_long_is_made_again_soon(scene: Scene):
    for _ in range(3):
        scene.centre.cut()
        await scene.settle()
        await scene.step(60)
        await scene.step(LIMITS.steady_s)
    scene.centre.cut()
    await scene.settle()
    await scene.step(PAUSE_S)
    assert condition(scene) is LinkCondition.BOUND


async def test_a_centre_that_is_silent_is_asked_and_then_given_up(scene: Scene):
    (connection,) = scene.centre.live
    connection.session.receive = lambda *_: None
    await scene.step(LINK.enquire_s)
    assert condition(scene) is LinkCondition.BOUND
    await scene.step(LIMITS.answer_s)
    assert condition(scene) is LinkCondition.DOWN


async def test_no_more_wait_for_answers_than_the_window_has_room_for(make_scene):
    scene = await make_scene(replace(LINK, window=2))
    scene.centre.on_submit = lambda _: None
    await scene.claim(*map(fresh, range(5)))
    assert scene.centre.texts == [b"text 0", b"text 1"]
    state = scene.plane.board.states[0]
    assert (state.in_flight, state.waiting) == (2, 3)
    scene.centre.on_submit = lambda _: Status.OK
    await scene.step(LIMITS.answer_s)
    # What has waited for too long in the queue meanwhile is put off, not lost.
    assert scene.desk.story.count("postpone refused/0") == 3


async def test_answers_let_the_next_ones_go(make_scene):
    scene = await make_scene(replace(LINK, window=1))
    await scene.claim(*map(fresh, range(5)))
    assert scene.centre.texts == [b"text %d" % number for number in range(5)]


async def test_no_more_are_sent_a_second_than_the_link_may(make_scene):
    scene = await make_scene(replace(LINK, per_s=20))
    await scene.claim(*map(fresh, range(60)))
    for _ in range(20):
        await scene.step(0.05)
    assert 20 <= len(scene.centre.submits) <= 23
    for _ in range(20):
        await scene.step(0.05)
    assert 40 <= len(scene.centre.submits) <= 43


def test_the_rate_has_no_room_for_a_burst_after_a_quiet_time():
    rate = SendRate()
    passed = sum(rate.passes(100, 1000.0) for _ in range(50))
    assert passed == 10
    assert not rate.passes(100, 1000.005)
    assert rate.passes(100, 1000.02)
    assert rate.passes(0, 1000.02)


async def test_a_link_that_is_told_to_slow_down_sends_nothing_for_a_while(make_scene):
    limits = SmsLimits(throttle_s=1.0, throttle_max_s=4.0, close_s=0.05)
    scene = await make_scene(limits=limits)
    scene.centre.on_submit = lambda _: Status.THROTTLED
    await scene.claim(fresh(0), fresh(1))
    assert scene.plane.counters.slowed == 1
    scene.centre.on_submit = lambda _: Status.OK
    await scene.claim(fresh(2))
    assert len(scene.centre.submits) == 2
    await scene.step(1.0)
    assert scene.centre.texts[2:] == [b"text 2"]


async def test_what_is_sent_in_one_turn_is_one_write(scene: Scene):
    (connection,) = scene.centre.live
    before = connection.pipe.writes
    await scene.claim(*map(fresh, range(20)))
    assert len(scene.centre.submits) == 20
    assert connection.pipe.writes == before + 1


async def test_a_centre_that_does_not_read_loses_its_connection(scene: Scene):
    (connection,) = scene.centre.live
    connection.pipe.buffered = LIMITS.write_buffer_bytes + 1
    await scene.claim(fresh(0))
    assert condition(scene) is LinkCondition.DOWN


async def test_nothing_is_submitted_while_the_transport_is_full(scene: Scene):
    (connection,) = scene.centre.live
    connection.protocol.pause_writing()
    await scene.claim(fresh(0))
    assert scene.centre.submits == []
    connection.protocol.resume_writing()
    await scene.step(0.05)
    assert len(scene.centre.submits) == 1


async def test_settings_that_need_no_new_connection_keep_it(scene: Scene):
    await scene.change(replace(LINK, priority=1, window=1, per_s=5))
    assert scene.centre.dials == 1
    scene.centre.on_submit = lambda _: None
    await scene.claim(fresh(0), fresh(1))
    assert len(scene.centre.submits) == 1


async def test_another_address_is_bound_once_what_is_in_flight_was_answered(scene: Scene):
    scene.centre.on_submit = lambda _: None
    await scene.claim(fresh(0))
    await scene.change(replace(LINK, port=2776))
    assert scene.centre.dials == 1, "the old connection still waits for an answer"
    for _ in range(3):
        await asyncio.sleep(LIMITS.close_s / 2)
        await scene.step()
    assert scene.centre.dials == 2
    assert condition(scene) is LinkCondition.BOUND
    # Its answer did not come: it may have arrived.
    assert scene.desk.story == ["postpone unanswered/1"]


async def test_a_removed_link_is_unbound_and_messages_go_over_the_others(make_scene):
    second = replace(LINK, name="two", priority=20)
    scene = await make_scene(LINK, second)
    await scene.change(second)
    assert scene.centre.live == []
    assert [state.name for state in scene.plane.board.states] == ["two"]
    await scene.claim(fresh(0))
    assert scene.centres["two"].texts == [b"text 0"]


async def test_a_disabled_link_is_unbound_and_comes_back(scene: Scene):
    await scene.change(replace(LINK, is_enabled=False))
    assert scene.centre.live == []
    assert condition(scene) is LinkCondition.DISABLED
    await scene.change(LINK)
    assert condition(scene) is LinkCondition.BOUND


async def test_closing_takes_nothing_more_and_waits_for_what_is_in_flight(make_scene):
    scene = await make_scene(limits=SmsLimits(close_s=2.0))
    scene.centre.on_submit = lambda _: None
    await scene.claim(fresh(0))
    closing = asyncio.create_task(scene.plane.close())
    await scene.settle()
    number = scene.centre.deliver()
    await scene.settle()
    assert scene.answer_to(number) is Status.THROTTLED
    assert not closing.done()
    assert scene.centre.last_came is not None
    scene.centre.answer(scene.centre.last_came, "late")
    await closing
    assert scene.desk.story == ["finish taken/1"]
    assert scene.centre.live == []


async def test_what_is_not_sent_at_a_close_is_put_off(make_scene):
    scene = await make_scene(replace(LINK, window=1))
    scene.centre.on_submit = lambda _: None
    await scene.claim(fresh(0), fresh(1))
    await scene.plane.close()
    # The first is left as it is: it may have arrived. Its lease ends when this worker starts again.
    assert [(verb, message) for verb, message, _ in scene.desk.told] == [("postpone", "m1")]


@pytest.mark.parametrize("field", ["system_id", "password"])
async def test_a_name_that_smpp_has_no_room_for_is_told(make_scene, field: str):
    scene = await make_scene(replace(LINK, **{field: "x" * 40}))
    assert condition(scene) is LinkCondition.DOWN
    assert "cannot be written" in scene.plane.board.states[0].reason


async def test_the_plane_runs_on_its_own_times(make_scene):
    limits = SmsLimits(tick_s=0.001, claim_s=0.001, stale_s=0.001, close_s=0.05)
    scene = Scene(limits=limits)
    await scene.plane.start()
    running = asyncio.create_task(scene.plane.run())
    scene.desk.backlog.append(fresh(0))
    await scene.until(lambda: scene.desk.told)
    scene.links = (LINK, replace(LINK, name="two"))
    scene.plane.links_changed()
    await scene.until(lambda: len(scene.plane.board.states) == 2)
    await scene.plane.close()
    await running
