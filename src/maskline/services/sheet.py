"""Spreadsheets: the seam to what reads a stranger's file, and to what writes ours."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol, TypeAlias

import msgspec

from maskline.domain.error import BusyError
from maskline.services.job_run import JobFailed

TIMEOUT_S = 120.0
AT_ONCE = 1  # so that calls keep the other cores
EXIT_REFUSED = 3
PIECE_BYTES = 262_144
MAX_ANSWER_BYTES = 128_000_000
KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")

TEXT, NUMBER, FORMULA = "s", "n", "f"

Value: TypeAlias = str | int | float | None


class SheetCell(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A cell by its column from 0. `kind` is TEXT, NUMBER (as in the file), FORMULA or other."""

    column: int
    kind: str
    text: str


class SheetRow(msgspec.Struct, array_like=True, frozen=True):
    """A row that is not empty, by its number on the sheet, from 1."""

    number: int
    is_merged: bool
    cells: tuple[SheetCell, ...]


class SheetReader(Protocol):
    """Reads the first visible sheet of a workbook."""

    async def read(self, content: bytes, max_rows: int) -> tuple[SheetRow, ...]:
        """Its rows in order. Raises JobFailed (no workbook, too large), BusyError."""
        ...


class SheetStream(Protocol):
    """Where a workbook is written to; it need not seek."""

    def write(self, content: bytes, /) -> int:
        """Take all of it."""
        ...

    def flush(self) -> None:
        """Nothing need happen."""
        ...

    def close(self) -> None:
        """Not called."""
        ...


class SheetSink(Protocol):
    """A workbook of one sheet that is being written. Blocks."""

    @property
    def is_full(self) -> bool:
        """Whether no more rows should go in."""
        ...

    def add(self, values: Sequence[Value], *, is_head: bool = False) -> None:
        """One row; texts stay texts."""
        ...

    def close(self) -> None:
        """End it; the stream stays open."""
        ...


NewSheet: TypeAlias = Callable[[SheetStream, str, Sequence[int]], SheetSink]
"""Begins a workbook on a stream, with the title of its sheet and the widths of its columns."""

_rows = msgspec.msgpack.Decoder(tuple[SheetRow, ...]).decode
_refusal = msgspec.msgpack.Decoder(tuple[str, str]).decode


class ProcessSheetReader:
    """One process a file, with bounded memory and time. `program` is the module it runs."""

    def __init__(self, program: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._program = program
        self._timeout_s = timeout_s
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def read(self, content: bytes, max_rows: int) -> tuple[SheetRow, ...]:
        """See the seam. A file that takes too long, or kills the process, is no workbook."""
        async with self._turn:
            process = await self._start(max_rows)
            try:
                async with asyncio.timeout(self._timeout_s):
                    answer = await _exchange(process, content)
            except TimeoutError:
                raise JobFailed("M2005", "takes too long to read; split it") from None
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode == EXIT_REFUSED:
            raise JobFailed(*_refusal(answer))
        if process.returncode != 0:
            raise JobFailed("M2004", "is too large, or too odd, to be read; split it")
        return _rows(answer)

    async def _start(self, max_rows: int) -> Process:
        try:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", self._program, str(max_rows)),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                # Without the secrets that ours may hold.
                env={name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
            )
        except OSError as error:
            raise BusyError("no process could be started to read the file") from error


async def _exchange(process: Process, content: bytes) -> bytes:
    """Give the process its file; what it says until it ends, or more than any file holds."""
    assert process.stdin is not None  # noqa: S101 - both were asked for
    assert process.stdout is not None  # noqa: S101
    feeding = asyncio.create_task(_feed(process.stdin, content))
    answer = bytearray()
    try:
        while piece := await process.stdout.read(PIECE_BYTES):
            answer += piece
            if len(answer) > MAX_ANSWER_BYTES:
                process.kill()
                break
        await process.wait()
    finally:
        feeding.cancel()
    return bytes(answer)


async def _feed(stdin: asyncio.StreamWriter, content: bytes) -> None:
    with suppress(ConnectionError):
        stdin.write(content)
        await stdin.drain()
        stdin.close()
