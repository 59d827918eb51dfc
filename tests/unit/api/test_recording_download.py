import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from tests.unit.services.recording_world import World, call, make_world, sound

from maskline.api.recording_download import DownloadLimits, create_downloads
from maskline.services.recording import RecordingDamaged, StorageFailed
from maskline.services.recording_archive import RecordingArchive
from maskline.services.recording_link import Link

SECONDS = 41.0  # more than one piece


@dataclass
class Reply:
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.messages[0]["status"]

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.messages[1:])

    @property
    def is_whole(self) -> bool:
        return not self.messages[-1].get("more_body", False)


@dataclass
class Shop:
    """Somebody with a link."""

    world: World
    archive: RecordingArchive
    path: str
    object_name: str
    limits: DownloadLimits = field(default_factory=DownloadLimits)

    def __post_init__(self) -> None:
        self.app = create_downloads(self.archive, self.world.links, self.world.clock, self.limits)

    async def ask(
        self,
        path: str | None = None,
        *,
        method: str = "GET",
        leaves_after: int | None = None,
        stalls_after: int | None = None,
        address: str = "192.0.2.7",
        **headers: str,
    ) -> Reply:
        reply, gone = Reply(), asyncio.Event()
        scope = {
            "type": "http",
            "method": method,
            "path": path or self.path,
            "query_string": b"",
            "headers": [
                (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
            ],
            "client": (address, 50000),
        }
        is_read = False

        async def receive() -> dict[str, Any]:
            nonlocal is_read
            if not is_read:
                is_read = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            reply.messages.append(message)
            if stalls_after is not None and len(reply.messages) > stalls_after:
                await asyncio.sleep(60)
            if leaves_after is not None and len(reply.messages) > leaves_after:
                gone.set()
                await asyncio.sleep(0)

        with structlog.testing.capture_logs():
            await self.app(scope, receive, send)
        return reply


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await make_world(tmp_path / "recordings")
    yield world
    await world.aclose()


@pytest.fixture
async def shop(world: World) -> Shop:
    row = await world.kept(await world.open_office(), SECONDS)
    archive = world.archive()
    path = archive.link(row).removeprefix("https://voice.example.com")
    return Shop(world, archive, path, row.object_name)


async def test_a_link_gives_the_whole_recording(shop: Shop):
    reply = await shop.ask()
    assert reply.status == 200
    assert reply.body == sound(SECONDS)
    assert reply.is_whole
    assert reply.headers == {
        "content-type": "audio/wav",
        "content-length": str(len(sound(SECONDS))),
        "accept-ranges": "bytes",
        "etag": f'"{shop.object_name}"',
        "content-disposition": f'attachment; filename="{shop.object_name}"',
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }


async def test_head_tells_the_length_and_sends_nothing(shop: Shop):
    reply = await shop.ask(method="HEAD", range="bytes=0-9")
    assert reply.status == 200
    assert reply.headers["content-length"] == str(len(sound(SECONDS)))
    assert reply.body == b""


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-43", 0, 44), ("bytes=100000-", 100_000, 328_000), ("bytes=-500", 327_500, 328_000)],
)
async def test_a_range_is_served(shop: Shop, wanted: str, start: int, end: int):
    reply = await shop.ask(range=wanted)
    assert reply.status == 206
    assert reply.body == sound(SECONDS)[start:end]
    assert reply.headers["content-range"] == f"bytes {start}-{end - 1}/328000"
    assert reply.headers["content-length"] == str(end - start)


async def test_a_range_behind_the_end_is_refused_with_the_length(shop: Shop):
    reply = await shop.ask(range="bytes=328000-")
    assert reply.status == 416
    assert reply.headers["content-range"] == "bytes */328000"


async def test_a_range_in_two_headers_is_no_single_range(shop: Shop):
    scope_headers = {"range": "bytes=0-1,5-6"}
    reply = await shop.ask(**scope_headers)
    assert reply.status == 200


async def test_a_range_goes_on_only_with_the_same_recording(shop: Shop):
    same = await shop.ask(range="bytes=5-9", if_range=f'"{shop.object_name}"')
    other = await shop.ask(range="bytes=5-9", if_range='"other.wav"')
    assert (same.status, other.status) == (206, 200)


@pytest.mark.parametrize(
    "path", ["/recordings/", "/recordings/abc", "/recordings/" + "A" * 5000, "/other"]
)
async def test_what_is_no_link_is_not_found(shop: Shop, path: str):
    reply = await shop.ask(path)
    assert reply.status == 404
    assert reply.body == b"This is no link to a recording.\n"


async def test_a_changed_link_is_not_found(shop: Shop):
    for place in (15, 40, -2):
        changed = list(shop.path)
        changed[place] = "A" if changed[place] != "A" else "B"
        assert (await shop.ask("".join(changed))).status == 404


async def test_a_link_expires(shop: Shop):
    shop.world.clock.step(timedelta(days=3).total_seconds() - 1)
    assert (await shop.ask(method="HEAD")).status == 200
    shop.world.clock.step(1)
    reply = await shop.ask()
    assert reply.status == 410
    assert b"expired" in reply.body


