"""What may pass between the parties: one rule over everything that has a say in it."""

from dataclasses import dataclass, field
from enum import Enum

from maskline.planes.media.engine import MediaPeer, Side
from maskline.planes.media.flow import Flow


class DigitMode(Enum):
    """What the daemon does with a side's digits.

    It passes or drops telephone events, or looks for tones in the audio as well, which the other
    side hears (DETECTED) or not (ERASED).
    """

    PASSED = "passed"
    DROPPED = "dropped"
    DETECTED = "detected"
    ERASED = "erased"


@dataclass(slots=True)
class Barrier:
    """Why media of a side may not reach the other.

    `blocked` by the call script; `listening` to a prompt instead; `private` while its digits are
    collected; `in_band` while they are looked for in its audio.
    """

    flow: Flow = Flow.NONE
    peers: dict[Side, MediaPeer] = field(default_factory=dict[Side, MediaPeer])
    blocked: set[Side] = field(default_factory=set[Side])
    listening: set[Side] = field(default_factory=set[Side])
    private: set[Side] = field(default_factory=set[Side])
    in_band: set[Side] = field(default_factory=set[Side])

    def is_open(self, side: Side) -> bool:
        """Whether the call is so far that the other side may hear this one."""
        return self.flow is Flow.BOTH or (self.flow is Flow.EARLY and side is Side.CALLEE)

    def passes_media(self, side: Side) -> bool:
        """Whether the other side hears what this one says.

        rtpengine finds no tones in what it blocks: so it lets pass what goes nowhere yet.
        """
        if side in self.in_band and side.other not in self.peers:
            return True
        sender, receiver = self.peers.get(side), self.peers.get(side.other)
        if sender is None or receiver is None or not sender.sends or not receiver.receives:
            return False
        is_free = side not in self.blocked and side.other not in self.listening
        return self.is_open(side) and is_free

    def digit_mode(self, side: Side) -> DigitMode:
        """What is to be done with this side's telephone events."""
        if side in self.in_band:
            return DigitMode.ERASED if side in self.private else DigitMode.DETECTED
        receiver = self.peers.get(side.other)
        has_events = receiver is not None and receiver.telephone_event is not None
        passes = has_events and side not in self.private and self.passes_media(side)
        return DigitMode.PASSED if passes else DigitMode.DROPPED
