"""Recordings in a bucket of an S3-compatible service."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import structlog

from maskline.services.recording import StorageFailed
from maskline.storages.name import place

if TYPE_CHECKING:
    from minio import Minio

_ENDPOINT = re.compile(r"https?://[^/?#@\s]+/?")

Result = TypeVar("Result")

log = structlog.get_logger("recording")


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Settings:
    """Where the bucket is, and how long it may take.

    `endpoint` is `http://` or `https://` with host and port. `requests` is how many are made at
    once. `connect_s` and `read_s` bound each wait for the service, `tries` how often one request
    is made before the storage counts as failed. Raises ValueError for an `endpoint` that is none.
    """

    endpoint: str
    bucket: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    region: str = ""
    requests: int = 8
    connect_s: float = 3.0
    read_s: float = 20.0
    tries: int = 2

    def __post_init__(self) -> None:
        if _ENDPOINT.fullmatch(self.endpoint) is None:
            raise ValueError("s3_endpoint must be http:// or https:// with host and port alone")


class S3Storage:
    """`RecordingStorage` as objects `<bucket>/<day>/<object name>` in one bucket.

    Needs the `s3` extra. Deletion is real only where the bucket keeps no versions.
    """

    def __init__(self, settings: S3Settings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.requests, "recording-s3")
        self._client: Minio | None = None

    async def start(self) -> None:
        """See the seam. A service that does not answer now is no reason not to start."""
        await self._run(self._check)

    async def aclose(self) -> None:
        """See the seam."""
        self._threads.shutdown(wait=False)

    async def keep(self, path: Path, bucket: str, object_name: str) -> None:
        """See the seam."""
        await self._run(self._upload, path, _key(bucket, object_name))

    async def size(self, bucket: str, object_name: str) -> int | None:
        """See the seam."""
        return await self._run(self._size, _key(bucket, object_name))

    async def read(self, bucket: str, object_name: str, start: int, size: int) -> bytes:
        """See the seam."""
        return await self._run(self._read, _key(bucket, object_name), start, size)

    async def remove(self, bucket: str, object_name: str) -> None:
        """See the seam."""
        await self._run(self._remove, _key(bucket, object_name))

    def _check(self) -> None:
        client = self._connected()
        from minio.error import S3Error  # noqa: PLC0415 - an optional extra

        try:
            exists = client.bucket_exists(self._settings.bucket)
        except S3Error:
            raise
        except Exception as error:  # noqa: BLE001 - no answer, in the words of three libraries
            log.warning("the S3 service does not answer", error=type(error).__name__)
            return
        if not exists:
            raise StorageFailed(f"there is no bucket {self._settings.bucket}")

    def _upload(self, path: Path, key: str) -> None:
        if not path.exists() and self._size(key) is not None:
            return
        self._connected().fput_object(self._settings.bucket, key, str(path))
        path.unlink()

    def _size(self, key: str) -> int | None:
        from minio.error import S3Error  # noqa: PLC0415 - an optional extra

        try:
            return self._connected().stat_object(self._settings.bucket, key).size
        except S3Error as error:
            if error.code in {"NoSuchKey", "NoSuchObject"}:
                return None
            raise

    def _read(self, key: str, start: int, size: int) -> bytes:
        answer = self._connected().get_object(self._settings.bucket, key, offset=start, length=size)
        try:
            return answer.read()
        finally:
            answer.close()
            answer.release_conn()

    def _remove(self, key: str) -> None:
        self._connected().remove_object(self._settings.bucket, key)

    def _connected(self) -> "Minio":
        if self._client is None:
            self._client = _connect(self._settings)
        return self._client

    async def _run(self, work: Callable[..., Result], *arguments: object) -> Result:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, work, *arguments)
        except StorageFailed:
            raise
        except Exception as error:
            # Three libraries raise here without a common root: minio, urllib3 and the system.
            raise StorageFailed(f"the bucket {self._settings.bucket} failed") from error


def _connect(settings: S3Settings) -> "Minio":
    try:
        import urllib3  # noqa: PLC0415 - an optional extra
        from minio import Minio  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise StorageFailed("recording.storage = s3 needs maskline[s3]") from error
    where = urlsplit(settings.endpoint)
    return Minio(
        where.netloc,
        access_key=settings.access_key,
        secret_key=settings.secret_key,
        region=settings.region or None,
        secure=where.scheme == "https",
        http_client=urllib3.PoolManager(
            maxsize=settings.requests,
            timeout=urllib3.Timeout(connect=settings.connect_s, read=settings.read_s),
            retries=urllib3.Retry(
                total=settings.tries - 1, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)
            ),
        ),
    )


def _key(bucket: str, object_name: str) -> str:
    return "/".join(place(bucket, object_name))
