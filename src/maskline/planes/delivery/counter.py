"""What the delivery plane has done since it started."""

from collections import Counter
from dataclasses import dataclass, field

from maskline.services.measure import NamedDurations


@dataclass(slots=True)
class DeliveryCounters:
    """Pushes count messages, the rest counts notices; a batch of 50 records is one push.

    pushes: messages sent, each try counted.
    delivered: notices that a receiver accepted.
    failed: tries of notices that will be repeated.
    dead: notices given up, whose last try failed or whose receiver is gone.
    refused: pushes to destinations that are not allowed; also counted in failed or dead.
    interrupted: tries cut off by closing; they are repeated by the next worker.
    in_flight: pushes under way now.
    unsettled: results not written yet.
    endpoints: endpoints served now.
    results: tries of pushes by purpose and what became of them (`delivered`, or why not).
    took: how long pushes took, by purpose.
    """

    pushes: int = 0
    delivered: int = 0
    failed: int = 0
    dead: int = 0
    refused: int = 0
    interrupted: int = 0
    in_flight: int = 0
    unsettled: int = 0
    endpoints: int = 0
    results: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    took: NamedDurations = field(default_factory=NamedDurations)
