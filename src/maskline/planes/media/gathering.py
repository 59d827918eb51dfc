"""Whether the engine listens for digits of a side."""

from enum import Enum


class Gathering(Enum):
    """NO: key presses are told and passed on. PRIVATE: collected, and kept from the other side."""

    NO = "no"
    OPEN = "open"
    PRIVATE = "private"
