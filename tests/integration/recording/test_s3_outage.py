"""An S3 service that goes away: calls don't notice, recordings arrive when it is back."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
import structlog
from moto.server import ThreadedMotoServer
from tests.unit.services.recording_world import World, Written, make_world, settled, sound, until

from maskline.domain.recording import RecordingState
from maskline.services import recording_keeper
from maskline.storages.s3 import S3Settings, S3Storage

pytestmark = pytest.mark.network


@dataclass
class Service:
    """An S3 service that can be stopped and started on one port; what it holds stays."""

    server: ThreadedMotoServer
    endpoint: str

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        port = int(self.endpoint.rpartition(":")[2])
        self.server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
        self.server.start()


@pytest.fixture
def service() -> Service:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    access = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **access)
    client.create_bucket(Bucket="calls")
    client.close()
    return Service(server, endpoint)


@pytest.fixture
async def world(service: Service, tmp_path: Path) -> AsyncIterator[World]:
    world = await make_world(tmp_path / "recordings")
    await world.storage.aclose()
    settings = S3Settings(
        endpoint=service.endpoint,
        bucket="calls",
        access_key="key",
        secret_key="secret",
        region="us-east-1",
        tries=1,
    )
    world.storage = S3Storage(settings)  # type: ignore[assignment] - another storage
    await world.storage.start()
    yield world
    await world.aclose()
    service.stop()


async def test_recordings_wait_in_the_spool_until_the_service_is_back(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recording_keeper, "FIRST_RETRY_S", 0.05)
    office = await world.open_office()
    service.stop()
    paths = [await world.written(office, 5.0) for _ in range(6)]
    with structlog.testing.capture_logs() as logs:
        for path in paths:
            office.done(Written(str(path), 5.0))
        await until(lambda: len(logs) >= len(paths))
        assert {log["event"] for log in logs} == {"recording not kept yet"}
        assert all(path.exists() for path in paths)
        service.start()
        await settled(office)
    assert world.files() == []
    assert {row.state for row in world.rows.rows.values()} == {RecordingState.KEPT}
    opened = await world.archive().open("shop", paths[0].name)
    assert await opened.read(100, 30_000) == sound(5.0)[100:30_100]


async def test_the_loop_goes_on_while_the_service_hangs():
    silent = socket.create_server(("127.0.0.1", 0))  # takes connections and never answers
    port = silent.getsockname()[1]
    storage = S3Storage(
        S3Settings(
            endpoint=f"http://127.0.0.1:{port}",
            bucket="calls",
            access_key="key",
            secret_key="secret",
            region="us-east-1",
            read_s=0.3,
            tries=1,
        )
    )
    loop = asyncio.get_running_loop()
    asked = asyncio.ensure_future(storage.size("sp-demo", "1.wav"))
    longest, before = 0.0, loop.time()
    while not asked.done():
        await asyncio.sleep(0.001)
        longest, before = max(longest, loop.time() - before), loop.time()
    assert asked.exception() is not None
    assert longest < 0.25
    await storage.aclose()
    silent.close()
