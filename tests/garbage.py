"""Objects that only the cyclic collector would free."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Nothing is freed but by counting in here; `gc.get_objects()` has what was made in here.

    What is there before is set aside, not collected: that takes a second in a process of tests.
    """
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
