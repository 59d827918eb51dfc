from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from maskline.services.recording import RecordingStorage
from maskline.storages.local import LocalStorage
from maskline.storages.s3 import S3Settings, S3Storage

BUCKET = "recordings"


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    ).create_bucket(Bucket=BUCKET)
    yield endpoint
    server.stop()


@pytest.fixture
def s3_settings(s3_endpoint: str) -> S3Settings:
    return S3Settings(
        endpoint=s3_endpoint,
        bucket=BUCKET,
        access_key="key",
        secret_key="secret",
        region="us-east-1",
        connect_s=1.0,
        read_s=5.0,
        tries=1,
    )


@pytest.fixture(params=["local", "s3"])
async def storage(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[RecordingStorage]:
    storage: RecordingStorage = (
        LocalStorage(tmp_path / "recordings")
        if request.param == "local"
        else S3Storage(request.getfixturevalue("s3_settings"))
    )
    await storage.start()
    yield storage
    await storage.aclose()
