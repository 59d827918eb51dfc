"""The bounds of the message plane."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsLimits:
    """How messages are taken and forwarded; times in seconds.

    in_work: messages that came and are under way at once; more are answered THROTTLED.
    claimed: messages of the store's backlog that are under way at once, on top.
    incoming: messages and receipts of one connection that wait for our answer.
    queued: submits that wait at one link; what comes on top is tried again later.
    queue_s: how long one may wait there.
    answer_s: how long a submit may wait for its answer; then it may have arrived or not.
    connect_s, bind_s: how long a connection, and a bind, may take.
    first_pause_s: pause before a lost connection is made again; it doubles up to `max_pause_s`,
        with jitter, unless the connection was bound for `steady_s`.
    throttle_s: how long a link sends nothing after it was told to slow down, and a message waits
        that was refused for the moment; doubles up to `throttle_max_s`.
    passing_tries: how often such a message is sent over one link before the next one is tried.
    work_s: after this a message is sent over no other link, but later: it is leased for longer
        than this, `queue_s` and `answer_s` together.
    repeat_s: when a message is tried again that no link took; doubles up to `repeat_max_s`.
    forward_within_s: how long after it came a message is still forwarded.
    tick_s: how often links look at their times.
    claim_s, claim_limit: how often the backlog is looked at, and how much of it is taken at once.
    stale_s: how often messages are looked for whose parts do not come any more.
    heard_s: how often centres are asked, by an enquire_link, whether they have had our answers.
    receipt_waits_s: pauses before a receipt is looked up again whose message is not known: that
        its centre has named it may be on its way into the store.
    store_pause_s: pause before the store is told again what it did not take; doubles up to
        `store_pause_max_s`.
    close_s: how long messages in flight may take at a close, and a link that is taken away.
    write_buffer_bytes: a centre that does not read what we send loses its connection.
    """

    in_work: int = 1_000
    claimed: int = 250
    incoming: int = 2_048
    queued: int = 4_000
    queue_s: float = 20.0
    answer_s: float = 30.0
    connect_s: float = 10.0
    bind_s: float = 10.0
    first_pause_s: float = 1.0
    max_pause_s: float = 60.0
    steady_s: float = 30.0
    throttle_s: float = 0.1
    throttle_max_s: float = 5.0
    passing_tries: int = 5
    work_s: float = 60.0
    repeat_s: float = 5.0
    repeat_max_s: float = 60.0
    forward_within_s: float = 3600.0
    tick_s: float = 0.05
    claim_s: float = 1.0
    claim_limit: int = 100
    stale_s: float = 5.0
    heard_s: float = 0.5
    receipt_waits_s: tuple[float, ...] = (0.05, 0.2, 1.0, 2.0)
    store_pause_s: float = 0.1
    store_pause_max_s: float = 2.0
    close_s: float = 5.0
    write_buffer_bytes: int = 1_048_576
