"""Who serves which bucket of the outbox: the rule by which workers share them out."""

from collections.abc import Mapping
from typing import NamedTuple

from maskline.domain.notice import BUCKETS


class Lease(NamedTuple):
    """Who holds a bucket, and the moment (microseconds) from which it is anybody's."""

    holder: str
    until: int


class Share(NamedTuple):
    """What a holder keeps, gives back, and takes of what is free; each in order."""

    kept: list[int]
    returned: list[int]
    taken: list[int]


def share_out(leases: Mapping[int, Lease], others: int, holder: str, now: int, want: int) -> Share:
    """The share of one holder beside `others` who ask for theirs, and `want` at most.

    Rounded up, so that all buckets have a holder; whoever comes last has a little less.
    """
    fair = min(want, -(-BUCKETS // (others + 1)))
    own = sorted(bucket for bucket, lease in leases.items() if lease.holder == holder)
    kept = own[:fair]
    free = [
        bucket
        for bucket in range(BUCKETS)
        if bucket not in leases or (bucket not in own and leases[bucket].until <= now)
    ]
    return Share(kept, own[fair:], free[: fair - len(kept)])
