"""Converts uploaded sounds in a process that may die without harm."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from typing import Protocol

from maskline.domain.error import BusyError, InvalidParameter
from maskline.domain.prompt import MAX_PROMPT_BYTES
from maskline.services.prompt_audio import EXIT_REFUSED, PromptSound

TIMEOUT_S = 30.0
AT_ONCE = 1  # conversions, so that calls keep the other cores
MAX_WAITING = 4  # each with its whole file
PIECE_BYTES = 65_536
KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")


class SoundConverter(Protocol):
    """Makes prompts of uploaded files."""

    async def convert(self, source: bytes) -> PromptSound:
        """The sound as calls play it. Raises InvalidParameter (`sound`), BusyError."""
        ...


class ProcessConverter:
    """One process a file, with bounded memory and time; the rest wait in line."""

    def __init__(
        self,
        *,
        timeout_s: float = TIMEOUT_S,
        at_once: int = AT_ONCE,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        self._timeout_s = timeout_s
        self._turn = asyncio.Semaphore(at_once)
        self._most = at_once + max_waiting
        self._taken = 0

    async def convert(self, source: bytes) -> PromptSound:
        """See the seam. A file that takes too long, or kills the process, is no sound."""
        if self._taken >= self._most:
            raise BusyError(f"{self._taken} sounds are being converted")
        self._taken += 1
        try:
            async with self._turn:
                return await self._run(source)
        finally:
            self._taken -= 1

    async def _run(self, source: bytes) -> PromptSound:
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "maskline.services.prompt_audio"),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env=_environment(),
            )
        except OSError as error:
            raise BusyError("no process could be started to convert the sound") from error
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await _exchange(process, source)
        except TimeoutError:
            raise InvalidParameter("sound", "takes too long to read; send it as WAV") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode == EXIT_REFUSED:
            raise InvalidParameter("sound", answer.decode(errors="replace"))
        if process.returncode != 0:
            raise InvalidParameter("sound", "cannot be read to its end; send it as WAV")
        return PromptSound(answer)


async def _exchange(process: Process, source: bytes) -> bytes:
    """Give the process its file; what it says until it ends, or more than any prompt has."""
    assert process.stdin is not None  # noqa: S101 - both were asked for
    assert process.stdout is not None  # noqa: S101
    feeding = asyncio.create_task(_feed(process.stdin, source))
    answer = bytearray()
    try:
        while piece := await process.stdout.read(PIECE_BYTES):
            answer += piece
            if len(answer) > MAX_PROMPT_BYTES:
                # It serves somebody else by now. Killed, it has no exit code that we take.
                process.kill()
                break
        await process.wait()
    finally:
        feeding.cancel()
    return bytes(answer)


async def _feed(stdin: asyncio.StreamWriter, source: bytes) -> None:
    with suppress(ConnectionError):
        stdin.write(source)
        await stdin.drain()
        stdin.close()


def _environment() -> dict[str, str]:
    """Without the secrets that ours may hold."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    # A thread for each core would take address space that the limit does not give.
    return {**kept, "OPENBLAS_NUM_THREADS": "1"}
