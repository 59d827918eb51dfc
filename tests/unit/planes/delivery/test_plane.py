"""What a customer receives, told with receivers in memory and a clock that is stepped."""

import asyncio
from datetime import timedelta

import pytest
import structlog

from maskline.domain.error import StoreBusy, StoreFailed
from maskline.domain.notice import Purpose
from maskline.planes.delivery.client import PushFailed
from maskline.planes.delivery.destination import DestinationRefused


async def test_what_is_due_is_pushed_and_forgotten(world):
    world.add_application("app")
    await world.write("app", "n1")
    async with world.running() as plane:
        await world.quiet(plane)
    (pushed,) = world.receivers.pushed
    assert (pushed.url, pushed.push_id, pushed.body) == (
        "http://app.example/status",
        "n1",
        b"n1",
    )
    assert await world.store.outbox_depth() == (0, 0)
    assert plane.counters.delivered == 1
    assert plane.counters.results == {("status", "delivered"): 1}
    assert sum(plane.counters.took.by_name["status"].counts) == 1


async def test_a_hint_wakes_it_without_waiting_for_the_poll(world):
    world.add_application("app")
    async with world.running(poll_interval_s=60.0) as plane:
        await asyncio.sleep(0.01)
        await world.write("app", "n1")
        plane.hint()
        await world.quiet(plane)
    assert world.receivers.ids() == ["n1"]


async def test_without_a_hint_polling_finds_it(world):
    world.add_application("app")
    async with world.running() as plane:
        await asyncio.sleep(0.01)
        await world.write("app", "n1")
        await world.quiet(plane)
    assert world.receivers.ids() == ["n1"]


async def test_a_failed_notice_follows_the_published_schedule_with_one_id_then_dies(world, refused):
    world.add_application("app")
    world.receivers.answers["http://app.example/status"] = refused
    await world.write("app", "n1")
    async with world.running() as plane:
        await world.quiet(plane)
        for minutes in (1, 4, 9, 106, 203, 300):
            world.clock.step(minutes * 60 - 1)
            await asyncio.sleep(0.02)
            await world.quiet(plane)
            world.clock.step(1)
            await asyncio.sleep(0.02)
            await world.quiet(plane)
    start = world.receivers.pushed[0].at
    tries = [(pushed.at - start) / timedelta(minutes=1) for pushed in world.receivers.pushed]
    assert tries == [0, 1, 5, 14, 120, 323, 623]
    assert set(world.receivers.ids()) == {"n1"}
    assert await world.store.outbox_depth() == (0, 1)
    assert (plane.counters.failed, plane.counters.dead) == (6, 1)
    assert sum(plane.counters.results.values()) == 7


async def test_events_of_one_call_are_pushed_in_order_even_when_one_fails(world):
    world.add_application("app")
    has_failed = False

    async def fail_once_on_callout(pushed):
        nonlocal has_failed
        if pushed.push_id == "callout" and not has_failed:
            has_failed = True
            raise PushFailed("HTTP 500")

    world.receivers.answers["http://app.example/status"] = fail_once_on_callout
    await world.write("app", "callin", "callout", "answer", "disconnect", stream="s")
    await world.write("app", "record", stream="s", purpose=Purpose.RECORD)
    async with world.running() as plane:
        await world.quiet(plane)
        assert world.receivers.ids() == ["callin", "callout"]
        world.clock.step(60)
        await world.quiet(plane)
    assert world.receivers.ids()[1:5] == ["callout", "callout", "answer", "disconnect"]
    assert world.receivers.pushed[5].body == b"record"


@pytest.mark.parametrize(
    ("urls", "receiver"),
    [
        ({"number_state_url": "http://app.example/x"}, "http://app.example/x"),
        ({}, "http://app.example/status"),
    ],
)
async def test_states_of_a_number_go_to_their_receiver_one_by_one_and_are_tried_again(
    world, urls, receiver
):
    world.add_application("app", pushes_number_state=True, **urls)
    has_failed = False

    async def fail_once(_):
        nonlocal has_failed
        if not has_failed:
            has_failed = True
            raise PushFailed("HTTP 500")

    world.receivers.answers[receiver] = fail_once
    await world.write("app", "9", "5", stream="number", purpose=Purpose.NUMBER_STATE)
    async with world.running(poll_interval_s=60.0) as plane:
        await world.quiet(plane)
        assert world.receivers.ids() == ["9"]
        world.clock.step(60)
        plane.hint()
        await world.quiet(plane)
    assert world.receivers.ids(receiver) == ["9", "9", "5"]
    assert await world.store.outbox_depth() == (0, 0)


