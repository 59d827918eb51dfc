"""The process that decodes strangers' files."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from tests.unit.services.prompt_world import tone

from maskline.domain.error import BusyError, InvalidParameter
from maskline.services import prompt_converter
from maskline.services.prompt_audio import convert_sound
from maskline.services.prompt_converter import ProcessConverter


def _children() -> list[int]:
    path = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return [int(child) for child in path.read_text().split()]


async def test_it_gives_what_the_function_gives():
    source = tone(600, form="MP3", rate=44100)
    assert await ProcessConverter().convert(source) == convert_sound(source)


async def test_a_refusal_comes_through_with_its_words():
    with pytest.raises(InvalidParameter, match="send WAV, MP3, FLAC or OGG"):
        await ProcessConverter().convert(b"no sound")


async def test_the_loop_goes_on_meanwhile():
    task = asyncio.create_task(
        ProcessConverter().convert(tone(seconds=200, rate=48000, form="MP3"))
    )
    longest, last = 0.0, time.monotonic()
    while not task.done():
        await asyncio.sleep(0.001)
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    assert (await task).audio.duration_ms >= 200_000
    assert longest < 0.25  # a machine of two busy cores; decoding itself takes over a second


async def test_what_takes_too_long_is_ended_and_refused():
    before = set(_children())
    with pytest.raises(InvalidParameter, match="takes too long"):
        await ProcessConverter(timeout_s=0.01).convert(tone())
    assert set(_children()) <= before


async def test_a_cancelled_upload_leaves_no_process():
    before = set(_children())
    task = asyncio.create_task(ProcessConverter().convert(tone(seconds=200, rate=48000)))
    while not set(_children()) - before:  # noqa: ASYNC110  # nothing tells when it was started
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert set(_children()) <= before


async def test_a_file_that_kills_the_process_is_refused():
    before = set(_children())
    task = asyncio.create_task(ProcessConverter().convert(tone(seconds=200, rate=48000)))
    while not (started := set(_children()) - before):  # noqa: ASYNC110  # as above
        await asyncio.sleep(0.001)
    os.kill(started.pop(), signal.SIGKILL)
    with pytest.raises(InvalidParameter, match="cannot be read to its end"):
        await task


async def test_a_process_that_talks_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch):
    before = set(_children())
    monkeypatch.setattr(sys, "executable", "/usr/bin/yes")
    async with asyncio.timeout(5):
        with pytest.raises(InvalidParameter, match="cannot be read to its end"):
            await ProcessConverter().convert(tone())
    assert set(_children()) <= before


async def test_a_process_that_reads_nothing_is_no_trouble(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/usr/bin/false")
    with pytest.raises(InvalidParameter, match="cannot be read to its end"):
        await ProcessConverter().convert(bytes(5_000_000))


async def test_a_machine_without_room_for_a_process_is_busy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/none/python")
    with pytest.raises(BusyError):
        await ProcessConverter().convert(tone())


async def test_the_line_has_an_end():
    converter = ProcessConverter(at_once=1, max_waiting=1)
    waiting = [asyncio.create_task(converter.convert(tone())) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await converter.convert(tone())
    await asyncio.gather(*waiting)
    await converter.convert(tone())


async def test_the_process_gets_none_of_our_secrets_and_little_memory(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("MASKLINE_MASTER_KEY", "secret")
    assert "MASKLINE_MASTER_KEY" not in prompt_converter._environment()
    program = (
        "import sys; from maskline.services import prompt_audio as p\n"
        "def hungry(source): return bytearray(2 * p.MEMORY_BYTES)\n"
        "p.convert_sound = hungry; sys.exit(p.main())"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, told = await process.communicate()
    assert process.returncode == 1
    assert b"MemoryError" in told
