"""From a file that is being written to a WAV file in an ordinary player, over real sockets."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import soundfile
import structlog
import uvicorn
from tests.unit.services.recording_world import World, Written, call, make_world, settled

from maskline.api.recording_download import DownloadLimits, create_downloads
from maskline.domain.recording import Recording
from maskline.http_server import BoundedHttp, HttpServer
from maskline.protocols.recording import Cipher, SegmentSealer, read_head
from maskline.protocols.recording.head import SEGMENT_FRAMES
from maskline.services.recording_archive import RecordingArchive
from maskline.services.recording_office import RecordingOffice
from maskline.storages.seal import TenantSeal
from maskline.stores.keys import FixedKeys

pytestmark = pytest.mark.network
SECONDS = 61.37
AUDIO = bytes((number * 7 + number // 8000) % 256 for number in range(round(SECONDS * 8000)))


@dataclass
class Stage:
    world: World
    office: RecordingOffice
    archive: RecordingArchive
    http: aiohttp.ClientSession
    base: str
    limits: DownloadLimits

    async def write(self, audio: bytes, *, is_finished: bool = True) -> Path:
        """Write a recording as the recorder does."""
        new = await self.office.begin(call())
        head = read_head(new.head)
        sealer = SegmentSealer(head, new.key)
        whole = len(audio) // head.segment_bytes * head.segment_bytes
        with new.path.open("wb") as file:
            file.write(new.head)
            for at in range(0, whole, head.segment_bytes):
                file.write(sealer.seal(audio[at : at + head.segment_bytes]))
            if is_finished:
                file.write(sealer.finish(audio[whole:]))
        return new.path

    async def record(self, audio: bytes) -> Recording:
        path = await self.write(audio)
        self.office.done(Written(str(path), len(audio) / 8000))
        await settled(self.office)
        return self.world.rows.rows[path.name]

    async def get(self, row: Recording, **headers: str) -> tuple[int, bytes]:
        link = self.archive.link(row, self.base)
        async with self.http.get(link, headers=headers) as answer:
            return answer.status, await answer.read()


@pytest.fixture(params=list(Cipher))
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    world = await make_world(tmp_path / "recordings")
    world.seal = TenantSeal(FixedKeys().derive, request.param, 1)
    archive = world.archive()
    limits = DownloadLimits(at_once=2, stall_s=0.5)
    app = create_downloads(archive, world.links, world.clock, limits)
    listening = socket.create_server(("127.0.0.1", 0))
    server = HttpServer(
        uvicorn.Config(app, http=BoundedHttp, lifespan="off", log_config=None, ws="none")
    )
    task = asyncio.create_task(server.serve(sockets=[listening]))
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with structlog.testing.capture_logs():
        async with aiohttp.ClientSession() as http:
            yield Stage(world, await world.open_office(), archive, http, base, limits)
        server.should_exit = True
        await task
    await world.aclose()


async def test_the_download_plays_and_has_the_exact_length(stage: Stage):
    row = await stage.record(AUDIO)
    status, wav = await stage.get(row)
    assert status == 200
    assert len(wav) == row.size
    with soundfile.SoundFile(io.BytesIO(wav)) as sound:
        assert (sound.format, sound.subtype) == ("WAV", "ALAW")
        assert (sound.samplerate, sound.channels, sound.frames) == (8000, 1, len(AUDIO))
    assert row.duration_s == len(AUDIO) / 8000
    assert AUDIO in wav


async def test_the_file_on_disk_does_not_play_and_holds_no_audio(stage: Stage):
    row = await stage.record(AUDIO)
    files = [path for path in stage.world.root.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [row.object_name]
    content = files[0].read_bytes()
    with pytest.raises(soundfile.LibsndfileError):
        soundfile.SoundFile(io.BytesIO(content))
    assert b"RIFF" not in content
    assert not any(AUDIO[at : at + 16] in content for at in range(0, len(AUDIO), 4000))


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=40-70", 40, 71),
        ("bytes=7990-24100", 7990, 24101),
        ("bytes=300000-", 300_000, None),
        ("bytes=-1", -1, None),
        ("bytes=100-400000", 100, 400_001),
    ],
)
async def test_a_range_is_the_same_bytes_as_in_the_whole(
    stage: Stage, header: str, start: int, end: int | None
):
    row = await stage.record(AUDIO)
    _, wav = await stage.get(row)
    assert await stage.get(row, Range=header) == (206, wav[start:end])


async def test_a_recording_whose_writer_died_plays_after_the_next_start(stage: Stage):
    path = await stage.write(AUDIO, is_finished=False)
    again = await stage.world.open_office()
    await settled(again)
    row = stage.world.rows.rows[path.name]
    whole = len(AUDIO) // SEGMENT_FRAMES * SEGMENT_FRAMES
    assert row.duration_s == whole / 8000
    status, wav = await stage.get(row)
    assert status == 200
    assert soundfile.info(io.BytesIO(wav)).frames == whole


async def test_a_recording_moved_in_place_of_another_is_not_served(stage: Stage):
    first, second = await stage.record(AUDIO), await stage.record(AUDIO[:80_000])
    folder = stage.world.root / second.bucket / "2026-11-20"
    (folder / first.object_name).replace(folder / second.object_name)
    assert (await stage.get(second))[0] == 500


async def test_nothing_is_left_of_a_removed_recording(stage: Stage):
    row = await stage.record(AUDIO)
    await stage.archive.remove(row.object_name)
    assert (await stage.get(row))[0] == 410
    assert stage.world.files() == []


async def test_clients_that_leave_or_stop_reading_free_their_places(stage: Stage):
    row = await stage.record(AUDIO * 40)  # more than the sockets between us hold
    for leaves in (True, False):
        answers = [await stage.http.get(stage.archive.link(row, stage.base)) for _ in range(2)]
        assert [answer.status for answer in answers] == [200, 200]
        assert (await stage.get(row, Range="bytes=0-9"))[0] == 503
        if leaves:
            for answer in answers:
                answer.close()
        async with asyncio.timeout(5):
            while (await stage.get(row, Range="bytes=0-9"))[0] != 206:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.05)
        for answer in answers:
            answer.close()
