"""The bounds of the delivery plane."""

from dataclasses import dataclass, field
from datetime import timedelta

from maskline.domain.retry import RetrySchedule


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """How notices are pushed; times in seconds.

    schedule: waits between the tries of one notice.
    timeout_s: a whole try, from resolving the name to the answer's status.
    lease_margin_s: how much longer than `timeout_s` a notice is leased. It covers the wait for
        a place, the timers' rounding and the settling; a notice of a killed worker is pushed again
        after both.
    allow_private: push to loopback, private and other addresses that are not public.
    verify_tls: refuse receivers whose certificate does not verify.
    max_in_flight: pushes at once.
    max_in_flight_per_endpoint: pushes at once to one receiver of one application.
    reserved_in_flight: how many of `max_in_flight` only serve endpoints that have none in
        flight, so that slow receivers cannot take all of them; half of these only serve
        endpoints that are not being probed, so that dead ones cannot either.
    max_endpoints: endpoints that are served at once; more wait for the next look at the queue.
    failures_until_probing: failures in a row after which an endpoint gets one push at a time
        until one succeeds.
    poll_interval_s: how often the queue is looked at without a hint.
    hint_gap_s: least time between two looks; hints in between are served together.
    merge_window_s: how long a call record may wait for others to be pushed with it.
    records_per_message: records merged into one message.
    max_unsettled: results waiting to be written; over it no new notices are claimed.
    settle_retry_s: pause before results are offered again to a store that failed; it doubles up
        to `settle_retry_max_s`.
    close_deadline_s: how long `close` waits for pushes in flight before it cuts them off.
    max_answer_bytes: how much of an answer's body is read before the connection is dropped.
    answer_body_s: how long that reading may take.
    disable_after: how long a receiver may accept nothing before it is disabled; None: for ever.
    dead_retention: how long dead notices are kept; None: for ever.
    delivered_retention: how long delivered notices and all tries are kept; None: not at all.
    """

    schedule: RetrySchedule = field(default_factory=RetrySchedule)
    timeout_s: float = 10.0
    lease_margin_s: float = 5.0
    allow_private: bool = False
    verify_tls: bool = True
    max_in_flight: int = 512
    max_in_flight_per_endpoint: int = 16
    reserved_in_flight: int = 128
    max_endpoints: int = 10_000
    failures_until_probing: int = 5
    poll_interval_s: float = 1.0
    hint_gap_s: float = 0.002
    merge_window_s: float = 1.0
    records_per_message: int = 50
    max_unsettled: int = 4_096
    settle_retry_s: float = 0.1
    settle_retry_max_s: float = 2.0
    close_deadline_s: float = 5.0
    max_answer_bytes: int = 65_536
    answer_body_s: float = 1.0
    disable_after: timedelta | None = timedelta(days=5)
    dead_retention: timedelta | None = timedelta(days=30)
    delivered_retention: timedelta | None = None

    def __post_init__(self) -> None:
        """Refuse bounds that contradict each other. Raises ValueError."""
        if not 0 <= self.reserved_in_flight < self.max_in_flight:
            raise ValueError("reserved_in_flight is at least 0 and less than max_in_flight")
        if self.max_in_flight_per_endpoint < 1 or self.records_per_message < 1:
            raise ValueError("an endpoint gets at least one push, a message at least one record")

    @property
    def begin_within_s(self) -> float:
        """How long a claimed notice may wait for its push to begin: both fit into the lease."""
        return self.lease_margin_s / 2

    @property
    def lease(self) -> timedelta:
        """How long a claimed notice belongs to the worker."""
        return timedelta(seconds=self.timeout_s + self.lease_margin_s)