async def test_states_of_numbers_are_given_up_when_the_application_wants_none(world):
    world.add_application("app", pushes_number_state=False, number_state_url="http://app.example/x")
    await world.write("app", "9", purpose=Purpose.NUMBER_STATE)
    async with world.running() as plane:
        await world.quiet(plane)
    assert world.receivers.pushed == []
    assert await world.store.outbox_depth() == (0, 1)


async def test_calls_do_not_wait_for_each_other(world):
    world.add_application("app")
    gate = asyncio.Event()

    async def hold_the_first_call(pushed):
        if pushed.push_id.startswith("a"):
            await gate.wait()

    world.receivers.answers["http://app.example/status"] = hold_the_first_call
    await world.write("app", "a1", "a2", stream="a")
    await world.write("app", "b1", "b2", "b3", stream="b")
    async with world.running() as plane:
        await world.until(lambda: world.receivers.ids() == ["a1", "b1", "b2", "b3"])
        gate.set()
        await world.quiet(plane)
    assert world.receivers.ids()[4:] == ["a2"]


async def test_one_receiver_gets_a_bounded_number_of_pushes_at_once(world, names):
    world.add_application("app")
    url = "http://app.example/status"

    async def yielding(_pushed):
        await asyncio.sleep(0.001)

    world.receivers.answers[url] = yielding
    await world.write("app", *names("n", 60))
    async with world.running(max_in_flight_per_endpoint=7) as plane:
        await world.quiet(plane)
    assert world.receivers.most[url] == 7
    assert sorted(world.receivers.ids()) == names("n", 60)


async def test_many_slow_receivers_do_not_delay_a_quick_one(world, names):
    never = asyncio.Event()

    async def hang(_pushed):
        await never.wait()

    for number in range(20):
        world.add_application(f"slow{number}")
        world.receivers.answers[f"http://slow{number}.example/status"] = hang
        await world.write(f"slow{number}", *names(f"slow{number}", 20))
    world.add_application("quick")
    async with world.running(
        max_in_flight=40, reserved_in_flight=20, max_in_flight_per_endpoint=8
    ) as plane:
        await world.until(lambda: len(world.receivers.under_way) == 20)
        await world.write("quick", *names("quick", 50))
        plane.hint()
        await world.until(lambda: len(world.receivers.ids("http://quick.example/status")) == 50)
        assert plane.counters.in_flight <= 40
        never.set()


async def test_a_dead_receiver_is_probed_one_at_a_time_until_it_answers(world, names, refused):
    world.add_application("app")
    url = "http://app.example/status"
    is_well = False

    async def answer(pushed):
        await asyncio.sleep(0.001)
        if not is_well:
            await refused(pushed)

    world.receivers.answers[url] = answer
    await world.write("app", *names("n", 40))
    async with world.running(max_in_flight_per_endpoint=8) as plane:
        await world.quiet(plane)
        assert len(world.receivers.ids()) == 40
        world.receivers.most.clear()
        world.clock.step(60)
        await world.quiet(plane)
        assert world.receivers.most[url] == 1
        assert len(world.receivers.ids()) == 80
        is_well = True
        world.clock.step(240)
        await world.quiet(plane)
        assert world.receivers.most[url] == 8
    assert await world.store.outbox_depth() == (0, 0)


async def test_more_dead_receivers_than_places_do_not_delay_a_live_one(world, names, refused):
    never = asyncio.Event()
    for number in range(30):
        world.add_application(f"dead{number}")
        world.receivers.answers[f"http://dead{number}.example/status"] = refused
        await world.write(f"dead{number}", *names(f"dead{number}", 3))
    async with world.running(
        max_in_flight=12, reserved_in_flight=6, failures_until_probing=2
    ) as plane:
        await world.quiet(plane)

        async def hang(_pushed):
            await never.wait()

        for number in range(30):
            world.receivers.answers[f"http://dead{number}.example/status"] = hang
        world.clock.step(60)
        await world.until(lambda: plane.counters.in_flight == 9)
        world.add_application("live")
        await world.write("live", *names("live", 20))
        await world.until(lambda: len(world.receivers.ids("http://live.example/status")) == 20)
        assert plane.counters.in_flight <= 12
        never.set()


