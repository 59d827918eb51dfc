"""The bounds of the call plane, named once."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """Defaults of the call plane; times are seconds, a count of 0 means no limit of ours."""

    ring_timeout_s: float = 90.0
    """From forwarding to the platform's own time-out, release 8035 (`spec/codes.md` 3)."""
    trunk_response_timeout_s: float = 4.0
    """How long a trunk may say nothing at all to an INVITE before the next one is tried."""
    max_calls: int = 10_000
    """Live calls of this worker; one more is answered 503."""
    new_calls_per_s: int = 0
    """INVITEs taken a second from all trunks together; one more is answered 503."""
    backlog_bytes: int = 512 * 1024
    """What may wait in the UDP socket, in the kernel's own count (about 1,200 a message), before
    new calls are answered 503: at full load some 50 ms of work, far from the 500 ms of timer T1."""
    inbox_events: int = 64
    """Events that may wait for a call's script; a call that falls further behind is ended."""
    answers_for_extension: bool = False
    """Callers who are to key in an extension are answered first, else hear early media (AXE)."""
    first_key_s: float = 10.0
    """From the end of a prompt that asks for an extension to the first key."""
    next_key_s: float = 5.0
    """From one key of an extension to the next."""
    store_patience_s: float = 3.0
    """How long the store may take to say what to do with a call, which then is refused."""
    ping_interval_s: float = 30.0
    """From the last call or OPTIONS of a trunk to the next OPTIONS; 0 sends none."""
    ping_answer_s: float = 4.0
    """How long a trunk may take to answer one."""
    trunk_penalty_s: float = 30.0
    """How long a trunk that failed counts as down, unless a ping succeeds first."""
    down_trunk_response_timeout_s: float = 1.0
    """How long a trunk that is down may say nothing at all to an INVITE."""
    drain_s: float = 3.0
    """How long a stopping worker lets calls end by themselves."""
    retry_after_s: int = 5
    """What a peer is told with 503."""
    record_limit_s: float = 86_460.0
    """Longest recording: a minute more than the longest `maxDuration` (`spec/axb.md` 4.1)."""
    record_channels: Literal[1, 2] = 1
    """Both parties mixed, or each on a channel."""
    record_end_wait_s: float = 2.0
    """How long the record of a call whose media died waits for the length of its recording."""
    notice_patience_s: float = 120.0
    """How long a party on hold is waited for to hear that the call is recorded."""
    may_go_on_unrecorded: bool = False
    """A call that cannot be recorded, or not any more, goes on; else it ends (8015, 8041)."""
