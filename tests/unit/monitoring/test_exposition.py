import re
from pathlib import Path

import pytest
from tests.unit.monitoring.watched import count_some, notice, watch

from maskline.domain.error import StoreFailed
from maskline.services.measure import MAX_NAMED, OTHER, Durations, NamedDurations
from maskline.stores.memory.outbox import enqueue

DEPLOY = Path(__file__).parents[3] / "deploy"
NAME = re.compile(r"\b(?:maskline|process|python)_[a-z_]+\b")


async def test_counts_are_shown_as_prometheus_reads_them():
    watched = await watch()
    count_some(watched)
    assert await watched.value('maskline_calls_ended_total{code="8014",mode="axb"}') == 2
    assert await watched.value("maskline_live_calls") == 3
    assert await watched.value('maskline_api_results_total{code="0",operation="bindAxb"}') == 1
    assert await watched.value('maskline_trunk_up{trunk="carrier"}') == 1
    assert await watched.value("maskline_media_up") == 0
    assert await watched.value("maskline_journal_waiting_calls") == 2
    assert await watched.value('maskline_journal_facts_total{outcome="kept"}') == 3
    assert await watched.value('maskline_media_packets_total{kind="lost"}') == 2
    assert await watched.value('maskline_build_info{version="1.2.3"}') == 1


async def test_messages_and_their_links_are_shown():
    watched = await watch()
    count_some(watched)
    assert await watched.value('maskline_sms_link_up{link="centre"}') == 1
    assert await watched.value('maskline_sms_link_up{link="other"}') == 0
    assert await watched.value('maskline_sms_link_waiting{link="centre"}') == 2
    assert await watched.value('maskline_messages_done_total{result="0"}') == 1
    assert await watched.value('maskline_message_parts_total{fate="taken"}') == 3


async def test_a_histogram_counts_upwards_to_all():
    watched = await watch()
    count_some(watched)
    series = 'maskline_call_route_seconds_bucket{le="%s"}'
    assert await watched.value(series % "0.001") == 0
    assert await watched.value(series % "0.0025") == 1
    assert await watched.value(series % "+Inf") == 1
    assert await watched.value("maskline_call_route_seconds_sum") == pytest.approx(0.002)


async def test_the_queue_is_looked_at_every_few_seconds_only():
    watched = await watch()
    assert await watched.value("maskline_outbox_waiting") == 0
    enqueue(watched.store._tables, [notice()])
    assert await watched.value("maskline_outbox_waiting") == 0
    watched.clock.step(30)
    assert await watched.value("maskline_outbox_waiting") == 1
    assert await watched.value("maskline_outbox_overdue_seconds") == 30


async def test_a_store_that_fails_is_shown_and_spoils_nothing_else(monkeypatch):
    watched = await watch()

    async def fail() -> None:
        raise StoreFailed

    monkeypatch.setattr(watched.store, "outbox_depth", fail)
    assert await watched.value("maskline_store_up") == 0
    assert await watched.value("maskline_live_calls") == 3


async def test_two_processes_in_one_share_nothing():
    one, other = await watch(), await watch()
    count_some(one)
    assert not [line for line in await other.lines() if "8014" in line]


@pytest.mark.parametrize("file", ["grafana/maskline.json", "prometheus/alerts.yml"])
async def test_what_dashboard_and_alerts_name_exists(file: str):
    watched = await watch()
    count_some(watched)
    shown = {re.split(r"[{ ]", line)[0] for line in await watched.lines() if line[:1] != "#"}
    text = (DEPLOY / file).read_text()
    named = {name for line in text.splitlines() if "expr" in line for name in NAME.findall(line)}
    assert len(named) > 10
    assert named <= shown


def test_names_are_bounded():
    named = NamedDurations()
    for number in range(MAX_NAMED + 5):
        named.add(f"n{number}", 0.1)
    assert len(named.by_name) == MAX_NAMED + 1
    assert sum(named.by_name[OTHER].counts) == 5


def test_a_duration_of_exactly_a_bound_is_within_it():
    durations = Durations((1.0, 2.0))
    for seconds in (1.0, 1.5, 9.0):
        durations.add(seconds)
    assert durations.counts == [1, 1, 1]
