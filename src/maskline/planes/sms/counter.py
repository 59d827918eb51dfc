"""What the message plane of a worker has done since its start."""

from collections import Counter
from dataclasses import dataclass, field

from maskline.services.measure import Durations


@dataclass(slots=True)
class SmsCounters:
    """Messages and their parts.

    came: deliver_sm by what they were answered: `taken`, `throttled` (too many in work),
        `busy` (the store), `failed`, `stranger` (X not ours), `no_number`, `no_text`.
    parts: outgoing parts by what became of handing them over: `taken`, `refused`, `passing`
        (refused for the moment), `unanswered`, `unsent` (the link went down, or was too slow).
    repeated: parts that were sent once more although they may have arrived.
    receipts: receipts by what they said: `delivered`, `expired`, `undeliverable`, `unfinished`,
        `unknown` (no message of ours), `unreadable`.
    postponed: messages that no link took for the moment.
    slowed: how often a message centre told us to slow down.
    submitted: from sending a part to its answer.
    in_work: messages under way now.
    """

    came: Counter[str] = field(default_factory=Counter[str])
    parts: Counter[str] = field(default_factory=Counter[str])
    repeated: int = 0
    receipts: Counter[str] = field(default_factory=Counter[str])
    postponed: int = 0
    slowed: int = 0
    submitted: Durations = field(default_factory=Durations)
    in_work: int = 0