async def test_records_that_end_together_are_merged_up_to_fifty_a_message(world, names):
    world.add_application("app")
    await world.write("app", *names("r", 120), purpose=Purpose.RECORD)
    async with world.running() as plane:
        await world.quiet(plane)
    messages = world.receivers.pushed
    assert sorted(len(pushed.names) for pushed in messages) == [20, 50, 50]
    assert [name for pushed in messages for name in pushed.names] == names("r", 120)
    assert len({pushed.push_id for pushed in messages}) == 3


async def test_a_record_waits_for_others_of_its_window(world):
    world.add_application("app")
    await world.write("app", "r1", purpose=Purpose.RECORD)
    async with world.running(merge_window_s=0.1) as plane:
        await asyncio.sleep(0.03)
        await world.write("app", "r2", purpose=Purpose.RECORD)
        await world.quiet(plane)
        await world.write("app", "r3", purpose=Purpose.RECORD)
        await world.quiet(plane)
    assert [pushed.names for pushed in world.receivers.pushed] == [["r1", "r2"], ["r3"]]


async def test_a_failed_batch_comes_back_whole_under_its_id(world, refused):
    world.add_application("app")
    url = "http://app.example/cdr"
    world.receivers.answers[url] = refused
    await world.write("app", "r1", "r2", purpose=Purpose.RECORD)
    async with world.running() as plane:
        await world.quiet(plane)
        del world.receivers.answers[url]
        await world.write("app", "r3", purpose=Purpose.RECORD)
        world.clock.step(60)
        await world.quiet(plane)
    first, *others = world.receivers.pushed
    again = next(pushed for pushed in others if pushed.push_id == first.push_id)
    assert first.names == again.names == ["r1", "r2"]
    assert [pushed.names for pushed in others if pushed is not again] == [["r3"]]
    assert await world.store.outbox_depth() == (0, 0)


async def test_notices_go_where_the_application_wants_them_now(world, refused):
    application = world.add_application("app")
    world.receivers.answers["http://app.example/status"] = refused
    await world.write("app", "n1")
    async with world.running() as plane:
        await world.quiet(plane)
        world.add_application("app", status_url="http://moved.example/")
        world.clock.step(60)
        await world.quiet(plane)
    assert application.status_url == world.receivers.pushed[0].url
    assert [pushed.url for pushed in world.receivers.pushed][1] == "http://moved.example/"


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_without_a_receiver_notices_are_given_up_with_a_reason(world, names, purpose):
    world.add_application("app")
    await world.write("app", *names("n", 300), purpose=purpose)
    world.add_application("app", status_url=None, cdr_url=None)
    async with world.running() as plane:
        await world.quiet(plane)
    assert world.receivers.pushed == []
    assert await world.store.outbox_depth() == (0, 300)
    assert plane.counters.dead == 300


async def test_notices_of_an_application_that_is_gone_are_given_up(world):
    world.add_application("app")
    await world.write("app", "n1")
    world.applications.clear()
    async with world.running() as plane:
        await world.quiet(plane)
    assert await world.store.outbox_depth() == (0, 1)


async def test_a_refused_destination_is_a_failure_that_is_counted(world):
    world.add_application("app")

    async def refuse(_pushed):
        raise DestinationRefused("the address is not public")

    world.receivers.answers["http://app.example/status"] = refuse
    await world.write("app", "n1")
    async with world.running() as plane:
        await world.quiet(plane)
    assert (plane.counters.refused, plane.counters.failed) == (1, 1)
    assert await world.store.outbox_depth() == (1, 0)


async def test_a_bug_in_a_push_is_a_failed_try_and_does_not_stop_the_others(world):
    world.add_application("app")

    async def break_on_bad(pushed):
        if pushed.push_id == "bad":
            raise ZeroDivisionError

    world.receivers.answers["http://app.example/status"] = break_on_bad
    await world.write("app", "bad", "good")
    async with world.running() as plane:
        await world.quiet(plane)
    assert (plane.counters.failed, plane.counters.delivered) == (1, 1)


async def test_a_store_that_fails_to_settle_gets_the_results_again(world, monkeypatch):
    world.add_application("app")
    await world.write("app", "n1")
    failures = [StoreBusy(), StoreFailed()]
    settle = world.store.settle

    async def fail_first(delivered, failed, kept=None):
        if failures:
            raise failures.pop()
        return await settle(delivered, failed, kept)

    monkeypatch.setattr(world.store, "settle", fail_first)
    async with world.running(settle_retry_s=0.001) as plane:
        await world.quiet(plane)
    assert world.receivers.ids() == ["n1"]
    assert await world.store.outbox_depth() == (0, 0)


