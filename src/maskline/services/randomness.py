"""Random octets of the operating system, fetched for many at a time.

Each fetch lets go of the interpreter and has to win it back from the other threads: under load that
takes twenty times as long as the octets themselves.
"""

import os
import weakref
from collections import deque
from collections.abc import Callable

FETCHED_PIECES = 64


class RandomPool:
    """Pieces of `size` random octets, each given once; any thread may take.

    A process that is forked off throws away what its parent fetched.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._pieces: deque[bytes] = deque()
        forget = weakref.WeakMethod(self._forget)
        os.register_at_fork(after_in_child=lambda: _call(forget))

    def take(self) -> bytes:
        """The next piece."""
        try:
            return self._pieces.popleft()
        except IndexError:
            return self._fetch()

    def _fetch(self) -> bytes:
        size = self._size
        octets = os.urandom(size * FETCHED_PIECES)
        first, *others = [octets[at : at + size] for at in range(0, len(octets), size)]
        self._pieces.extend(others)
        return first

    def _forget(self) -> None:
        self._pieces.clear()


def _call(forget: weakref.WeakMethod[Callable[[], None]]) -> None:
    call = forget()
    if call is not None:
        call()
