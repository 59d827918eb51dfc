"""The edge that we ship, in front of two call workers: only a killed worker's calls are lost."""

import asyncio
import time

import pytest
from tests.integration.edge.conftest import CALLS_PER_S
from tests.integration.edge.site import STRANGER, WORKERS, Site, until

pytestmark = [
    pytest.mark.sipp,
    pytest.mark.network,
    pytest.mark.enable_socket,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(240),
]


async def test_calls_are_shared_out_and_nobody_passes_for_another(site: Site):
    told = await (await site.call(20, per_s=20, talk_ms=200)).finish()
    assert told.lost == set()
    assert {*told.stood.values()} == set(WORKERS)
    assert await site.edge.ask() == "SIP/2.0 200 OK"
    by_tcp = await (await site.call(5, per_s=20, talk_ms=200, transport="tcp")).finish()
    assert len(by_tcp.ended) == 5
    strange = await site.call(3, per_s=20, talk_ms=200, source=STRANGER)
    assert (await strange.finish()).stood == {}


async def test_a_flood_of_calls_is_cut_off_and_the_calls_that_were_taken_end_well(site: Site):
    told = await (await site.call(200, per_s=400, talk_ms=500)).finish()
    # The edge counts by the second of its clock, and may have seen one more than the callers did.
    seconds = len({int(began) for began in told.began.values()}) + 1
    assert 0 < len(told.stood) <= seconds * CALLS_PER_S < 200
    assert told.ended == set(told.stood)
    await asyncio.sleep(1.0)  # calls of the same second would still be too many


async def test_a_draining_worker_gets_no_new_calls_and_loses_none(site: Site):
    draining, other = site.workers
    callers = await site.call(60, per_s=15, talk_ms=3500)
    await until(lambda: len(callers.told.of(draining.address)) > 3, "calls of both")
    draining.drain()
    await site.edge.until_active(other.address)
    assert draining.is_running
    drained_at = time.time()
    told = await callers.finish()
    assert told.lost == set()
    late = told.since(drained_at)
    assert late
    assert late <= told.of(other.address)
    assert await draining.ended() == 0


async def test_a_killed_worker_costs_its_own_calls_and_no_others(site: Site):
    victim, other = site.workers
    records = await other.records()
    callers = await site.call(120, per_s=15, talk_ms=1500)
    await until(lambda: len(callers.told.began) > 40, "calls")
    before, killed_at = callers.told, time.time()
    await victim.kill()
    told = await callers.finish()
    talking = set(before.stood) - before.ended
    assert talking & before.of(victim.address)
    assert talking & before.of(other.address) <= told.ended
    assert told.of(other.address) <= told.ended
    assert told.since(killed_at)
    assert told.since(killed_at) <= told.ended
    # What is lost was the victim's: it talked, or the victim had begun with it.
    assert {told.stood.get(call, victim.address) for call in told.lost} == {victim.address}
    await other.until_records(records + len(told.of(other.address)))
    assert await site.edge.active() == {other.address}
