from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.unit.manage.operating import TOKEN, Answer, Calls, Operator
from tests.unit.services.recording_world import World, call, make_world

from maskline.domain.recording import Recording
from maskline.manage.app import create_manage
from maskline.manage.door import OperatorDoor
from maskline.manage.endpoints import build_endpoints, watched_endpoints
from maskline.services.administration import Administration
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds


@dataclass
class Office:
    """An operator beside a world of recordings."""

    world: World
    operator: Operator
    recording: Recording

    async def ask(self, method: str, path: str) -> Answer:
        return await self.operator.ask(method, f"/manage/v1/recordings{path}")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    world = await make_world(tmp_path / "recordings")
    store, clock, calls = world.directory, world.clock, Calls()
    app = create_manage(
        door=OperatorDoor(TOKEN),
        endpoints=build_endpoints(
            store=store,
            administration=Administration(store, Directory(store, clock), clock, SystemIds()),
            calls=calls,
            clock=clock,
            recordings=world.archive(),
        ),
        watched=watched_endpoints(store, dict, "1"),
        version="1",
    )
    row = await world.kept(await world.open_office(), 5.0)
    yield Office(world, Operator(app, store, calls, clock, {}), row)
    await world.aclose()


async def test_recordings_are_listed(office: Office):
    answer = await office.ask("GET", "")
    assert answer.status == 200
    assert answer.json["next"] is None
    assert answer.json["items"] == [
        {
            "object_name": office.recording.object_name,
            "bucket": office.recording.bucket,
            "domain": "rec01.example.com",
            "app_key": "shop",
            "tenant_id": "Demo_1",
            "session_id": "session-1",
            "state": "kept",
            "started_at": "2026-11-20T08:00:00Z",
            "duration_s": 5.0,
            "size": 40000,
            "expires_at": "2026-12-20T08:00:00Z",
        }
    ]


@pytest.mark.parametrize(
    ("query", "amount"),
    [
        ("?app_key=shop", 1),
        ("?app_key=taxi", 0),
        ("?session_id=session-1&state=kept", 1),
        ("?state=writing", 0),
        ("?since=2026-11-20T16:00:00%2B08:00", 1),
        ("?since=2026-11-20T08:00:01Z", 0),
        ("?until=2026-11-20T08:00:00Z", 0),
    ],
)
async def test_a_list_is_narrowed(office: Office, query: str, amount: int):
    assert len((await office.ask("GET", query)).json["items"]) == amount


async def test_a_time_without_offset_is_refused(office: Office):
    answer = await office.ask("GET", "?since=2026-11-20T08:00:00")
    assert (answer.status, answer.error["field"]) == (400, "since")


async def test_one_recording_is_shown(office: Office):
    answer = await office.ask("GET", f"/{office.recording.object_name}")
    assert answer.json["session_id"] == "session-1"
    assert (await office.ask("GET", "/other.wav")).status == 404


async def test_a_link_is_made(office: Office):
    answer = await office.ask("POST", f"/{office.recording.object_name}/link")
    assert answer.status == 200
    made = answer.json
    assert made["url"].startswith("https://voice.example.com/recordings/")
    assert made["path"] == urlsplit(made["url"]).path
    assert made["expires_at"] == "2026-11-23T08:00:00Z"
    link = office.world.links.open(made["path"].rpartition("/")[2])
    assert link is not None
    assert (link.app_key, link.object_name) == ("shop", office.recording.object_name)


async def test_a_recording_is_deleted_with_its_bytes(office: Office):
    answer = await office.ask("DELETE", f"/{office.recording.object_name}")
    assert answer.status == 204
    assert office.world.files() == []
    assert (await office.ask("GET", f"/{office.recording.object_name}")).status == 404


@pytest.mark.parametrize(("method", "suffix"), [("POST", "/link"), ("DELETE", "")])
async def test_what_is_being_written_is_neither_linked_to_nor_deleted(
    office: Office, method: str, suffix: str
):
    new = await office.world.offices[0].begin(call())
    answer = await office.ask(method, f"/{new.recording.object_name}{suffix}")
    assert answer.status == 409
    assert "still being written" in answer.error["message"]


async def test_the_description_names_the_endpoints(office: Office):
    answer = await office.operator.ask("GET", "/manage/v1/openapi.json", token=None)
    assert "/manage/v1/recordings/{object_name}/link" in answer.json["paths"]
