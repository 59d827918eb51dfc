"""What the call plane of a worker has done since its start."""

from collections import Counter
from dataclasses import dataclass, field

from maskline.planes.media.engine import ClosedMedia
from maskline.services.measure import QUICK_S, Durations


@dataclass(slots=True)
class CallCounters:
    """Calls by what became of them; the media sums are of calls that are over.

    accepted: INVITEs that began a call.
    strangers: requests from addresses of no trunk.
    refused_busy: INVITEs answered with 503.
    not_a_number: INVITEs to what is no number.
    ended: calls by mode (empty for a number that is not ours) and release code.
    answered: calls that were answered, by mode.
    routed: how long the look-up of a call took.
    set_up: from the INVITE to the first ringing or answer that the caller was sent.
    packets: media packets by `received`, `sent`, `lost`, `late`, `invalid`.
    """

    accepted: int = 0
    strangers: int = 0
    refused_busy: int = 0
    not_a_number: int = 0
    ended: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    answered: Counter[str] = field(default_factory=Counter[str])
    routed: Durations = field(default_factory=lambda: Durations(QUICK_S))
    set_up: Durations = field(default_factory=Durations)
    packets: Counter[str] = field(default_factory=Counter[str])

    def over(self, mode: str, release: int, *, is_answered: bool) -> None:
        """Count a call that is over."""
        self.ended[mode, release] += 1
        if is_answered:
            self.answered[mode] += 1

    def closed(self, media: ClosedMedia) -> None:
        """Add up the media of a call that is over."""
        packets = self.packets
        for side in (media.caller, media.callee):
            packets["received"] += side.received_packets
            packets["sent"] += side.sent_packets
            packets["lost"] += max(0, side.lost)
            packets["late"] += side.late
            packets["invalid"] += side.invalid
