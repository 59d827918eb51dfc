"""Between which sides of a call media flows."""

from enum import Enum


class Flow(Enum):
    """NONE until something is asked; EARLY is from the callee to the caller only."""

    NONE = "none"
    EARLY = "early"
    BOTH = "both"
