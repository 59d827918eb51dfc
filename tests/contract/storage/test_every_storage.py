import asyncio
import os
import uuid
from pathlib import Path

import pytest

from maskline.services.recording import RecordingStorage, StorageFailed

pytestmark = pytest.mark.network
CONTENT = bytes(range(256)) * 400


@pytest.fixture
def name() -> str:
    return f"261120080000{uuid.uuid4().int % 10**20:020d}.wav"


def spooled(folder: Path, name: str, content: bytes = CONTENT) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


async def test_a_file_that_was_kept_is_taken_over(
    storage: RecordingStorage, tmp_path: Path, name: str
):
    path = spooled(tmp_path, name)
    await storage.keep(path, "sp-demo", name)
    assert not path.exists()
    assert await storage.size("sp-demo", name) == len(CONTENT)
    assert await storage.read("sp-demo", name, 0, len(CONTENT)) == CONTENT


@pytest.mark.parametrize(("start", "size"), [(0, 1), (255, 3), (1000, 70_000), (102_399, 1)])
async def test_a_piece_of_a_file_can_be_read(
    storage: RecordingStorage, tmp_path: Path, name: str, start: int, size: int
):
    await storage.keep(spooled(tmp_path, name), "sp-demo", name)
    assert await storage.read("sp-demo", name, start, size) == CONTENT[start : start + size]


async def test_reading_past_the_end_gives_what_there_is(
    storage: RecordingStorage, tmp_path: Path, name: str
):
    await storage.keep(spooled(tmp_path, name), "sp-demo", name)
    assert await storage.read("sp-demo", name, len(CONTENT) - 5, 100) == CONTENT[-5:]


async def test_keeping_again_after_a_crash_is_fine(
    storage: RecordingStorage, tmp_path: Path, name: str
):
    path = spooled(tmp_path, name)
    await storage.keep(path, "sp-demo", name)
    await storage.keep(path, "sp-demo", name)
    spooled(tmp_path, name)
    await storage.keep(path, "sp-demo", name)
    assert not path.exists()
    assert await storage.size("sp-demo", name) == len(CONTENT)


async def test_a_file_that_is_nowhere_cannot_be_kept(
    storage: RecordingStorage, tmp_path: Path, name: str
):
    with pytest.raises(StorageFailed):
        await storage.keep(tmp_path / name, "sp-demo", name)


async def test_a_removed_file_is_gone_for_good(
    storage: RecordingStorage, tmp_path: Path, name: str
):
    await storage.keep(spooled(tmp_path, name), "sp-demo", name)
    await storage.remove("sp-demo", name)
    assert await storage.size("sp-demo", name) is None
    with pytest.raises(StorageFailed):
        await storage.read("sp-demo", name, 0, 10)
    assert not any(name in file for _, _, files in os.walk(tmp_path) for file in files)


async def test_removing_what_is_not_there_is_no_error(storage: RecordingStorage, name: str):
    await storage.remove("sp-demo", name)


async def test_buckets_and_names_are_apart(storage: RecordingStorage, tmp_path: Path, name: str):
    await storage.keep(spooled(tmp_path, name), "sp-one", name)
    assert await storage.size("sp-two", name) is None
    assert await storage.size("sp-one", "261120080000" + "1" * 20 + ".wav") is None


@pytest.mark.parametrize(
    "bad", ["", ".", "..", "../x", "a/b", "/etc/passwd", "a\0b", "a\\b", "ä", "x" * 129, "a\n"]
)
async def test_a_name_can_never_lead_out_of_the_storage(
    storage: RecordingStorage, tmp_path: Path, name: str, bad: str
):
    path = spooled(tmp_path, name)
    for bucket, object_name in ((bad, name), ("sp-demo", bad)):
        with pytest.raises(StorageFailed):
            await storage.keep(path, bucket, object_name)
        with pytest.raises(StorageFailed):
            await storage.read(bucket, object_name, 0, 1)
        with pytest.raises(StorageFailed):
            await storage.size(bucket, object_name)
        with pytest.raises(StorageFailed):
            await storage.remove(bucket, object_name)
    assert path.exists()


async def test_many_at_once_are_served(storage: RecordingStorage, tmp_path: Path):
    names = [f"2611200800{number:022d}.wav" for number in range(30)]
    await asyncio.gather(
        *(storage.keep(spooled(tmp_path, one, one.encode()), "sp-demo", one) for one in names)
    )
    read = await asyncio.gather(*(storage.read("sp-demo", one, 0, 100) for one in names))
    assert read == [one.encode() for one in names]


async def test_it_may_be_closed_twice(storage: RecordingStorage):
    await storage.aclose()
    await storage.aclose()
