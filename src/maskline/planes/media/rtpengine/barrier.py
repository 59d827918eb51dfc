"""What may pass between the parties: one rule over everything that has a say in it."""

from dataclasses import dataclass, field

from maskline.planes.media.engine import MediaPeer, Side
from maskline.planes.media.flow import Flow


@dataclass(slots=True)
class Barrier:
    """Why media of a side may not reach the other.

    `blocked` by the call script; `listening` to a prompt instead; `private` while its digits are
    collected. `in_band` says that the private digits may be tones in the audio.
    """

    flow: Flow = Flow.NONE
    peers: dict[Side, MediaPeer] = field(default_factory=dict[Side, MediaPeer])
    blocked: set[Side] = field(default_factory=set[Side])
    listening: set[Side] = field(default_factory=set[Side])
    private: set[Side] = field(default_factory=set[Side])
    in_band: set[Side] = field(default_factory=set[Side])

    def passes_media(self, side: Side) -> bool:
        """Whether the other side hears what this one says."""
        sender, receiver = self.peers.get(side), self.peers.get(side.other)
        if sender is None or receiver is None or not sender.sends or not receiver.receives:
            return False
        is_open = self.flow is Flow.BOTH or (self.flow is Flow.EARLY and side is Side.CALLEE)
        is_secret = side in self.private and side in self.in_band
        return (
            is_open
            and not is_secret
            and side not in self.blocked
            and (side.other not in self.listening)
        )

    def passes_digits(self, side: Side) -> bool:
        """Whether the other side gets this one's telephone events."""
        receiver = self.peers.get(side.other)
        has_events = receiver is not None and receiver.telephone_event is not None
        return has_events and side not in self.private and self.passes_media(side)