async def test_a_removed_recording_is_gone(shop: Shop):
    await shop.archive.remove(shop.object_name)
    assert (await shop.ask()).status == 410


async def test_a_recording_that_is_not_stored_yet_is_to_be_asked_for_again(shop: Shop):
    new = await shop.world.offices[0].begin(call())
    name = new.recording.object_name
    link = Link("shop", name, shop.world.clock.now() + timedelta(days=1))
    reply = await shop.ask("/recordings/" + shop.world.links.seal(link))
    assert (reply.status, reply.headers["retry-after"]) == (503, "2")
    assert reply.body == b"This recording is not ready yet; try again.\n"


async def test_a_recording_past_its_time_is_gone_before_anybody_removed_it(shop: Shop):
    link = Link("shop", shop.object_name, shop.world.clock.now() + timedelta(days=100))
    path = "/recordings/" + shop.world.links.seal(link)
    shop.world.clock.step(timedelta(days=30).total_seconds())
    assert (await shop.ask(path)).status == 410


async def test_a_link_of_another_application_does_not_open_it(shop: Shop):
    link = Link("taxi", shop.object_name, shop.world.clock.now() + timedelta(days=1))
    assert (await shop.ask("/recordings/" + shop.world.links.seal(link))).status == 410


async def test_a_storage_that_fails_is_told_before_the_audio_begins(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    async def fail(*_: object) -> bytes:
        raise StorageFailed

    monkeypatch.setattr(shop.world.storage, "read", fail)
    reply = await shop.ask()
    assert reply.status == 503
    assert reply.headers["retry-after"] == "2"


async def test_a_damaged_recording_is_not_to_be_asked_for_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    async def fail(*_: object) -> bytes:
        raise RecordingDamaged("not what was written")

    monkeypatch.setattr(shop.world.storage, "read", fail)
    reply = await shop.ask()
    assert reply.status == 500
    assert "retry-after" not in reply.headers


async def test_damage_on_the_way_cuts_the_answer(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    read = shop.world.storage.read
    reads = 0

    async def fail_later(*given: Any) -> bytes:
        nonlocal reads
        reads += 1
        if reads > 2:  # the head, the first piece
            raise RecordingDamaged
        return await read(*given)

    monkeypatch.setattr(shop.world.storage, "read", fail_later)
    reply = await shop.ask()
    assert reply.status == 200
    assert not reply.is_whole


async def test_only_reading_is_possible(shop: Shop):
    reply = await shop.ask(method="DELETE")
    assert reply.status == 405
    assert reply.headers["allow"] == "GET, HEAD"


async def test_a_client_that_leaves_costs_no_more_reading(shop: Shop):
    reply = await shop.ask(leaves_after=1)
    assert len(reply.body) < len(sound(SECONDS))


@pytest.mark.parametrize(
    "stalls_after",
    [
        pytest.param(0, id="has not taken the answer before"),
        pytest.param(1, id="takes no audio"),
        pytest.param(2, id="stops in the middle"),
    ],
)
async def test_a_client_that_takes_nothing_is_dropped(shop: Shop, stalls_after: int):
    limits = DownloadLimits(stall_s=0.01, at_once=1)
    slow = Shop(shop.world, shop.archive, shop.path, shop.object_name, limits)
    async with asyncio.timeout(30):
        reply = await slow.ask(stalls_after=stalls_after)
        assert not reply.body.endswith(sound(SECONDS)[-100:])
        assert (await slow.ask(range="bytes=0-0")).status == 206


async def test_one_address_does_not_take_all_places(shop: Shop):
    limits = DownloadLimits(at_once=3, at_once_of_one=2)
    one = Shop(shop.world, shop.archive, shop.path, shop.object_name, limits)
    first = [asyncio.ensure_future(one.ask()) for _ in range(2)]
    await asyncio.sleep(0)
    refused = await one.ask()
    assert (refused.status, refused.headers["retry-after"]) == (429, "2")
    assert (await one.ask(address="192.0.2.8")).status == 200
    assert [(await reply).status for reply in first] == [200, 200]
    assert (await one.ask()).status == 200


async def test_downloads_at_once_are_bounded(shop: Shop):
    one = Shop(shop.world, shop.archive, shop.path, shop.object_name, DownloadLimits(at_once=1))
    first = asyncio.ensure_future(one.ask())
    await asyncio.sleep(0)
    assert (await one.ask()).status == 503
    assert (await first).status == 200
    assert (await one.ask()).status == 200


async def test_requests_of_one_address_are_bounded(shop: Shop):
    limits = DownloadLimits(address_requests_per_s=2)
    one = Shop(shop.world, shop.archive, shop.path, shop.object_name, limits)
    assert [(await one.ask("/recordings/x")).status for _ in range(3)] == [404, 404, 429]
    shop.world.clock.step(1)
    assert (await one.ask("/recordings/x")).status == 404
