import time
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from maskline.services.recording import StorageFailed
from maskline.storages.s3 import S3Settings, S3Storage

pytestmark = pytest.mark.network
NAME = "261120080000" + "7" * 20 + ".wav"


async def test_a_bucket_that_is_not_there_is_told_at_the_start(s3_settings: S3Settings):
    storage = S3Storage(replace(s3_settings, bucket="nowhere"))
    with pytest.raises(StorageFailed, match="there is no bucket nowhere"):
        await storage.start()
    await storage.aclose()


async def test_a_service_that_is_down_does_not_stop_the_start(s3_settings: S3Settings):
    storage = S3Storage(replace(s3_settings, endpoint="http://127.0.0.1:1"))
    with structlog.testing.capture_logs() as logs:
        await storage.start()
    assert [log["event"] for log in logs] == ["the S3 service does not answer"]
    await storage.aclose()


async def test_an_outage_leaves_the_file_where_it_is(s3_settings: S3Settings, tmp_path: Path):
    storage = S3Storage(replace(s3_settings, endpoint="http://127.0.0.1:1"))
    path = tmp_path / NAME
    path.write_bytes(b"sealed")
    started = time.monotonic()
    with pytest.raises(StorageFailed):
        await storage.keep(path, "sp-demo", NAME)
    assert path.read_bytes() == b"sealed"
    assert time.monotonic() - started < 5
    await storage.aclose()


def test_keys_are_not_shown(s3_settings: S3Settings):
    assert "secret" not in repr(s3_settings).replace("secret_key", "")


@pytest.mark.parametrize(
    "endpoint", ["s3.example.com:9000", "http://", "ftp://s3", "https://s3/path", "https://a@s3"]
)
def test_an_endpoint_that_is_none_is_refused(s3_settings: S3Settings, endpoint: str):
    with pytest.raises(ValueError, match="s3_endpoint"):
        replace(s3_settings, endpoint=endpoint)
