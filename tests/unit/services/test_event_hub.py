"""Streams of events: who may listen to what, and what is told."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import msgspec
import pytest

from maskline.domain.access import OPERATOR, Caller, CallerKind, Right
from maskline.domain.error import InvalidParameter, StoreFailed, UnknownRecord
from maskline.services import event_hub
from maskline.services.event_hub import MAX_STREAMS_OF_ONE, EventHub, TooManyStreams, Topic


class Count(msgspec.Struct):
    value: int


class Source:
    """A number that is read."""

    def __init__(self) -> None:
        self.value = 1
        self.reads = 0
        self.is_failing = False

    async def read(self, tenant_id: str | None, subject: str) -> Count:
        self.reads += 1
        if self.is_failing:
            raise StoreFailed("down")
        if subject == "strange" or (tenant_id == "t2" and subject):
            raise UnknownRecord("not there")
        return Count(self.value)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def hub(source: Source) -> EventHub:
    return EventHub(
        [
            Topic(name="calls", right=Right.CALL_READ, every_s=0.01, read=source.read),
            Topic(
                name="call", right=Right.CALL_READ, every_s=0.01, read=source.read,
                has_subject=True,
            ),
        ]
    )  # fmt: skip


TENANT = Caller(
    kind=CallerKind.USER, name="ann", rights=frozenset({Right.OVERVIEW_READ}), tenant_id="t1"
)


async def _next(stream: AsyncGenerator[bytes]) -> str:
    async with asyncio.timeout(5):
        return (await anext(stream)).decode()


async def test_a_stream_says_how_things_stand_and_then_what_changes(hub: EventHub, source: Source):
    stream = await hub.listen(OPERATOR, ["calls"])
    assert "retry" in await _next(stream)
    assert 'event: calls\ndata: {"value":1}\n\n' in await _next(stream)
    source.value = 2
    assert 'data: {"value":2}' in await _next(stream)
    await stream.aclose()


async def test_those_who_listen_to_the_same_share_one_watcher_that_ends_with_the_last(
    hub: EventHub, source: Source
):
    one, two = await hub.listen(OPERATOR, ["calls"]), await hub.listen(OPERATOR, ["calls"])
    for stream in (one, two):
        await _next(stream)
        assert '{"value":1}' in await _next(stream)
    source.value = 2
    assert [await _next(one), await _next(two)][0].startswith("id: 2\n")
    await one.aclose()
    await two.aclose()
    await asyncio.sleep(0)
    reads = source.reads
    await asyncio.sleep(0.05)
    assert source.reads == reads


async def test_what_cannot_be_read_is_told_as_unknown(hub: EventHub, source: Source):
    stream = await hub.listen(OPERATOR, ["calls"])
    await _next(stream)
    await _next(stream)
    source.is_failing = True
    assert 'event: unknown\ndata: {"topic":"calls"}' in await _next(stream)
    await stream.aclose()


async def test_a_slow_reader_finds_only_the_latest(hub: EventHub, source: Source):
    stream = await hub.listen(OPERATOR, ["calls"])
    await _next(stream)
    await _next(stream)
    for value in range(2, 5):
        source.value = value
        await asyncio.sleep(0.03)
    told = await _next(stream)
    assert told.count("event:") == 1
    assert '{"value":4}' in told
    await stream.aclose()


async def test_a_topic_needs_its_right_and_a_subject_that_is_the_tenants_own(hub: EventHub):
    with pytest.raises(InvalidParameter):
        await hub.listen(TENANT, ["calls"])
    reader = replace(TENANT, rights=frozenset({Right.CALL_READ}), tenant_id="t2")
    with pytest.raises(UnknownRecord):
        await hub.listen(reader, ["call:s1"])
    for wrong in (["call"], ["calls:x"], ["other"], []):
        with pytest.raises(InvalidParameter):
            await hub.listen(OPERATOR, wrong)


async def test_streams_are_bounded_and_silence_is_broken(
    hub: EventHub, monkeypatch: pytest.MonkeyPatch
):
    streams = [await hub.listen(OPERATOR, ["calls"]) for _ in range(MAX_STREAMS_OF_ONE)]
    for one in streams:
        await _next(one)
    with pytest.raises(TooManyStreams):
        await hub.listen(OPERATOR, ["calls"])
    monkeypatch.setattr(event_hub, "HEARTBEAT_S", 0.02)
    stream = streams[0]
    await _next(stream)
    assert await _next(stream) == ": still here\n\n"
    hub.close()
    for one in streams:
        async with asyncio.timeout(5):
            assert b"retry" not in b"".join([piece async for piece in one])
    with pytest.raises(TooManyStreams):
        await hub.listen(replace(OPERATOR, name="another"), ["calls"])
