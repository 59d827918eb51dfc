"""`maskline recording` against a platform with real files and the download door."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
import uvicorn
from click.testing import CliRunner
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.unit.services.recording_world import World, make_world, sound

from maskline.api.recording_download import create_downloads
from maskline.cli import main
from maskline.commands.invocation import Invocation
from maskline.manage.app import create_manage
from maskline.manage.door import OperatorDoor
from maskline.manage.endpoints import build_endpoints, watched_endpoints
from maskline.services.administration import Administration
from maskline.services.directory import Directory
from maskline.services.ids import SystemIds

TOKEN = "token-of-the-operator"
SECONDS = 150.0  # long enough to show its progress

pytestmark = pytest.mark.network


class NoCalls:
    async def stop(self, session_id: str) -> bool:
        return False


@dataclass
class Platform:
    url: str
    world: World
    object_name: str

    def run(self, *arguments: str, code: int = 0, wants_json: bool = True) -> Any:
        invocation = Invocation(environ={"MASKLINE_DATA": "/none"}, url=self.url, token=TOKEN)
        line = ["recording", *arguments, *(["--json"] if wants_json else [])]
        result = CliRunner().invoke(main, line, obj=invocation)
        assert result.exit_code == code, result.output
        return json.loads(result.stdout) if wants_json else result.output


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    started = threading.Event()
    found: list[Platform] = []
    stop: list[Callable[[], None]] = []

    async def serve() -> None:
        world = await make_world(tmp_path / "recordings")
        row = await world.kept(await world.open_office(), SECONDS)
        server = uvicorn.Server(
            uvicorn.Config(_doors(world), port=0, log_config=None, lifespan="off")
        )
        stop.append(lambda: setattr(server, "should_exit", True))
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag only
            await asyncio.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        found.append(Platform(f"http://127.0.0.1:{port}", world, row.object_name))
        started.set()
        await task
        await world.aclose()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    with structlog.testing.capture_logs():  # server and client share this process's stdout
        thread.start()
        assert started.wait(10)
        yield found[0]
        stop[0]()
        thread.join(10)


def _doors(world: World) -> ASGIApp:
    archive, store, clock = world.archive(), world.directory, world.clock
    downloads = create_downloads(archive, world.links, clock)
    manage = create_manage(
        door=OperatorDoor(TOKEN),
        endpoints=build_endpoints(
            store=store,
            administration=Administration(store, Directory(store, clock), clock, SystemIds()),
            calls=NoCalls(),
            clock=clock,
            recordings=archive,
        ),
        watched=watched_endpoints(store, dict, "1"),
        version="1",
    )

    async def doors(scope: Scope, receive: Receive, send: Send) -> None:
        door = downloads if scope["path"].startswith("/recordings/") else manage
        await door(scope, receive, send)

    return doors


def test_recordings_are_listed_and_shown(platform: Platform):
    assert [one["object_name"] for one in platform.run("list")] == [platform.object_name]
    assert platform.run("list", "--app", "taxi") == []
    assert platform.run("show", platform.object_name)["duration_s"] == SECONDS
    assert platform.object_name in platform.run("list", wants_json=False)


def test_a_link_is_printed_alone(platform: Platform):
    made = platform.run("link", platform.object_name)
    assert made["url"] == "https://voice.example.com" + made["path"]


def test_a_recording_is_downloaded_whole(platform: Platform, tmp_path: Path):
    target = tmp_path / "call.wav"
    told = platform.run("download", platform.object_name, "-o", str(target))
    assert target.read_bytes() == sound(SECONDS)
    assert told == {
        "object_name": platform.object_name,
        "file": str(target),
        "size": len(sound(SECONDS)),
    }
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["call.wav"]


def test_a_file_that_is_there_is_replaced_only_when_told_to(platform: Platform, tmp_path: Path):
    target = tmp_path / "call.wav"
    target.write_bytes(b"mine")
    refused = platform.run("download", platform.object_name, "-o", str(target), code=1)
    assert "is there already" in refused["error"]["message"]
    assert target.read_bytes() == b"mine"
    platform.run("download", platform.object_name, "-o", str(target), "--force")
    assert len(target.read_bytes()) == len(sound(SECONDS))


def test_an_unknown_recording_is_refused_and_leaves_no_file(platform: Platform, tmp_path: Path):
    target = tmp_path / "call.wav"
    refused = platform.run("download", "other.wav", "-o", str(target), code=1)
    assert refused["error"]["code"] == "not_found"
    assert not target.exists()


def test_a_recording_is_deleted(platform: Platform):
    platform.run("delete", platform.object_name)
    assert platform.world.files() == []
    assert platform.run("list") == []


def test_deleting_asks_first(platform: Platform):
    platform.run("delete", platform.object_name, code=130, wants_json=False)
    assert platform.run("list") != []
    platform.run("delete", platform.object_name, "--yes", wants_json=False)
    assert platform.run("list") == []
