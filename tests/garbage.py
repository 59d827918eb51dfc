"""Garbage of other tests."""

import gc
import warnings


def collect_what_was_left() -> None:
    """Free what earlier tests left in cycles; what is not closed there is not the next one's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
