"""Between a worker and its supervisor: who is there still, and who is ready."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

STDIN, STDOUT = 0, 1

READY = b"ready\n"
"""What a worker writes to its standard output once all its ports answer."""


class Lifeline:
    """The worker's end: its standard input is open for as long as its supervisor lives.

    Takes both standard streams for itself, so that no process that this one starts keeps the
    other end waiting.
    """

    def __init__(self) -> None:
        self._input, self._output = os.dup(STDIN), os.dup(STDOUT)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (STDIN, STDOUT):
            os.dup2(nowhere, stream)
        os.close(nowhere)

    def watch(self, on_gone: Callable[[], None]) -> None:
        """Have `on_gone` called once the supervisor is no more."""
        loop = asyncio.get_running_loop()

        def look() -> None:
            if not os.read(self._input, 1):
                loop.remove_reader(self._input)
                on_gone()

        loop.add_reader(self._input, look)

    def tell_ready(self) -> None:
        """Tell the supervisor that this worker serves, if it is there still."""
        with suppress(BrokenPipeError):  # its end, which `watch` tells, came first
            os.write(self._output, READY)