@pytest.mark.parametrize("operation", ["due_endpoints", "claim"])
async def test_a_store_that_fails_to_read_is_asked_again(world, monkeypatch, operation):
    world.add_application("app")
    await world.write("app", "n1")
    failures = [StoreBusy(), StoreFailed()]
    genuine = getattr(world.store, operation)

    async def fail_first(*args: object):
        if failures:
            raise failures.pop()
        return await genuine(*args)

    async with world.running() as plane:
        monkeypatch.setattr(world.store, operation, fail_first)
        await asyncio.sleep(0.05)
        await world.quiet(plane)
    assert await world.store.outbox_depth() == (0, 0)


async def test_closing_finishes_what_is_in_flight(world):
    world.add_application("app")
    begun = asyncio.Event()

    async def take_a_while(_pushed):
        begun.set()
        await asyncio.sleep(0.05)

    world.receivers.answers["http://app.example/status"] = take_a_while
    await world.write("app", "n1")
    async with world.running():
        await begun.wait()
    assert await world.store.outbox_depth() == (0, 0)


async def test_closing_hands_back_what_cannot_be_finished(world):
    world.add_application("app")

    async def hang(_pushed):
        await asyncio.sleep(60)

    world.receivers.answers["http://app.example/status"] = hang
    await world.write("app", "n1")
    async with world.running(close_deadline_s=0.02) as plane:
        await world.until(lambda: plane.counters.in_flight)
    assert plane.counters.interrupted == 1
    world.receivers.answers.clear()
    async with world.running() as successor:
        await world.quiet(successor)
    assert world.receivers.ids() == ["n1", "n1"]


async def test_after_a_crash_the_lease_runs_out_and_the_same_id_is_pushed_again(world):
    world.add_application("app")

    async def hang(_pushed):
        await asyncio.sleep(60)

    world.receivers.answers["http://app.example/status"] = hang
    await world.write("app", "n1")
    crashing = asyncio.create_task((plane := world.plane()).run())
    await world.until(lambda: plane.counters.in_flight)
    crashing.cancel()
    await asyncio.gather(crashing, return_exceptions=True)
    world.receivers.answers.clear()
    async with world.running() as successor:
        await asyncio.sleep(0.02)
        assert world.receivers.ids() == ["n1"]
        world.clock.step(world.settings.timeout_s + world.settings.lease_margin_s)
        await world.quiet(successor)
    assert world.receivers.ids() == ["n1", "n1"]


async def test_closing_twice_or_before_running_is_harmless(world):
    plane = world.plane()
    await plane.close()
    await plane.run()
    await plane.close()


async def test_results_that_cannot_be_written_stop_new_pushes(world, names, monkeypatch):
    world.add_application("app")
    await world.write("app", *names("n", 100))
    may_settle = asyncio.Event()
    settle = world.store.settle

    async def wait_first(delivered, failed, kept=None):
        await may_settle.wait()
        return await settle(delivered, failed, kept)

    monkeypatch.setattr(world.store, "settle", wait_first)
    async with world.running(max_unsettled=10, max_in_flight_per_endpoint=4) as plane:
        await world.until(lambda: plane.counters.unsettled >= 10)
        await asyncio.sleep(0.02)
        assert len(world.receivers.pushed) < 10 + 4
        may_settle.set()
        await world.quiet(plane)
    assert await world.store.outbox_depth() == (0, 0)
    assert sorted(world.receivers.ids()) == names("n", 100)


async def test_closing_ends_even_when_the_store_takes_nothing(world, monkeypatch):
    world.add_application("app")
    await world.write("app", "n1")

    async def fail(_delivered, _failed, _kept=None):
        raise StoreFailed

    async with world.running(close_deadline_s=0.02) as plane:
        monkeypatch.setattr(world.store, "settle", fail)
        await world.until(lambda: plane.counters.unsettled)
    assert await world.store.outbox_depth() == (1, 0)


async def test_nothing_of_a_notice_is_logged(world, names, refused):
    world.add_application("app")
    world.receivers.answers["http://app.example/status"] = refused
    bodies = [f"+861390000{number:04d}" for number in range(8)]
    await world.write("app", *names("n", 3))
    await world.write("app", *bodies, purpose=Purpose.RECORD)
    world.receivers.answers["http://app.example/cdr"] = refused
    with structlog.testing.capture_logs() as logged:
        async with world.running() as plane:
            await world.quiet(plane)
    assert {entry["event"] for entry in logged} == {"push failed"}
    assert "+86139" not in repr(logged)
    assert "s3cret" not in repr(logged)
