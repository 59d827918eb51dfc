"""Whether the engine listens for digits of a side."""

from enum import Enum


class Gathering(Enum):
    """NO: key presses are told and passed on. PRIVATE: collected, and kept from the other side.

    ENDING: no longer collected, but a tone may still sound that the other side must not hear.
    """

    NO = "no"
    OPEN = "open"
    PRIVATE = "private"
    ENDING = "ending"
