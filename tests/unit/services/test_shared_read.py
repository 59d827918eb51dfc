import asyncio

import pytest

from maskline.services.shared_read import SharedReads


class Source:
    """Counts how often it is read, and answers once it may."""

    def __init__(self) -> None:
        self.reads = 0
        self.gate = asyncio.Event()
        self.error: Exception | None = None

    async def read(self) -> int:
        self.reads += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.reads


async def ask(source: Source, times: int) -> list[asyncio.Task[int]]:
    reads = SharedReads[int]()
    asking = [asyncio.create_task(reads.read("name", source.read)) for _ in range(times)]
    await asyncio.sleep(0)
    return asking


async def test_one_read_is_for_all_who_ask_meanwhile() -> None:
    source = Source()
    asking = await ask(source, 5)
    source.gate.set()
    assert (await asyncio.gather(*asking), source.reads) == ([1] * 5, 1)


async def test_the_next_one_reads_when_the_first_gives_up() -> None:
    source = Source()
    asking = await ask(source, 4)
    asking.pop(0).cancel()
    asking.pop(1).cancel()
    await asyncio.sleep(0.01)
    source.gate.set()
    assert (await asyncio.gather(*asking), source.reads) == ([2] * 2, 2)


async def test_a_read_that_fails_fails_for_all_and_the_next_one_begins_anew() -> None:
    source, reads = Source(), SharedReads[int]()
    source.error = OSError("gone")
    source.gate.set()
    results = await asyncio.gather(
        *(reads.read("name", source.read) for _ in range(3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [OSError] * 3
    source.error = None
    assert await reads.read("name", source.read) == source.reads


def test_who_reads_alone_needs_no_event_loop() -> None:
    source, reads = Source(), SharedReads[int]()
    source.gate.set()
    with pytest.raises(StopIteration) as done:
        reads.read("name", source.read).send(None)
    assert done.value.value == 1
