"""Settings of what is watched, traced and kept."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Days = Annotated[int, Meta(ge=1, le=3650)]
PositiveCount = Annotated[int, Meta(ge=1)]


class MetricsSection(Struct, frozen=True, kw_only=True):
    """Metrics for Prometheus: at `/metrics` of the HTTP port with the management token, and here.

    bind: address of the port without a token: whoever reaches it reads the counts, which tell of no
        customer and no number.
    port: `/metrics`, `/healthz` and `/readyz` without a token; 0 switches it off. Each process of a
        machine needs its own.
    """

    bind: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 0


class TraceSection(Struct, frozen=True, kw_only=True):
    """What is kept of the course of a call: SIP messages, the plan, media, pushes.

    calls: `failed` stores the traces of calls that did not end normally, of all of applications
        that are marked for the sandbox, of calls that somebody looked at while they were up, and
        the `sampled` share of the others; `all` those of every call, `off` none. Traces of live
        calls are in memory always.
    sampled: the share of calls that ended normally whose traces are stored with `failed`.
    keep_days: how long stored traces are kept.
    keep: stored traces in all; beyond it the oldest go.
    sip: SIP messages are kept with traces, with tokens in place of numbers, hosts and secrets;
        `false` leaves only their kinds.
    sip_calls_per_s: traces a second and worker that are stored with their SIP messages; others have
        the kinds.
    sip_memory_mib: SIP messages of calls that are up and have lately ended, of each worker; beyond
        it only kinds are kept.
    details_keep_days: how long the SIP messages and reasons of stored traces are kept.
    details_keep: stored traces that have them; beyond it the oldest lose them.
    """

    calls: Literal["off", "failed", "all"] = "failed"
    sampled: Annotated[float, Meta(ge=0, le=1)] = 0.01
    keep_days: Days = 7
    keep: PositiveCount = 100_000
    sip: bool = True
    sip_calls_per_s: Annotated[int, Meta(ge=0, le=1000)] = 10
    sip_memory_mib: PositiveCount = 64
    details_keep_days: Days = 3
    details_keep: PositiveCount = 10_000


class StatisticsSection(Struct, frozen=True, kw_only=True):
    """What is counted for people to look at. Quarters of an hour and days are kept for two years.

    minute_hours: how long counts by minutes are kept beside them.
    """

    minute_hours: Annotated[int, Meta(ge=1, le=744)] = 48


class RetentionSection(Struct, frozen=True, kw_only=True):
    """How long what is over is kept; each tenant may have its own time.

    record_days: how long call records of new tenants are kept.
    binding_days: how long bindings that have ended are kept, of new tenants.
    interval_s: how often what is past its time is removed.
    """

    record_days: Days = 180
    binding_days: Days = 180
    interval_s: Annotated[float, Meta(gt=0)] = 3600.0
