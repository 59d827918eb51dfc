"""A file holds what its list shows: both ask the store for the same rows, filter by filter."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from tests.unit.manage.job_world import JobWorld
from tests.unit.manage.operating import A, Calls, X

from maskline.domain.access import CallerKind, Right
from maskline.manage.directory import DirectoryEndpoints
from maskline.manage.endpoint import Endpoint
from maskline.manage.export_list import LISTS, NO_FILTERS
from maskline.manage.ledger import LedgerEndpoints
from maskline.manage.message import MessageEndpoints
from maskline.manage.push import PushEndpoints
from maskline.manage.statistics import StatisticsEndpoints, StatisticsQuery
from maskline.manage.traffic import TrafficEndpoints
from maskline.services.clock import SteppedClock
from maskline.services.export_source import ExportKind
from maskline.services.push_desk import PushDesk
from maskline.services.statistics import Statistics
from maskline.stores.memory import MemoryStore

EXPORTS = "/manage/v1/exports"
SINCE, UNTIL = "2026-11-19T08:00:00+08:00", "2026-11-20T08:00:00+08:00"
TIMES = {"since": SINCE, "until": UNTIL}
WHO = "who"
"""Stands for the token of A: the list is asked for A itself."""

SAMPLES: Mapping[ExportKind, Mapping[str, Any]] = {
    ExportKind.RECORDS: {
        **TIMES,
        "app_key": "app-1",
        "x": X,
        "session_id": "s1",
        "party": A,
        "who": WHO,
        "mode": "axe",
        "outcome": "failed",
        "release": 16,
        "caller_role": "B",
        "has_recording": False,
        "min_talk_s": 60,
    },
    ExportKind.MESSAGES: {
        **TIMES,
        "app_key": "app-1",
        "x": X,
        "party": A,
        "who": WHO,
        "state": "waiting",
        "result": "no_binding",
    },
    ExportKind.BINDINGS: {
        "app_key": "app-1",
        "x": X,
        "party": A,
        "who": WHO,
        "mode": "yb",
        "expires_before": UNTIL,
        "order": "newest",
    },
    ExportKind.ENDED_BINDINGS: {
        **TIMES,
        "app_key": "app-1",
        "binding_id": "b1",
        "mode": "axyb",
        "x": X,
        "y": X,
        "party": A,
        "who": WHO,
    },
    ExportKind.NUMBERS: {
        "app_key": "app-1",
        "state": "paused",
        "area_code": "0755",
        "prefix": "+86170",
        "may_message": False,
        "is_free": True,
    },
    ExportKind.PUSHES: {
        **TIMES,
        "app_key": "app-1",
        "purpose": "record",
        "state": "dead",
        "session_id": "s1",
        "x": X,
        "push_id": "p1",
        "result": "5xx",
    },
    ExportKind.STATISTICS: {**TIMES, "app_key": "app-1"},
    ExportKind.LEDGER: {**TIMES, "kind": "rent", "app_key": "app-1", "x": X},
    ExportKind.STATEMENT: {"month": "2026-10"},
}
"""A value of every filter."""

READS = {
    ExportKind.RECORDS: ("/records", "call_records"),
    ExportKind.MESSAGES: ("/messages", "messages"),
    ExportKind.BINDINGS: ("/bindings", "bindings"),
    ExportKind.ENDED_BINDINGS: ("/ended-bindings", "ended_bindings"),
    ExportKind.NUMBERS: ("/numbers", "numbers"),
    ExportKind.PUSHES: ("/pushes", "pushes"),
    ExportKind.STATISTICS: ("/statistics", "tallies"),
    ExportKind.LEDGER: ("/postings", "postings"),
    ExportKind.STATEMENT: ("/statements", "statement"),
}
"""The list of each kind, and what it reads of the store."""


def _lists(store: MemoryStore, clock: SteppedClock) -> Sequence[Endpoint]:
    not_asked: Any = None
    desk = PushDesk(store, not_asked, not_asked, clock)
    return (
        *DirectoryEndpoints(store, not_asked).endpoints(),
        *TrafficEndpoints(store, Calls(), clock).endpoints(),
        *MessageEndpoints(store).endpoints(),
        *PushEndpoints(store, desk, not_asked, not_asked).endpoints(),
        *LedgerEndpoints(store, clock, ZoneInfo("Asia/Shanghai")).endpoints(),
        *StatisticsEndpoints(Statistics(store, clock), clock).endpoints(),
    )


class Asking:
    """What the store is asked for by a list and by its export."""

    def __init__(self, world: JobWorld, kind: ExportKind, patch: pytest.MonkeyPatch) -> None:
        self._world, self._kind = world, kind
        self._path, name = READS[kind]
        self._seen = list[Any]()
        read = getattr(world.store, name)

        async def spied(wanted: Any, *page: Any) -> Any:
            self._seen.append(wanted)
            return await read(wanted, *page)

        patch.setattr(world.store, name, spied)

    async def by_list(self, **given: Any) -> Any:
        texts = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in given.items()
        }
        path = f"/manage/v1{self._path}?{urlencode(texts)}"
        answer = await self._world.operator.ask("GET", path)
        assert answer.status == 200, answer.content
        return self._last(given)

    async def by_export(self, **given: Any) -> Any:
        order = {"kind": self._kind, "filter": given, "format": "csv"}
        answer = await self._world.operator.ask("POST", EXPORTS, order)
        assert answer.status == 202, answer.content
        job = await self._world.until(f"/manage/v1/jobs/{answer.json['job_id']}", "done", "failed")
        assert job["error"] is None
        return self._last(given)

    def _last(self, given: Mapping[str, Any]) -> Any:
        """The filter but for whose it is, and for the end that an export has in any case."""
        seen, self._seen[:] = self._seen[-1], []
        assert "until" in given or getattr(seen, "until", None) in {None, self._world.clock.now()}
        if hasattr(seen, "until") and "until" not in given:
            seen = replace(seen, until=self._world.clock.now())
        owner = "app_keys" if hasattr(seen, "app_keys") else "tenant_id"
        return replace(seen, **{owner: None})


@pytest.fixture
async def world(tmp_path: Path) -> JobWorld:
    world = JobWorld(tmp_path, _lists)
    await world.fill()
    return world


@pytest.mark.parametrize("kind", [one for one in ExportKind if one is not ExportKind.STATEMENT])
async def test_an_export_takes_every_filter_of_its_list_and_means_the_same(
    world: JobWorld, kind: ExportKind, monkeypatch: pytest.MonkeyPatch
):
    asking = Asking(world, kind, monkeypatch)
    token = world.tokens.seal(A, world.door.caller.mark).text
    async with world.running():
        unfiltered = await asking.by_export()
        for name, value in SAMPLES[kind].items():
            listed = {"party": A} if value == WHO else {name: value}
            exported = {name: token if value == WHO else value}
            wanted = await asking.by_export(**exported)
            assert wanted == await asking.by_list(**listed), name
            assert wanted != unfiltered, name


@pytest.mark.parametrize("kind", ExportKind)
async def test_who_may_not_see_a_list_does_not_export_it(world: JobWorld, kind: ExportKind):
    seen = READS[kind][0]
    [lists] = [
        one for one in _lists(world.store, world.clock) if one.path == seen and one.method == "GET"
    ]
    world.door.caller = replace(world.door.caller, rights=frozenset({Right.EXPORT_CREATE}))
    answer = await world.operator.ask("POST", EXPORTS, {"kind": kind})
    assert (answer.status, answer.error["field"]) == (400, "kind")
    assert str(lists.right) in answer.error["message"]


@pytest.mark.parametrize("kind", ExportKind)
def test_every_filter_of_every_list_has_a_sample_here(kind: ExportKind):
    query = StatisticsQuery if kind is ExportKind.STATISTICS else LISTS[kind].query
    elsewhere = {"kind", "by", "step", "zone"} if query is StatisticsQuery else NO_FILTERS
    assert set(SAMPLES[kind]) == set(query.__struct_fields__) - elsewhere - {"tenant_id"}


async def test_filters_are_taken_as_texts_too_as_addresses_have_them(
    world: JobWorld, monkeypatch: pytest.MonkeyPatch
):
    asking = Asking(world, ExportKind.RECORDS, monkeypatch)
    async with world.running():
        wanted = await asking.by_export(release="16", has_recording="true", party=None)
    assert (wanted.release, wanted.has_recording, wanted.party) == (16, True, None)


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("records", {"outcome": "splendid"}, "filter.outcome"),
        ("records", {"min_talk_s": -1}, "filter.min_talk_s"),
        ("records", {"x": "170"}, "filter.x"),
        ("records", {"limit": 5}, "filter.limit"),
        ("records", {"who": "nl_nobodys"}, "filter.who"),
        ("bindings", {"expires_before": "2026-01-01T00:00:00"}, "filter.expires_before"),
        ("messages", {"outcome": "failed"}, "filter.outcome"),
        ("pushes", {"x": X, "session_id": "s1"}, "filter.x"),
        ("statistics", {"x": X}, "filter.x"),
        ("ledger", {"kind": "gift"}, "filter.kind"),
        ("statement", {"tenant_id": "t1", "month": "2026-13"}, "filter.month"),
        ("statement", {"tenant_id": "t2"}, "filter.tenant_id"),
    ],
)
async def test_what_the_list_refuses_its_export_refuses_too(
    world: JobWorld, kind: str, given: dict[str, Any], field: str
):
    answer = await world.operator.ask("POST", EXPORTS, {"kind": kind, "filter": given})
    assert (answer.status, answer.error["field"]) == (400, field)


async def test_people_ask_for_a_number_by_its_token_and_the_file_shows_it_masked(world: JobWorld):
    caller = world.door.caller = replace(world.door.caller, kind=CallerKind.USER)
    plain = {"kind": "records", "filter": {"party": A}, "format": "csv"}
    refused = await world.operator.ask("POST", EXPORTS, plain)
    assert (refused.status, refused.error["field"]) == (400, "filter.party")
    order = {**plain, "filter": {"who": world.tokens.seal(A, caller.mark).text}}
    async with world.running():
        job_id = (await world.operator.ask("POST", EXPORTS, order)).json["job_id"]
        await world.until(f"/manage/v1/jobs/{job_id}", "done")
    file = await world.operator.ask("GET", f"/manage/v1/jobs/{job_id}/file")
    assert '{""party"":""139 **** 1001""}' in file.content.decode()
