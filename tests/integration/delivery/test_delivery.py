"""Pushing over real HTTP, from each store."""

import asyncio
import time
from collections import defaultdict

import pytest

from maskline.domain.notice import Purpose
from maskline.domain.retry import RetrySchedule
from maskline.lab.receiver import (
    Answer,
    Receiver,
    Signature,
    accepting,
    closing,
    failing,
    flapping,
    redirecting,
    silent,
    slow,
)

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]


def accepted_ids(receiver: Receiver) -> list[str]:
    return [push.push_id for push in receiver.received if push.answered == 200]


async def test_a_push_is_signed_and_carries_its_id(site):
    receiver = await site.receiver("app")
    await site.write("app", "n1")
    async with site.running():
        await site.until_depth(0)
    (push,) = receiver.received
    assert (push.method, push.path, push.body, push.push_id) == ("POST", "/status", b"n1", "n1")
    assert push.signature is Signature.VALID
    assert push.body_signature is Signature.VALID
    assert push.headers["content-type"] == "application/json;charset=UTF-8"
    assert push.headers["user-agent"] == "maskline"
    assert "cookie" not in push.headers


async def test_each_call_keeps_its_order_while_its_receiver_flaps(site, names):
    receiver = await site.receiver("app", flapping(3, 2))
    for call in names("call", 20):
        events = [f"{call}/{number}" for number in range(5)]
        await site.write("app", *events, stream=call)
    # Tries enough that none of a hundred notices runs out of them by chance.
    async with site.running(schedule=RetrySchedule((0.02,) * 60)):
        await site.until_depth(0)
    accepted = defaultdict(list)
    for push_id in accepted_ids(receiver):
        call, _, number = push_id.partition("/")
        accepted[call].append(int(number))
    assert accepted == {call: [0, 1, 2, 3, 4] for call in names("call", 20)}


async def test_one_slow_receiver_among_twenty_delays_only_its_own(site, names):
    quick = [await site.receiver(f"quick{number}") for number in range(19)]
    await site.receiver("slow", silent())
    for number in range(50):
        await site.write("slow", f"slow-{number}")
    async with site.running(timeout_s=5.0) as plane:
        await asyncio.sleep(0.05)
        began = time.monotonic()
        for number in range(19):
            await site.write(f"quick{number}", *names(f"quick{number}", 20))
        plane.hint()
        for receiver in quick:
            await receiver.wait_for(lambda pushes: len(pushes) == 20)
        assert time.monotonic() - began < 4


async def test_sixty_records_are_two_messages_and_a_batch_keeps_its_id(site, names):
    receiver = await site.receiver("app", flapping(0, 1))
    await site.write("app", *names("r", 60), purpose=Purpose.RECORD)
    async with site.running():
        await receiver.wait_for(lambda pushes: len(pushes) >= 3)
        receiver.behaviour = accepting()
        await site.until_depth(0)
    by_id = defaultdict(set)
    for push in receiver.received:
        by_id[push.push_id].add(push.body)
    assert all(len(bodies) == 1 for bodies in by_id.values())
    sizes = sorted(len(body.split(b",")) for bodies in by_id.values() for body in bodies)
    assert sizes == [10, 50]


async def test_a_record_comes_after_the_events_of_its_call(site):
    receiver = await site.receiver("app", flapping(1, 1))
    await site.write("app", "callin", "disconnect", stream="s")
    await site.write("app", "record", stream="s", purpose=Purpose.RECORD)
    async with site.running():
        await site.until_depth(0)
    bodies = [push.body for push in receiver.received if push.answered == 200]
    assert bodies == [b"callin", b"disconnect", b"record"]


async def test_a_restart_in_the_middle_loses_nothing_and_keeps_ids(site, names):
    receiver = await site.receiver("app", slow(0.01))
    wanted = names("n", 200)
    await site.write("app", *wanted)
    crashing = asyncio.create_task(site.plane().run())
    await receiver.wait_for(lambda pushes: len(pushes) >= 50)
    crashing.cancel()
    await asyncio.gather(crashing, return_exceptions=True)
    await site.reopen()
    async with site.running():
        await site.until_depth(0)
    assert set(accepted_ids(receiver)) == set(wanted)
    assert all(push.push_id.encode() == push.body for push in receiver.received)


async def test_an_orderly_close_repeats_nothing(site, names):
    receiver = await site.receiver("app", slow(0.01))
    wanted = names("n", 100)
    await site.write("app", *wanted)
    async with site.running():
        await receiver.wait_for(lambda pushes: len(pushes) >= 30)
    await site.reopen()
    async with site.running():
        await site.until_depth(0)
    assert sorted(accepted_ids(receiver)) == wanted
    assert receiver.total == len(wanted)


@pytest.mark.parametrize("behaviour", [failing(500), failing(404), closing(), silent()])
async def test_what_is_not_accepted_is_tried_seven_times_then_given_up(site, behaviour):
    receiver = await site.receiver("app", behaviour)
    await site.write("app", "n1")
    async with site.running(timeout_s=0.05):
        await site.until_depth(0, dead=1)
    assert [push.push_id for push in receiver.received] == ["n1"] * 7


async def test_redirects_are_failures_and_never_followed(site):
    elsewhere = Receiver()
    await elsewhere.start()
    try:
        receiver = await site.receiver("app", redirecting(f"{elsewhere.url}/", 307))
        await site.write("app", "n1")
        async with site.running():
            await site.until_depth(0, dead=1)
        assert (receiver.total, elsewhere.total) == (7, 0)
    finally:
        await elsewhere.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_private_destinations_are_refused_before_a_connection(site, host):
    receiver = Receiver()
    await receiver.start()
    try:
        await site.add_application("app", f"http://{host}:{receiver.port}")
        await site.write("app", "n1")
        async with site.running(allow_private=False) as plane:
            await site.until_depth(0, dead=1)
        assert plane.counters.refused == 7
        assert receiver.total == 0
    finally:
        await receiver.close()


async def test_nobody_listening_is_a_failure(site):
    receiver = await site.receiver("app")
    await receiver.close()
    await site.write("app", "n1")
    async with site.running() as plane:
        await site.until_depth(0, dead=1)
    assert plane.counters.refused == 0


@pytest.mark.parametrize("status", [200, 204, 202])
async def test_any_success_status_is_accepted(site, status):
    receiver = await site.receiver("app", failing(status))
    await site.write("app", "n1")
    async with site.running():
        await site.until_depth(0)
    assert receiver.total == 1


async def test_an_oversize_answer_is_accepted_and_cut_off(site):
    answer = Answer(body=b"x" * 5_000_000)
    receiver = await site.receiver("app", lambda _push: answer)
    await site.write("app", "n1", "n2", stream="s")
    async with site.running():
        await site.until_depth(0)
    assert accepted_ids(receiver) == ["n1", "n2"]


async def test_a_connection_that_was_closed_while_idle_costs_no_retry(site):
    receiver = await site.receiver("app")
    async with site.running() as plane:
        for number in range(5):
            receiver.behaviour = accepting() if number % 2 == 0 else closing_once()
            await site.write("app", f"n{number}")
            await site.until_depth(0)
    assert plane.counters.failed == 0


def closing_once():
    """Hang up on the first push, as a server does that closes an idle connection."""
    answers = iter([Answer(status=None)])
    return lambda _push: next(answers, Answer())
